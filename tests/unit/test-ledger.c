/* The log over everything that may happen to it: new files, half lines, kill -9, full disks,
 * clocks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/fd.h"
#include "recorder-fixture.h"
#include "recorder/expire.h"

static const char event[] = "{\"op\":\"decision\",\"acct\":\"dana\",\"res\":\"success\"}";

static int directory_of(const struct fixture *fixture)
{
	return open(fixture->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static struct ledger open_ledger(const struct fixture *fixture)
{
	struct ledger ledger;

	assert_int_equal(ledger_open(&ledger, directory_of(fixture)), 0);
	return ledger;
}

static void close_ledger(struct ledger *ledger)
{
	ledger_close(ledger);
	fd_close(&ledger->directory);
}

static void append(struct fixture *fixture, struct ledger *ledger, int count)
{
	for (int i = 0; i < count; i++)
		assert_int_equal(ledger_append(ledger, fixture->arena, event), 0);
}

static void put(struct fixture *fixture, const char *name, int flags, const char *bytes)
{
	const char *path = arena_printf(fixture->arena, "%s/%s", fixture->directory, name);
	_cleanup_fd_ int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0600);

	assert_int_equal(fd_write_all(fd, bytes, strlen(bytes)), 0);
}

static void the_chain_goes_on_over_files_and_starts(void **state)
{
	struct fixture *fixture = *state;
	struct ledger ledger;
	char *second;

	for (int i = 0; i < 3; i++) {
		ledger = open_ledger(fixture);
		append(fixture, &ledger, 2);
		assert_int_equal(ledger_rotate(&ledger, fixture->arena), 0);
		append(fixture, &ledger, 1);
		close_ledger(&ledger);
	}
	assert_int_equal(fixture_verify(fixture), 4 + 3 * 3);
	assert_true(fixture_has(fixture, "events-00000000000000000001.jsonl"));
	assert_true(fixture_has(fixture, "events-00000000000000000004.jsonl"));
	second = fixture_read(fixture, "events-00000000000000000004.jsonl");
	assert_non_null(strstr(second, "\"op\":\"chain\",\"format\":1,\"chain\":\""));
	assert_non_null(strstr(second, "\"after\":\"events-00000000000000000001.jsonl\""));
	assert_int_equal(fixture_count(fixture, "\"op\":\"chain\""), 4);
}

/* Killed between the two steps of a rotation: the name is gone, the new file not there, or empty.
 */
static void a_rotation_that_was_interrupted_is_finished(void **state)
{
	struct fixture *fixture = *state;
	struct ledger ledger = open_ledger(fixture);

	append(fixture, &ledger, 2);
	close_ledger(&ledger);
	assert_int_equal(rename(arena_printf(fixture->arena, "%s/events.jsonl", fixture->directory),
				 arena_printf(fixture->arena, "%s/events-%020d.jsonl",
					 fixture->directory, 1)),
		0);
	ledger = open_ledger(fixture);
	append(fixture, &ledger, 2);
	assert_int_equal(ledger_rotate(&ledger, fixture->arena), 0);
	close_ledger(&ledger);
	put(fixture, "events.jsonl", O_TRUNC, "");
	ledger = open_ledger(fixture);
	append(fixture, &ledger, 1);
	close_ledger(&ledger);
	assert_int_equal(fixture_verify(fixture), 3 + 3 + 2);
}

static void half_a_line_is_put_beside_and_told(void **state)
{
	static const char *const tails[] = {"{\"time\":\"2026", "half\nanother half\n", "\n",
		"\n\n", "{\"op\":\"x\",\"seq\":3,\"prev\":\"\",\"hash\":\"\"}\n"};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(tails) / sizeof(*tails); i++) {
		struct ledger ledger = open_ledger(fixture);
		char *torn;

		append(fixture, &ledger, 1);
		torn = arena_printf(fixture->arena, "events.jsonl.torn-%llu",
			(unsigned long long)ledger.chain.next);
		close_ledger(&ledger);
		put(fixture, "events.jsonl", O_APPEND, tails[i]);
		ledger = open_ledger(fixture);
		close_ledger(&ledger);
		assert_string_equal(fixture_read(fixture, torn), tails[i]);
		assert_int_equal(fixture_count(fixture, "\"op\":\"torn\""), i + 1);
		assert_non_null(strstr(fixture_line(fixture, "\"op\":\"torn\""), torn));
		assert_non_null(strstr(fixture_line(fixture, "\"op\":\"torn\""),
			fixture_sha256(fixture, tails[i])));
		(void)fixture_verify(fixture);
	}
}

