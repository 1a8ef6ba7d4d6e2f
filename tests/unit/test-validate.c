/* The built-in validators, and the checks of each type of parameter. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "policy/arguments.h"
#include "policy/reason.h"
#include "policy/validate.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define TEXT50 "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeee"
#define LABEL63 TEXT50 "fffffffffffff"

static int arena_set_up(void **state)
{
	*state = arena_new();
	return 0;
}

static int arena_tear_down(void **state)
{
	arena_free(*state);
	return 0;
}

static const struct {
	const char *name, *good[16], *bad[40];
} validator_cases[] = {
	{"hostname",
		{"web1", "web1.example.org", "localhost", "a", "A.B", "xn--bcher-kva.example", "1a",
			"3com.com", "a-b", "a--b.c", LABEL63,
			LABEL63 "." LABEL63 "." LABEL63 "." TEXT50 "eeeeeeeeeee"},
		{"", ".", "a.", ".a", "a..b", "-a", "a-", "a.-b", "a_b", "a b", "a/b", "a@b",
			"a:80", "1.2.3.4", "127.1", "2130706433", "0x7f000001", "a.0x1", "a.1",
			"::1", "b\303\274cher", "a\n", "a%", LABEL63 "f", "*", "a,b",
			LABEL63 "." LABEL63 "." LABEL63 "." LABEL63}},
	{"ip-address",
		{"192.0.2.1", "0.0.0.0", "255.255.255.255", "::", "::1", "2001:db8::1",
			"2001:DB8::A", "::ffff:192.0.2.1", "fe80::1", "1:2:3:4:5:6:7:8"},
		{"", "192.0.2", "192.0.2.256", "192.0.2.01", "192.0.2.1.", " 192.0.2.1",
			"192.0.2.1 ", "0x7f.0.0.1", "127.1", "2130706433", "1::2::3",
			":::", "fe80::1%eth0", "[::1]", "::1/128", "192.0.2.1:80", "12345::",
			"1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "192.0.2.1\n", "a", "g::"}},
	{"cidr",
		{"192.0.2.0/24", "0.0.0.0/0", "10.0.0.1/32", "2001:db8::/32", "::/0", "::1/128",
			"10.0.0.1/8", "fe80::/10", "1.2.3.4/9", "::/64"},
		{"", "/", "192.0.2.0", "192.0.2.0/", "192.0.2.0/33", "192.0.2.0/024",
			"192.0.2.0/-1", "192.0.2.0/+1", "192.0.2.0/ 1", "192.0.2.0/255.255.255.0",
			"::/129", "/24", "192.0.2/24", "192.0.2.0/24/1", "192.0.2.0//24", "::/1a",
			"host/24", "1.2.3.4/99999999999"}},
	{"port", {"1", "22", "80", "443", "1024", "8080", "32768", "49152", "65534", "65535"},
		{"", "0", "65536", "99999", "100000", "-1", "+1", "01", " 1", "1 ", "0x50", "1e3",
			"http", "80,443", "4294967297", "18446744073709551617", "1\n"}},
	{"email",
		{"dana@example.org", "a@b", "d.a@example.org", "d+tag@example.org",
			"!#$%&'*+-/=?^_`{|}~@x", "D@EXAMPLE.ORG", "1@example.org", "a-b@c-d.e",
			"_@a.b", "a@xn--bcher-kva.example"},
		{"", "@", "a", "a@", "@b", "a@b@c", ".a@b", "a.@b", "a..b@c", "\"a b\"@c", "a b@c",
			"a@b c", "a@-b", "a@b.", "a@[192.0.2.1]", "a@192.0.2.1", "a(c)@b", "a@b\n",
			"a,b@c", "<a@b>", "a\\@b", TEXT50 "aaaaaaaaaaaaaaa@b", "d\303\251@b"}},
	{"user",
		{"dana", "root", "_apt", "www-data", "svc.ops", "a", "A1", "host$",
			"systemd-network", "abcdefghijklmnopqrstuvwxyz012345"},
		{"", "0", "1000", "4294967295", "-1", "-dana", ".dana", "da na", "da/na", "../x",
			"dana:x", "dana,", "$", "d$x", "d\303\251", "dana\n", "a@b", "a%", "a*",
			"!a", "#1000", "abcdefghijklmnopqrstuvwxyz0123456"}},
	{"group",
		{"wheel", "web-ops", "_ssh", "adm", "a", "docker", "G1", "a.b", "systemd-journal",
			"x$"},
		{"", "0", "27", "-wheel", "web ops", "a/b", "a:b", "a,b", "#27", "%wheel", "a\n",
			"a\303\251"}},
	{"systemd-unit",
		{"nginx.service", "php8.2-fpm.service", "getty@tty1.service", "getty@.service",
			"-.mount", "dev-sda1.device", "a.socket", "a.timer", "user-1000.slice",
			"session-1.scope", "system-x\\x2dy.slice", "a:b.path", "swap.swap",
			"a.b.automount", "x@y@z.service", "multi-user.target"},
		{"", "nginx", ".service", "nginx.", "nginx.serv", "nginx.service ",
			"nginx.services", "*.service", "ngin?.service", "[n]ginx.service",
			"a/b.service", "../a.service", "a b.service", "@a.service", "a.Service",
			"a\303\251.service", "a;b.service", "a.service\n", "$a.service",
			"a%i.service", "a.service.d",
			TEXT50 TEXT50 TEXT50 TEXT50 TEXT50 ".service"}},
	{"file-name",
		{"a", "access.log", ".profile", "...", "a b", "-", "a..b", "b\303\274", "*",
			LABEL63, TEXT50 TEXT50 TEXT50 TEXT50 TEXT50 "abcde"},
		{"", ".", "..", "/", "a/b", "../a", "/a", "a/", "a\n", "a\tb", "a\302\205", "a\377",
			TEXT50 TEXT50 TEXT50 TEXT50 TEXT50 "abcdef"}},
	{"absolute-path",
		{"/", "/a", "/var/log/nginx", "/a b", "/.a", "/a.", "/...", "/a/..b", "/-a",
			"/b\303\274", "/a*"},
		{"", "a", "a/b", "./a", "../a", "//", "//a", "/a//b", "/a/", "/.", "/..", "/a/.",
			"/a/..", "/a/./b", "/a/../b", "/a\n", "/a\tb", "/\377", "~/a", " /a"}},
	{"uuid",
		{"123e4567-e89b-42d3-a456-426614174000", "00000000-0000-0000-0000-000000000000",
			"FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
			"123E4567-e89b-12d3-A456-426614174000",
			"01890a5d-ac96-774b-bcce-b302099a8057",
			"6ba7b810-9dad-11d1-80b4-00c04fd430c8",
			"aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
			"12345678-1234-5678-1234-567812345678",
			"abcdef01-2345-6789-abcd-ef0123456789",
			"f81d4fae-7dec-11d0-a765-00a0c91e6bf6"},
		{"", "123e4567e89b42d3a456426614174000", "{123e4567-e89b-42d3-a456-426614174000}",
			"123e4567-e89b-42d3-a456-42661417400",
			"123e4567-e89b-42d3-a456-4266141740000",
			"123e4567-e89b-42d3-a456_426614174000",
			"123e4567-e89b-42d3-a456-42661417400g",
			"urn:uuid:123e4567-e89b-42d3-a456-426614174000",
			"123e4567-e89b-42d3a-456-426614174000",
			" 123e4567-e89b-42d3-a456-42661417400",
			"123e4567-e89b-42d3-a456-42661417400\n",
			"-23e4567-e89b-42d3-a456-426614174000"}},
	{"date",
		{"2026-01-31", "2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31", "2026-04-30",
			"2026-02-28", "2026-12-01", "1970-01-01", "2026-07-31"},
		{"", "2026-1-31", "2026-01-32", "2026-00-01", "2026-13-01", "2026-01-00",
			"2025-02-29", "1900-02-29", "2026-02-30", "2026-04-31", "0000-01-01",
			"2026/01/31", "26-01-31", "2026-01-31 ", "2026-01-31T00:00", "-026-01-31",
			"+026-01-31", "20260131", "2026-01-3a", "2026-01-3\n", "today"}},
	{"identifier", {"a", "A", "_", "_a", "a1", "web_1", "PATH", "__", "aB_9", LABEL63},
		{"", "1", "1a", "a-b", "a.b", "a b", "-a", "a=", "\303\251", "a\303\251", "a\n",
			"$a", "a/b"}},
	{"printable-text",
		{"", "a", "a b", "\303\251", "\346\227\245", "\360\237\231\202", "$(id)",
			"a\302\240b", "'\"\\", "e\314\201"},
		{"\n", "a\tb", "a\033[m", "\177", "\302\205", "\342\200\250", "\342\200\251",
			"\330\234", "\342\200\216", "\342\200\217", "a\342\200\256b",
			"\342\200\252", "\342\201\246", "\342\201\251", "\377", "\303"}},
	{"none", {"", "a", "a b", "\303\251", "$(id)", "*", "a\342\200\256b", "'", "\"", "\\"},
		{"\n", "\t", "\r", "\033", "\177", "\302\205", "\342\200\250", "\377", "\303",
			"\001", "a\300\257"}},
};

static void validators_know_good_from_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(validator_cases); i++) {
		const struct validator *validator = validator_find(validator_cases[i].name);
		const char *const *value;

		assert_non_null(validator);
		for (value = validator_cases[i].good;
			value < validator_cases[i].good + COUNT(validator_cases[i].good) &&
			*value != NULL;
			value++)
			if (!validator->accepts(*value, strlen(*value)))
				fail_msg("%s refuses %s", validator->name, *value);
		for (value = validator_cases[i].bad; *value != NULL; value++)
			if (validator->accepts(*value, strlen(*value)))
				fail_msg("%s accepts %s", validator->name, *value);
	}
}

/* A NUL inside would end the value for the program, but not for us. */
static void R2_validators_refuse_a_NUL_and_its_neighbours(void **state)
{
	(void)state;
	for (const struct validator *validator = validator_list(); validator->name != NULL;
		validator++)
		for (size_t i = 0; i < COUNT(validator_cases); i++) {
			const char *good = validator_cases[i].good[1];
			char value[300] = "";
			size_t length = strlen(good);

			memcpy(value, good, length);
			assert_false(validator->accepts(value, length + 1));
			memcpy(value + length + 1, good, length);
			assert_false(validator->accepts(value, 2 * length + 1));
		}
}

