/* src/shell/complete.c over a fixed list of commands. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "policy/line.h"
#include "shell/complete.h"

static const char list[] =
	"{\"user\":\"dana\",\"roles\":[\"web\"],\"commands\":["
	"{\"name\":\"journalctl\",\"description\":\"Read\",\"parameters\":["
	"{\"name\":\"unit\",\"type\":\"string\",\"options\":[\"-u\",\"--unit\"],\"repeat\":2,"
	"\"allowed\":\"set\",\"values\":[\"nginx.service\",\"php8.2-fpm.service\"]},"
	"{\"name\":\"lines\",\"type\":\"integer\",\"options\":[\"-n\",\"--lines\"],\"allowed\":\"set\","
	"\"values\":[10,100]},"
	"{\"name\":\"output\",\"type\":\"choice\",\"options\":[\"--output\"],\"allowed\":\"any\","
	"\"choices\":[\"json\",\"it's\",\"with blank\",\"with other\",\"\\u00e4\\u00f6\",\"\\u00e4\\u00fc\"]},"
	"{\"name\":\"grep\",\"type\":\"string\",\"allowed\":\"pattern\",\"values\":[\"[a-z]+\"]},"
	"{\"name\":\"follow\",\"type\":\"flag\",\"options\":[\"-f\",\"--follow\"],\"allowed\":\"any\"}]},"
	"{\"name\":\"systemctl restart\",\"parameters\":[{\"name\":\"unit\",\"type\":\"string\","
	"\"position\":1,\"allowed\":\"set\",\"values\":[\"nginx.service\",\"php8.2-fpm.service\"]}]},"
	"{\"name\":\"systemctl status\",\"parameters\":["
	"{\"name\":\"full\",\"type\":\"flag\",\"options\":[\"--full\"],\"allowed\":\"any\"},"
	"{\"name\":\"unit\",\"type\":\"string\",\"position\":1,\"repeat\":2,\"allowed\":\"set\","
	"\"values\":[\"a.service\",\"b.service\"]}]},"
	"{\"name\":\"systemd-analyze\",\"parameters\":[]},"
	"{\"name\":\"login\",\"parameters\":["
	"{\"name\":\"device\",\"type\":\"string\",\"position\":1,\"allowed\":\"any\"},"
	"{\"name\":\"password\",\"type\":\"string\",\"options\":[\"--password\"],\"secret\":true,"
	"\"allowed\":\"any\"}]},"
	"{\"name\":\"wait\",\"parameters\":["
	"{\"name\":\"seconds\",\"type\":\"integer\",\"position\":1,\"minimum\":1,\"maximum\":9,"
	"\"allowed\":\"any\"},"
	"{\"name\":\"file\",\"type\":\"drive-file\",\"position\":2,\"allowed\":\"any\"},"
	"{\"name\":\"least\",\"type\":\"integer\",\"position\":3,\"minimum\":1,\"allowed\":\"any\"},"
	"{\"name\":\"most\",\"type\":\"integer\",\"position\":4,\"maximum\":9,\"allowed\":\"any\"}]},"
	"{\"name\":\"drain node\",\"kind\":\"function\",\"description\":\"Empty it\",\"parameters\":["
	"{\"name\":\"node\",\"type\":\"choice\",\"position\":1,\"choices_from\":\"nodes\",\"required\":true,"
	"\"repeat\":1,\"allowed\":\"any\"},"
	"{\"name\":\"pool\",\"type\":\"choice\",\"options\":[\"--pool\"],\"choices_from\":\"pools\","
	"\"description\":\"Where it goes\",\"allowed\":\"any\"},"
	"{\"name\":\"force\",\"type\":\"boolean\",\"options\":[\"--force\"],\"allowed\":\"any\"},"
	"{\"name\":\"token\",\"type\":\"string\",\"options\":[\"--token\"],\"secret\":true,"
	"\"allowed\":\"any\"}]}],"
	"\"aliases\":[{\"name\":\"jc\",\"command\":\"journalctl\"}],\"providers\":[]}";

static const struct builtin_word builtins[] = { { "exit", "Leave" }, { "help", "Help" }, { 0 } };

struct fixture {
	struct arena *arena;
	struct catalogue *catalogue;
};

/* As a gateway would answer: what it is asked, as the only choice. */
static struct strings compute(
	void *context, const struct catalogue_parameter *parameter, const struct strings *words)
{
	struct fixture *fixture = context;
	struct strings choices = { 0 };

	strings_add(fixture->arena, &choices,
		arena_printf(fixture->arena, "%s:%s", parameter->name,
			strings_join(fixture->arena, words, ",")));
	return choices;
}

