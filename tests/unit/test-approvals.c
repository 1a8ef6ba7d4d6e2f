/* The approval queue: what is approved by whom, for how long, and what is never (R34 to R36). */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "queue-fixture.h"

static struct queue_fixture *fixture_of(void **state)
{
	struct queue_fixture *fixture = *state;

	if (fixture->base[0] == '\0')
		skip();
	return fixture;
}

static void test_what_is_asked_for_waits_and_is_approved(void **state)
{
	struct queue_fixture *fixture = fixture_of(state);
	struct approval_subject subject = queue_function(fixture, "drain-node", "#!/bin/sh\n");
	struct approval_entry entry;
	unsigned long number;

	assert_int_equal(queue_ask(fixture, &subject, DANA, true, &entry), APPROVAL_NONE);
	assert_int_equal(entry.number, 0);
	number = queue_request(fixture, &subject, DANA);
	assert_int_equal(number, 1);
	assert_int_equal(queue_ask(fixture, &subject, DANA, true, &entry), APPROVAL_PENDING);
	assert_int_equal(entry.number, number);
	assert_int_equal(queue_approve(fixture, number, ERIN), 0);
	assert_int_equal(queue_ask(fixture, &subject, DANA, true, &entry), APPROVAL_APPROVED);
	assert_int_equal(queue_ask(fixture, &subject, DANA, true, &entry), APPROVAL_APPROVED);
	assert_string_equal(entry.decided_who, "erin");
	assert_string_equal(entry.decision, "ticket 7");
}

static struct approval_decision decision_of(unsigned long number)
{
	return (struct approval_decision){
		.number = number, .reason = "ticket 7", .now = &queue_rule};
}

static void test_R36_once_however_often_it_is_asked_for(void **state)
{
	struct queue_fixture *fixture = fixture_of(state);
	struct approval_subject subject = queue_command(fixture, "systemctl restart x.service");
	struct approval_entry entry;

	for (int i = 0; i < 20; i++)
		assert_int_equal(queue_request(fixture, &subject, DANA), 1);
	assert_int_equal(approvals_get(fixture->approvals, 1, &entry, &fixture->complaint), 0);
	assert_int_equal(entry.tries, 20);
	assert_int_equal(entry.past_count, 1);
	assert_string_equal(entry.words, "systemctl restart x.service");
}

/* Every field of a key, changed alone, gives another key; and fields do not run into each other. */
static void test_R35_a_key_is_of_all_that_is_approved(void **state)
{
	struct queue_fixture *fixture = fixture_of(state);
	const struct approval_subject plain = queue_function(fixture, "f", "true\n");
	struct strings paths = {0};
	struct approval_subject subjects[15];
	char keys[15][APPROVAL_KEY_SIZE];
	size_t count;

	for (size_t i = 0; i < 15; i++)
		subjects[i] = plain;
	subjects[1].endpoint = "other";
	subjects[2].name = "g";
	subjects[3].digest = queue_function(fixture, "f", "true \n").digest;
	subjects[4].rule = "node string \n";
	subjects[5].interpreter = "/bin/bash";
	subjects[6].run_as = "root";
	subjects[7].act_as = "erin";
	subjects[8].kind = APPROVAL_COMMAND;
	subjects[8].words = &fixture->persons[DANA].groups;
	subjects[9].rule = "node string\n/bin/sh";
	subjects[9].interpreter = "";
	strings_add(fixture->arena, &paths, "/srv/pool");
	subjects[10].profile = "pool-writer";
	subjects[11].transaction = &paths;
	subjects[12].rollback = "undo drain";
	subjects[13].timeout = 60;
	subjects[14].rollback = "/srv/pool";
	for (count = 0; count < 15; count++) {
		assert_int_equal(
			approval_key(&subjects[count], &fixture->persons[DANA], keys[count]), 0);
		assert_memory_equal(keys[count], "sha256:", 7);
		assert_int_equal(strlen(keys[count]), APPROVAL_KEY_SIZE - 1);
		for (size_t i = 0; i < count; i++)
			assert_string_not_equal(keys[i], keys[count]);
	}
}

/* Of a function's own definition: an approval for another one is over for good. */
static void test_R34_another_transaction_rollback_or_timeout_revokes(void **state)
{
	struct queue_fixture *fixture = fixture_of(state);
	const struct approval_subject plain = queue_function(fixture, "f", "true\n");
	struct approval_subject subjects[] = {plain, plain, plain};
	struct strings paths = {0};
	struct approval_entry entry;

	strings_add(fixture->arena, &paths, "/srv/pool");
	subjects[0].transaction = &paths;
	subjects[1].rollback = "undo drain";
	subjects[2].timeout = 60;
	for (unsigned long i = 0; i < 3; i++) {
		assert_int_equal(queue_request(fixture, &plain, DANA), i + 1);
		assert_int_equal(queue_approve(fixture, i + 1, ERIN), 0);
		assert_int_equal(queue_ask(fixture, &plain, DANA, true, &entry), APPROVAL_APPROVED);
		assert_int_equal(
			queue_ask(fixture, &subjects[i], DANA, true, &entry), APPROVAL_NONE);
		assert_int_equal(queue_state(fixture, i + 1), APPROVAL_REVOKED);
	}
}

/* The profile may be an endpoint's: what is approved with another one stays, for that one. */
static void test_R34_another_profile_is_not_approved(void **state)
{
	struct queue_fixture *fixture = fixture_of(state);
	struct approval_subject subject = queue_function(fixture, "f", "true\n");
	struct approval_entry entry;

	assert_int_equal(queue_request(fixture, &subject, DANA), 1);
	assert_int_equal(queue_approve(fixture, 1, ERIN), 0);
	subject.profile = "unconfined";
	assert_int_equal(queue_ask(fixture, &subject, DANA, true, &entry), APPROVAL_NONE);
	assert_int_equal(queue_state(fixture, 1), APPROVAL_APPROVED);
}

