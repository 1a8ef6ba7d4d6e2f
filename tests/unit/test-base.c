/* src/base/: arena, strings, table, text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/amount.h"
#include "base/arena.h"
#include "base/fd.h"
#include "base/request_id.h"
#include "base/strings.h"
#include "base/table.h"
#include "base/text.h"

static void what_is_shown_ends_with_a_character(void **state)
{
	(void)state;
	assert_int_equal(text_cut("", 0), 0);
	assert_int_equal(text_cut("abc", 3), 3);
	assert_int_equal(text_cut("abc", 2), 2);
	assert_int_equal(text_cut("a\u20ac", 4), 4);
	assert_int_equal(text_cut("a\u20ac", 3), 1);
	assert_int_equal(text_cut("a\u20acb", 4), 4);
	assert_int_equal(text_cut("\u20ac", 1), 0);
}

static void amounts(void **state)
{
	static const struct {
		const char *text;
		const struct amount_unit *units;
		uint64_t amount; /* 1000: refused */
	} cases[] = {{"0", amount_sizes, 0}, {"512M", amount_sizes, 512 << 20},
		{"7", amount_sizes, 7}, {"1T", amount_sizes, UINT64_C(1) << 40},
		{"2T", amount_sizes, 1000}, {"1099511627777", amount_sizes, 1000},
		{"99999999999999999999", amount_sizes, 1000}, {"1m", amount_sizes, 1000},
		{"", amount_sizes, 1000}, {"M", amount_sizes, 1000}, {"-1", amount_sizes, 1000},
		{" 1", amount_sizes, 1000}, {"1 K", amount_sizes, 1000}, {"1KB", amount_sizes, 1000},
		{"90s", amount_times, 90}, {"30m", amount_times, 1800}, {"7d", amount_times, 604800},
		{"8h", amount_times, 28800}, {"90", amount_times, 1000}, {"1w", amount_times, 1000},
		{"1hh", amount_times, 1000}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint64_t amount = 1000;
		bool good = amount_parse(
			cases[i].text, cases[i].units, UINT64_C(1) << 40, &amount);

		if (good != (cases[i].amount != 1000) || amount != cases[i].amount)
			fail_msg("\"%s\": %d %llu", cases[i].text, good, (unsigned long long)amount);
	}
}

static void sizes_are_said_in_their_largest_unit(void **state)
{
	assert_string_equal(amount_size_text(*state, 0), "0 bytes");
	assert_string_equal(amount_size_text(*state, 1000), "1000 bytes");
	assert_string_equal(amount_size_text(*state, 1536), "1536 bytes");
	assert_string_equal(amount_size_text(*state, UINT64_C(512) << 20), "512M");
	assert_string_equal(amount_size_text(*state, UINT64_C(2048) << 40), "2048T");
}

static int arena_set_up(void **state)
{
	*state = arena_new();
	return 0;
}

static int arena_tear_down(void **state)
{
	arena_free(*state);
	return 0;
}

static void arena_grow_keeps_what_was_there(void **state)
{
	int *numbers = NULL;

	for (size_t i = 0; i < 1000; i++) {
		numbers = arena_grow(*state, numbers, i, sizeof(*numbers));
		numbers[i] = (int)i;
	}
	for (int i = 0; i < 1000; i++)
		assert_int_equal(numbers[i], i);
}

/* What others had freed is not seen, whatever its size: blocks, and buffers with pages of their own. */
static void arena_memory_is_clear(void **state)
{
	(void)state;
	for (int round = 0; round < 3; round++) {
		struct arena *arena = arena_new();

		for (size_t size = 1; size < 300000; size += 1 + size / 3) {
			unsigned char *bytes = arena_alloc(arena, size);

			for (size_t i = 0; i < size; i++)
				assert_int_equal(bytes[i], 0);
			memset(bytes, 0xa5, size);
		}
		arena_free(arena);
	}
}

/* Whether it still finds room in a block or not. */
static void arena_texts_are_whole(void **state)
{
	char *texts[3000];

	for (size_t i = 0; i < 3000; i++)
		texts[i] = arena_printf(*state, "%0*zu", (int)(i % 97 + 5), i);
	for (size_t i = 0; i < 3000; i++) {
		assert_int_equal(strlen(texts[i]), i % 97 + 5);
		assert_int_equal(strtoul(texts[i], NULL, 10), i);
	}
}

