#include "recorder/cast_text.h"

#include <stdio.h>
#include <string.h>

#include "recorder/cast.h"

void cast_put(struct cast_lines *lines, const void *bytes, size_t length)
{
	if (lines->overflow || length > CAST_ROOM - lines->length) {
		lines->overflow = true;
		return;
	}
	memcpy(lines->bytes + lines->length, bytes, length);
	lines->length += length;
}

static bool is_plain(unsigned char byte)
{
	return byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
}

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

static bool has_zero(uint64_t bytes)
{
	return ((bytes - EACH(1)) & ~bytes & EACH(0x80)) != 0;
}

static uint64_t eight(const unsigned char *bytes)
{
	uint64_t value;

	memcpy(&value, bytes, sizeof(value));
	return value;
}

/* Eight bytes at once that are all plain. */
static bool is_plain_eight(uint64_t bytes)
{
	uint64_t low = (bytes - EACH(0x20)) & ~bytes, high = bytes | (bytes + EACH(1));

	return ((low | high) & EACH(0x80)) == 0 && !has_zero(bytes ^ EACH('"')) &&
	       !has_zero(bytes ^ EACH('\\'));
}

static size_t plain_run(const unsigned char *bytes, size_t length)
{
	size_t run = 0;

	while (run + 8 <= length && is_plain_eight(eight(bytes + run)))
		run += 8;
	while (run < length && is_plain(bytes[run]))
		run++;
	return run;
}

/* How many bytes the character has that begins with this one; 0: none does. RFC 3629. */
static size_t length_of(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first >= 0xc2 && first < 0xe0)
		return 2;
	if (first >= 0xe0 && first < 0xf0)
		return 3;
	return first >= 0xf0 && first < 0xf5 ? 4 : 0;
}

/* No overlong form, no surrogate, nothing above U+10FFFF. */
static bool second_fits(unsigned char first, unsigned char second)
{
	unsigned char least = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
	unsigned char most = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;

	return second >= least && second <= most;
}

/* How many of the bytes fit the beginning of a character: all of `length_of` if it is whole. */
static size_t fitting(const unsigned char *bytes, size_t left)
{
	size_t wanted = length_of(bytes[0]), count = 1;

	if (wanted < 2 || left < 2 || !second_fits(bytes[0], bytes[1]))
		return wanted == 0 ? 0 : 1;
	for (count = 2; count < wanted && count < left && (bytes[count] & 0xc0) == 0x80;)
		count++;
	return count;
}

/* The whole character's length, or 0. */
static size_t character(const unsigned char *bytes, size_t left)
{
	size_t wanted = length_of(bytes[0]);

	return wanted != 0 && wanted <= left && fitting(bytes, left) == wanted ? wanted : 0;
}

size_t cast_text_unfinished(const unsigned char *bytes, size_t length)
{
	for (size_t back = length < CAST_PENDING ? length : CAST_PENDING; back > 0; back--) {
		const unsigned char *start = bytes + length - back;
		size_t wanted = length_of(*start);

		if (wanted > back && fitting(start, back) == back)
			return back;
	}
	return 0;
}

bool cast_text_is_strange(const unsigned char *bytes, size_t length, size_t most)
{
	size_t strange = 0;

	for (size_t i = 0; i < length && strange <= most;) {
		size_t size = 1;

		if (i + 8 <= length && (eight(bytes + i) & EACH(0x80)) == 0 &&
			!has_zero(eight(bytes + i)))
			size = 8;
		else if (bytes[i] == '\0')
			strange++;
		else if (bytes[i] >= 0x80 && (size = character(bytes + i, length - i)) == 0)
			strange += size = 1;
		i += size;
	}
	return strange > most;
}

size_t cast_text_nuls(const unsigned char *bytes, size_t length)
{
	size_t count = 0;

	for (size_t i = 0; i < length; i++)
		count += bytes[i] == '\0';
	return count;
}

static unsigned code_point(const unsigned char *bytes, size_t size)
{
	static const unsigned char first_mask[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
	unsigned point = bytes[0] & first_mask[size];

	for (size_t i = 1; i < size; i++)
		point = point << 6 | (bytes[i] & 0x3f);
	return point;
}

/* C1 controls, line separators, and what turns the direction of text. */
static bool is_hidden(unsigned point)
{
	return (point >= 0x7f && point < 0xa0) || point == 0x61c || point == 0x200e ||
	       point == 0x200f || (point >= 0x2028 && point <= 0x202e) ||
	       (point >= 0x2066 && point <= 0x2069);
}

static void put_escape(struct cast_lines *lines, unsigned point)
{
	static const char digits[] = "0123456789abcdef";
	char text[] = {'\\', 'u', digits[point >> 12 & 15], digits[point >> 8 & 15],
		digits[point >> 4 & 15], digits[point & 15]};

	if (point == '\r')
		cast_put(lines, "\\r", 2);
	else if (point == '\n')
		cast_put(lines, "\\n", 2);
	else
		cast_put(lines, text, sizeof(text));
}

/* One character that is not plain: how many bytes it took. */
static size_t put_other(
	struct cast_lines *lines, const unsigned char *bytes, size_t left, size_t *invalid)
{
	size_t size = character(bytes, left);

	if (size == 0) {
		cast_put(lines, "\xef\xbf\xbd", 3);
		++*invalid;
		return 1;
	}
	if (*bytes == '"' || *bytes == '\\') {
		char text[] = {'\\', (char)*bytes};

		cast_put(lines, text, sizeof(text));
	} else if (*bytes < 0x20 || is_hidden(code_point(bytes, size))) {
		put_escape(lines, code_point(bytes, size));
	} else {
		cast_put(lines, bytes, size);
	}
	return size;
}

size_t cast_text_put(struct cast_lines *lines, const unsigned char *bytes, size_t length)
{
	size_t invalid = 0;

	for (size_t i = 0; i < length;) {
		size_t run = plain_run(bytes + i, length - i);

		cast_put(lines, bytes + i, run);
		i += run;
		if (i < length)
			i += put_other(lines, bytes + i, length - i, &invalid);
	}
	return invalid;
}