static void test_R35_a_command_is_one_persons_and_word_for_word(void **state)
{
	struct queue_fixture *fixture = fixture_of(state);
	struct approval_subject one = queue_command(fixture, "rm a b"), two = one;
	struct strings joined = {0};
	struct approval_person su = fixture->persons[DANA];
	char first[APPROVAL_KEY_SIZE], second[APPROVAL_KEY_SIZE];

	strings_add(fixture->arena, &joined, "rm");
	strings_add(fixture->arena, &joined, "a b");
	two.words = &joined;
	assert_int_equal(approval_key(&one, &fixture->persons[DANA], first), 0);
	assert_int_equal(approval_key(&two, &fixture->persons[DANA], second), 0);
	assert_string_not_equal(first, second);
	su.login_uid = 1002;
	assert_int_equal(approval_key(&one, &su, second), 0);
	assert_string_not_equal(first, second);
	assert_int_equal(approval_key(&one, &fixture->persons[ERIN], second), 0);
	assert_string_not_equal(first, second);
}

static void test_R35_a_key_of_another_algorithm_is_no_approval(void **state)
{
	struct queue_fixture *fixture = fixture_of(state);
	struct approval_subject subject = queue_function(fixture, "f", "true\n");
	char key[APPROVAL_KEY_SIZE];
	struct approval_entry entry;

	assert_int_equal(approval_key(&subject, &fixture->persons[DANA], key), 0);
	assert_int_equal(queue_request(fixture, &subject, DANA), 1);
	assert_int_equal(queue_approve(fixture, 1, ERIN), 0);
	assert_int_equal(queue_sql(fixture, "UPDATE entries SET key = replace(key, 'sha256:', "
					    "'sha1:')"),
		0);
	queue_open(fixture);
	assert_int_equal(queue_ask(fixture, &subject, DANA, true, &entry), APPROVAL_NONE);
	/* Nor by its digits alone. */
	assert_int_equal(queue_sql(fixture, "UPDATE entries SET key = substr(key, 6)"), 0);
	queue_open(fixture);
	assert_int_equal(queue_ask(fixture, &subject, DANA, true, &entry), APPROVAL_NONE);
}

static void test_R34_one_changed_byte_revokes_for_good(void **state)
{
	struct queue_fixture *fixture = fixture_of(state);
	struct approval_subject former = queue_function(fixture, "f", "echo one\n");
	struct approval_subject changed = queue_function(fixture, "f", "echo onf\n");
	struct approval_entry entry;

	assert_int_equal(queue_request(fixture, &former, DANA), 1);
	assert_int_equal(queue_approve(fixture, 1, ERIN), 0);
	assert_int_equal(queue_ask(fixture, &changed, DANA, true, &entry), APPROVAL_NONE);
	assert_int_equal(queue_state(fixture, 1), APPROVAL_REVOKED);
	/* Restored from backup, byte for byte. */
	assert_int_equal(queue_ask(fixture, &former, DANA, true, &entry), APPROVAL_REVOKED);
	assert_int_equal(queue_approve(fixture, 1, FRANK), -1);
	assert_int_equal(queue_state(fixture, 1), APPROVAL_REVOKED);
	/* It can be asked for again, and is another request. */
	assert_int_equal(queue_request(fixture, &former, DANA), 2);
	assert_int_equal(queue_ask(fixture, &former, DANA, true, &entry), APPROVAL_PENDING);
}

static void test_R34_a_changed_rule_or_interpreter_revokes_too(void **state)
{
	struct queue_fixture *fixture = fixture_of(state);
	struct approval_subject plain = queue_function(fixture, "f", "true\n"), changed = plain;
	struct approval_entry entry;

	assert_int_equal(queue_request(fixture, &plain, DANA), 1);
	assert_int_equal(queue_approve(fixture, 1, ERIN), 0);
	changed.rule = "node string\nforce flag\n";
	assert_int_equal(queue_ask(fixture, &changed, DANA, true, &entry), APPROVAL_NONE);
	assert_int_equal(queue_state(fixture, 1), APPROVAL_REVOKED);
	assert_int_equal(queue_request(fixture, &plain, DANA), 2);
	assert_int_equal(queue_approve(fixture, 2, ERIN), 0);
	changed = plain;
	changed.interpreter = "/bin/bash";
	/* Seen through another endpoint it is as true. */
	changed.endpoint = "other";
	assert_int_equal(queue_ask(fixture, &changed, DANA, true, &entry), APPROVAL_NONE);
	assert_int_equal(queue_state(fixture, 2), APPROVAL_REVOKED);
}

/* A session that is older than the configuration would take back what was approved under it. */
static void test_R36_what_may_be_old_revokes_nothing(void **state)
{
	struct queue_fixture *fixture = fixture_of(state);
	struct approval_subject now = queue_function(fixture, "f", "true 2\n"),
				old = queue_function(fixture, "f", "true 1\n");
	struct approval_entry entry;

	old.outdated = true;
	assert_int_equal(queue_request(fixture, &now, DANA), 1);
	assert_int_equal(queue_approve(fixture, 1, ERIN), 0);
	assert_int_equal(queue_ask(fixture, &old, DANA, true, &entry), APPROVAL_NONE);
	assert_int_equal(queue_state(fixture, 1), APPROVAL_APPROVED);
	old.outdated = false;
	assert_int_equal(queue_ask(fixture, &old, DANA, true, &entry), APPROVAL_NONE);
	assert_int_equal(queue_state(fixture, 1), APPROVAL_REVOKED);
}

static void test_R34_copied_or_renamed_it_is_not_approved(void **state)
{
	struct queue_fixture *fixture = fixture_of(state);
	struct approval_subject plain = queue_function(fixture, "f", "true\n");
	struct approval_subject copy = queue_function(fixture, "g", "true\n"), other = plain;
	struct approval_entry entry;

	assert_int_equal(queue_request(fixture, &plain, DANA), 1);
	assert_int_equal(queue_approve(fixture, 1, ERIN), 0);
	assert_int_equal(queue_ask(fixture, &copy, DANA, true, &entry), APPROVAL_NONE);
	other.endpoint = "other";
	assert_int_equal(queue_ask(fixture, &other, DANA, true, &entry), APPROVAL_NONE);
	other = plain;
	other.run_as = "root";
	assert_int_equal(queue_ask(fixture, &other, DANA, true, &entry), APPROVAL_NONE);
	/* None of that is a change of it. */
	assert_int_equal(queue_ask(fixture, &plain, DANA, true, &entry), APPROVAL_APPROVED);
}