static void every_validator_is_listed_and_tested(void **state)
{
	size_t count = 0;

	(void)state;
	for (const struct validator *validator = validator_list(); validator->name != NULL;
		validator++) {
		assert_ptr_equal(validator_find(validator->name), validator);
		assert_true(strlen(validator->expected) > 5);
		assert_string_equal(validator->name, validator_cases[count].name);
		count++;
	}
	assert_int_equal(count, COUNT(validator_cases));
	assert_null(validator_find("hostnam"));
	assert_null(validator_find("Hostname"));
	assert_null(validator_find(""));
}

static void assert_accepts(
	struct arena *arena, const struct parameter *parameter, const char *value)
{
	const char *expected = validate_value(arena, parameter, value);

	if (expected != NULL)
		fail_msg("\"%s\" is refused: expected %s", value, expected);
}

static void assert_refuses(
	struct arena *arena, const struct parameter *parameter, const char *value)
{
	if (validate_value(arena, parameter, value) == NULL)
		fail_msg("\"%s\" is accepted", value);
}

static struct parameter parameter_of(enum parameter_type type)
{
	return (struct parameter){
		.name = "p", .type = type, .repeat = 1, .max_length = ARGUMENT_LENGTH_MAX};
}

static void R8_integers_have_one_spelling(void **state)
{
	static const char *const good[] = {"0", "1", "9", "10", "42", "10000", "2147483648",
		"4294967296", "9223372036854775807", "100"};
	static const char *const bad[] = {"", "-", "+1", "01", "00", "-0", "-00", "-01", " 1", "1 ",
		"1.0", "1e3", "0x10", "0b1", "1_000", "1,000", "\331\243", "9223372036854775808",
		"18446744073709551616", "99999999999999999999999", "-1", "--1", "one", "1\n",
		"-9223372036854775809"};
	struct parameter parameter = parameter_of(PARAMETER_INTEGER);

	for (size_t i = 0; i < COUNT(good); i++)
		assert_accepts(*state, &parameter, good[i]);
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_refuses(*state, &parameter, bad[i]);
}

