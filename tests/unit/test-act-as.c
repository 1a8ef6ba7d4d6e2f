/* Acting as somebody else: who may, as whom, and what of that person's roles it reaches. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "answer/answer.h"
#include "policy-fixture.h"
#include "policy/act_as.h"

static struct strings list(struct fixture *fixture, const char *text)
{
	return fixture_split(fixture->arena, text, ",");
}

static struct endpoint *endpoint_of(struct fixture *fixture)
{
	struct endpoint *endpoint = fixture_endpoint(fixture, "desk");

	endpoint->act_as_count = 2;
	endpoint->act_as = arena_array(fixture->arena, 2, sizeof(*endpoint->act_as));
	endpoint->act_as[0] = (struct act_as){.group = "helpdesk",
		.users = list(fixture, "lena,otto"),
		.commands = list(fixture, "disk *,reboot")};
	endpoint->act_as[1] = (struct act_as){.group = "portal", .commands = list(fixture, "show")};
	return endpoint;
}

static struct endpoint *desk;

static const char *commands(struct fixture *fixture, const char *groups, const char *user)
{
	struct strings found = {0}, names = list(fixture, groups);
	struct endpoint without = *desk;

	without.act_as_count = 0;
	act_as_commands(fixture->arena, &without, &names, user, &found);
	assert_int_equal(found.count, 0);
	act_as_commands(fixture->arena, desk, &names, user, &found);
	return strings_join(fixture->arena, &found, ",");
}

static void group_and_user_decide_what_may_be_called(void **state)
{
	struct fixture *fixture = fixture_new("a");

	(void)state;
	desk = endpoint_of(fixture);
	assert_string_equal(commands(fixture, "helpdesk", "lena"), "disk *,reboot");
	assert_string_equal(commands(fixture, "staff,helpdesk", "otto"), "disk *,reboot");
	assert_string_equal(commands(fixture, "helpdesk", "dana"), "");
	assert_string_equal(commands(fixture, "helpdesk", "len"), "");
	assert_string_equal(commands(fixture, "helpdesk", "lena,otto"), "");
	assert_string_equal(commands(fixture, "portal", "dana"), "show");
	assert_string_equal(commands(fixture, "portal,helpdesk", "lena"), "disk *,reboot,show");
	assert_string_equal(commands(fixture, "staff", "lena"), "");
	assert_string_equal(commands(fixture, "helpdes", "lena"), "");
	fixture_free(fixture);
}

static void roles_reach_the_listed_commands_alone(void **state)
{
	struct fixture *fixture = fixture_new("a,b");
	const struct command *disk = fixture_command(fixture, "disk show", "/bin/true", NULL);
	const struct command *reboot = fixture_command(fixture, "reboot", "/bin/true", NULL);
	const struct command *other = fixture_command(fixture, "reboot now", "/bin/true", NULL);
	struct strings only = list(fixture, "disk *,reboot");
	struct endpoint *single = fixture_endpoint(fixture, "single");
	struct role_set roles;

	(void)state;
	fixture_grants(fixture, disk, "a: *");
	fixture_grants(fixture, reboot, "b: *");
	fixture_grants(fixture, other, "a: *; b: *");
	fixture_finish(fixture);
	single->merge = MERGE_SINGLE_ROLE;
	roles = fixture_roles(fixture, "a,b");
	assert_true(merge_is_granted(other, &roles));
	roles.only = &only;
	assert_true(merge_is_granted(disk, &roles));
	assert_true(merge_is_granted(reboot, &roles));
	assert_false(merge_is_granted(other, &roles));
	assert_false(merge_permission(fixture->arena, other, &roles).granted);
	/* An empty list is nothing, not everything. */
	only.count = 0;
	assert_false(merge_is_granted(disk, &roles));
	fixture_free(fixture);
}

static enum reason reason_of(struct fixture *fixture, const struct endpoint *endpoint,
	const struct role_set *roles, const char *words)
{
	struct strings split = fixture_split(fixture->arena, words, "|");
	struct decision_request request = {.policy = fixture->policy,
		.endpoint = endpoint,
		.roles = roles,
		.words = split.items,
		.count = split.count};
	struct decision decision;

	decide(fixture->arena, &request, &decision);
	assert_int_equal(decision.verdict == VERDICT_ALLOW, decision.reason == REASON_PERMITTED);
	return decision.reason;
}

static void decisions_lists_and_single_roles_keep_to_it(void **state)
{
	struct fixture *fixture = fixture_new("a,b");
	const struct command *show = fixture_command(fixture, "show", "/bin/true", NULL);
	const struct command *stop = fixture_command(fixture, "stop", "/bin/true", NULL);
	struct endpoint *endpoints[] = {
		fixture_endpoint(fixture, "merged"), fixture_endpoint(fixture, "single")};
	struct strings only = list(fixture, "show");
	struct role_set roles;

	(void)state;
	fixture_grants(fixture, show, "a: *");
	fixture_grants(fixture, stop, "a: *; b: *");
	fixture_alias(fixture, "st", "stop", "a");
	fixture_finish(fixture);
	endpoints[1]->merge = MERGE_SINGLE_ROLE;
	roles = fixture_roles(fixture, "a,b");
	roles.only = &only;
	for (size_t i = 0; i < 2; i++) {
		const char *json = answer_list_json(
			fixture->arena, fixture->policy, endpoints[i], &roles, "lena", false);

		assert_int_equal(
			reason_of(fixture, endpoints[i], &roles, "show"), REASON_PERMITTED);
		assert_int_equal(
			reason_of(fixture, endpoints[i], &roles, "stop"), REASON_NOT_PERMITTED);
		assert_int_equal(
			reason_of(fixture, endpoints[i], &roles, "st"), REASON_NOT_PERMITTED);
		assert_non_null(strstr(json, "\"name\":\"show\""));
		assert_null(strstr(json, "stop"));
	}
	fixture_free(fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(group_and_user_decide_what_may_be_called),
		cmocka_unit_test(roles_reach_the_listed_commands_alone),
		cmocka_unit_test(decisions_lists_and_single_roles_keep_to_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