static void test_R36_nobody_approves_what_they_asked_for(void **state)
{
	struct queue_fixture *fixture = fixture_of(state);
	struct approval_subject subject = queue_function(fixture, "f", "true\n");
	struct approval_person erin_as_grace = fixture->persons[GRACE],
			       grace_as_erin = fixture->persons[ERIN];
	struct approval_decision decision = decision_of(1);
	struct approval_entry entry;

	assert_int_equal(queue_request(fixture, &subject, ERIN), 1);
	assert_int_equal(queue_approve(fixture, 1, ERIN), -1);
	assert_int_equal(errno, EPERM);
	/* As root by sudo(8), her login uid is hers. */
	assert_int_equal(queue_approve(fixture, 1, ROOT_ERIN), -1);
	assert_int_equal(errno, EPERM);
	erin_as_grace.login_uid = 1002;
	assert_int_equal(approvals_decide(fixture->approvals, &decision, &erin_as_grace, &entry,
				 &fixture->complaint),
		-1);
	grace_as_erin.login_uid = 1004;
	assert_int_equal(approvals_decide(fixture->approvals, &decision, &grace_as_erin, &entry,
				 &fixture->complaint),
		-1);
	assert_int_equal(queue_state(fixture, 1), APPROVAL_PENDING);
	/* And neither does another one who asked for the same. */
	assert_int_equal(queue_request(fixture, &subject, FRANK), 1);
	assert_int_equal(queue_approve(fixture, 1, FRANK), -1);
	assert_int_equal(queue_approve(fixture, 1, GRACE), 0);
}

static void test_R36_only_members_of_the_groups_and_root_decide(void **state)
{
	struct queue_fixture *fixture = fixture_of(state);
	struct approval_subject subject = queue_function(fixture, "f", "true\n");
	struct approval_rule nobody = queue_rule;
	struct approval_decision decision = decision_of(1);

	nobody.groups.count = 0;
	assert_int_equal(queue_request(fixture, &subject, ERIN), 1);
	assert_int_equal(queue_approve(fixture, 1, DANA), -1);
	assert_int_equal(errno, EPERM);
	/* Today's configuration has no group any more. */
	decision.now = &nobody;
	assert_int_equal(queue_decide(fixture, &decision, FRANK), -1);
	assert_int_equal(errno, EPERM);
	/* Nor does a group help that only today's has. */
	subject = queue_function(fixture, "g", "true\n");
	subject.decided_by = nobody;
	assert_int_equal(queue_request(fixture, &subject, DANA), 2);
	assert_int_equal(queue_approve(fixture, 2, FRANK), -1);
	assert_int_equal(errno, EPERM);
	assert_int_equal(queue_approve(fixture, 2, ROOT_ERIN), 0);
	/* What nothing asks for any more is approved by nobody. */
	decision.now = NULL;
	decision.number = 1;
	assert_int_equal(queue_decide(fixture, &decision, FRANK), -1);
	assert_int_equal(errno, EPERM);
	decision.reject = true;
	assert_int_equal(queue_decide(fixture, &decision, FRANK), 0);
}

static void test_self_approval_only_if_it_was_so_and_is_so(void **state)
{
	struct queue_fixture *fixture = fixture_of(state);
	struct approval_subject subject = queue_function(fixture, "f", "true\n");
	struct approval_rule lax = queue_rule;
	struct approval_decision decision = decision_of(1);

	lax.self_approval = true;
	subject.decided_by = lax;
	assert_int_equal(queue_request(fixture, &subject, ERIN), 1);
	assert_int_equal(queue_approve(fixture, 1, ERIN), -1);
	decision.now = &lax;
	assert_int_equal(queue_decide(fixture, &decision, ERIN), 0);
	subject = queue_function(fixture, "g", "true\n");
	assert_int_equal(queue_request(fixture, &subject, ERIN), 2);
	decision.number = 2;
	assert_int_equal(queue_decide(fixture, &decision, ERIN), -1);
}

static void test_R36_two_approvers_are_two_persons(void **state)
{
	struct queue_fixture *fixture = fixture_of(state);
	struct approval_subject subject = queue_function(fixture, "f", "true\n");
	struct approval_entry entry;

	subject.decided_by.approvers = 2;
	assert_int_equal(queue_request(fixture, &subject, DANA), 1);
	assert_int_equal(queue_approve(fixture, 1, ERIN), 0);
	assert_int_equal(queue_state(fixture, 1), APPROVAL_PENDING);
	assert_int_equal(queue_approve(fixture, 1, ERIN), -1);
	assert_int_equal(errno, EALREADY);
	assert_int_equal(queue_approve(fixture, 1, ROOT_ERIN), -1);
	assert_int_equal(errno, EALREADY);
	assert_int_equal(queue_approve(fixture, 1, FRANK), 0);
	assert_int_equal(approvals_get(fixture->approvals, 1, &entry, &fixture->complaint), 0);
	assert_int_equal(entry.state, APPROVAL_APPROVED);
	assert_int_equal(entry.votes.count, 2);
}

static void test_who_agreed_and_then_asks_for_it_has_no_say(void **state)
{
	struct queue_fixture *fixture = fixture_of(state);
	struct approval_subject subject = queue_function(fixture, "f", "true\n");

	subject.decided_by.approvers = 2;
	assert_int_equal(queue_request(fixture, &subject, DANA), 1);
	assert_int_equal(queue_approve(fixture, 1, ERIN), 0);
	assert_int_equal(queue_request(fixture, &subject, ERIN), 1);
	assert_int_equal(queue_approve(fixture, 1, FRANK), 0);
	assert_int_equal(queue_state(fixture, 1), APPROVAL_PENDING);
	assert_int_equal(queue_approve(fixture, 1, GRACE), 0);
	assert_int_equal(queue_state(fixture, 1), APPROVAL_APPROVED);
}