static void R8_integers_keep_to_their_bounds(void **state)
{
	struct parameter parameter = parameter_of(PARAMETER_INTEGER);

	parameter.has_minimum = parameter.has_maximum = true;
	parameter.minimum = 1;
	parameter.maximum = 10000;
	assert_accepts(*state, &parameter, "1");
	assert_accepts(*state, &parameter, "10000");
	assert_refuses(*state, &parameter, "0");
	assert_refuses(*state, &parameter, "10001");
	assert_refuses(*state, &parameter, "-1");
	assert_string_equal(
		validate_value(*state, &parameter, "-1"), "a whole number from 1 to 10000");
	parameter.minimum = INT64_MIN;
	parameter.maximum = -1;
	assert_accepts(*state, &parameter, "-9223372036854775808");
	assert_accepts(*state, &parameter, "-1");
	assert_refuses(*state, &parameter, "0");
	assert_refuses(*state, &parameter, "-0");
	assert_refuses(*state, &parameter, "-9223372036854775809");
	assert_refuses(*state, &parameter, "-x");
	parameter = parameter_of(PARAMETER_INTEGER);
	assert_refuses(*state, &parameter, "-5");
	parameter.leading_dash = true;
	assert_accepts(*state, &parameter, "-5");
}

static void choices_are_compared_byte_for_byte(void **state)
{
	struct parameter parameter = parameter_of(PARAMETER_CHOICE);

	strings_add(*state, &parameter.choices, "fast");
	strings_add(*state, &parameter.choices, "slow and safe");
	strings_add(*state, &parameter.choices, "-x");
	assert_accepts(*state, &parameter, "fast");
	assert_accepts(*state, &parameter, "slow and safe");
	assert_refuses(*state, &parameter, "Fast");
	assert_refuses(*state, &parameter, "fas");
	assert_refuses(*state, &parameter, "faster");
	assert_refuses(*state, &parameter, "slow");
	assert_refuses(*state, &parameter, "fast slow and safe");
	assert_refuses(*state, &parameter, "");
	assert_refuses(*state, &parameter, "-x"); /* R39 asks for leading_dash all the same */
	assert_string_equal(
		validate_value(*state, &parameter, "x"), "one of: fast, slow and safe, -x");
	parameter.leading_dash = true;
	assert_accepts(*state, &parameter, "-x");
}

