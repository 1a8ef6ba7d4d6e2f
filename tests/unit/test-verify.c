/* verify_log(): no byte of a log can be another one, be it small or large. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "log/verify.h"

enum { SMALL = 8, LARGE = 1200, RANDOM_CHANGES = 10000, PLACES_MAX = 16 };

static char directory[] = "/tmp/test-verify-XXXXXX";

/* Two files, since what is between them counts as well. */
struct sample {
	struct arena *arena;
	char *bytes[2];
	size_t lengths[2], lines[2];
	char paths[2][128];
	int fds[2];
};

/* The places that were named. */
struct heard {
	size_t count;
	char places[PLACES_MAX][160];
};

static char *object(struct arena *arena, size_t number, size_t count)
{
	if (number == 0 || number == count / 2)
		return arena_printf(arena,
			"{\"time\":\"2026-11-29T00:00:00.000Z\",\"host\":\"gate\",\"op\":\"chain\","
			"\"format\":1,\"chain\":\"00112233445566778899aabbccddeeff\"}");
	return arena_printf(arena,
		"{\"time\":\"2026-11-29T00:00:%02zu.000Z\",\"host\":\"gate\",\"op\":\"decision\","
		"\"req\":\"%032zx\",\"acct\":\"dana\",\"cmd\":\"systemctl restart %zu\"}",
		number % 60, number, number);
}

static void fill(struct sample *sample, size_t count)
{
	struct chain chain = chain_start;
	FILE *streams[2];

	for (size_t i = 0; i < 2; i++)
		streams[i] = open_memstream(&sample->bytes[i], &sample->lengths[i]);
	for (size_t i = 0; i < count; i++) {
		const char *line =
			chain_seal(sample->arena, &chain, object(sample->arena, i, count));

		assert_non_null(line);
		fputs(line, streams[i >= count / 2]);
		sample->lines[i >= count / 2]++;
	}
	for (size_t i = 0; i < 2; i++)
		fclose(streams[i]);
}

static void make_sample(struct sample *sample, size_t count)
{
	*sample = (struct sample){.arena = arena_new()};
	fill(sample, count);
	(void)snprintf(sample->paths[0], sizeof(sample->paths[0]),
		"%s/events-00000000000000000001.jsonl", directory);
	(void)snprintf(sample->paths[1], sizeof(sample->paths[1]), "%s/events.jsonl", directory);
	for (size_t i = 0; i < 2; i++) {
		sample->fds[i] = open(sample->paths[i], O_RDWR | O_CREAT | O_TRUNC, 0600);
		assert_true(sample->fds[i] >= 0);
		assert_int_equal(write(sample->fds[i], sample->bytes[i], sample->lengths[i]),
			sample->lengths[i]);
	}
}

static void free_sample(struct sample *sample)
{
	for (size_t i = 0; i < 2; i++) {
		close(sample->fds[i]);
		free(sample->bytes[i]);
	}
	arena_free(sample->arena);
}

static void hear(void *context, const char *place, uint64_t sequence, const char *what)
{
	struct heard *heard = context;

	(void)sequence;
	(void)what;
	if (heard->count < PLACES_MAX)
		(void)snprintf(heard->places[heard->count], sizeof(heard->places[0]), "%s", place);
	heard->count++;
}

static void verify(struct heard *heard)
{
	const struct verify_question question = {
		.path = directory, .transcripts = true, .found = hear, .context = heard};
	struct arena *arena = arena_new();
	struct verify_result result;
	const char *complaint = NULL;

	*heard = (struct heard){0};
	assert_int_equal(verify_log(arena, &question, &result, &complaint), 0);
	assert_int_equal(result.findings, heard->count);
	arena_free(arena);
}

static bool names(const struct heard *heard, const char *place)
{
	for (size_t i = 0; i < heard->count && i < PLACES_MAX; i++)
		if (strcmp(heard->places[i], place) == 0)
			return true;
	return false;
}

/* The file:line that byte `at` is in; its line end is a part of it. */
static const char *place_of(const struct sample *sample, size_t file, size_t at)
{
	static char place[160];
	size_t line = 1;

	for (size_t i = 0; i < at; i++)
		line += sample->bytes[file][i] == '\n';
	(void)snprintf(place, sizeof(place), "%s:%zu", sample->paths[file], line);
	return place;
}

static void change(const struct sample *sample, size_t file, size_t at, char to)
{
	assert_int_equal(pwrite(sample->fds[file], &to, 1, (off_t)at), 1);
}

