#include "config/quote.h"

#include <string.h>

static const char digits[] = "0123456789abcdef";

bool config_is_control(char byte)
{
	return (unsigned char)byte < ' ' || byte == 0x7f;
}

static char *put_hexadecimal(char *to, char byte)
{
	*to++ = '\\';
	*to++ = 'x';
	*to++ = digits[(unsigned char)byte >> 4];
	*to++ = digits[byte & 15];
	return to;
}

char *config_quote(struct arena *arena, const char *text)
{
	char *quoted = arena_alloc(arena, strlen(text) * 4 + 3), *to = quoted;

	*to++ = '"';
	for (; *text != '\0'; text++) {
		if (config_is_control(*text)) {
			to = put_hexadecimal(to, *text);
			continue;
		}
		if (*text == '"' || *text == '\\')
			*to++ = '\\';
		*to++ = *text;
	}
	*to++ = '"';
	*to = '\0';
	return quoted;
}

static bool is_plain(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
	       (byte >= '0' && byte <= '9') || byte == '_' || (unsigned char)byte >= 0x80;
}

char *config_exact_pattern(struct arena *arena, const char *text)
{
	char *pattern = arena_alloc(arena, strlen(text) * 4 + 1), *to = pattern;

	for (; *text != '\0'; text++) {
		if (config_is_control(*text)) {
			to = put_hexadecimal(to, *text);
			continue;
		}
		if (!is_plain(*text))
			*to++ = '\\';
		*to++ = *text;
	}
	*to = '\0';
	return pattern;
}
