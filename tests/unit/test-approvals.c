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

int main(void)
{
	const struct CMUnitTest tests[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, queue_set_up, queue_tear_down)
		CASE(test_what_is_asked_for_waits_and_is_approved),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
