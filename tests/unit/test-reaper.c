/* R16: no descendant outlives a run, whatever it did to get away. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "spawn/reaper.h"
#include "spawn/spawn.h"

/* Waits for ever. */
static _Noreturn void linger(void)
{
	for (;;)
		pause();
}

static void detach_twice(int depth)
{
	if (fork() != 0)
		return;
	setsid();
	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_IGN);
	if (depth > 0)
		detach_twice(depth - 1);
	if (fork() != 0)
		_exit(0);
	linger();
}

/* Each generation has gone before it can be looked at for long. */
static void run_away(int generations)
{
	if (fork() != 0)
		return;
	while (generations-- > 0)
		if (fork() != 0)
			_exit(0);
	_exit(0);
}

/*
 * In a process of its own: `start`, a moment, and then everything must be gone in the time that
 * there is. What says so is a pipe that each descendant holds one end of.
 */
static void expect_all_killed(void (*start)(int), int argument)
{
	int life[2], status;
	char byte;
	pid_t pid;

	assert_int_equal(pipe(life), 0);
	pid = fork();
	if (pid == 0) {
		close(life[0]);
		if (spawn_become_reaper() < 0)
			_exit(1);
		start(argument);
		usleep(20 * 1000);
		if (spawn_kill_descendants(0) < 0)
			_exit(2);
		_exit(waitpid(-1, NULL, 0) < 0 && errno == ECHILD ? 0 : 3);
	}
	close(life[1]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(read(life[0], &byte, 1), 0);
	close(life[0]);
}

static void R16_detached_descendants_are_killed(void **state)
{
	(void)state;
	expect_all_killed(detach_twice, 0);
	expect_all_killed(detach_twice, 20);
}

static void R16_a_runaway_chain_is_caught(void **state)
{
	(void)state;
	for (int i = 0; i < 5; i++)
		expect_all_killed(run_away, 100000);
}

static void many(int count)
{
	while (count-- > 0)
		if (fork() == 0)
			linger();
}

static void R16_more_children_than_one_batch(void **state)
{
	(void)state;
	expect_all_killed(many, REAPER_BATCH * 2 + 7);
}

static void nothing(int ignored)
{
	(void)ignored;
}

static void without_descendants_there_is_nothing_to_do(void **state)
{
	(void)state;
	expect_all_killed(nothing, 0);
}

/* The run's own process is killed too, but its status is the caller's to read. */
static void the_spare_one_is_left_to_wait_for(void **state)
{
	int status;
	pid_t pid = fork();

	(void)state;
	if (pid == 0) {
		pid_t spare;

		(void)spawn_become_reaper();
		spare = fork();
		if (spare == 0) {
			detach_twice(3);
			linger();
		}
		usleep(20 * 1000);
		if (spawn_kill_descendants(spare) < 0)
			_exit(1);
		if (waitpid(spare, &status, 0) != spare || !WIFSIGNALED(status))
			_exit(2);
		_exit(waitpid(-1, NULL, 0) < 0 ? 0 : 3);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void a_spare_one_that_exited_keeps_its_status(void **state)
{
	int status;
	pid_t pid = fork();

	(void)state;
	if (pid == 0) {
		pid_t spare;

		(void)spawn_become_reaper();
		spare = fork();
		if (spare == 0) {
			detach_twice(1);
			_exit(42);
		}
		usleep(20 * 1000);
		if (spawn_kill_descendants(spare) < 0 || waitpid(spare, &status, 0) != spare)
			_exit(1);
		_exit(!WIFEXITED(status) || WEXITSTATUS(status) != 42);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void R17_parent_is_read_after_the_last_parenthesis(void **state)
{
	(void)state;
	assert_int_equal(reaper_parent_of("12 (sh) S 7 12 12 0"), 7);
	assert_int_equal(reaper_parent_of("12 () R 1 () S 7 12 12 0"), 7);
	assert_int_equal(reaper_parent_of("12 (a b\n) S 9 (x) Z 7 12"), 7);
	assert_int_equal(reaper_parent_of(""), -1);
	assert_int_equal(reaper_parent_of("12 (sh"), -1);
	assert_int_equal(reaper_parent_of("12 (sh)"), -1);
}

/* Both ways of looking find the same children: one alive with a hostile name, one dead. */
static void R17_both_ways_find_the_same_children(void **state)
{
	pid_t listed[REAPER_BATCH], scanned[REAPER_BATCH];
	pid_t alive = fork(), dead;

	(void)state;
	if (alive == 0) {
		prctl(PR_SET_NAME, ") R 1 (");
		linger();
	}
	dead = fork();
	if (dead == 0)
		_exit(0);
	usleep(50 * 1000);
	assert_int_equal(reaper_children_scanned(scanned), 2);
	assert_true((scanned[0] == alive && scanned[1] == dead) ||
		(scanned[0] == dead && scanned[1] == alive));
	if (reaper_children_listed(listed) >= 0) {
		assert_int_equal(listed[0], alive);
		assert_int_equal(listed[1], dead);
	}
	kill(alive, SIGKILL);
	assert_int_equal(waitpid(alive, NULL, 0), alive);
	assert_int_equal(waitpid(dead, NULL, 0), dead);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(R16_detached_descendants_are_killed),
		cmocka_unit_test(R16_a_runaway_chain_is_caught),
		cmocka_unit_test(R16_more_children_than_one_batch),
		cmocka_unit_test(without_descendants_there_is_nothing_to_do),
		cmocka_unit_test(the_spare_one_is_left_to_wait_for),
		cmocka_unit_test(a_spare_one_that_exited_keeps_its_status),
		cmocka_unit_test(R17_parent_is_read_after_the_last_parenthesis),
		cmocka_unit_test(R17_both_ways_find_the_same_children),
	};

	alarm(60);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
