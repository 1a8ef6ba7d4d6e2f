/* The built-in validators: what may be such a thing, by its written form alone. */
#include "policy/validate.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"

#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define LETTERS "abcdefghijklmnopqrstuvwxyz" UPPER
#define DIGITS "0123456789"
#define HEX DIGITS "abcdefABCDEF"

enum {
	HOSTNAME_MAX = 253, /* RFC 1035, without the root's dot */
	LABEL_MAX = 63,
	EMAIL_MAX = 254, /* RFC 5321 4.5.3.1, and erratum 1690 of RFC 3696 */
	LOCAL_PART_MAX = 64,
	UNIT_MAX = 255, /* systemd.unit(5) */
	FILE_NAME_LENGTH_MAX = 255,
	UUID_LENGTH = 36,
	DATE_LENGTH = 10,
};

static bool holds_only(const char *text, size_t length, const char *set)
{
	for (size_t i = 0; i < length; i++)
		if (text[i] == '\0' || strchr(set, text[i]) == NULL)
			return false;
	return true;
}

/* A number in plain decimal from `low` to `high`: no sign, no leading zero. */
static bool is_decimal(const char *text, size_t length, unsigned low, unsigned high)
{
	unsigned number = 0;

	if (length == 0 || length > 6 || (length > 1 && text[0] == '0') ||
		!holds_only(text, length, DIGITS))
		return false;
	for (size_t i = 0; i < length; i++)
		number = number * 10 + (unsigned)(text[i] - '0');
	return number >= low && number <= high;
}

static bool is_label(const char *label, size_t length)
{
	return length > 0 && length <= LABEL_MAX && label[0] != '-' && label[length - 1] != '-' &&
	       holds_only(label, length, LETTERS DIGITS "-");
}

/* Resolvers take a name that ends so for an address ("127.1", "0x7f000001"). */
static bool is_numeric_label(const char *label, size_t length)
{
	return holds_only(label, length, DIGITS) ||
	       (length >= 2 && label[0] == '0' && (label[1] == 'x' || label[1] == 'X') &&
		       holds_only(label + 2, length - 2, HEX));
}

static bool accepts_hostname(const char *value, size_t length)
{
	size_t start = 0, end;

	if (length == 0 || length > HOSTNAME_MAX)
		return false;
	for (end = 0; end <= length; end++) {
		if (end < length && value[end] != '.')
			continue;
		if (!is_label(value + start, end - start))
			return false;
		if (end < length)
			start = end + 1;
	}
	return !is_numeric_label(value + start, length - start);
}

/* AF_INET, AF_INET6, or 0. inet_pton(3) takes no zone and no short or octal form. */
static int address_family(const char *value, size_t length)
{
	char text[INET6_ADDRSTRLEN];
	struct in6_addr address;

	if (length >= sizeof(text) || !holds_only(value, length, HEX ".:"))
		return 0;
	memcpy(text, value, length);
	text[length] = '\0';
	if (inet_pton(AF_INET, text, &address) == 1)
		return AF_INET;
	return inet_pton(AF_INET6, text, &address) == 1 ? AF_INET6 : 0;
}

static bool accepts_ip_address(const char *value, size_t length)
{
	return address_family(value, length) != 0;
}

static bool accepts_cidr(const char *value, size_t length)
{
	const char *slash = memchr(value, '/', length);
	size_t address;
	int family;

	if (slash == NULL)
		return false;
	address = (size_t)(slash - value);
	family = address_family(value, address);
	return family != 0 &&
	       is_decimal(slash + 1, length - address - 1, 0, family == AF_INET ? 32 : 128);
}

static bool accepts_port(const char *value, size_t length)
{
	return is_decimal(value, length, 1, UINT16_MAX);
}

/* Dot-atom of RFC 5322: no quoted strings, no comments. */
static bool is_local_part(const char *value, size_t length)
{
	if (length == 0 || length > LOCAL_PART_MAX || value[0] == '.' || value[length - 1] == '.' ||
		memmem(value, length, "..", 2) != NULL)
		return false;
	return holds_only(value, length, LETTERS DIGITS ".!#$%&'*+-/=?^_`{|}~");
}

static bool accepts_email(const char *value, size_t length)
{
	const char *at = memchr(value, '@', length);
	size_t local;

	if (at == NULL || length > EMAIL_MAX)
		return false;
	local = (size_t)(at - value);
	return is_local_part(value, local) && accepts_hostname(at + 1, length - local - 1);
}

/* Users and groups alike: useradd(8) and groupadd(8) take the same names. */
static bool accepts_account(const char *value, size_t length)
{
	return length == strlen(value) && text_is_account(value);
}

static bool is_unit_type(const char *type, size_t length)
{
	static const char *const types[] = {"service", "socket", "device", "mount", "automount",
		"swap", "target", "path", "timer", "slice", "scope"};

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (strlen(types[i]) == length && memcmp(types[i], type, length) == 0)
			return true;
	return false;
}

/* A name with its suffix; no glob, which systemctl(1) would expand. */
static bool accepts_systemd_unit(const char *value, size_t length)
{
	const char *dot = memrchr(value, '.', length);
	size_t prefix;

	if (dot == NULL || dot == value || length > UNIT_MAX || value[0] == '@')
		return false;
	prefix = (size_t)(dot - value);
	return holds_only(value, prefix, LETTERS DIGITS ":-_.\\@") &&
	       is_unit_type(dot + 1, length - prefix - 1);
}

