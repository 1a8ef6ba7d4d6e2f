/* Whether a call has a transcript: the strictest of the endpoint, the command, the granting roles.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "policy-fixture.h"
#include "policy/transcript.h"

static const struct transcript_rule rules[] = {
	{TRANSCRIPT_OFF, false},
	{TRANSCRIPT_OFF, true},
	{TRANSCRIPT_BEST_EFFORT, false},
	{TRANSCRIPT_BEST_EFFORT, true},
	{TRANSCRIPT_REQUIRED, false},
	{TRANSCRIPT_REQUIRED, true},
};

enum { RULES = sizeof(rules) / sizeof(rules[0]) };

static void the_stricter_of_two(void **state)
{
	(void)state;
	for (size_t i = 0; i < RULES; i++)
		for (size_t k = 0; k < RULES; k++) {
			struct transcript_rule one = transcript_stricter(rules[i], rules[k]);
			struct transcript_rule other = transcript_stricter(rules[k], rules[i]);

			assert_int_equal(one.mode, other.mode);
			assert_int_equal(one.input, other.input);
			assert_true(one.mode >= rules[i].mode && one.mode >= rules[k].mode);
			assert_true(one.mode == rules[i].mode || one.mode == rules[k].mode);
			assert_int_equal(one.input, rules[i].input || rules[k].input);
		}
}

struct parties {
	struct fixture *fixture;
	struct endpoint *endpoint;
	struct command *command;
	struct role *one, *other, *bystander;
};

static struct parties parties_new(void)
{
	struct parties parties = {.fixture = fixture_new("one,other,bystander")};
	struct fixture *fixture = parties.fixture;

	parties.command = fixture_command(fixture, "uptime", "/usr/bin/uptime", NULL);
	parties.endpoint = fixture_endpoint(fixture, "operations");
	fixture_grants(fixture, parties.command, "one: *; other: *");
	fixture_finish(fixture);
	parties.one = fixture_role(fixture, "one");
	parties.other = fixture_role(fixture, "other");
	parties.bystander = fixture_role(fixture, "bystander");
	return parties;
}

static struct transcript_rule decided(struct parties *parties, const char *roles)
{
	struct arena *arena = arena_new();
	struct decision decision =
		fixture_decide(parties->fixture, arena, parties->endpoint, roles, "uptime");

	assert_int_equal(decision.verdict, VERDICT_ALLOW);
	arena_free(arena);
	return decision.transcript;
}

static void nobody_says_anything(void **state)
{
	struct parties parties = parties_new();

	(void)state;
	assert_int_equal(decided(&parties, "one,other").mode, TRANSCRIPT_OFF);
	assert_false(decided(&parties, "one,other").input);
	fixture_free(parties.fixture);
}

/* Each of the four places with each of the rules: 6^4 policies. */
static void the_strictest_of_all_that_take_part(void **state)
{
	struct parties parties = parties_new();

	(void)state;
	for (size_t i = 0; i < RULES * RULES * RULES * RULES; i++) {
		const struct transcript_rule said[] = {rules[i % RULES], rules[i / RULES % RULES],
			rules[i / RULES / RULES % RULES], rules[i / RULES / RULES / RULES]};
		struct transcript_rule most = {TRANSCRIPT_OFF, false}, got;

		parties.endpoint->transcript = said[0];
		parties.command->transcript = said[1];
		parties.one->transcript = said[2];
		parties.other->transcript = said[3];
		for (size_t k = 0; k < 4; k++) {
			most.mode = said[k].mode > most.mode ? said[k].mode : most.mode;
			most.input |= said[k].input;
		}
		got = decided(&parties, "one,other");
		assert_int_equal(got.mode, most.mode);
		assert_int_equal(got.input, most.input);
	}
	fixture_free(parties.fixture);
}

/* Roles that the person does not have, or that grant nothing of this, have no say. */
static void roles_that_do_not_grant_it(void **state)
{
	struct parties parties = parties_new();

	(void)state;
	parties.other->transcript = parties.bystander->transcript =
		(struct transcript_rule){TRANSCRIPT_REQUIRED, true};
	assert_int_equal(decided(&parties, "one").mode, TRANSCRIPT_OFF);
	assert_int_equal(decided(&parties, "one,bystander").mode, TRANSCRIPT_OFF);
	assert_int_equal(decided(&parties, "one,other").mode, TRANSCRIPT_REQUIRED);
	fixture_free(parties.fixture);
}

/* What the gateway calls itself has no granting role. */
static void what_nobody_granted(void **state)
{
	struct parties parties = parties_new();
	struct permission permission = {.command = parties.command, .granted = true};

	(void)state;
	parties.one->transcript.mode = TRANSCRIPT_REQUIRED;
	assert_int_equal(transcript_of(NULL, &permission).mode, TRANSCRIPT_OFF);
	parties.endpoint->transcript.mode = TRANSCRIPT_BEST_EFFORT;
	assert_int_equal(transcript_of(parties.endpoint, &permission).mode, TRANSCRIPT_BEST_EFFORT);
	parties.command->transcript.mode = TRANSCRIPT_REQUIRED;
	assert_int_equal(transcript_of(NULL, &permission).mode, TRANSCRIPT_REQUIRED);
	fixture_free(parties.fixture);
}

static void in_words(void **state)
{
	(void)state;
	assert_null(transcript_text((struct transcript_rule){TRANSCRIPT_OFF, true}));
	assert_string_equal(
		transcript_text((struct transcript_rule){TRANSCRIPT_REQUIRED, false}), "required");
	assert_string_equal(transcript_text((struct transcript_rule){TRANSCRIPT_BEST_EFFORT, true}),
		"best-effort, with input");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_stricter_of_two),
		cmocka_unit_test(nobody_says_anything),
		cmocka_unit_test(the_strictest_of_all_that_take_part),
		cmocka_unit_test(roles_that_do_not_grant_it),
		cmocka_unit_test(what_nobody_granted),
		cmocka_unit_test(in_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