static struct completion complete(struct fixture *fixture, const char *line, size_t length)
{
	const struct completer completer = { .catalogue = fixture->catalogue,
		.builtins = builtins,
		.choices = compute,
		.context = fixture };

	return complete_line(fixture->arena, &completer, line, length);
}

static int set_up(void **state)
{
	static struct fixture fixture;

	fixture.arena = arena_new();
	fixture.catalogue = catalogue_read(fixture.arena, list);
	*state = &fixture;
	return fixture.catalogue == NULL ? -1 : 0;
}

static int tear_down(void **state)
{
	arena_free(((struct fixture *)*state)->arena);
	return 0;
}

/* The candidates of a line, with "|" between them. */
static void expect(void **state, const char *line, const char *candidates)
{
	struct fixture *fixture = *state;
	struct completion completion = complete(fixture, line, strlen(line));

	assert_string_equal(
		strings_join(fixture->arena, &completion.candidates, "|"), candidates);
}

/* The line after Tab, with the cursor at its end. */
static void expect_line(void **state, const char *line, const char *after)
{
	struct fixture *fixture = *state;
	struct completion completion = complete(fixture, line, strlen(line));
	char *result = arena_printf(fixture->arena, "%.*s%s", (int)(strlen(line) - completion.remove),
		line, completion.insert);

	assert_string_equal(result, after);
}

static void names_are_completed_word_by_word(void **state)
{
	expect(state, "", "drain|exit|help|jc|journalctl|login|systemctl|systemd-analyze|wait");
	expect(state, "sys", "systemctl|systemd-analyze");
	expect(state, "systemctl ", "restart|status");
	expect(state, "systemctl re", "restart");
	expect(state, "nope ", "");
	expect(state, "zzz", "");
	expect_line(state, "sys", "system");
	expect_line(state, "systemct", "systemctl ");
	expect_line(state, "systemctl ", "systemctl ");
	expect_line(state, "systemctl  re", "systemctl  restart ");
	expect_line(state, "zzz", "zzz");
}

static void help_completes_commands(void **state)
{
	expect(state, "help ", "drain|jc|journalctl|login|systemctl|systemd-analyze|wait");
	expect(state, "help systemctl ", "restart|status");
	expect(state, "help systemctl restart ", "");
}

static void options_are_those_that_may_still_be_given(void **state)
{
	expect(state, "journalctl ", "--follow|--grep|--lines|--output|--unit|-f|-n|-u");
	expect(state, "journalctl -", "--follow|--grep|--lines|--output|--unit|-f|-n|-u");
	expect(state, "journalctl --l", "--lines");
	expect(state, "journalctl -f --f", "");
	expect(state, "journalctl -n5 --l", "");
	expect(state, "journalctl --lines=5 --l", "");
	expect(state, "journalctl -u nginx.service --u", "--unit");
	expect(state, "journalctl -u nginx.service -u x --u", "");
	expect(state, "systemctl restart -", "");
	expect_line(state, "journalctl --un", "journalctl --unit ");
}

static void values_follow_their_option(void **state)
{
	expect(state, "journalctl -u ", "nginx.service|php8.2-fpm.service");
	expect(state, "journalctl --unit n", "nginx.service");
	expect(state, "journalctl --unit=n", "--unit=nginx.service");
	expect(state, "journalctl -n ", "10|100");
	expect(state, "journalctl --follow=", "");
	/* A pattern has no values to list. */
	expect(state, "journalctl --grep ", "");
	expect_line(state, "journalctl --unit=n", "journalctl --unit=nginx.service ");
	expect_line(state, "jc -u p", "jc -u php8.2-fpm.service ");
}

/* Where Tab has nothing to list it can say what is expected. */
static void what_is_expected_is_said_where_nothing_can_be_listed(void **state)
{
	static const struct {
		const char *line, *expects;
	} cases[] = {
		{ "journalctl --grep ", "--grep: what matches [a-z]+" },
		{ "journalctl --grep=", "--grep: what matches [a-z]+" },
		{ "drain node x --token ", "--token: a secret" },
		{ "journalctl -u z", "-u, --unit: one of: nginx.service, php8.2-fpm.service" },
		{ "wait ", "SECONDS: a whole number from 1 to 9" },
		{ "wait 1", "SECONDS: a whole number from 1 to 9" },
		{ "wait 1 ", "FILE: the name of a file in your drive (sftp, scp)" },
		{ "wait 1 x ", "LEAST: a whole number, 1 or more" },
		{ "wait 1 x 1 ", "MOST: a whole number, 9 or less" },
		{ "wait 1 x 1 1 ", NULL },
		{ "wait -", NULL },
		{ "journalctl -u ", NULL },
		{ "journalctl --gr", NULL },
		{ "zzz ", NULL },
		{ "drain node q", NULL },
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct completion completion =
			complete(fixture, cases[i].line, strlen(cases[i].line));

		if (cases[i].expects == NULL)
			assert_null(completion.expects);
		else
			assert_string_equal(completion.expects, cases[i].expects);
	}
}