static void test_of_several_votes_the_strictest_terms_hold(void **state)
{
	struct queue_fixture *fixture = fixture_of(state);
	struct approval_subject subject = queue_function(fixture, "f", "true\n");
	struct approval_decision one = decision_of(1), two = decision_of(1);
	struct approval_entry entry;

	subject.decided_by.approvers = 2;
	assert_int_equal(queue_request(fixture, &subject, DANA), 1);
	one.lasts = 3600;
	one.as_caller_only = true;
	two.once = true;
	assert_int_equal(queue_decide(fixture, &one, ERIN), 0);
	two.role = "web";
	assert_int_equal(queue_decide(fixture, &two, FRANK), -1);
	assert_int_equal(errno, EINVAL);
	two.role = NULL;
	assert_int_equal(queue_decide(fixture, &two, FRANK), 0);
	assert_int_equal(approvals_get(fixture->approvals, 1, &entry, &fixture->complaint), 0);
	assert_true(entry.once);
	assert_true(entry.as_caller_only);
	assert_in_range(entry.expires, entry.approved + 3600, entry.approved + 3600);
}

static void test_one_that_is_good_for_one_run_is_used(void **state)
{
	struct queue_fixture *fixture = fixture_of(state);
	struct approval_subject subject = queue_command(fixture, "rm a");
	struct approval_decision decision = decision_of(1);
	struct approval_entry entry;

	decision.once = true;
	assert_int_equal(queue_request(fixture, &subject, DANA), 1);
	assert_int_equal(queue_decide(fixture, &decision, ERIN), 0);
	assert_int_equal(queue_ask(fixture, &subject, DANA, false, &entry), APPROVAL_APPROVED);
	assert_int_equal(queue_ask(fixture, &subject, DANA, true, &entry), APPROVAL_APPROVED);
	assert_int_equal(queue_ask(fixture, &subject, DANA, true, &entry), APPROVAL_USED);
	assert_int_equal(queue_request(fixture, &subject, DANA), 2);
}

static void test_as_caller_only_is_for_no_other_account(void **state)
{
	struct queue_fixture *fixture = fixture_of(state);
	struct approval_subject subject = queue_function(fixture, "f", "true\n");
	struct approval_decision decision = decision_of(1);
	struct approval_entry entry;

	decision.as_caller_only = true;
	assert_int_equal(queue_request(fixture, &subject, DANA), 1);
	assert_int_equal(queue_decide(fixture, &decision, ERIN), 0);
	assert_int_equal(queue_ask(fixture, &subject, DANA, true, &entry), -1);
	assert_int_equal(errno, EPERM);
	subject.own_account = true;
	assert_int_equal(queue_ask(fixture, &subject, DANA, true, &entry), APPROVAL_APPROVED);
}

static void test_an_approval_that_ends_has_ended_for_good(void **state)
{
	struct queue_fixture *fixture = fixture_of(state);
	struct approval_subject subject = queue_function(fixture, "f", "true\n");
	struct approval_decision decision = decision_of(1);
	struct approval_entry entry;

	decision.lasts = 8 * 3600;
	assert_int_equal(queue_request(fixture, &subject, DANA), 1);
	assert_int_equal(queue_decide(fixture, &decision, ERIN), 0);
	queue_clock_offset = 8 * 3600 - 10;
	assert_int_equal(queue_ask(fixture, &subject, DANA, true, &entry), APPROVAL_APPROVED);
	queue_clock_offset = 8 * 3600 + 10;
	assert_int_equal(queue_ask(fixture, &subject, DANA, true, &entry), APPROVAL_EXPIRED);
	queue_clock_offset = 0;
	assert_int_equal(queue_ask(fixture, &subject, DANA, true, &entry), APPROVAL_EXPIRED);
	assert_int_equal(queue_state(fixture, 1), APPROVAL_EXPIRED);
}

static void test_a_clock_set_back_brings_no_time(void **state)
{
	struct queue_fixture *fixture = fixture_of(state);
	struct approval_subject ends = queue_function(fixture, "f", "true\n");
	struct approval_subject good = queue_function(fixture, "g", "true\n");
	struct approval_decision decision = decision_of(1);
	struct approval_entry entry;

	decision.lasts = 8 * 3600;
	assert_int_equal(queue_request(fixture, &ends, DANA), 1);
	assert_int_equal(queue_decide(fixture, &decision, ERIN), 0);
	assert_int_equal(queue_request(fixture, &good, DANA), 2);
	assert_int_equal(queue_approve(fixture, 2, ERIN), 0);
	queue_clock_offset = 7 * 3600;
	assert_int_equal(queue_ask(fixture, &ends, DANA, true, &entry), APPROVAL_APPROVED);
	/* After the decision, but before a time that was seen. */
	queue_clock_offset = 3600;
	assert_int_equal(queue_ask(fixture, &ends, DANA, true, &entry), -1);
	assert_int_equal(errno, ESTALE);
	assert_non_null(strstr(fixture->complaint, "clock"));
	assert_int_equal(queue_ask(fixture, &good, DANA, true, &entry), APPROVAL_APPROVED);
	/* Before the decision. */
	queue_clock_offset = -3600;
	assert_int_equal(queue_ask(fixture, &ends, DANA, true, &entry), -1);
	assert_int_equal(queue_ask(fixture, &good, DANA, true, &entry), -1);
	assert_int_equal(errno, ESTALE);
	/* Nothing was lost. */
	queue_clock_offset = 7 * 3600;
	assert_int_equal(queue_ask(fixture, &ends, DANA, true, &entry), APPROVAL_APPROVED);
	assert_int_equal(queue_ask(fixture, &good, DANA, true, &entry), APPROVAL_APPROVED);
}

