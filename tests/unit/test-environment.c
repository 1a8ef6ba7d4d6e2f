/* R10: the child's environment is built from nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "spawn/environment.h"

static const struct account account = {
	.name = "svc-web",
	.uid = 990,
	.gid = 990,
	.home = "/var/lib/web",
	.shell = "/usr/sbin/nologin",
};

static struct environment_facts facts_of(const char *term, const struct variables *variables)
{
	return (struct environment_facts){
		.account = &account,
		.user = "dana",
		.request = "0123456789abcdef0123456789abcdef",
		.term = term,
		.variables = variables,
	};
}

static int set_up(void **state)
{
	*state = arena_new();
	return 0;
}

static int tear_down(void **state)
{
	arena_free(*state);
	return 0;
}

/* What has been used against programs that filter the caller's variables. */
static void set_hostile(void)
{
	static const char *const names[] = { "BASH_ENV", "ENV", "LD_PRELOAD", "LD_AUDIT",
		"LD_LIBRARY_PATH", "GCONV_PATH", "TZ", "PERL5LIB", "PERL5OPT", "PYTHONPATH",
		"PYTHONINSPECT", "RUBYLIB", "NODE_OPTIONS", "IFS", "MALLOC_TRACE", "TERMINFO",
		"TERMINFO_DIRS", "LOCPATH", "NLSPATH", "INPUTRC", "HOSTALIASES", "RES_OPTIONS",
		"TMPDIR", "CDPATH", "PS4", "SHELLOPTS", "BASHOPTS", "GLIBC_TUNABLES", "XAUTHORITY",
		"SSH_AUTH_SOCK", "KRB5CCNAME", "PATH", "HOME", "USER", "LOGNAME", "SHELL", "TERM",
		"LANG", "LC_ALL", "ROLEGATE_USER", "ROLEGATE_REQUEST", "BASH_FUNC_ls%%" };
	char name[32];

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		setenv(names[i], "() { :; }; /tmp/evil", 1);
	for (int i = 0; i < 10000; i++) {
		snprintf(name, sizeof(name), "HOSTILE_%d", i);
		setenv(name, "%n", 1);
	}
}

static void expect(char **built, const char *const *golden)
{
	size_t i;

	for (i = 0; golden[i] != NULL; i++) {
		assert_non_null(built[i]);
		assert_string_equal(built[i], golden[i]);
	}
	assert_null(built[i]);
}

static void R10_environment_is_the_golden_set(void **state)
{
	static const char *const golden[] = {
		"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
		"HOME=/var/lib/web", "USER=svc-web", "LOGNAME=svc-web", "SHELL=/usr/sbin/nologin",
		"LANG=C.UTF-8", "TERM=xterm-256color", "ROLEGATE_USER=dana",
		"ROLEGATE_REQUEST=0123456789abcdef0123456789abcdef", "SYSTEMD_COLORS=0", NULL
	};
	struct variable item = { .name = "SYSTEMD_COLORS", .value = "0" };
	struct variables variables = { .items = &item, .count = 1 };
	struct environment_facts facts = facts_of("xterm-256color", &variables);

	set_hostile();
	expect(environment_build(*state, &facts), golden);
}

static void no_terminal_no_TERM(void **state)
{
	struct environment_facts facts = facts_of(NULL, NULL);
	char **built = environment_build(*state, &facts);

	for (; *built != NULL; built++)
		assert_int_not_equal(strncmp(*built, "TERM=", 5), 0);
}

static const char *term_given_for(struct arena *arena, const char *term)
{
	struct environment_facts facts = facts_of(term, NULL);

	for (char **built = environment_build(arena, &facts); *built != NULL; built++)
		if (strncmp(*built, "TERM=", 5) == 0)
			return *built + 5;
	return NULL;
}

static void R10_terminal_name_is_harmless_or_dumb(void **state)
{
	static const char *const harmless[] = { "xterm", "screen.xterm-256color", "vt100",
		"rxvt-unicode-256color", "tmux+direct", "linux" };
	static const char *const refused[] = { "", "../evil", "/tmp/evil", "a/b", ".hidden", "-x",
		"x y", "x\n", "x%s", "xterm\033[2J", "\303\251",
		"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" };

	for (size_t i = 0; i < sizeof(harmless) / sizeof(*harmless); i++)
		assert_string_equal(term_given_for(*state, harmless[i]), harmless[i]);
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++)
		assert_string_equal(term_given_for(*state, refused[i]), "dumb");
}

static void R10_policy_variables_cannot_replace_the_fixed_ones(void **state)
{
	static const char *const names[] = { "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG",
		"TERM", "IFS", "ENV", "BASH_ENV", "LD_PRELOAD", "LD_X", "ROLEGATE_USER",
		"ROLEGATE_ANYTHING", "rolegate_input_unit", "rolegate_builtin_user", "rolegate_x",
		"A=B", "", "1X", "X Y" };
	struct environment_facts facts = facts_of(NULL, NULL);
	char **without = environment_build(*state, &facts);

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct variable item = { .name = names[i], .value = "evil" };
		struct variables variables = { .items = &item, .count = 1 };

		facts.variables = &variables;
		expect(environment_build(*state, &facts), (const char *const *)without);
	}
}

static void the_later_definition_wins(void **state)
{
	struct variable items[] = { { .name = "A", .value = "role" },
		{ .name = "AB", .value = "x" }, { .name = "A", .value = "command" } };
	struct variables variables = { .items = items, .count = 3 };
	struct environment_facts facts = facts_of(NULL, &variables);
	char **built = environment_build(*state, &facts);

	assert_string_equal(built[8], "A=command");
	assert_string_equal(built[9], "AB=x");
	assert_null(built[10]);
}

/* What a script is told comes from the gateway alone, whatever a role sets. */
static void R10_a_functions_inputs_come_last_and_are_nobody_elses(void **state)
{
	struct variable forged = { .name = "rolegate_input_unit", .value = "evil" };
	struct variable items[] = { { .name = "rolegate_input_unit", .value = "a\nb $(c)" },
		{ .name = "rolegate_builtin_user", .value = "dana" } };
	struct variables variables = { .items = &forged, .count = 1 },
			 function = { .items = items, .count = 2 };
	struct environment_facts facts = facts_of(NULL, &variables);
	char **built;

	facts.function = &function;
	built = environment_build(*state, &facts);
	assert_string_equal(built[8], "rolegate_input_unit=a\nb $(c)");
	assert_string_equal(built[9], "rolegate_builtin_user=dana");
	assert_null(built[10]);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(R10_environment_is_the_golden_set),
		TEST(no_terminal_no_TERM),
		TEST(R10_terminal_name_is_harmless_or_dumb),
		TEST(R10_policy_variables_cannot_replace_the_fixed_ones),
		TEST(the_later_definition_wins),
		TEST(R10_a_functions_inputs_come_last_and_are_nobody_elses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