/* An option is nothing that was meant, where the value of an operand is to be typed. */
static void the_only_option_is_listed_where_a_value_is_expected(void **state)
{
	expect(state, "login ", "--password");
	expect_line(state, "login ", "login ");
	expect_line(state, "login x ", "login x --password ");
	expect_line(state, "login -", "login --password ");
}

static void operands_are_counted(void **state)
{
	expect(state, "systemctl restart ", "nginx.service|php8.2-fpm.service");
	expect(state, "systemctl restart nginx.service ", "");
	expect(state, "systemctl status ", "a.service|b.service");
	expect(state, "systemctl status --full a.service ", "a.service|b.service");
	expect(state, "systemctl status a.service b.service ", "--full");
	expect(state, "systemctl status -- ", "a.service|b.service");
	expect(state, "systemctl status -- --", "");
	expect(state, "systemctl status --", "--full");
}

static void values_are_quoted_where_they_need_it(void **state)
{
	expect_line(state, "journalctl --output i", "journalctl --output 'it'\\''s' ");
	expect_line(state, "journalctl --output w", "journalctl --output 'with '");
	expect(state, "journalctl --output 'with '", "with blank|with other");
	expect_line(state, "journalctl --output 'with 'b", "journalctl --output 'with blank' ");
	expect_line(state, "journalctl --output 'with b", "journalctl --output 'with blank' ");
	expect_line(state, "journalctl --output \"with b", "journalctl --output 'with blank' ");
	expect_line(state, "journalctl --output with\\ b", "journalctl --output 'with blank' ");
	expect_line(state, "journalctl --output=wi", "journalctl '--output=with '");
}

/* Not half a character: the two have their first byte in common, and no more. */
static void common_beginnings_are_whole_characters(void **state)
{
	expect(state, "journalctl --output \xc3\xa4", "\xc3\xa4\xc3\xb6|\xc3\xa4\xc3\xbc");
	expect_line(state, "journalctl --output \xc3\xa4", "journalctl --output \xc3\xa4");
}

static void a_refused_line_has_no_candidates(void **state)
{
	expect(state, "systemctl; sys", "");
	expect(state, "$(sys", "");
}

/* Whatever Tab makes of any beginning of a line is a line that the gateway's words come from. */
static void every_completion_is_a_line(void **state)
{
	static const char line[] = "journalctl -u nginx.service --output 'with blank' --lines 10";
	struct fixture *fixture = *state;

	for (size_t length = 0; length < sizeof(line); length++) {
		struct strings words = { 0 };
		char *partial;
		struct completion completion = complete(fixture, line, length);
		char *after = arena_printf(fixture->arena, "%.*s%s",
			(int)(length - completion.remove), line, completion.insert);

		assert_int_equal(line_split_partial(fixture->arena, after, strlen(after), &words,
					 &partial),
			0);
	}
}

static void a_list_that_is_none_is_refused(void **state)
{
	static const char *const bad[] = { "", "[]", "{}", "{\"commands\":1}", "{\"commands\":[" };
	struct fixture *fixture = *state;
	const char *odd = "{\"commands\":[1,{},{\"name\":5,\"parameters\":[3,{}]}],\"aliases\":[{},7]}";

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_null(catalogue_read(fixture->arena, bad[i]));
	fixture->catalogue = catalogue_read(fixture->arena, odd);
	assert_non_null(fixture->catalogue);
	expect(state, "", "exit|help");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(names_are_completed_word_by_word, set_up, tear_down),
		cmocka_unit_test_setup_teardown(help_completes_commands, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			options_are_those_that_may_still_be_given, set_up, tear_down),
		cmocka_unit_test_setup_teardown(values_follow_their_option, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			what_is_expected_is_said_where_nothing_can_be_listed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			the_only_option_is_listed_where_a_value_is_expected, set_up, tear_down),
		cmocka_unit_test_setup_teardown(operands_are_counted, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			values_are_quoted_where_they_need_it, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			common_beginnings_are_whole_characters, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_refused_line_has_no_candidates, set_up, tear_down),
		cmocka_unit_test_setup_teardown(every_completion_is_a_line, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_list_that_is_none_is_refused, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("complete", tests, NULL, NULL);
}
