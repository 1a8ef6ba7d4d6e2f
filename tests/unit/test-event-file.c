/* The event log that the gateway's processes write by themselves: one chain, whoever writes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "record/fields.h"

static const char event[] = "{\"op\":\"decision\",\"acct\":\"dana\"}";

struct fixture {
	struct arena *arena;
	char *directory, *path;
};

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	fixture->arena = arena_new();
	fixture->directory = arena_strdup(fixture->arena, "/run/rolegate-test-XXXXXX");
	if (geteuid() == 0) /* R28 trusts nobody else's */
		assert_non_null(mkdtemp(fixture->directory));
	fixture->path = arena_printf(fixture->arena, "%s/events.jsonl", fixture->directory);
	*state = fixture;
	return 0;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
	(void)status;
	(void)kind;
	(void)walk;
	return remove(path);
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	if (geteuid() == 0)
		(void)nftw(fixture->directory, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	arena_free(fixture->arena);
	free(fixture);
	return 0;
}

static char *in(struct fixture *fixture, const char *name)
{
	return arena_printf(fixture->arena, "%s/%s", fixture->directory, name);
}

static struct events open_events(struct fixture *fixture)
{
	const char *complaint = "";
	struct events events;

	if (geteuid() != 0)
		skip();
	if (events_open(fixture->arena, fixture->path, &events, &complaint) != 0)
		fail_msg("%s", complaint);
	return events;
}

/* A process of its own, that has seen nothing of what was before. */
static void append_anew(struct fixture *fixture, int count)
{
	struct events events = open_events(fixture);

	for (int i = 0; i < count; i++)
		assert_int_equal(events_append(&events, event), 0);
	events_close(&events);
}

static char *read_file(struct fixture *fixture, const char *name)
{
	size_t length = 0;
	char *text = fd_read_file(fixture->arena, in(fixture, name), 1 << 26, &length);

	assert_non_null(text);
	return text;
}

/* The files one after the other: the seq of the last line. */
static uint64_t verify(struct fixture *fixture, const char *const *names)
{
	struct chain chain = chain_start;
	struct chain_link link;

	for (; *names != NULL; names++) {
		char *text = read_file(fixture, *names), *line;

		while ((line = strsep(&text, "\n")) != NULL && *line != '\0') {
			enum chain_result result = chain_check(&chain, line, strlen(line), &link);

			if (result != CHAIN_GOOD)
				fail_msg("%s: %s: %s", *names, chain_result_text(result), line);
		}
	}
	return chain.next - 1;
}

static void put(struct fixture *fixture, const char *name, int flags, const char *bytes)
{
	_cleanup_fd_ int fd = open(in(fixture, name), O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0600);

	assert_int_equal(fd_write_all(fd, bytes, strlen(bytes)), 0);
}

/* The file of the directory whose name begins so. */
static char *beginning(struct fixture *fixture, const char *prefix)
{
	DIR *directory = opendir(fixture->directory);
	struct dirent *entry;
	char *found = NULL;

	while (found == NULL && (entry = readdir(directory)) != NULL)
		if (strncmp(entry->d_name, prefix, strlen(prefix)) == 0)
			found = arena_strdup(fixture->arena, entry->d_name);
	closedir(directory);
	assert_non_null(found);
	return found;
}

static uint64_t headers(struct fixture *fixture, const char *const *names)
{
	uint64_t count = 0;

	for (; *names != NULL; names++) {
		const char *at = read_file(fixture, *names);

		for (; (at = strstr(at, "\"op\":\"chain\"")) != NULL; at++)
			count++;
	}
	return count;
}

static void the_chain_goes_on_after_a_rotation(void **state)
{
	static const char *const names[] = {
		"events.jsonl.2", "events.jsonl.1", "events.jsonl", NULL};
	struct fixture *fixture = *state;
	struct events held = open_events(fixture);

	assert_int_equal(events_append(&held, event), 0);
	append_anew(fixture, 2);
	assert_int_equal(rename(fixture->path, in(fixture, "events.jsonl.2")), 0);
	append_anew(fixture, 1); /* by one that does not have the old one open */
	assert_int_equal(events_append(&held, event), 0);
	assert_int_equal(rename(fixture->path, in(fixture, "events.jsonl.1")), 0);
	put(fixture, "events.jsonl", 0, ""); /* logrotate's "create" */
	append_anew(fixture, 1);
	events_close(&held);
	assert_int_equal(verify(fixture, names), 4 + 3 + 2);
	assert_non_null(strstr(read_file(fixture, "events.jsonl"), "\"after\":\"events.jsonl.1\""));
}

/* What logrotate has compressed or removed can't be read: who has it open still can. */
static void the_chain_goes_on_from_a_file_that_is_gone(void **state)
{
	static const char *const names[] = {"kept", "events.jsonl", NULL};
	struct fixture *fixture = *state;
	struct events held = open_events(fixture);

	assert_int_equal(events_append(&held, event), 0);
	assert_int_equal(link(fixture->path, in(fixture, "kept")), 0);
	assert_int_equal(unlink(fixture->path), 0);
	assert_int_equal(events_append(&held, event), 0);
	events_close(&held);
	assert_int_equal(verify(fixture, names), 4);
}

