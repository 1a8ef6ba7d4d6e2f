/* recorder.conf: every mistake is told, with its line, and nothing of a file with one is used. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "recorder/settings.h"

static struct arena *arena;

static int setup(void **state)
{
	(void)state;
	arena = arena_new();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static struct settings parse(const char *text)
{
	struct problems problems = {.arena = arena};
	struct settings settings;

	if (settings_parse(arena, text, strlen(text), &settings, &problems) != 0)
		fail_msg("%s", problem_text(arena, &problems.items[0]));
	return settings;
}

static void what_is_not_said_has_the_value_of_the_page(void **state)
{
	struct settings settings = parse("");

	(void)state;
	assert_string_equal(settings.account, "rolegate-recorder");
	assert_string_equal(settings.directory, ROLEGATE_LOG_DIR);
	assert_int_equal(settings.rotate_size, 64 << 20);
	assert_int_equal(settings.rotate_age, 7 * 86400);
	assert_int_equal(settings.keep_size, 10ULL << 30);
	assert_int_equal(settings.keep_age, 400 * 86400);
	assert_int_equal(settings.transcript_size, 16 << 20);
	assert_int_equal(settings.transcript_keep_size, 20ULL << 30);
	assert_int_equal(settings.transcript_keep_age, 90 * 86400);
	assert_null(settings.signing_key);
	assert_int_equal(settings.sign_events, 64);
	assert_int_equal(settings.sign_interval, 10);
	assert_int_equal(settings.anchor_interval, 60);
	assert_false(settings.sync_always);
	assert_int_equal(settings.forward, FORWARD_NONE);
	assert_true(settings.audit);
}

static void every_key_is_read(void **state)
{
	struct settings settings =
		parse("account = \"writer\"; directory = \"/srv/log\";\n"
		      "rotate_size = 100000; rotate_age = \"90m\";\n"
		      "keep_size = \"2T\"; keep_age = \"36h\";\n"
		      "transcripts = { maximum_size = \"64K\"; keep_size = \"1G\"; "
		      "keep_age = 3600; };\n"
		      "signing_key = \"/etc/key.pem\"; sign_events = 1;\n"
		      "sign_interval = \"1s\"; anchor_interval = 5;\n"
		      "sync = \"always\"; forward = { syslog = \"/run/log\"; };\n");

	(void)state;
	assert_string_equal(settings.account, "writer");
	assert_string_equal(settings.directory, "/srv/log");
	assert_int_equal(settings.rotate_size, 100000);
	assert_int_equal(settings.rotate_age, 5400);
	assert_int_equal(settings.keep_size, 2ULL << 40);
	assert_int_equal(settings.keep_age, 36 * 3600);
	assert_int_equal(settings.transcript_size, 65536);
	assert_int_equal(settings.transcript_keep_size, 1 << 30);
	assert_int_equal(settings.transcript_keep_age, 3600);
	assert_string_equal(settings.signing_key, "/etc/key.pem");
	assert_int_equal(settings.sign_events, 1);
	assert_int_equal(settings.sign_interval, 1);
	assert_int_equal(settings.anchor_interval, 5);
	assert_true(settings.sync_always);
	assert_int_equal(settings.forward, FORWARD_SYSLOG);
	assert_string_equal(settings.syslog, "/run/log");
	assert_int_equal(parse("forward = \"journal\";").forward, FORWARD_JOURNAL);
	assert_int_equal(parse("forward = \"none\";").forward, FORWARD_NONE);
}

static void R5_what_is_wrong_is_refused_with_its_line(void **state)
{
	static const struct {
		const char *text, *complaint;
	} cases[] = {
		{"rotate_sizes = \"1M\";", "recorder.conf:1: key \"rotate_sizes\" is unknown"},
		{"\nrotate_size = \"1X\";",
			"recorder.conf:2: rotate_size = \"1X\" is refused; expected a size"},
		{"rotate_size = \"1K\";", "recorder.conf:1: rotate_size = \"1K\" is refused"},
		{"rotate_size = -1;", "recorder.conf:1: rotate_size = -1 is refused"},
		{"rotate_size = \"99999999999999999999999T\";", "is refused"},
		{"rotate_size = \"\";", "is refused"},
		{"rotate_size = \"1MM\";", "is refused"},
		{"rotate_size = \" 1M\";", "is refused"},
		{"rotate_size = true;", "rotate_size is true or false; expected a size"},
		{"rotate_age = \"7 d\";", "expected a time such as \"7d\""},
		{"rotate_age = \"1s\";", "is refused"},
		{"sign_interval = 0;", "is refused"},
		{"sign_events = 0;", "sign_events"},
		{"sync = \"never\";", "sync = \"never\""},
		{"forward = \"syslog\";", "expected { syslog = \"/dev/log\"; }"},
		{"forward = { };", "syslog"},
		{"forward = { syslog = \"log\"; };", "expected an absolute path"},
		{"forward = 1;", "forward is a number"},
		{"directory = \"log\";", "expected an absolute path"},
		{"directory = \"/var/../log\";", "expected an absolute path"},
		{"directory = \"/\";", "expected an absolute path"},
		{"account = \"a/b\";", "expected the name of an account"},
		{"transcripts = { size = 1; };", "key \"size\" is unknown"},
		{"transcripts = \"1M\";", "transcripts"},
		{"keep_age = \"1d\"; keep_age = \"2d\";", "keep_age"},
		{"@include \"x\"", "include"},
		{"rotate_size", "syntax error"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct problems problems = {.arena = arena};
		struct settings settings;
		const char *told;

		assert_int_equal(settings_parse(arena, cases[i].text, strlen(cases[i].text),
					 &settings, &problems),
			-1);
		assert_true(problems.count > 0);
		told = problem_text(arena, &problems.items[0]);
		if (strstr(told, cases[i].complaint) == NULL)
			fail_msg("%s: %s", cases[i].text, told);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_not_said_has_the_value_of_the_page),
		TEST(every_key_is_read),
		TEST(R5_what_is_wrong_is_refused_with_its_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
