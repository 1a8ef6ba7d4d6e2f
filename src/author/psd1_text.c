/* The bytes of a PowerShell file: Windows PowerShell writes UTF-16, PowerShell UTF-8. */
#include <stdint.h>
#include <string.h>

#include "author/psd1_parts.h"
#include "base/text.h"

static char *put_character(char *to, uint32_t point)
{
	if (point < 0x80) {
		*to++ = (char)point;
		return to;
	}
	if (point < 0x800) {
		*to++ = (char)(0xc0 | point >> 6);
	} else {
		if (point < 0x10000) {
			*to++ = (char)(0xe0 | point >> 12);
		} else {
			*to++ = (char)(0xf0 | point >> 18);
			*to++ = (char)(0x80 | (point >> 12 & 0x3f));
		}
		*to++ = (char)(0x80 | (point >> 6 & 0x3f));
	}
	*to++ = (char)(0x80 | (point & 0x3f));
	return to;
}

static uint32_t unit_at(const char *bytes, size_t index, bool big)
{
	const unsigned char *pair = (const unsigned char *)bytes + index * 2;

	return big ? (uint32_t)pair[0] << 8 | pair[1] : (uint32_t)pair[1] << 8 | pair[0];
}

/* Half of a pair by itself becomes what is no UTF-8, which is refused then. */
static char *from_utf16(struct arena *arena, const char *bytes, size_t *length, bool big)
{
	size_t units = *length / 2;
	char *text = arena_alloc(arena, units * 3 + 1), *to = text;

	for (size_t i = 0; i < units; i++) {
		uint32_t unit = unit_at(bytes, i, big);

		if (unit >= 0xd800 && unit < 0xdc00 && i + 1 < units) {
			uint32_t low = unit_at(bytes, i + 1, big);

			if (low >= 0xdc00 && low < 0xe000) {
				unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
				i++;
			}
		}
		to = put_character(to, unit);
	}
	*length = (size_t)(to - text);
	return text;
}

/* NULL, or what is wrong with it. */
static const char *check_text(const char *text, size_t length)
{
	if (!text_is_utf8(text, length))
		return "the file is neither UTF-8 nor UTF-16 with a byte order mark";
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)text[i] < ' ' && strchr("\t\n\r", text[i]) == NULL)
			return "the file has a control character in it";
	return memchr(text, '\0', length) == NULL ? NULL : "the file has a NUL in it";
}

char *psd1_text(struct arena *arena, const char *bytes, size_t *length, const char **complaint)
{
	char *text;

	if (*length > PSD1_SIZE_MAX) {
		*complaint = "the file is larger than 1 MiB";
		return NULL;
	}
	if (*length >= 2 &&
		(memcmp(bytes, "\xff\xfe", 2) == 0 || memcmp(bytes, "\xfe\xff", 2) == 0)) {
		bool big = bytes[0] == '\xfe';

		*length -= 2;
		text = from_utf16(arena, bytes + 2, length, big);
	} else {
		size_t mark = *length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

		*length -= mark;
		text = arena_alloc(arena, *length + 1);
		memcpy(text, bytes + mark, *length);
	}
	*complaint = check_text(text, *length);
	return *complaint == NULL ? text : NULL;
}