static void half_a_line_is_put_beside_and_told(void **state)
{
	static const char *const names[] = {"events.jsonl", NULL};
	struct fixture *fixture = *state;

	append_anew(fixture, 2);
	put(fixture, "events.jsonl", O_APPEND, "{\"time\":\"2026-1");
	append_anew(fixture, 1);
	assert_int_equal(verify(fixture, names), 5);
	assert_string_equal(read_file(fixture, "events.jsonl.torn-4"), "{\"time\":\"2026-1");
	assert_non_null(strstr(read_file(fixture, "events.jsonl"), "\"op\":\"torn\""));
}

static void an_older_format_is_kept_under_another_name(void **state)
{
	static const char *const names[] = {"events.jsonl", NULL};
	static const char old[] = "{\"time\":\"2026-01-01T00:00:00.000Z\",\"op\":\"decision\"}\n";
	struct fixture *fixture = *state;
	struct events held = open_events(fixture);

	put(fixture, "events.jsonl", O_TRUNC, old);
	assert_int_equal(events_append(&held, event), 0);
	append_anew(fixture, 1);
	events_close(&held);
	assert_int_equal(verify(fixture, names), 3);
	assert_string_equal(read_file(fixture, beginning(fixture, "events.jsonl.unchained-")), old);
}

/* Rotated again and again under many writers: no line is lost, none is twice, the chain is one. */
static void R29_rotation_under_many_writers_makes_no_second_chain(void **state)
{
	enum { WRITERS = 4, LINES = 400, ROTATIONS = 20 };
	const char *names[ROTATIONS + 2] = {NULL};
	struct fixture *fixture = *state;
	pid_t pids[WRITERS];
	size_t rotated = 0;

	if (geteuid() != 0)
		skip();
	append_anew(fixture, 1);
	for (int i = 0; i < WRITERS; i++) {
		pids[i] = fork();
		if (pids[i] != 0)
			continue;
		for (int j = 0; j < LINES / 20; j++)
			append_anew(fixture, 20);
		_exit(0);
	}
	for (int i = 0; i < ROTATIONS; i++) {
		char *name = arena_printf(fixture->arena, "events.jsonl.%d", 100 - i);

		usleep(2000);
		if (rename(fixture->path, in(fixture, name)) == 0)
			names[rotated++] = name;
	}
	for (int i = 0, status = 0; i < WRITERS; i++) {
		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		assert_int_equal(status, 0);
	}
	names[rotated++] = access(fixture->path, F_OK) == 0 ? "events.jsonl" : NULL;
	assert_int_equal(verify(fixture, names), 1 + WRITERS * LINES + headers(fixture, names));
}

/* Has the lock when the file is renamed, and writes its line only then. */
static pid_t slow_writer(struct fixture *fixture)
{
	struct chain_file found;
	int ready[2], fd;
	char *line, byte;
	pid_t pid;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	if (pid == 0) {
		fd = open(fixture->path, O_RDWR | O_APPEND | O_CLOEXEC);
		if (fd < 0 || flock(fd, LOCK_EX) != 0 || chain_file_read(fd, &found) != 0)
			_exit(1);
		(void)!write(ready[1], "", 1);
		usleep(200000);
		line = chain_seal(fixture->arena, &found.chain, event);
		_exit(fd_write_all(fd, line, strlen(line)) != 0);
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	return pid;
}

static void R29_who_follows_a_rotation_waits_for_the_last_writer(void **state)
{
	static const char *const names[] = {"events.jsonl.1", "events.jsonl", NULL};
	struct fixture *fixture = *state;
	int status = 0;
	pid_t pid;

	append_anew(fixture, 1);
	pid = slow_writer(fixture);
	assert_int_equal(rename(fixture->path, in(fixture, "events.jsonl.1")), 0);
	append_anew(fixture, 1);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(verify(fixture, names), 3 + 2);
}

static void R29_killed_at_any_moment_the_chain_holds(void **state)
{
	static const char *const names[] = {"events.jsonl", NULL};
	enum { KILLS = 50 };
	struct fixture *fixture = *state;

	if (geteuid() != 0)
		skip();
	srandom(2);
	for (int i = 0; i < KILLS; i++) {
		pid_t pid = fork();

		if (pid == 0)
			for (;;)
				append_anew(fixture, 10);
		usleep((unsigned)random() % 5000);
		assert_int_equal(kill(pid, SIGKILL), 0);
		assert_int_equal(waitpid(pid, NULL, 0), pid);
		append_anew(fixture, 1);
	}
	assert_true(verify(fixture, names) > KILLS);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_chain_goes_on_after_a_rotation),
		TEST(the_chain_goes_on_from_a_file_that_is_gone),
		TEST(half_a_line_is_put_beside_and_told),
		TEST(an_older_format_is_kept_under_another_name),
		TEST(R29_rotation_under_many_writers_makes_no_second_chain),
		TEST(R29_who_follows_a_rotation_waits_for_the_last_writer),
		TEST(R29_killed_at_any_moment_the_chain_holds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
