/* src/answer/examples.c and sample.c: every example is a call that these roles may make. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "answer/examples.h"
#include "answer/sample.h"
#include "policy-fixture.h"
#include "policy/decide.h"
#include "policy/line.h"
#include "policy/validate.h"

static void patterns_are_sampled(void **state)
{
	static const char *const patterns[] = {"nginx", "(nginx|php.*)\\.service", "web[0-9]+",
		"[a-z][a-z0-9_-]{0,31}", "\\d{4}-\\d\\d", "(?:a|b)+c?", "[^/]+\\.log", "v\\d+(\\.\\d+)*",
		"[]a]x", "[\\w.-]+@example\\.org", "db-(primary|replica-[1-3])", "^x$", "a{3}",
		"[a-f0-9]{40}", "\\w+", ".+", "\\[x\\]", "[A-Z]{2,5}?", "x|y|z", "[!-/]"};
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
		size_t offset, good = 0;
		struct pattern pattern;

		assert_null(pattern_compile(arena, patterns[i], &pattern, &offset));
		for (unsigned variant = 0; variant < SAMPLE_VARIANTS; variant++) {
			const char *sample = sample_pattern(arena, patterns[i], variant);

			if (sample == NULL)
				fail_msg("no sample of %s", patterns[i]);
			good += pattern_match(&pattern, sample, strlen(sample)) == PATTERN_MATCH;
		}
		if (good != SAMPLE_VARIANTS)
			fail_msg("%zu good samples of %s", good, patterns[i]);
	}
	arena_free(arena);
}

static void what_is_not_understood_is_left_alone(void **state)
{
	static const char *const patterns[] = {"(?=a)a", "(?i)a", "\\1", "\\p{L}", "a{1000}", "[[:alpha:]]",
		"(", "a)", "[a", "\\", "(((((((((((((((((((a)))))))))))))))))))", "(a{64}){64}"};
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
		for (unsigned variant = 0; variant < SAMPLE_VARIANTS; variant++)
			if (sample_pattern(arena, patterns[i], variant) != NULL)
				fail_msg("a sample of %s", patterns[i]);
	arena_free(arena);
}

/* Whatever bytes a pattern has, sampling it ends within bounds. */
static void any_bytes_are_survived(void **state)
{
	static const char bytes[] = "ab01.*+?()[]{}|\\^$-,:dw\xc3\xa4";
	uint32_t random = 7;

	(void)state;
	for (size_t i = 0; i < 100000; i++) {
		struct arena *arena = arena_new();
		char pattern[24] = "";

		for (size_t j = 0; j < sizeof(pattern) - 1; j++) {
			random = random * 1664525 + 1013904223;
			pattern[j] = bytes[(random >> 16) % (sizeof(bytes) - 1)];
		}
		pattern[(random >> 8) % (sizeof(pattern) - 1)] = '\0';
		(void)sample_pattern(arena, pattern, i % SAMPLE_VARIANTS);
		arena_free(arena);
	}
}

static struct parameter *add(struct fixture *fixture, const char *name, const char *spec,
	enum parameter_type type)
{
	struct command *command = fixture_command(fixture, name, "/bin/x", NULL);
	struct parameter *parameter = fixture_parameter(fixture, command, spec, type);

	fixture_grants(fixture, command, "A: *");
	return parameter;
}

static void add_validators(struct fixture *fixture)
{
	for (const struct validator *validator = validator_list(); validator->name != NULL;
		validator++) {
		struct parameter *parameter =
			add(fixture, arena_printf(fixture->arena, "check-%s", validator->name),
				"value @1", PARAMETER_STRING);

		parameter->validate = validator;
		parameter->required = true;
	}
}

static void add_types(struct fixture *fixture)
{
	struct parameter *parameter = add(fixture, "number", "lines -n", PARAMETER_INTEGER);

	parameter->required = parameter->has_minimum = parameter->has_maximum = true;
	parameter->minimum = 500;
	parameter->maximum = 600;
	parameter = add(fixture, "choose", "how --how", PARAMETER_CHOICE);
	parameter->choices = fixture_split(fixture->arena, "a b,c", ",");
	add(fixture, "when", "day --day", PARAMETER_DATE)->required = true;
	add(fixture, "really", "yes --yes", PARAMETER_BOOLEAN)->required = true;
	add(fixture, "note", "text --text", PARAMETER_TEXT)->required = true;
	add(fixture, "verbose", "loud -v", PARAMETER_FLAG);
	parameter = add(fixture, "look", "file @1", PARAMETER_PATH);
	parameter->required = true;
	parameter->under = fixture_split(fixture->arena, "/var/log,/srv", ",");
	add(fixture, "odd name", "value", PARAMETER_STRING)->required = true;
}