static void test_who_approves_vouches_for_the_clock(void **state)
{
	struct queue_fixture *fixture = fixture_of(state);
	struct approval_subject old = queue_function(fixture, "f", "true\n");
	struct approval_subject new = queue_function(fixture, "g", "true\n");
	struct approval_decision decision = decision_of(1);
	struct approval_entry entry;

	decision.lasts = 8 * 3600;
	queue_clock_offset = 14L * 366 * 24 * 3600;
	assert_int_equal(queue_request(fixture, &old, DANA), 1);
	assert_int_equal(queue_decide(fixture, &decision, ERIN), 0);
	queue_clock_offset = 0;
	assert_int_equal(queue_request(fixture, &new, DANA), 2);
	decision.number = 2;
	assert_int_equal(queue_decide(fixture, &decision, ERIN), 0);
	assert_int_equal(queue_ask(fixture, &new, DANA, true, &entry), APPROVAL_APPROVED);
	assert_int_equal(queue_state(fixture, 1), APPROVAL_EXPIRED);
}

static void test_R22_a_person_has_a_bound_and_others_are_served(void **state)
{
	struct queue_fixture *fixture = fixture_of(state);
	struct approval_person dana = fixture->persons[DANA];
	struct approval_subject subject;
	struct approval_entry entry;

	for (int i = 0; i < APPROVALS_PER_PERSON; i++) {
		subject = queue_command(fixture, arena_printf(fixture->arena, "rm %d", i));
		assert_int_equal(queue_request(fixture, &subject, DANA), i + 1);
	}
	subject = queue_command(fixture, "rm more");
	assert_int_equal(queue_request(fixture, &subject, DANA), 0);
	assert_int_equal(errno, EDQUOT);
	/* Nor under another account of the same login. */
	dana.uid = 1009;
	assert_int_equal(
		approvals_request(fixture->approvals, &subject, &dana, &entry, &fixture->complaint),
		-1);
	assert_int_equal(errno, EDQUOT);
	assert_int_equal(queue_request(fixture, &subject, ERIN), APPROVALS_PER_PERSON + 1);
	/* What is there is counted on, and decided makes room. */
	subject = queue_command(fixture, "rm 7");
	assert_int_equal(queue_request(fixture, &subject, DANA), 8);
	assert_int_equal(queue_approve(fixture, 8, ERIN), 0);
	subject = queue_command(fixture, "rm more");
	assert_int_equal(queue_request(fixture, &subject, DANA), APPROVALS_PER_PERSON + 2);
}

static void test_R22_texts_and_the_queue_have_bounds(void **state)
{
	struct queue_fixture *fixture = fixture_of(state);
	char *text = arena_alloc(fixture->arena, APPROVAL_TEXT_MAX + 2);
	struct approval_subject subject;

	memset(text, 'x', APPROVAL_TEXT_MAX + 1);
	subject = queue_function(fixture, "f", text);
	assert_int_equal(queue_request(fixture, &subject, DANA), 0);
	assert_int_equal(errno, E2BIG);
	text[APPROVAL_TEXT_MAX] = '\0';
	subject = queue_function(fixture, "f", text);
	assert_int_equal(queue_request(fixture, &subject, DANA), 1);
	subject.text = "another";
	subject.name = "g";
	assert_int_equal(queue_request(fixture, &subject, DANA), 0);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(queue_sql(fixture, "UPDATE facts SET pending = 50000 WHERE id = 1"), 0);
	queue_open(fixture);
	subject = queue_command(fixture, "rm a");
	assert_int_equal(queue_request(fixture, &subject, ERIN), 0);
	assert_int_equal(errno, EDQUOT);
}

static int refuse(void *context, const struct approval_entry *entry, enum approval_event event,
	const struct approval_person *person)
{
	(void)entry;
	(void)event;
	(void)person;
	return --*(int *)context < 0 ? -1 : 0;
}

static void test_R36_an_edge_without_a_record_is_not_taken(void **state)
{
	struct queue_fixture *fixture = fixture_of(state);
	struct approval_subject subject = queue_function(fixture, "f", "true\n");
	struct approval_subject changed = queue_function(fixture, "f", "false\n");
	struct approval_decision decision = decision_of(1);
	struct approval_entry entry;
	int good = 0;

	approvals_recorder(fixture->approvals, refuse, &good);
	assert_int_equal(queue_request(fixture, &subject, DANA), 0);
	assert_int_equal(approvals_get(fixture->approvals, 1, &entry, &fixture->complaint), -1);
	good = 1;
	assert_int_equal(queue_request(fixture, &subject, DANA), 1);
	assert_int_equal(queue_approve(fixture, 1, ERIN), -1);
	assert_int_equal(queue_state(fixture, 1), APPROVAL_PENDING);
	decision.once = true;
	good = 1;
	assert_int_equal(queue_decide(fixture, &decision, ERIN), 0);
	assert_int_equal(queue_ask(fixture, &subject, DANA, true, &entry), -1);
	assert_int_equal(queue_state(fixture, 1), APPROVAL_APPROVED);
	assert_int_equal(queue_ask(fixture, &changed, DANA, true, &entry), -1);
	assert_int_equal(queue_state(fixture, 1), APPROVAL_APPROVED);
	decision.revoke = true;
	assert_int_equal(queue_decide(fixture, &decision, ERIN), -1);
	assert_int_equal(queue_state(fixture, 1), APPROVAL_APPROVED);
}

static int count_edges(void *context, const struct approval_entry *entry, enum approval_event event,
	const struct approval_person *person)
{
	(void)entry;
	(void)event;
	(void)person;
	++*(int *)context;
	return 0;
}

/* Not even of another approval that was found to be over: nothing of it is undone later. */
static void test_R36_a_refused_decision_tells_no_edge(void **state)
{
	struct queue_fixture *fixture = fixture_of(state);
	struct approval_subject ends = queue_function(fixture, "f", "true\n");
	struct approval_subject other = queue_function(fixture, "g", "true\n");
	struct approval_decision decision = decision_of(1);
	int edges = 0;

	decision.lasts = 60;
	assert_int_equal(queue_request(fixture, &ends, DANA), 1);
	assert_int_equal(queue_decide(fixture, &decision, ERIN), 0);
	assert_int_equal(queue_request(fixture, &other, ERIN), 2);
	queue_clock_offset = 3600;
	approvals_recorder(fixture->approvals, count_edges, &edges);
	assert_int_equal(queue_approve(fixture, 2, ERIN), -1);
	assert_int_equal(queue_approve(fixture, 2, DANA), -1);
	assert_int_equal(queue_approve(fixture, 3, FRANK), -1);
	assert_int_equal(edges, 0);
	assert_int_equal(queue_state(fixture, 1), APPROVAL_APPROVED);
	assert_int_equal(queue_approve(fixture, 2, FRANK), 0);
	assert_int_equal(edges, 2);
	assert_int_equal(queue_state(fixture, 1), APPROVAL_EXPIRED);
}