static void paths_stay_under_their_directories(void **state)
{
	static const char *const good[] = {"/srv/data", "/srv/data/a", "/srv/data/a/b",
		"/srv/data/..a", "/srv/data/a b", "/var/log/x", "/var/log/x/y", "/srv/data/...",
		"/srv/data/-x", "/srv/data/.a"};
	static const char *const bad[] = {"/", "/srv", "/srv/", "/srv/data/", "/srv/database",
		"/srv/data2/x", "/srv/data/..", "/srv/data/../x", "/srv/data/../../etc/passwd",
		"/srv/data/./x", "/srv//data/x", "//srv/data/x", "/etc/passwd", "srv/data/x", "",
		"/srv/data/x\n", "/var/log/xy", "/SRV/data/x", "/srv/data/a/../../b", "-/srv/data"};
	struct parameter parameter = parameter_of(PARAMETER_PATH);

	assert_accepts(*state, &parameter, "/etc/passwd");
	assert_accepts(*state, &parameter, "/");
	assert_refuses(*state, &parameter, "/etc/../passwd");
	strings_add(*state, &parameter.under, "/srv/data");
	strings_add(*state, &parameter.under, "/var/log/x");
	for (size_t i = 0; i < COUNT(good); i++)
		assert_accepts(*state, &parameter, good[i]);
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_refuses(*state, &parameter, bad[i]);
	parameter.under.count = 0;
	strings_add(*state, &parameter.under, "/");
	assert_accepts(*state, &parameter, "/etc/passwd");
	assert_accepts(*state, &parameter, "/");
}

static void strings_pass_validator_and_pattern(void **state)
{
	struct parameter parameter = parameter_of(PARAMETER_STRING);
	size_t offset;

	parameter.validate = validator_find("systemd-unit");
	parameter.has_pattern = true;
	assert_null(pattern_compile(*state, "nginx.*|x", &parameter.pattern, &offset));
	assert_accepts(*state, &parameter, "nginx.service");
	assert_refuses(*state, &parameter, "x");	      /* the pattern alone */
	assert_refuses(*state, &parameter, "apache.service"); /* the validator alone */
	assert_refuses(*state, &parameter, "nginx.service\n");
	assert_string_equal(validate_value(*state, &parameter, "apache.service"),
		"a value that matches nginx.*|x");
}

static void R39_a_leading_dash_is_refused_everywhere(void **state)
{
	static const enum parameter_type types[] = {
		PARAMETER_STRING, PARAMETER_INTEGER, PARAMETER_CHOICE, PARAMETER_PATH};
	static const char *const values[] = {
		"-", "--", "-x", "--x", "-1", "-oProxyCommand=x", "-\303\251"};

	for (size_t i = 0; i < COUNT(types); i++) {
		struct parameter parameter = parameter_of(types[i]);

		for (size_t j = 0; j < COUNT(values); j++) {
			strings_add(*state, &parameter.choices, values[j]);
			assert_refuses(*state, &parameter, values[j]);
		}
	}
}