static bool accepts_anything(const char *value, size_t length)
{
	return text_refused(value, length) == length;
}

static bool accepts_file_name(const char *value, size_t length)
{
	bool dots =
		(length == 1 && value[0] == '.') || (length == 2 && memcmp(value, "..", 2) == 0);

	return length > 0 && length <= FILE_NAME_LENGTH_MAX && !dots &&
	       memchr(value, '/', length) == NULL && accepts_anything(value, length);
}

static bool accepts_absolute_path(const char *value, size_t length)
{
	return length == strlen(value) && text_is_canonical_path(value);
}

static bool accepts_uuid(const char *value, size_t length)
{
	if (length != UUID_LENGTH)
		return false;
	for (size_t i = 0; i < length; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? value[i] != '-' : !holds_only(value + i, 1, HEX))
			return false;
	}
	return true;
}

static unsigned days_in_month(unsigned year, unsigned month)
{
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	if (month == 2)
		return leap ? 29 : 28;
	return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

static unsigned digits(const char *text, size_t length)
{
	unsigned number = 0;

	for (size_t i = 0; i < length; i++)
		number = number * 10 + (unsigned)(text[i] - '0');
	return number;
}

static bool accepts_date(const char *value, size_t length)
{
	unsigned year, month, day;

	if (length != DATE_LENGTH || value[4] != '-' || value[7] != '-' ||
		!holds_only(value, 4, DIGITS) || !holds_only(value + 5, 2, DIGITS) ||
		!holds_only(value + 8, 2, DIGITS))
		return false;
	year = digits(value, 4);
	month = digits(value + 5, 2);
	day = digits(value + 8, 2);
	return year >= 1 && month >= 1 && month <= 12 && day >= 1 &&
	       day <= days_in_month(year, month);
}

static bool accepts_identifier(const char *value, size_t length)
{
	return length > 0 && strchr(DIGITS, value[0]) == NULL &&
	       holds_only(value, length, LETTERS DIGITS "_");
}

/* Text in another order than its bytes makes a screen lie (R32). */
static bool accepts_printable_text(const char *value, size_t length)
{
	static const char *const bidirectional[] = {"\u061c", "\u200e", "\u200f", "\u202a",
		"\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069"};

	for (size_t i = 0; i < sizeof(bidirectional) / sizeof(*bidirectional); i++)
		if (memmem(value, length, bidirectional[i], strlen(bidirectional[i])) != NULL)
			return false;
	return accepts_anything(value, length);
}

static const struct validator validators[] = {
	{"hostname", "a host name, such as web1.example.org", accepts_hostname, NULL},
	{"ip-address", "an IP address, such as 192.0.2.1 or 2001:db8::1", accepts_ip_address,
		NULL},
	{"cidr", "a network, such as 192.0.2.0/24 or 2001:db8::/32", accepts_cidr, NULL},
	{"port", "a port number from 1 to 65535", accepts_port, NULL},
	{"email", "an email address, such as dana@example.org", accepts_email, NULL},
	{"user", "a user name, such as dana", accepts_account, NULL},
	{"group", "a group name, such as web-ops", accepts_account, NULL},
	{"systemd-unit", "a systemd unit with its suffix, such as nginx.service",
		accepts_systemd_unit, NULL},
	{"file-name", "a file name without \"/\", such as access.log", accepts_file_name,
		NULL},
	{"absolute-path", "an absolute path without \".\" and \"..\", such as /var/log/nginx",
		accepts_absolute_path, NULL},
	{"uuid", "a UUID, such as 123e4567-e89b-42d3-a456-426614174000", accepts_uuid, NULL},
	{"date", "a date, such as 2026-01-31", accepts_date, NULL},
	{"identifier", "an identifier of letters, digits and \"_\", such as web_1",
		accepts_identifier, NULL},
	{"printable-text", "text without control characters", accepts_printable_text, NULL},
	{"none", "text without control characters", accepts_anything, NULL},
	{NULL, NULL, NULL, NULL},
};

static bool accepts_lines(const struct validator *validator, const char *value, size_t length)
{
	for (size_t start = 0, i = 0; i <= length; i++) {
		if (i < length && !text_is_layout(value[i]))
			continue;
		if (!validator->accepts(value + start, i - start))
			return false;
		start = i + 1;
	}
	return true;
}

enum pattern_result validator_accepts(
	const struct validator *validator, const char *value, size_t length, bool lines)
{
	bool accepted;

	if (validator->pattern != NULL)
		return pattern_match(validator->pattern, value, length);
	if (lines)
		accepted = accepts_lines(validator, value, length);
	else
		accepted = validator->accepts(value, length);
	return accepted ? PATTERN_MATCH : PATTERN_NO_MATCH;
}

const struct validator *validator_find(const char *name)
{
	for (const struct validator *validator = validators; validator->name != NULL; validator++)
		if (strcmp(validator->name, name) == 0)
			return validator;
	return NULL;
}

const struct validator *validator_list(void)
{
	return validators;
}