static int refuse_grant(void *context, const struct approval_entry *entry,
	enum approval_event event, const char **complaint)
{
	(void)entry;
	*(enum approval_event *)context = event;
	*complaint = "the role has a file";
	return -1;
}

static void test_an_approval_whose_grant_fails_is_none(void **state)
{
	struct queue_fixture *fixture = fixture_of(state);
	struct approval_subject subject = queue_command(fixture, "rm a");
	struct approval_decision decision = decision_of(1);
	enum approval_event event = APPROVAL_REQUEST;

	decision.prepare = refuse_grant;
	decision.context = &event;
	assert_int_equal(queue_request(fixture, &subject, DANA), 1);
	assert_int_equal(queue_decide(fixture, &decision, ERIN), -1);
	assert_int_equal(event, APPROVAL_APPROVE);
	assert_string_equal(fixture->complaint, "the role has a file");
	assert_int_equal(queue_state(fixture, 1), APPROVAL_PENDING);
}

static void test_R36_final_states_are_final(void **state)
{
	struct queue_fixture *fixture = fixture_of(state);
	struct approval_subject subject = queue_function(fixture, "f", "true\n");
	struct approval_decision decision = decision_of(1);

	assert_int_equal(queue_request(fixture, &subject, DANA), 1);
	decision.reject = true;
	assert_int_equal(queue_decide(fixture, &decision, ERIN), 0);
	assert_int_equal(queue_approve(fixture, 1, FRANK), -1);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(queue_decide(fixture, &decision, FRANK), -1);
	decision.reject = false;
	decision.revoke = true;
	assert_int_equal(queue_decide(fixture, &decision, FRANK), -1);
	assert_int_equal(queue_state(fixture, 1), APPROVAL_REJECTED);
	/* Not even by hand. */
	assert_int_not_equal(queue_sql(fixture, "UPDATE entries SET state = 2"), 0);
	assert_int_not_equal(queue_sql(fixture, "DELETE FROM entries"), 0);
	assert_int_equal(queue_state(fixture, 1), APPROVAL_REJECTED);
}

/* The queue as it is: read, refused with a complaint that has `what` in it, and left alone. */
static void refused(struct queue_fixture *fixture, int error, const char *what)
{
	const char *complaint = NULL;

	approvals_close(fixture->approvals);
	fixture->approvals = NULL;
	assert_null(approvals_open(fixture->arena, true, &complaint));
	assert_int_equal(errno, error);
	if (strstr(complaint, what) == NULL)
		fail_msg("\"%s\" has no \"%s\"", complaint, what);
}