/* Of a last line that was changed, too: the line before it is the last that is known. */
static void a_first_line_that_is_half_there_is_begun_again(void **state)
{
	struct fixture *fixture = *state;
	struct ledger ledger = open_ledger(fixture);

	append(fixture, &ledger, 2);
	assert_int_equal(ledger_rotate(&ledger, fixture->arena), 0);
	close_ledger(&ledger);
	put(fixture, "events.jsonl", O_TRUNC, "{\"time\":\"2026-11-29T00:00");
	ledger = open_ledger(fixture);
	append(fixture, &ledger, 1);
	close_ledger(&ledger);
	assert_int_equal(fixture_verify(fixture), 6); /* 3, chain, torn, 1 */
	assert_int_equal(fixture_count(fixture, "\"op\":\"torn\""), 1);
}

static void a_file_without_chain_is_kept_under_another_name(void **state)
{
	static const char old[] = "{\"time\":\"2026-01-01T00:00:00.000Z\",\"op\":\"decision\"}\n";
	struct fixture *fixture = *state;
	struct ledger ledger;
	char *listed;

	put(fixture, "events.jsonl", 0, old);
	ledger = open_ledger(fixture);
	append(fixture, &ledger, 1);
	close_ledger(&ledger);
	assert_int_equal(fixture_verify(fixture), 2);
	listed = fixture_find(fixture, "events.jsonl.unchained-");
	assert_string_equal(fixture_read(fixture, listed), old);
}

static void a_clock_that_goes_back_is_told_and_harms_nothing(void **state)
{
	struct fixture *fixture = *state;
	struct ledger ledger = open_ledger(fixture);
	struct settings settings = fixture->settings;

	append(fixture, &ledger, 1);
	ledger.latest += 3600 * 1000;
	append(fixture, &ledger, 2);
	assert_int_equal(fixture_count(fixture, "\"op\":\"clock\""), 1);
	assert_non_null(strstr(fixture_line(fixture, "\"op\":\"clock\""), "\"back\":3"));
	assert_int_equal(ledger_rotate(&ledger, fixture->arena), 0);
	/* A file from the future is not old. */
	assert_int_equal(expire_events(&ledger, fixture->arena, &settings), 0);
	close_ledger(&ledger);
	(void)fixture_verify(fixture);
}

static void age_file(struct fixture *fixture, const char *name, time_t seconds)
{
	const struct timespec times[2] = {
		{.tv_sec = time(NULL) - seconds}, {.tv_sec = time(NULL) - seconds}};

	assert_int_equal(
		utimensat(AT_FDCWD, arena_printf(fixture->arena, "%s/%s", fixture->directory, name),
			times, 0),
		0);
}

static void what_expires_is_named_with_its_last_line(void **state)
{
	struct fixture *fixture = *state;
	struct ledger ledger = open_ledger(fixture);
	struct settings settings = fixture->settings;
	char *line, last[CHAIN_HASH + 1];

	append(fixture, &ledger, 2);
	memcpy(last, ledger.chain.last, sizeof(last));
	assert_int_equal(ledger_rotate(&ledger, fixture->arena), 0);
	append(fixture, &ledger, 2);
	assert_int_equal(ledger_rotate(&ledger, fixture->arena), 0);
	age_file(fixture, "events-00000000000000000001.jsonl", 1000);
	settings.keep_age = 500;
	assert_int_equal(expire_events(&ledger, fixture->arena, &settings), 1);
	assert_false(fixture_has(fixture, "events-00000000000000000001.jsonl"));
	line = fixture_line(fixture, "\"op\":\"expired\"");
	assert_non_null(strstr(line, "\"file\":\"events-00000000000000000001.jsonl\",\"first\":1,"
				     "\"last\":3,\"last_hash\":\""));
	assert_non_null(strstr(line, last));
	assert_non_null(strstr(line, "\"reason\":\"age\""));
	settings.keep_age = fixture->settings.keep_age;
	settings.keep_size = 1;
	assert_int_equal(expire_events(&ledger, fixture->arena, &settings), 1);
	assert_non_null(strstr(fixture_line(fixture, "\"op\":\"expired\""), "\"reason\":\"size\""));
	close_ledger(&ledger);
	(void)fixture_verify(fixture);
}

