/* A flood of refusals is counted: what is not recorded is reported, once, to the last one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gateway/refusals.h"

enum { NOW = 1000 * 1000 };

static struct refusals refusals;

static struct reported {
	size_t calls;
	uid_t login;
	unsigned count;
} reported;

static void note(void *context, uid_t login, const char *user, unsigned count)
{
	struct reported *notes = context;

	notes->calls++;
	notes->login = login;
	notes->count += count;
	assert_string_equal(user, login == 1000 ? "dana" : "");
}

static bool collect(int64_t now, bool all)
{
	reported = (struct reported){.calls = 0};
	return refusals_collect(&refusals, now, all, note, &reported);
}

static unsigned refuse(uid_t login, unsigned count, int64_t now)
{
	unsigned passed = 0;

	while (count-- > 0)
		passed += refusals_pass(&refusals, login, login == 1000 ? "dana" : NULL, now);
	return passed;
}

static bool listener_is_woken(void)
{
	struct pollfd fd = {.fd = refusals.event, .events = POLLIN};

	return poll(&fd, 1, 0) == 1;
}

static int set_up(void **state)
{
	(void)state;
	return refusals_open(&refusals);
}

static void a_flood_is_counted(void **state)
{
	(void)state;
	assert_int_equal(refuse(1000, REFUSALS_MAX, NOW), REFUSALS_MAX);
	assert_false(listener_is_woken());
	assert_int_equal(refuse(1000, 500, NOW + 1), 0);
	assert_true(listener_is_woken());
	/* Nobody else is in it, not even who has the same row. */
	assert_int_equal(refuse(1000 + REFUSALS_LOGINS, 1, NOW), 1);
	assert_int_equal(refuse(1001, REFUSALS_MAX + 1, NOW), REFUSALS_MAX);
	assert_true(collect(NOW + 2, false));
	assert_int_equal(reported.calls, 0);
}

static void it_is_reported_when_its_window_is_over(void **state)
{
	(void)state;
	refuse(1000, REFUSALS_MAX + 7, NOW);
	/* Until it is, what follows is counted too. */
	assert_int_equal(refuse(1000, 3, NOW + REFUSALS_WINDOW), 0);
	assert_false(collect(NOW + REFUSALS_WINDOW, false));
	assert_int_equal(reported.calls, 1);
	assert_int_equal(reported.login, 1000);
	assert_int_equal(reported.count, 10);
	assert_int_equal(refuse(1000, 1, NOW + REFUSALS_WINDOW), 1);
	assert_false(collect(NOW + REFUSALS_WINDOW, false));
	assert_int_equal(reported.calls, 0);
}

static void an_end_reports_what_there_is(void **state)
{
	(void)state;
	refuse(1000, REFUSALS_MAX + 7, NOW);
	assert_false(collect(NOW, true));
	assert_int_equal(reported.count, 7);
}

static void a_few_in_each_window_are_all_recorded(void **state)
{
	(void)state;
	for (int64_t i = 0; i < 100; i++)
		assert_int_equal(
			refuse(1000, REFUSALS_MAX, NOW + i * REFUSALS_WINDOW), REFUSALS_MAX);
	assert_false(collect(NOW, true));
	assert_int_equal(reported.calls, 0);
}

/* More logins at once than there are rows: theirs are recorded rather than lost. */
static void who_has_no_row_is_recorded(void **state)
{
	(void)state;
	for (uid_t login = 0; login < REFUSALS_LOGINS; login++)
		assert_int_equal(refuse(login, 1, NOW), 1);
	assert_int_equal(refuse(5000, 1000, NOW), 1000);
	assert_int_equal(refuse(5000, REFUSALS_MAX + 1, NOW + REFUSALS_WINDOW), REFUSALS_MAX);
}

/* Sessions are processes: not one refusal of theirs is lost or counted twice. */
static void processes_share_the_count(void **state)
{
	enum { PROCESSES = 4, EACH = 50 * 1000 };
	unsigned passed = 0;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	for (int i = 0; i < PROCESSES; i++)
		if (fork() == 0) {
			unsigned mine = refuse(1000, EACH, NOW);

			_exit(write(ends[1], &mine, sizeof(mine)) == sizeof(mine) ? 0 : 1);
		}
	for (int i = 0; i < PROCESSES; i++) {
		unsigned theirs;

		assert_int_equal(read(ends[0], &theirs, sizeof(theirs)), sizeof(theirs));
		passed += theirs;
		assert_true(wait(NULL) > 0);
	}
	close(ends[0]);
	close(ends[1]);
	assert_int_equal(passed, REFUSALS_MAX);
	collect(NOW, true);
	assert_int_equal(reported.count, PROCESSES * EACH - REFUSALS_MAX);
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_flood_is_counted),
		TEST(it_is_reported_when_its_window_is_over),
		TEST(an_end_reports_what_there_is),
		TEST(a_few_in_each_window_are_all_recorded),
		TEST(who_has_no_row_is_recorded),
		TEST(processes_share_the_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