static void test_R28_the_queue_is_roots_alone(void **state)
{
	struct queue_fixture *fixture = fixture_of(state);
	const char *database = arena_printf(fixture->arena, "%s/queue.db", fixture->directory);
	const char *journal = arena_printf(fixture->arena, "%s-journal", database);
	const char *other = arena_printf(fixture->arena, "%s/other", fixture->base);
	struct stat status;

	assert_int_equal(stat(fixture->directory, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0700);
	assert_int_equal(stat(database, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
	assert_int_equal(chmod(fixture->directory, 0750), 0);
	refused(fixture, EPERM, "expected root alone");
	assert_int_equal(chmod(fixture->directory, 0777), 0);
	refused(fixture, EPERM, "writable by everybody");
	assert_int_equal(chmod(fixture->directory, 0700), 0);
	assert_int_equal(chown(fixture->directory, 1001, 0), 0);
	refused(fixture, EPERM, "owned by uid 1001");
	assert_int_equal(chown(fixture->directory, 0, 0), 0);
	assert_int_equal(chmod(database, 0644), 0);
	refused(fixture, EPERM, "expected root alone");
	assert_int_equal(chmod(database, 0600), 0);
	assert_int_equal(chown(database, 1001, 0), 0);
	refused(fixture, EPERM, "owned by uid 1001");
	assert_int_equal(chown(database, 0, 0), 0);
	assert_int_equal(link(database, other), 0);
	refused(fixture, EPERM, "hard link");
	assert_int_equal(unlink(other), 0);
	assert_int_equal(symlink("/etc/passwd", journal), 0);
	refused(fixture, EPERM, "not a regular file");
	assert_int_equal(unlink(journal), 0);
	assert_int_equal(rename(database, other), 0);
	assert_int_equal(symlink(other, database), 0);
	refused(fixture, EPERM, "not a regular file");
	assert_int_equal(unlink(database), 0);
	assert_int_equal(rename(other, database), 0);
	assert_int_equal(rename(fixture->directory, other), 0);
	assert_int_equal(symlink(other, fixture->directory), 0);
	refused(fixture, EPERM, "symbolic link");
	assert_int_equal(unlink(fixture->directory), 0);
	assert_int_equal(rename(other, fixture->directory), 0);
	queue_open(fixture);
}

static void test_a_damaged_queue_is_refused_and_left_as_it_is(void **state)
{
	struct queue_fixture *fixture = fixture_of(state);
	struct approval_subject subject = queue_function(fixture, "f", "true\n");
	size_t length, after;
	char *bytes, *damaged;

	assert_int_equal(queue_request(fixture, &subject, DANA), 1);
	assert_int_equal(queue_approve(fixture, 1, ERIN), 0);
	bytes = queue_read(fixture, &length);
	static const size_t cuts[] = {0, 1, 100, 4096, 8192};
	for (size_t i = 0; i < sizeof(cuts) / sizeof(cuts[0]); i++) {
		queue_write(fixture, bytes, cuts[i]);
		refused(fixture, EBADMSG, "damaged");
		queue_read(fixture, &after);
		assert_int_equal(after, cuts[i]);
	}
	queue_write(fixture, bytes, length - 4096);
	refused(fixture, EBADMSG, "damaged");
	damaged = arena_alloc(fixture->arena, length);
	memset(damaged, 'x', length);
	queue_write(fixture, damaged, length);
	refused(fixture, EBADMSG, "damaged");
	queue_write(fixture, bytes, length);
	queue_open(fixture);
	assert_int_equal(queue_state(fixture, 1), APPROVAL_APPROVED);
}

static void test_a_database_that_is_not_ours_is_refused(void **state)
{
	struct queue_fixture *fixture = fixture_of(state);

	assert_int_equal(queue_sql(fixture, "PRAGMA user_version = 2"), 0);
	refused(fixture, EBADMSG, "version 2");
	assert_int_equal(queue_sql(fixture, "PRAGMA user_version = 1"), 0);
	assert_int_equal(queue_sql(fixture, "DROP TRIGGER final"), 0);
	refused(fixture, EBADMSG, "its tables are not those");
	assert_int_equal(queue_sql(fixture, "PRAGMA application_id = 7"), 0);
	refused(fixture, EBADMSG, "another program");
}

static void test_R36_a_row_changed_by_hand_is_no_approval(void **state)
{
	struct queue_fixture *fixture = fixture_of(state);
	struct approval_subject subject = queue_function(fixture, "f", "true\n");
	struct approval_entry entry;

	assert_int_equal(queue_request(fixture, &subject, DANA), 1);
	assert_int_equal(queue_sql(fixture, "UPDATE entries SET state = 2, approved = 1"), 0);
	queue_open(fixture);
	assert_int_equal(queue_ask(fixture, &subject, DANA, true, &entry), -1);
	assert_int_equal(errno, EBADMSG);
	assert_non_null(strstr(fixture->complaint, "number 1 was changed"));
	/* The text that an approver reads is the one that was hashed. */
	subject = queue_function(fixture, "g", "rm -rf /\n");
	assert_int_equal(queue_request(fixture, &subject, DANA), 2);
	assert_int_equal(
		queue_sql(fixture, "UPDATE contents SET text = x'74727565' WHERE length(text) = 9"),
		0);
	queue_open(fixture);
	assert_int_equal(approvals_get(fixture->approvals, 2, &entry, &fixture->complaint), -1);
	assert_int_equal(errno, EBADMSG);
}

/* A bit in each byte of the file in turn: refused, or right; never an approval of something else.
 */
static void test_R36_a_flipped_bit_approves_nothing(void **state)
{
	struct queue_fixture *fixture = fixture_of(state);
	struct approval_subject subject = queue_function(fixture, "f", "true\n");
	size_t length, refusals = 0;
	char *bytes;

	assert_int_equal(queue_request(fixture, &subject, DANA), 1);
	bytes = queue_read(fixture, &length);
	approvals_close(fixture->approvals);
	fixture->approvals = NULL;
	for (size_t at = 0; at < length; at += 13) {
		struct arena *arena = arena_new();
		struct approval_entry entry;
		const char *complaint;
		struct approvals *approvals;

		bytes[at] = (char)(bytes[at] ^ (1 << at % 8));
		queue_write(fixture, bytes, length);
		approvals = approvals_open(arena, true, &complaint);
		if (approvals == NULL)
			refusals++;
		else
			assert_int_not_equal(
				approvals_ask(approvals, &subject, &fixture->persons[DANA], true,
					&entry, &complaint),
				APPROVAL_APPROVED);
		approvals_close(approvals);
		arena_free(arena);
		bytes[at] = (char)(bytes[at] ^ (1 << at % 8));
	}
	assert_true(refusals > 0);
	queue_write(fixture, bytes, length);
	queue_open(fixture);
	assert_int_equal(queue_state(fixture, 1), APPROVAL_PENDING);
}

static void test_a_full_file_system_is_told_and_loses_nothing(void **state)
{
	struct queue_fixture *fixture = fixture_of(state);
	const char *filler = arena_printf(fixture->arena, "%s/filler", fixture->directory);
	struct approval_subject subject, first = queue_function(fixture, "f", "true\n");
	static char block[4096];
	struct approval_entry entry;
	int fd;

	approvals_close(fixture->approvals);
	fixture->approvals = NULL;
	if (mount("tmpfs", fixture->directory, "tmpfs", 0, "size=256k,mode=700") != 0)
		skip();
	queue_open(fixture);
	assert_int_equal(queue_request(fixture, &first, DANA), 1);
	assert_int_equal(queue_approve(fixture, 1, ERIN), 0);
	fd = open(filler, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	while (write(fd, block, sizeof(block)) > 0)
		;
	close(fd);
	subject = queue_command(fixture, "rm a");
	assert_int_equal(queue_request(fixture, &subject, DANA), 0);
	assert_int_equal(errno, ENOSPC);
	assert_non_null(strstr(fixture->complaint, "file system is full"));
	assert_int_equal(queue_ask(fixture, &subject, DANA, true, &entry), APPROVAL_NONE);
	assert_int_equal(queue_ask(fixture, &first, DANA, true, &entry), APPROVAL_APPROVED);
	assert_int_equal(unlink(filler), 0);
	assert_int_equal(queue_request(fixture, &subject, DANA), 2);
	assert_int_equal(queue_state(fixture, 1), APPROVAL_APPROVED);
	/* Read-only: nothing is approved by what can't be kept. */
	approvals_close(fixture->approvals);
	fixture->approvals = NULL;
	assert_int_equal(
		mount("tmpfs", fixture->directory, "tmpfs", MS_REMOUNT | MS_RDONLY, NULL), 0);
	refused(fixture, EROFS, "can't be written to");
	assert_int_equal(umount(fixture->directory), 0);
}

static void test_a_new_queue_needs_room_and_leaves_nothing_half(void **state)
{
	struct queue_fixture *fixture = fixture_of(state);
	const char *complaint = NULL;

	approvals_close(fixture->approvals);
	fixture->approvals = NULL;
	if (mount("tmpfs", fixture->directory, "tmpfs", 0, "size=16k,mode=700") != 0)
		skip();
	assert_null(approvals_open(fixture->arena, true, &complaint));
	assert_int_equal(errno, ENOSPC);
	assert_int_equal(mount("tmpfs", fixture->directory, "tmpfs", MS_REMOUNT, "size=256k"), 0);
	assert_null(approvals_open(fixture->arena, false, &complaint));
	assert_int_equal(errno, ENOENT);
	queue_open(fixture);
	approvals_close(fixture->approvals);
	fixture->approvals = NULL;
	assert_int_equal(umount(fixture->directory), 0);
}

static void test_R31_numbers_that_are_not_there(void **state)
{
	struct queue_fixture *fixture = fixture_of(state);
	const unsigned long numbers[] = {0, 1, 4294967296UL, 1UL << 63, ~0UL};
	struct approval_entry entry;

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		assert_int_equal(
			approvals_get(fixture->approvals, numbers[i], &entry, &fixture->complaint),
			-1);
		assert_int_equal(errno, ENOENT);
		assert_int_equal(queue_approve(fixture, numbers[i], ROOT_ERIN), -1);
		assert_int_equal(errno, ENOENT);
	}
}

static void test_lists_are_newest_first_and_by_state(void **state)
{
	struct queue_fixture *fixture = fixture_of(state);
	struct approval_entry *entries;
	size_t count;

	for (int i = 0; i < 10; i++) {
		struct approval_subject subject =
			queue_command(fixture, arena_printf(fixture->arena, "rm %d", i));

		assert_int_equal(queue_request(fixture, &subject, DANA), i + 1);
		if (i % 2 == 0)
			assert_int_equal(queue_approve(fixture, (unsigned long)i + 1, ERIN), 0);
	}
	assert_int_equal(approvals_list(fixture->approvals, APPROVAL_PENDING, 0, 3, &entries,
				 &count, &fixture->complaint),
		0);
	assert_int_equal(count, 3);
	assert_int_equal(entries[0].number, 10);
	assert_int_equal(entries[2].number, 6);
	assert_int_equal(approvals_list(fixture->approvals, APPROVAL_PENDING, 6, 3, &entries,
				 &count, &fixture->complaint),
		0);
	assert_int_equal(count, 2);
	assert_int_equal(entries[1].number, 2);
	assert_int_equal(approvals_list(fixture->approvals, APPROVAL_NONE, 0, 100, &entries, &count,
				 &fixture->complaint),
		0);
	assert_int_equal(count, 10);
	assert_int_equal(entries[9].votes.count, 1);
}

static void test_the_stricter_of_two_rules(void **state)
{
	struct queue_fixture *fixture = fixture_of(state);
	static const char *const names[] = {"reviewers", "leads"};
	struct approval_rule endpoint = queue_rule, function = queue_rule, both;

	endpoint.groups = (struct strings){(const char **)(uintptr_t)names, 2};
	endpoint.self_approval = true;
	function.approvers = 2;
	both = approval_rule_for(fixture->arena, &endpoint, &function);
	assert_true(both.required);
	assert_false(both.self_approval);
	assert_int_equal(both.approvers, 2);
	assert_int_equal(both.groups.count, 1);
	assert_string_equal(both.groups.items[0], "reviewers");
	function.required = false;
	both = approval_rule_for(fixture->arena, &endpoint, &function);
	assert_int_equal(both.approvers, 1);
	assert_false(approval_rule_for(fixture->arena, NULL, &function).required);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, queue_set_up, queue_tear_down)
		CASE(test_what_is_asked_for_waits_and_is_approved),
		CASE(test_R36_once_however_often_it_is_asked_for),
		CASE(test_R35_a_key_is_of_all_that_is_approved),
		CASE(test_R34_another_transaction_rollback_or_timeout_revokes),
		CASE(test_R34_another_profile_is_not_approved),
		CASE(test_R35_a_command_is_one_persons_and_word_for_word),
		CASE(test_R35_a_key_of_another_algorithm_is_no_approval),
		CASE(test_R34_one_changed_byte_revokes_for_good),
		CASE(test_R34_a_changed_rule_or_interpreter_revokes_too),
		CASE(test_R36_what_may_be_old_revokes_nothing),
		CASE(test_R34_copied_or_renamed_it_is_not_approved),
		CASE(test_R36_nobody_approves_what_they_asked_for),
		CASE(test_R36_only_members_of_the_groups_and_root_decide),
		CASE(test_self_approval_only_if_it_was_so_and_is_so),
		CASE(test_R36_two_approvers_are_two_persons),
		CASE(test_who_agreed_and_then_asks_for_it_has_no_say),
		CASE(test_of_several_votes_the_strictest_terms_hold),
		CASE(test_one_that_is_good_for_one_run_is_used),
		CASE(test_as_caller_only_is_for_no_other_account),
		CASE(test_an_approval_that_ends_has_ended_for_good),
		CASE(test_a_clock_set_back_brings_no_time),
		CASE(test_who_approves_vouches_for_the_clock),
		CASE(test_R22_a_person_has_a_bound_and_others_are_served),
		CASE(test_R22_texts_and_the_queue_have_bounds),
		CASE(test_R36_an_edge_without_a_record_is_not_taken),
		CASE(test_R36_a_refused_decision_tells_no_edge),
		CASE(test_an_approval_whose_grant_fails_is_none),
		CASE(test_R36_final_states_are_final),
		CASE(test_R28_the_queue_is_roots_alone),
		CASE(test_a_damaged_queue_is_refused_and_left_as_it_is),
		CASE(test_a_database_that_is_not_ours_is_refused),
		CASE(test_R36_a_row_changed_by_hand_is_no_approval),
		CASE(test_R36_a_flipped_bit_approves_nothing),
		CASE(test_a_full_file_system_is_told_and_loses_nothing),
		CASE(test_a_new_queue_needs_room_and_leaves_nothing_half),
		CASE(test_R31_numbers_that_are_not_there),
		CASE(test_lists_are_newest_first_and_by_state),
		CASE(test_the_stricter_of_two_rules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