static void long_values_are_refused(void **state)
{
	struct parameter parameter = parameter_of(PARAMETER_STRING);
	char value[ARGUMENT_LENGTH_MAX + 2];

	memset(value, 'a', sizeof(value));
	value[ARGUMENT_LENGTH_MAX + 1] = '\0';
	assert_refuses(*state, &parameter, value);
	parameter.max_length = SIZE_MAX; /* the ceiling holds */
	assert_refuses(*state, &parameter, value);
	value[ARGUMENT_LENGTH_MAX] = '\0';
	assert_accepts(*state, &parameter, value);
	parameter.max_length = 3;
	assert_accepts(*state, &parameter, "abc");
	assert_refuses(*state, &parameter, "abcd");
	assert_refuses(*state, &parameter, "a\303\251\303\251"); /* bytes, not characters */
	assert_string_equal(validate_value(*state, &parameter, "abcd"), "at most 3 bytes");
}

static void R2_bytes_are_checked_without_a_validator(void **state)
{
	struct parameter parameter = parameter_of(PARAMETER_STRING);

	assert_accepts(*state, &parameter, "a b");
	assert_refuses(*state, &parameter, "a\tb");
	assert_refuses(*state, &parameter, "a\n");
	assert_refuses(*state, &parameter, "\377");
}

static void the_message_is_the_authors(void **state)
{
	struct parameter parameter = parameter_of(PARAMETER_STRING);
	char value[64] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab!";
	size_t offset;

	parameter.message = "ask the web team";
	parameter.validate = validator_find("port");
	assert_string_equal(validate_value(*state, &parameter, "x"), "ask the web team");
	parameter.validate = NULL;
	parameter.has_pattern = true;
	assert_null(pattern_compile(*state, "(a+)+b", &parameter.pattern, &offset));
	assert_string_equal(validate_value(*state, &parameter, "x"), "ask the web team");
	assert_non_null(strstr(validate_value(*state, &parameter, value), "limits"));
}

static void R24_a_secret_value_is_not_repeated(void **state)
{
	struct parameter parameter = parameter_of(PARAMETER_STRING);

	parameter.secret = true;
	for (const struct validator *validator = validator_list(); validator->name != NULL;
		validator++) {
		const char *expected;

		parameter.validate = validator;
		expected = validate_value(*state, &parameter, "hunter2\n");
		assert_non_null(expected);
		assert_null(strstr(expected, "hunter2"));
	}
}

static void reasons_have_their_stable_codes(void **state)
{
	static const char *const codes[] = {"gateway-error", "permitted", "syntax", "not-permitted",
		"parameter-not-allowed", "value-not-allowed", "invalid-value", "missing-parameter",
		"disabled", "pending-approval", "untrusted", "blocked-by-profile", "no-role",
		"not-identified", "authentication-failed", "account-refused", "limit"};

	(void)state;
	for (size_t i = 0; i < COUNT(codes); i++)
		assert_string_equal(reason_code((enum reason)i), codes[i]);
	assert_string_equal(reason_code((enum reason)COUNT(codes)), "gateway-error");
	assert_string_equal(reason_code((enum reason) - 1), "gateway-error");
}

static void usage_is_what_a_person_types(void **state)
{
	struct parameter parameter = parameter_of(PARAMETER_STRING);

	parameter.name = "web-unit";
	assert_string_equal(parameter_usage(*state, &parameter), "--web-unit");
	parameter.position = 1;
	assert_string_equal(parameter_usage(*state, &parameter), "WEB-UNIT");
	strings_add(*state, &parameter.options, "-u");
	strings_add(*state, &parameter.options, "--unit");
	assert_string_equal(parameter_usage(*state, &parameter), "-u, --unit");
	assert_string_equal(parameter_type_name(PARAMETER_STRING), "string");
	assert_string_equal(parameter_type_name(PARAMETER_INTEGER), "integer");
	assert_string_equal(parameter_type_name(PARAMETER_FLAG), "flag");
	assert_string_equal(parameter_type_name(PARAMETER_CHOICE), "choice");
	assert_string_equal(parameter_type_name(PARAMETER_PATH), "path");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, arena_set_up, arena_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(validators_know_good_from_bad),
		TEST(R2_validators_refuse_a_NUL_and_its_neighbours),
		TEST(every_validator_is_listed_and_tested),
		TEST(R8_integers_have_one_spelling),
		TEST(R8_integers_keep_to_their_bounds),
		TEST(choices_are_compared_byte_for_byte),
		TEST(paths_stay_under_their_directories),
		TEST(strings_pass_validator_and_pattern),
		TEST(R39_a_leading_dash_is_refused_everywhere),
		TEST(long_values_are_refused),
		TEST(R2_bytes_are_checked_without_a_validator),
		TEST(the_message_is_the_authors),
		TEST(R24_a_secret_value_is_not_repeated),
		TEST(reasons_have_their_stable_codes),
		TEST(usage_is_what_a_person_types),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
