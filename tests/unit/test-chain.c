/* The hash chain of the event log: no byte of it can be another one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "record/chain.h"

static const char *const objects[] = {"{\"op\":\"chain\",\"format\":1}", "{\"op\":\"decision\"}",
	"{\"op\":\"end\",\"seq\":7,\"hash\":\"no\"}"};

enum { LINES = 3 };

static void seal_all(struct arena *arena, char *lines[LINES])
{
	struct chain chain = chain_start;

	for (size_t i = 0; i < LINES; i++) {
		lines[i] = chain_seal(arena, &chain, objects[i]);
		assert_non_null(lines[i]);
		lines[i][strlen(lines[i]) - 1] = '\0'; /* the line end */
	}
}

/* The first line that is not good, or LINES. */
static size_t check_all(char *const lines[LINES], enum chain_result *result)
{
	struct chain chain = chain_start;
	struct chain_link link;
	size_t i;

	*result = CHAIN_GOOD;
	for (i = 0; i < LINES && *result == CHAIN_GOOD; i++)
		*result = chain_check(&chain, lines[i], strlen(lines[i]), &link);
	return *result == CHAIN_GOOD ? LINES : i - 1;
}

static void what_was_sealed_is_good(void **state)
{
	struct arena *arena = arena_new();
	enum chain_result result;
	struct chain_link link;
	char *lines[LINES];

	(void)state;
	seal_all(arena, lines);
	assert_int_equal(check_all(lines, &result), LINES);
	assert_int_equal(chain_read(lines[2], strlen(lines[2]), &link), CHAIN_GOOD);
	assert_int_equal(link.sequence, 3);
	assert_int_equal(link.body, strlen(objects[2]) - 1);
	arena_free(arena);
}

static void R29_every_changed_byte_is_found(void **state)
{
	struct arena *arena = arena_new();
	enum chain_result result;
	char *lines[LINES];

	(void)state;
	seal_all(arena, lines);
	for (size_t i = 0; i < LINES; i++)
		for (size_t j = 0; lines[i][j] != '\0'; j++)
			for (int to = 1; to < 256; to++) {
				char was = lines[i][j];

				if ((char)to == was)
					continue;
				lines[i][j] = (char)to;
				assert_int_equal(check_all(lines, &result), i);
				lines[i][j] = was;
			}
	arena_free(arena);
}

static void R29_lines_that_go_come_or_change_places_are_found(void **state)
{
	struct arena *arena = arena_new();
	enum chain_result result;
	char *lines[LINES];

	(void)state;
	seal_all(arena, lines);
	assert_int_equal(check_all((char *[]){lines[0], lines[2], lines[1]}, &result), 1);
	assert_int_equal(result, CHAIN_SEQUENCE);
	assert_int_equal(check_all((char *[]){lines[0], lines[1], lines[1]}, &result), 2);
	assert_int_equal(result, CHAIN_SEQUENCE);
	assert_int_equal(check_all((char *[]){lines[1], lines[2], lines[2]}, &result), 0);
	arena_free(arena);
}

static void a_line_of_another_chain_is_found(void **state)
{
	struct arena *arena = arena_new();
	struct chain other = chain_start;
	enum chain_result result;
	char *lines[LINES], *foreign;

	(void)state;
	seal_all(arena, lines);
	(void)chain_seal(arena, &other, "{\"op\":\"another\"}");
	foreign = chain_seal(arena, &other, objects[1]);
	foreign[strlen(foreign) - 1] = '\0';
	lines[1] = foreign;
	assert_int_equal(check_all(lines, &result), 1);
	assert_int_equal(result, CHAIN_BROKEN);
	arena_free(arena);
}

static void what_is_no_object_is_not_sealed(void **state)
{
	static const char *const wrong[] = {
		"", "{}", "{", "x", "[1]", "{\"a\":1}\n", "{\"a\":\n1}"};
	struct arena *arena = arena_new();
	struct chain chain = chain_start;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_null(chain_seal(arena, &chain, wrong[i]));
	assert_int_equal(chain.next, 1);
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_sealed_is_good),
		cmocka_unit_test(R29_every_changed_byte_is_found),
		cmocka_unit_test(R29_lines_that_go_come_or_change_places_are_found),
		cmocka_unit_test(a_line_of_another_chain_is_found),
		cmocka_unit_test(what_is_no_object_is_not_sealed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
