/* Transcripts that are too old or too many go, in slices, and not those of whoever has few. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/fd.h"
#include "recorder-fixture.h"
#include "recorder/sweep.h"

static const char event[] = "{\"op\":\"decision\",\"acct\":\"dana\",\"res\":\"success\"}";

struct tree {
	struct ledger ledger;
	struct transcripts all;
	struct settings settings;
};

static void open_tree(struct fixture *fixture, struct tree *tree)
{
	int fd = open(fixture->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	assert_int_equal(ledger_open(&tree->ledger, fd), 0);
	assert_int_equal(transcripts_prepare(fd), 0);
	tree->settings = fixture->settings;
	tree->all = (struct transcripts){.directory = fd,
		.ledger = &tree->ledger,
		.lines.bytes = arena_alloc(fixture->arena, CAST_ROOM)};
}

static void close_tree(struct tree *tree)
{
	ledger_close(&tree->ledger);
	fd_close(&tree->ledger.directory);
}

/* `count` of a user's, the first the oldest: numbered from `first` on, a minute apart. */
static void make_files(struct fixture *fixture, unsigned uid, unsigned first, unsigned count,
	mode_t mode, time_t newest)
{
	char *folder = arena_printf(fixture->arena, "%s/transcripts/%u", fixture->directory, uid);
	struct timespec times[2];
	char name[64];
	int at;

	(void)mkdir(arena_printf(fixture->arena, "%s/transcripts", fixture->directory), 0700);
	(void)mkdir(folder, 0700);
	at = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(at >= 0);
	for (unsigned i = 0; i < count; i++) {
		_cleanup_fd_ int fd = -1;

		(void)snprintf(name, sizeof(name), "%032x.cast", first + i);
		fd = openat(at, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		assert_true(fd >= 0);
		assert_int_equal(write(fd, "short", 5), 5);
		times[0] = times[1] = (struct timespec){.tv_sec = newest - 60 * (count - i)};
		assert_int_equal(futimens(fd, times), 0);
		assert_int_equal(fchmod(fd, mode), 0);
	}
	close(at);
}

static bool has(struct fixture *fixture, unsigned uid, unsigned number)
{
	return fixture_has(
		fixture, arena_printf(fixture->arena, "transcripts/%u/%032x.cast", uid, number));
}

static uint64_t sweep_all(struct tree *tree, bool first)
{
	struct sweep sweep;

	sweep_begin(&sweep, &tree->all, &tree->settings, first);
	while (sweep_slice(&sweep))
		;
	return sweep.kept;
}

/* Floods of short ones must not take more of the disk than is allowed, by far. */
static void R33_a_short_transcript_takes_a_block(void **state)
{
	struct fixture *fixture = *state;
	struct tree tree;

	open_tree(fixture, &tree);
	make_files(fixture, 1000, 0, 100, 0400, time(NULL));
	tree.settings.transcript_keep_size = 64 * 4096;
	assert_int_equal(sweep_all(&tree, false), 63 * 4096); /* a sixty-fourth more went */
	assert_int_equal(fixture_count(fixture, "\"reason\":\"size\""), 37);
	assert_false(has(fixture, 1000, 36));
	assert_true(has(fixture, 1000, 37));
	tree.settings.transcript_keep_size = 63 * 4096;
	assert_int_equal(sweep_all(&tree, false), 63 * 4096);
	assert_int_equal(fixture_count(fixture, "\"reason\":\"size\""), 37);
	close_tree(&tree);
	(void)fixture_verify(fixture);
}

static void R33_one_users_flood_takes_nothing_of_another(void **state)
{
	struct fixture *fixture = *state;
	time_t now = time(NULL);
	struct tree tree;

	open_tree(fixture, &tree);
	make_files(fixture, 1000, 0, 20, 0400, now - 86400); /* the oldest of all */
	make_files(fixture, 1001, 0, 300, 0400, now);
	make_files(fixture, 1002, 0, 60, 0400, now);
	tree.settings.transcript_keep_size = 128 * 4096;
	assert_int_equal(sweep_all(&tree, false), 126 * 4096);
	for (unsigned i = 0; i < 20; i++)
		assert_true(has(fixture, 1000, i));
	assert_int_equal(fixture_count(fixture, "\"file\":\"transcripts/1000/"), 0);
	assert_int_equal(fixture_count(fixture, "\"file\":\"transcripts/1001/"), 300 - 53);
	assert_int_equal(fixture_count(fixture, "\"file\":\"transcripts/1002/"), 60 - 53);
	assert_false(has(fixture, 1001, 300 - 54)); /* the oldest of these */
	assert_true(has(fixture, 1001, 300 - 53));
	close_tree(&tree);
}

static void what_is_too_old_goes_and_its_empty_folder(void **state)
{
	struct fixture *fixture = *state;
	struct tree tree;

	open_tree(fixture, &tree);
	make_files(fixture, 1000, 0, 10, 0400, time(NULL) - 1000);
	make_files(fixture, 1001, 0, 10, 0400, time(NULL));
	make_files(fixture, 1001, 100, 1, 0600, 10); /* is being written */
	tree.settings.transcript_keep_age = 950;
	assert_int_equal(sweep_all(&tree, false), 10 * 4096);
	assert_int_equal(fixture_count(fixture, "\"reason\":\"age\""), 10);
	assert_false(fixture_has(fixture, "transcripts/1000"));
	assert_true(has(fixture, 1001, 100));
	close_tree(&tree);
}

/* More than are chosen at a time: the oldest of all go all the same. */
static void more_than_are_chosen_at_once_go_in_their_order(void **state)
{
	struct fixture *fixture = *state;
	struct oldest oldest;

	(void)fixture;
	assert_int_equal(oldest_open(&oldest, 100), 0);
	for (unsigned i = 0; i < 5000; i++) {
		char request[33];
		unsigned number = i * 7919 % 5000;

		(void)snprintf(request, sizeof(request), "%032x", number);
		oldest_add(&oldest, request, number, number);
	}
	oldest_sort(&oldest);
	assert_int_equal(oldest.count, 100);
	for (unsigned i = 0; i < 100; i++) {
		assert_int_equal(oldest.files[i].written, i);
		assert_int_equal(strtoul(oldest.files[i].request, NULL, 16), i);
	}
	oldest_close(&oldest);
}

static void each_is_brought_down_to_what_the_others_may_have(void **state)
{
	struct shares shares = {.items = NULL};

	(void)state;
	assert_int_equal(shares_level(&shares, 0), UINT64_MAX);
	assert_int_equal(shares_add(&shares, 5, 1000), 0);
	assert_int_equal(shares_add(&shares, 5, 1000), 0);
	assert_int_equal(shares_add(&shares, 6, 10), 0);
	assert_int_equal(shares_add(&shares, 7, 500), 0);
	assert_int_equal(shares.room, 2510);
	assert_int_equal(shares_level(&shares, 2510), UINT64_MAX);
	assert_int_equal(shares_level(&shares, 2000), 1490);
	assert_int_equal(shares_level(&shares, 810), 400);
	assert_int_equal(shares_level(&shares, 12), 4);
	assert_int_equal(shares_level(&shares, 0), 0);
	shares_close(&shares);
}

static size_t count_files(struct fixture *fixture, unsigned uid, unsigned count)
{
	size_t found = 0;

	for (unsigned i = 0; i < count; i++)
		found += has(fixture, uid, i);
	return found;
}

/* No slice does more than it may, whatever it is about. */
static void R22_a_slice_is_a_slice(void **state)
{
	enum { FILES = 60, SLICE = 4 };
	struct fixture *fixture = *state;
	size_t left = FILES, before, slices = 0;
	struct sweep sweep;
	struct tree tree;

	open_tree(fixture, &tree);
	make_files(fixture, 1000, 0, FILES, 0400, time(NULL) - 1000);
	tree.settings.slice = SLICE;
	tree.settings.transcript_keep_age = 500;
	sweep_begin(&sweep, &tree.all, &tree.settings, false);
	do {
		before = left;
		slices++;
		if (!sweep_slice(&sweep))
			break;
		left = count_files(fixture, 1000, FILES);
		assert_true(before - left <= SLICE);
	} while (slices < 1000);
	assert_int_equal(count_files(fixture, 1000, FILES), 0);
	assert_true(slices >= FILES / SLICE);
	close_tree(&tree);
}

static void R22_the_recorder_answers_while_it_looks_through_many(void **state)
{
	enum { FILES = 20000 };
	struct fixture *fixture = *state;
	struct recorder_client client;
	struct recorder_answer answer;
	size_t between = 0, expired = 0;
	char *log, *line;

	make_files(fixture, 1000, 0, FILES, 0400, 86400);
	fixture->settings.slice = 20;
	client = fixture_connect(fixture);
	for (int i = 0; i < 2000; i++) {
		assert_int_equal(client_event(&client, event), 0);
		assert_int_equal(client_answer(&client, &answer), 0);
		assert_true(answer.taken);
	}
	client_close(&client);
	for (int i = 0; i < 300 && fixture_has(fixture, "transcripts/1000"); i++)
		usleep(100000);
	fixture_stop(fixture);
	log = fixture_log(fixture);
	while ((line = strsep(&log, "\n")) != NULL)
		if (strstr(line, "\"op\":\"expired\"") != NULL)
			expired++;
		else if (strstr(line, "\"op\":\"decision\"") != NULL && expired > 0 &&
			 expired < FILES)
			between++;
	assert_int_equal(expired, FILES);
	print_message("%zu events were taken meanwhile\n", between);
	assert_true(between >= 50);
	(void)fixture_verify(fixture);
}

/* What a killed recorder left open is looked for by the next one, which does not wait for it. */
static void R30_a_start_does_not_wait_for_what_is_left_open(void **state)
{
	enum { FILES = 2000 };
	struct fixture *fixture = *state;
	struct recorder_client client;
	struct recorder_answer answer;
	struct tree tree;

	open_tree(fixture, &tree);
	close_tree(&tree);
	make_files(fixture, 1000, 0, FILES, 0600, time(NULL));
	fixture->settings.slice = 1;
	client = fixture_connect(fixture);
	assert_int_equal(client_open(&client, "0123456789abcdef0123456789abcdef", 1000,
				 "{\"version\":2,\"width\":80,\"height\":24}", 0),
		0);
	assert_int_equal(client_answer(&client, &answer), 0);
	assert_true(answer.taken);
	for (int i = 0; i < 300 && fixture_count(fixture, "\"state\":\"recovered\"") < FILES; i++)
		usleep(100000);
	assert_int_equal(fixture_count(fixture, "\"state\":\"recovered\""), FILES);
	assert_int_equal(client_end(&client, 1, "end"), 0);
	assert_int_equal(client_answer(&client, &answer), 0);
	assert_true(answer.taken); /* its own was not taken for one of those */
	client_close(&client);
	fixture_stop(fixture);
	assert_int_equal(fixture_count(fixture, "\"state\":\"recovered\""), FILES);
	assert_int_equal(fixture_count(fixture, "\"state\":\"end\""), 1);
}

static void R30_what_this_process_writes_was_left_by_nobody(void **state)
{
	static const char header[] = "{\"version\":2,\"width\":80,\"height\":24}";
	static const char request[] = "0123456789abcdef0123456789abcdef";
	struct fixture *fixture = *state;
	struct transcript *open;
	const char *why;
	struct tree tree;

	open_tree(fixture, &tree);
	tree.all.limit = 1000;
	make_files(fixture, 1000, 0, 3, 0600, time(NULL));
	open = transcript_open(&tree.all, fixture->arena, request, 1000, header, 0, &why);
	assert_non_null(open);
	(void)sweep_all(&tree, true);
	assert_int_equal(fixture_count(fixture, "\"state\":\"recovered\""), 3);
	transcript_drop(open);
	(void)sweep_all(&tree, true);
	assert_int_equal(fixture_count(fixture, "\"state\":\"recovered\""), 4);
	close_tree(&tree);
}

static void what_is_recovered_has_its_endpoint(void **state)
{
	static const char bytes[] = "{\"version\":2,\"width\":80,\"height\":24,"
				    "\"endpoint\":\"operations\"}\n[1.500000,\"o\",\"x\"]\n[2.5";
	struct fixture *fixture = *state;
	char *path = arena_printf(fixture->arena,
		"%s/transcripts/1000/0123456789abcdef0123456789abcdef.cast", fixture->directory);
	struct tree tree;
	int fd;

	open_tree(fixture, &tree);
	assert_int_equal(
		mkdir(arena_printf(fixture->arena, "%s/transcripts/1000", fixture->directory),
			0700),
		0);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_int_equal(fd_write_all(fd, bytes, strlen(bytes)), 0);
	close(fd);
	(void)sweep_all(&tree, true);
	assert_non_null(strstr(
		fixture_line(fixture, "\"state\":\"recovered\""), "\"endpoint\":\"operations\""));
	assert_non_null(strstr(fixture_line(fixture, "\"state\":\"recovered\""), "\"torn\":4"));
	close_tree(&tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(R33_a_short_transcript_takes_a_block),
		FIXTURE_TEST(R33_one_users_flood_takes_nothing_of_another),
		FIXTURE_TEST(what_is_too_old_goes_and_its_empty_folder),
		FIXTURE_TEST(more_than_are_chosen_at_once_go_in_their_order),
		FIXTURE_TEST(each_is_brought_down_to_what_the_others_may_have),
		FIXTURE_TEST(R22_a_slice_is_a_slice),
		FIXTURE_TEST(R22_the_recorder_answers_while_it_looks_through_many),
		FIXTURE_TEST(R30_a_start_does_not_wait_for_what_is_left_open),
		FIXTURE_TEST(R30_what_this_process_writes_was_left_by_nobody),
		FIXTURE_TEST(what_is_recovered_has_its_endpoint),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