/* The log itself is older than all: what it is in stays, and all after a file that can't be read.
 */
static void R29_no_hole_is_made_by_expiry(void **state)
{
	struct fixture *fixture = *state;
	struct ledger ledger = open_ledger(fixture);
	struct settings settings = fixture->settings;

	append(fixture, &ledger, 2);
	assert_int_equal(ledger_rotate(&ledger, fixture->arena), 0);
	append(fixture, &ledger, 2);
	assert_int_equal(ledger_rotate(&ledger, fixture->arena), 0);
	put(fixture, "events-00000000000000000001.jsonl", O_APPEND, "garbage\n");
	settings.keep_size = 1;
	assert_int_equal(expire_events(&ledger, fixture->arena, &settings), 0);
	assert_true(fixture_has(fixture, "events-00000000000000000004.jsonl"));
	close_ledger(&ledger);
}

/* Writers over the socket, and the recorder killed at any moment. What was taken is there. */
static void count_taken(struct fixture *fixture, struct recorder_client *client, uint64_t *taken)
{
	struct recorder_answer answer;
	const char *object = arena_printf(
		fixture->arena, "{\"op\":\"decision\",\"n\":%llu}", (unsigned long long)*taken + 1);

	while (client_event(client, object) == 0 && client_answer(client, &answer) == 0) {
		assert_true(answer.taken);
		++*taken;
		object = arena_printf(fixture->arena, "{\"op\":\"decision\",\"n\":%llu}",
			(unsigned long long)*taken + 1);
	}
}

static pid_t kill_soon(pid_t recorder, unsigned microseconds)
{
	pid_t pid = fork();

	if (pid == 0) {
		usleep(microseconds);
		kill(recorder, SIGKILL);
		_exit(0);
	}
	return pid;
}

static void R29_killed_at_any_moment_the_chain_holds(void **state)
{
	enum { KILLS = 50 };
	struct fixture *fixture = *state;
	uint64_t taken = 0, events;

	fixture->settings.rotate_size = 64 * 1024;
	srandom(1);
	for (int i = 0; i < KILLS; i++) {
		struct recorder_client client = fixture_connect(fixture);
		pid_t killer = kill_soon(fixture->pid, (unsigned)random() % 20000);

		count_taken(fixture, &client, &taken);
		assert_int_equal(waitpid(killer, NULL, 0), killer);
		fixture_kill(fixture);
		client_close(&client);
		(void)fixture_verify(fixture);
	}
	fixture_start(fixture);
	fixture_stop(fixture);
	events = fixture_count(fixture, "\"op\":\"decision\"");
	print_message("%llu events taken, %llu written, over %zu files\n",
		(unsigned long long)taken, (unsigned long long)events,
		fixture_count(fixture, "\"op\":\"chain\""));
	assert_true(events >= taken); /* the last of each life may be unanswered */
	assert_true(events <= taken + KILLS);
	assert_true(taken > 0);
	(void)fixture_verify(fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(the_chain_goes_on_over_files_and_starts),
		FIXTURE_TEST(a_rotation_that_was_interrupted_is_finished),
		FIXTURE_TEST(half_a_line_is_put_beside_and_told),
		FIXTURE_TEST(a_first_line_that_is_half_there_is_begun_again),
		FIXTURE_TEST(a_file_without_chain_is_kept_under_another_name),
		FIXTURE_TEST(a_clock_that_goes_back_is_told_and_harms_nothing),
		FIXTURE_TEST(what_expires_is_named_with_its_last_line),
		FIXTURE_TEST(R29_no_hole_is_made_by_expiry),
		FIXTURE_TEST(R29_killed_at_any_moment_the_chain_holds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