static void shared_arena_crosses_a_fork(void **state)
{
	struct arena *arena = arena_new_shared(1 << 20);
	char **slot = arena_alloc(arena, sizeof(*slot));
	int status = 0;
	pid_t child = fork();

	(void)state;
	if (child == 0) {
		*slot = arena_strdup(arena, "from the child");
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(arena_seal(arena), 0);
	assert_string_equal(*slot, "from the child");
	arena_free(arena);
}

static void table_finds_what_was_put(void **state)
{
	struct table table = { 0 };
	char *keys[5000];

	for (size_t i = 0; i < 5000; i++) {
		keys[i] = arena_printf(*state, "key %zu", i);
		assert_null(table_put(*state, &table, keys[i], keys[i]));
	}
	for (size_t i = 0; i < 5000; i++)
		assert_ptr_equal(table_get(&table, keys[i]), keys[i]);
	assert_null(table_get(&table, "key 5000"));
	assert_ptr_equal(table_put(*state, &table, "key 7", keys[8]), keys[7]);
}

static void R2_control_bytes_and_bad_utf8_are_refused(void **state)
{
	(void)state;
	for (int byte = 0; byte < 256; byte++) {
		char text[4] = { 'a', (char)byte, 'b', 0 };
		size_t expected = byte >= 0x20 && byte < 0x7f ? 3 : 1;

		assert_int_equal(text_refused(text, 3), expected);
	}
	assert_int_equal(text_refused("\xc3\xa9", 2), 2);
	assert_int_equal(text_refused("\xc2\x85", 2), 0);         /* U+0085 */
	assert_int_equal(text_refused("\xe2\x80\xa8", 3), 0);     /* U+2028 */
	assert_int_equal(text_refused("\xc0\xaf", 2), 0);         /* overlong */
	assert_int_equal(text_refused("\xed\xa0\x80", 3), 0);     /* surrogate */
	assert_int_equal(text_refused("\xf4\x90\x80\x80", 4), 0); /* above U+10FFFF */
}

static void R32_escape_leaves_nothing_that_a_terminal_obeys(void **state)
{
	for (uint32_t point = 0; point < 0x3000; point++) {
		char bytes[4];
		size_t size = 0;

		if (point < 0x80) {
			bytes[size++] = (char)point;
		} else if (point < 0x800) {
			bytes[size++] = (char)(0xc0 | point >> 6);
			bytes[size++] = (char)(0x80 | (point & 0x3f));
		} else {
			bytes[size++] = (char)(0xe0 | point >> 12);
			bytes[size++] = (char)(0x80 | (point >> 6 & 0x3f));
			bytes[size++] = (char)(0x80 | (point & 0x3f));
		}
		char *text = text_escape(*state, bytes, size);

		assert_int_equal(text_refused(text, strlen(text)), strlen(text));
		assert_true(text_is_utf8(text, strlen(text)));
	}
	assert_string_equal(text_escape(*state, "a\033[2Jb", 6), "a\\x1b[2Jb");
	assert_string_equal(text_escape(*state, "\xe2\x80\xae", 3), "\\u{202e}");
	assert_string_equal(text_escape(*state, "\xff\xfe", 2), "\\xff\\xfe");
}

static void R6_names_have_a_strict_character_set(void **state)
{
	(void)state;
	assert_true(text_is_name("web-operator"));
	assert_true(text_is_account("svc-ops"));
	assert_true(text_is_account("HOST$"));
	for (const char *c = ",:;/ *!%\n"; *c != '\0'; c++) {
		char name[4] = { 'a', *c, 'b', 0 };

		assert_false(text_is_name(name));
		assert_false(text_is_account(name));
	}
	assert_false(text_is_name(""));
	assert_false(text_is_name("-x"));
	assert_false(text_is_account("1000"));
	assert_false(text_is_account("$"));
	assert_false(text_is_account("../../etc/x"));
}

static void canonical_paths(void **state)
{
	(void)state;
	assert_true(text_is_canonical_path("/"));
	assert_true(text_is_canonical_path("/usr/bin/true"));
	assert_true(text_is_canonical_path("/a/..b/.c"));
	for (const char *const *path = (const char *const[]){ "", "a", "//", "/a/", "/a//b", "/./a",
		     "/a/.", "/a/..", "/../a", "/a/../b", "/a\nb", NULL };
		*path != NULL; path++)
		assert_false(text_is_canonical_path(*path));
}

static void wildcards(void **state)
{
	(void)state;
	assert_true(text_wildcard("systemctl *", "systemctl restart"));
	assert_true(text_wildcard("*", ""));
	assert_true(text_wildcard("a*b*c", "a-b-b-c"));
	assert_false(text_wildcard("a*b", "a-b-c"));
	assert_false(text_wildcard("systemctl *", "systemctl"));
	assert_false(text_wildcard("a?", "ab"));
}

static void R31_request_ids_are_128_bit_and_distinct(void **state)
{
	struct request_id first, second;

	(void)state;
	assert_int_equal(request_id_new(&first), 0);
	assert_int_equal(request_id_new(&second), 0);
	assert_true(request_id_is_valid(first.text));
	assert_string_not_equal(first.text, second.text);
	assert_false(request_id_is_valid("../../../../../../../../etc/shad"));
	assert_false(request_id_is_valid(""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arena_grow_keeps_what_was_there),
		cmocka_unit_test(arena_memory_is_clear),
		cmocka_unit_test(arena_texts_are_whole),
		cmocka_unit_test(shared_arena_crosses_a_fork),
		cmocka_unit_test(table_finds_what_was_put),
		cmocka_unit_test(R2_control_bytes_and_bad_utf8_are_refused),
		cmocka_unit_test(R32_escape_leaves_nothing_that_a_terminal_obeys),
		cmocka_unit_test(R6_names_have_a_strict_character_set),
		cmocka_unit_test(canonical_paths),
		cmocka_unit_test(amounts),
		cmocka_unit_test(what_is_shown_ends_with_a_character),
		cmocka_unit_test_setup_teardown(
			sizes_are_said_in_their_largest_unit, arena_set_up, arena_tear_down),
		cmocka_unit_test(wildcards),
		cmocka_unit_test(R31_request_ids_are_128_bit_and_distinct),
	};
	return cmocka_run_group_tests(tests, arena_set_up, arena_tear_down);
}
