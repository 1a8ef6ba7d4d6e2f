/* What a nested run prints: kept up to a bound, and its end noticed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/fd.h"
#include "gateway/collect.h"

enum { LIMIT = 1000 };

static void printed(size_t length, struct collector *collector, struct arena *arena)
{
	int writer = -1;

	assert_int_equal(collector_open(collector, arena, LIMIT, &writer), 0);
	for (size_t i = 0; i < length; i++)
		assert_int_equal(write(writer, i % 2 == 0 ? "a" : "b", 1), 1);
	assert_true(collector_read(collector) || length > LIMIT);
	close(writer);
	assert_false(collector_read(collector));
	assert_int_equal(collector->fd, -1);
}

static void what_fits_is_kept_and_more_is_noticed(void **state)
{
	static const size_t lengths[] = {0, 1, 2, LIMIT - 1, LIMIT, LIMIT + 1, 5 * LIMIT};

	(void)state;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		struct arena *arena = arena_new();
		struct collector collector;
		size_t kept = lengths[i] < LIMIT ? lengths[i] : LIMIT;

		printed(lengths[i], &collector, arena);
		assert_int_equal(collector.too_much, lengths[i] > LIMIT);
		assert_int_equal(collector.length, kept);
		assert_int_equal(strlen(collector.bytes), kept);
		arena_free(arena);
	}
}

static void an_open_pipe_is_not_waited_for(void **state)
{
	struct arena *arena = arena_new();
	struct collector collector;
	_cleanup_fd_ int writer = -1;

	(void)state;
	assert_int_equal(collector_open(&collector, arena, LIMIT, &writer), 0);
	assert_true(collector_read(&collector));
	assert_int_equal(write(writer, "a\0b", 3), 3);
	assert_true(collector_read(&collector));
	assert_int_equal(collector.length, 3);
	collector_close(&collector);
	assert_false(collector_read(&collector));
	assert_int_equal(collector.length, 3);
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_fits_is_kept_and_more_is_noticed),
		cmocka_unit_test(an_open_pipe_is_not_waited_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