static void expect_found(const struct sample *sample, size_t file, size_t at, char to)
{
	char was = sample->bytes[file][at];
	struct heard heard;

	if (to == was)
		return;
	change(sample, file, at, to);
	verify(&heard);
	if (heard.count == 0 || !names(&heard, place_of(sample, file, at)))
		fail_msg("byte %zu of file %zu, 0x%02x to 0x%02x: %zu findings, first %s", at, file,
			(unsigned char)was, (unsigned char)to, heard.count, heard.places[0]);
	change(sample, file, at, was);
}

static void R29_every_changed_byte_of_a_small_log_is_found_and_named(void **state)
{
	struct sample sample;
	struct heard heard;

	(void)state;
	make_sample(&sample, SMALL);
	verify(&heard);
	assert_int_equal(heard.count, 0);
	for (size_t file = 0; file < 2; file++)
		for (size_t at = 0; at < sample.lengths[file]; at++) {
			char was = sample.bytes[file][at];
			const char values[] = {(char)(was ^ 1), (char)(was ^ 0x20),
				(char)(was ^ 0x80), 0, ' ', '"', '0', '}'};

			for (size_t i = 0; i < sizeof(values); i++)
				expect_found(&sample, file, at, values[i]);
		}
	/* A line end more takes a moment: it may be one that is being written. */
	for (size_t at = 0; at + 1 < sample.lengths[0]; at += 7)
		expect_found(&sample, 0, at, '\n');
	verify(&heard);
	assert_int_equal(heard.count, 0);
	free_sample(&sample);
}

static void R29_random_changes_of_a_large_log_are_found_and_named(void **state)
{
	struct sample sample;
	struct heard heard;

	(void)state;
	srandom(29);
	make_sample(&sample, LARGE);
	for (size_t i = 0; i < RANDOM_CHANGES; i++) {
		size_t file = (size_t)random() % 2;

		expect_found(&sample, file, (size_t)random() % (sample.lengths[file] - 1),
			(char)random());
	}
	verify(&heard);
	assert_int_equal(heard.count, 0);
	free_sample(&sample);
}

static void remove_bytes(const struct sample *sample, size_t file, size_t at, size_t count)
{
	const char *bytes = sample->bytes[file];
	size_t length = sample->lengths[file];

	assert_int_equal(ftruncate(sample->fds[file], 0), 0);
	assert_int_equal(pwrite(sample->fds[file], bytes, at, 0), at);
	assert_int_equal(
		pwrite(sample->fds[file], bytes + at + count, length - at - count, (off_t)at),
		length - at - count);
}

static void R29_every_missing_and_every_added_byte_is_found(void **state)
{
	struct sample sample;
	struct heard heard;
	struct stat status;

	(void)state;
	make_sample(&sample, SMALL);
	for (size_t at = 0; at + 1 < sample.lengths[0]; at++) {
		remove_bytes(&sample, 0, at, 1);
		verify(&heard);
		assert_true(names(&heard, place_of(&sample, 0, at)));
		assert_int_equal(ftruncate(sample.fds[0], (off_t)at), 0);
		assert_int_equal(pwrite(sample.fds[0], "7", 1, (off_t)at), 1);
		assert_int_equal(pwrite(sample.fds[0], sample.bytes[0] + at, sample.lengths[0] - at,
					 (off_t)at + 1),
			sample.lengths[0] - at);
		verify(&heard);
		/* A byte more in a run of the same ones is anywhere in it. */
		assert_true(heard.count > 0);
	}
	remove_bytes(&sample, 0, 0, 0);
	verify(&heard);
	assert_int_equal(heard.count, 0);
	assert_int_equal(fstat(sample.fds[0], &status), 0);
	assert_int_equal(status.st_size, sample.lengths[0]);
	free_sample(&sample);
}

static int make_directory(void **state)
{
	(void)state;
	return mkdtemp(directory) != NULL ? 0 : -1;
}

static int remove_directory(void **state)
{
	static const char *const names_in_it[] = {
		"events.jsonl", "events-00000000000000000001.jsonl"};
	int fd = open(directory, O_RDONLY | O_DIRECTORY);

	(void)state;
	for (size_t i = 0; i < 2; i++)
		(void)unlinkat(fd, names_in_it[i], 0);
	close(fd);
	return rmdir(directory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(R29_every_changed_byte_of_a_small_log_is_found_and_named),
		cmocka_unit_test(R29_random_changes_of_a_large_log_are_found_and_named),
		cmocka_unit_test(R29_every_missing_and_every_added_byte_is_found),
	};

	return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
