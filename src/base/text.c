#include "base/text.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* One code point at `bytes`, RFC 3629. Returns its length in bytes, or 0 if it is malformed. */
static size_t decode(const unsigned char *bytes, size_t length, uint32_t *point)
{
	static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t size = bytes[0] < 0x80           ? 1
		: (bytes[0] & 0xe0) == 0xc0 ? 2
		: (bytes[0] & 0xf0) == 0xe0 ? 3
		: (bytes[0] & 0xf8) == 0xf0 ? 4
					    : 0;

	if (size == 0 || size > length)
		return 0;
	*point = size == 1 ? bytes[0] : bytes[0] & (0xffU >> (size + 1));
	for (size_t i = 1; i < size; i++) {
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
		*point = *point << 6 | (bytes[i] & 0x3f);
	}
	if (*point < smallest[size] || *point > 0x10ffff || (*point >= 0xd800 && *point <= 0xdfff))
		return 0;
	return size;
}

static bool is_control(uint32_t point)
{
	return point < 0x20 || (point >= 0x7f && point < 0xa0) || point == 0x2028 || point == 0x2029;
}

/* Reordering and invisible characters that make a screen lie (R32). */
static bool is_deceptive(uint32_t point)
{
	return point == 0x061c || (point >= 0x200b && point <= 0x200f) ||
		(point >= 0x202a && point <= 0x202e) || (point >= 0x2060 && point <= 0x206f) ||
		point == 0xfeff || (point >= 0xfff9 && point <= 0xfffb) ||
		(point >= 0xe0000 && point <= 0xe007f);
}

static size_t refused(const char *bytes, size_t length, bool lines)
{
	uint32_t point = 0;

	for (size_t i = 0, size; i < length; i += size) {
		size = decode((const unsigned char *)bytes + i, length - i, &point);
		if (size == 0 || (is_control(point) && !(lines && text_is_layout(bytes[i]))))
			return i;
	}
	return length;
}

bool text_is_layout(char byte)
{
	return byte == '\n' || byte == '\t';
}

size_t text_refused(const char *bytes, size_t length)
{
	return refused(bytes, length, false);
}

size_t text_refused_lines(const char *bytes, size_t length)
{
	return refused(bytes, length, true);
}

bool text_is_utf8(const char *bytes, size_t length)
{
	uint32_t point = 0;

	for (size_t i = 0, size; i < length; i += size) {
		size = decode((const unsigned char *)bytes + i, length - i, &point);
		if (size == 0)
			return false;
	}
	return true;
}

size_t text_cut(const char *text, size_t most)
{
	size_t length = strnlen(text, most + 1);

	if (length > most)
		for (length = most; length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80;)
			length--;
	return length;
}

size_t text_escape_one(const char *bytes, size_t length, char escaped[TEXT_ESCAPED])
{
	uint32_t point = 0;
	size_t size = decode((const unsigned char *)bytes, length, &point);

	if (size <= 1 && (size == 0 || is_control(point)))
		snprintf(escaped, TEXT_ESCAPED, "\\x%02x", (unsigned char)bytes[0]);
	else if (is_control(point) || is_deceptive(point))
		snprintf(escaped, TEXT_ESCAPED, "\\u{%x}", point);
	else
		*(char *)mempcpy(escaped, bytes, size) = '\0';
	return size == 0 ? 1 : size;
}

char *text_escape(struct arena *arena, const char *bytes, size_t length)
{
	/* The longest escape of one byte is \xNN, of one code point \u{NNNNNN} for three bytes. */
	char *text = arena_alloc(arena, length * 5 + 1), *end = text;
	char escaped[TEXT_ESCAPED];

	for (size_t i = 0; i < length;) {
		i += text_escape_one(bytes + i, length - i, escaped);
		end = stpcpy(end, escaped);
	}
	*end = '\0';
	return text;
}

static bool is_word(const char *text, const char *first, const char *rest, size_t limit)
{
	size_t length = strlen(text);

	return length > 0 && length <= limit && strchr(first, text[0]) != NULL &&
		strspn(text, rest) == length;
}

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

bool text_is_name(const char *text)
{
	return is_word(text, LETTERS DIGITS "_", LETTERS DIGITS "_.-", 64);
}

bool text_is_account(const char *text)
{
	size_t length = strlen(text);
	char body[33];

	if (length == 0 || length > 32)
		return false;
	memcpy(body, text, length + 1);
	if (length > 1 && body[length - 1] == '$')
		body[length - 1] = '\0';
	return is_word(body, LETTERS "_", LETTERS DIGITS "_.-", 32);
}

bool text_is_variable(const char *text)
{
	return is_word(text, LETTERS "_", LETTERS DIGITS "_", 128);
}

bool text_is_canonical_path(const char *text)
{
	size_t length = strlen(text);

	if (text[0] != '/' || text_refused(text, length) != length)
		return false;
	if (length == 1)
		return true;
	for (const char *part = text; *part != '\0';) {
		size_t size = strcspn(part + 1, "/");

		if (size == 0 || (size == 1 && part[1] == '.') ||
			(size == 2 && part[1] == '.' && part[2] == '.'))
			return false;
		part += size + 1;
	}
	return true;
}

bool text_wildcard(const char *glob, const char *text)
{
	const char *star = NULL, *resume = NULL;

	while (*text != '\0') {
		if (*glob == '*') {
			star = glob++;
			resume = text;
		} else if (*glob == *text) {
			glob++;
			text++;
		} else if (star != NULL) {
			glob = star + 1;
			text = ++resume;
		} else {
			return false;
		}
	}
	return glob[strspn(glob, "*")] == '\0';
}
