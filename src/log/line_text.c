/* What the values of a line say. */
#include "log/line.h"

#include <limits.h>
#include <string.h>

enum { POINT_BYTES = 4, ESCAPED_BYTES = 6 /* \uNNNN */ };

static int digit_of(char byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	byte |= 0x20;
	return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* \uNNNN at `bytes`: the unit, or -1. */
static int32_t unit_of(const char *bytes, size_t left)
{
	int32_t unit = 0;

	if (left < ESCAPED_BYTES || bytes[0] != '\\' || bytes[1] != 'u')
		return -1;
	for (int i = 2; i < ESCAPED_BYTES; i++) {
		int digit = digit_of(bytes[i]);

		if (digit < 0)
			return -1;
		unit = unit * 16 + digit;
	}
	return unit;
}

static char *put_point(char *end, uint32_t point)
{
	static const unsigned char heads[] = {0, 0, 0xc0, 0xe0, 0xf0};
	int size = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;

	for (int i = size - 1; i > 0; i--, point >>= 6)
		end[i] = (char)(0x80 | (point & 0x3f));
	end[0] = (char)(heads[size == 1 ? 0 : size] | point);
	return end + size;
}

/* One escape at `*from`, which moves after it. A half of a pair alone is U+FFFD. */
static char *put_escape(char *end, const char **from, const char *limit)
{
	static const char names[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
	int32_t unit = unit_of(*from, (size_t)(limit - *from)), low;
	const char *name;

	if (unit < 0) {
		name = *from + 1 < limit && (*from)[1] != '\0' ? strchr(names, (*from)[1]) : NULL;
		*end = name != NULL ? meant[name - names] : **from;
		*from += name != NULL ? 2 : 1;
		return end + 1;
	}
	*from += ESCAPED_BYTES;
	if (unit == 0)
		return mempcpy(end, "\\x00", 4);
	if (unit < 0xd800 || unit > 0xdfff)
		return put_point(end, (uint32_t)unit);
	low = unit_of(*from, (size_t)(limit - *from));
	if (unit > 0xdbff || low < 0xdc00 || low > 0xdfff)
		return put_point(end, 0xfffd);
	*from += ESCAPED_BYTES;
	return put_point(
		end, 0x10000U + (((uint32_t)unit & 0x3ff) << 10) + ((uint32_t)low & 0x3ff));
}

char *line_text(struct arena *arena, const struct line_value *value)
{
	const char *from = value->bytes, *limit = from + value->length;
	char *text, *end;

	if (value->kind != LINE_STRING && value->kind != LINE_NUMBER)
		return NULL;
	if (!value->escaped && memchr(from, '\0', value->length) == NULL)
		return arena_strndup(arena, from, value->length);
	text = end = arena_alloc(arena, value->length * POINT_BYTES + 1);
	while (from < limit) {
		if (*from == '\\') {
			end = put_escape(end, &from, limit);
			continue;
		}
		if (*from == '\0')
			end = mempcpy(end, "\\x00", 4);
		else
			*end++ = *from;
		from++;
	}
	*end = '\0';
	return text;
}

bool line_is(const struct line_value *value, const char *text)
{
	struct arena *arena;
	bool same;

	if (value->kind != LINE_STRING)
		return false;
	if (!value->escaped)
		return strlen(text) == value->length &&
		       memcmp(value->bytes, text, value->length) == 0;
	arena = arena_new();
	same = strcmp(line_text(arena, value), text) == 0;
	arena_free(arena);
	return same;
}

uint64_t line_number(const struct line_value *value, uint64_t otherwise)
{
	uint64_t number = 0;

	if (value->kind != LINE_NUMBER || value->length > 20)
		return otherwise;
	for (size_t i = 0; i < value->length; i++)
		if (value->bytes[i] < '0' || value->bytes[i] > '9' ||
			__builtin_mul_overflow(number, 10, &number) ||
			__builtin_add_overflow(number, (uint64_t)(value->bytes[i] - '0'), &number))
			return otherwise;
	return number;
}

/* Two or four digits at `bytes`, or -1. */
static int digits(const char *bytes, int count)
{
	int number = 0;

	for (int i = 0; i < count; i++) {
		if (bytes[i] < '0' || bytes[i] > '9')
			return -1;
		number = number * 10 + bytes[i] - '0';
	}
	return number;
}

/* Days since 1970 in the Gregorian calendar; the year begins in March, so that 29 February ends it.
 */
static int64_t days_of(int year, int month, int day)
{
	int64_t from = year - (month <= 2), era = from / 400, of_era = from % 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

/* ".123" and more digits, of which three count; *length is what it took. */
static int fraction(const char *bytes, size_t left, size_t *length)
{
	int milliseconds = 0, weight = 100;

	*length = 0;
	if (left == 0 || bytes[0] != '.')
		return 0;
	for (*length = 1; *length < left && digits(bytes + *length, 1) >= 0; ++*length) {
		milliseconds += weight * digits(bytes + *length, 1);
		weight /= 10;
	}
	return milliseconds;
}

int64_t line_time(const struct line_value *value)
{
	const char *text = value->bytes;
	int parts[6];
	size_t after;
	int rest;

	if (value->kind != LINE_STRING || value->length < sizeof("2026-11-29T00:00:00Z") - 1 ||
		text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' ||
		text[16] != ':')
		return INT64_MIN;
	parts[0] = digits(text, 4);
	for (int i = 1; i < 6; i++)
		parts[i] = digits(text + 2 + 3 * i, 2);
	rest = fraction(text + 19, value->length - 19, &after);
	if (19 + after + 1 != value->length || text[19 + after] != 'Z')
		return INT64_MIN;
	for (int i = 0; i < 6; i++)
		if (parts[i] < 0)
			return INT64_MIN;
	if (parts[1] < 1 || parts[1] > 12 || parts[2] < 1 || parts[2] > 31)
		return INT64_MIN;
	return ((days_of(parts[0], parts[1], parts[2]) * 24 + parts[3]) * 60 + parts[4]) * 60000 +
	       parts[5] * 1000 + rest;
}