static struct fixture *make_fixture(void)
{
	struct fixture *fixture = fixture_new("A,B");
	struct command *command = fixture_command(fixture, "restart", "/bin/systemctl", "restart");

	fixture_parameter(fixture, command, "unit @1", PARAMETER_STRING)->required = true;
	command->parameters.items[0].validate = validator_find("systemd-unit");
	fixture_parameter(fixture, command, "wait --wait", PARAMETER_FLAG);
	fixture_parameter(fixture, command, "job -j --job", PARAMETER_STRING);
	fixture_grants(fixture, command, "A: unit=/(nginx|php.*)\\.service/ wait; B: unit={a.service,b.service} job");
	add_validators(fixture);
	add_types(fixture);
	fixture_finish(fixture);
	return fixture;
}

static struct examples describe(struct fixture *fixture, const char *roles, const char *name)
{
	struct role_set *set = arena_alloc(fixture->arena, sizeof(*set));
	struct entries entries;

	*set = fixture_roles(fixture, roles);
	entries = entries_of(fixture->arena, fixture->policy, NULL, set,
		table_get(&fixture->policy->command_by_name, name));
	assert_int_equal(entries.count, 1);
	return examples_of(fixture->arena, fixture->policy, NULL, set, &entries.items[0]);
}

/* Of every validator and type there is one, and decide() allows it for these roles. */
static void every_example_is_allowed(void **state)
{
	struct fixture *fixture = make_fixture();
	const struct policy *policy = fixture->policy;

	(void)state;
	for (size_t i = 0; i < policy->command_count; i++) {
		struct examples examples = describe(fixture, "A", policy->commands[i]->name);

		if (examples.count == 0)
			fail_msg("no example of %s", policy->commands[i]->name);
		for (size_t j = 0; j < examples.count; j++) {
			struct decision decision = fixture_decide(fixture, fixture->arena, NULL, "A",
				strings_join(fixture->arena, &examples.items[j], "|"));

			if (decision.verdict != VERDICT_ALLOW)
				fail_msg("%s: %s", policy->commands[i]->name, decision.detail);
		}
	}
	fixture_free(fixture);
}

static char *show(struct fixture *fixture, const struct examples *examples)
{
	struct strings lines = {0};

	for (size_t i = 0; i < examples->count; i++)
		strings_add(fixture->arena, &lines,
			line_quote(fixture->arena, examples->items[i].items,
				examples->items[i].count));
	return strings_join(fixture->arena, &lines, "; ");
}

static void R24_they_follow_what_the_roles_allow(void **state)
{
	struct fixture *fixture = make_fixture();
	struct examples examples = describe(fixture, "A", "restart");

	(void)state;
	assert_string_equal(show(fixture, &examples),
		"restart nginx.service; restart --wait nginx.service; restart php.service");
	examples = describe(fixture, "B", "restart");
	assert_string_equal(show(fixture, &examples),
		"restart a.service; restart -j text a.service; restart b.service");
	fixture_free(fixture);
}

/* A set of secrets is nobody's to read, and a computed choice is not known here. */
static void no_example_gives_a_secret_away(void **state)
{
	struct fixture *fixture = fixture_new("A");
	struct command *login = fixture_command(fixture, "login", "/bin/login", NULL);
	struct command *drain = fixture_command(fixture, "drain", "/bin/drain", NULL);
	struct examples examples;

	(void)state;
	fixture_parameter(fixture, login, "pin --pin", PARAMETER_STRING)->secret = true;
	fixture_parameter(fixture, login, "user @1", PARAMETER_STRING)->required = true;
	fixture_grants(fixture, login, "A: pin={hunter2} user");
	fixture_parameter(fixture, drain, "node @1", PARAMETER_CHOICE)->required = true;
	drain->parameters.items[0].choices_from = login;
	fixture_grants(fixture, drain, "A: *");
	fixture_finish(fixture);
	examples = describe(fixture, "A", "login");
	assert_string_equal(show(fixture, &examples), "login text");
	login->parameters.items[0].required = true;
	examples = describe(fixture, "A", "login");
	assert_int_equal(examples.count, 0);
	examples = describe(fixture, "A", "drain");
	assert_int_equal(examples.count, 0);
	fixture_free(fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(patterns_are_sampled),
		cmocka_unit_test(what_is_not_understood_is_left_alone),
		cmocka_unit_test(any_bytes_are_survived),
		cmocka_unit_test(every_example_is_allowed),
		cmocka_unit_test(R24_they_follow_what_the_roles_allow),
		cmocka_unit_test(no_example_gives_a_secret_away),
	};

	return cmocka_run_group_tests_name("examples", tests, NULL, NULL);
}
