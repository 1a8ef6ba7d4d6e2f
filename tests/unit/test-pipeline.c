/* src/shell/pipeline.c: which "|" connects commands, and which is text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "shell/pipeline.h"

/* "a,b|c": the words of each command. */
static char *show(struct arena *arena, const struct pipeline *pipeline)
{
	struct strings stages = {0};

	for (size_t i = 0; i < pipeline->count; i++)
		strings_add(arena, &stages, strings_join(arena, &pipeline->stages[i], ","));
	return strings_join(arena, &stages, "|");
}

static void expect(const char *line, const char *stages)
{
	struct arena *arena = arena_new();
	struct pipeline pipeline;
	struct line_error error;

	if (pipeline_split(arena, line, strlen(line), &pipeline, &error) < 0)
		fail_msg("%s: column %zu: %s", line, error.column, error.reason);
	assert_string_equal(show(arena, &pipeline), stages);
	arena_free(arena);
}

static void refuse(const char *line, size_t column, const char *part)
{
	struct arena *arena = arena_new();
	struct pipeline pipeline;
	struct line_error error;

	if (pipeline_split(arena, line, strlen(line), &pipeline, &error) == 0)
		fail_msg("accepted: %s", line);
	if (error.column != column || strstr(error.reason, part) == NULL)
		fail_msg("%s: column %zu: %s", line, error.column, error.reason);
	arena_free(arena);
}

static void a_pipe_ends_a_command(void **state)
{
	(void)state;
	expect("", "");
	expect("   ", "");
	expect("a", "a");
	expect("a b | c d", "a,b|c,d");
	expect("a|b|c", "a|b|c");
	expect("  a  |  b  ", "a|b");
	expect("a ''|b", "a,|b");
}

static void R1_a_quoted_pipe_is_data(void **state)
{
	(void)state;
	expect("a '|' b", "a,|,b");
	expect("a \"b|c\"", "a,b|c");
	expect("a \\| b", "a,|,b");
	expect("a 'x | y' | b \"| z\" | c \\|", "a,x | y|b,| z|c,|");
	expect("a 'it'\\''s |' | b", "a,it's ||b");
	expect("a \"\\\"|\\\"\" | b", "a,\"|\"|b");
}

static void R1_everything_else_of_a_shell_is_refused_in_each_command(void **state)
{
	(void)state;
	refuse("a | b; c", 6, "another command");
	refuse("a |& b", 4, "background");
	refuse("a | b > c", 7, "redirect output");
	refuse("a | (b)", 5, "subshell");
	refuse("a | X=1 b", 6, "set a variable");
	refuse("a | b $x", 7, "expanded");
	refuse("a | ~/x", 5, "home directory");
	refuse("a | # b", 5, "comment");
	refuse("a | ^b", 5, "recall");
	refuse("a | b `c`", 7, "backquote");
	refuse("a | 'b", 5, "not closed");
	refuse("\xc3\xa4 | b *", 7, "file names");
	refuse("a\x01 | b", 2, "control character");
	refuse("a | b\t", 6, "tab");
}

static void a_pipe_connects_two(void **state)
{
	(void)state;
	refuse("|", 1, "before this pipe");
	refuse("| a", 1, "before this pipe");
	refuse("a |", 3, "after this pipe");
	refuse("a |  ", 3, "after this pipe");
	refuse("a || b", 4, "another command");
	refuse("a | | b", 5, "before this pipe");
	refuse("a | b |", 7, "after this pipe");
}

static void limits(void **state)
{
	char line[PIPELINE_STAGES_MAX * 4 + 8] = "a", *long_line;
	struct arena *arena = arena_new();
	struct pipeline pipeline;
	struct line_error error;

	(void)state;
	for (size_t i = 1; i < PIPELINE_STAGES_MAX; i++)
		strncat(line, " | a", sizeof(line) - strlen(line) - 1);
	assert_int_equal(pipeline_split(arena, line, strlen(line), &pipeline, &error), 0);
	assert_int_equal(pipeline.count, PIPELINE_STAGES_MAX);
	strncat(line, " | a", sizeof(line) - strlen(line) - 1);
	assert_int_equal(pipeline_split(arena, line, strlen(line), &pipeline, &error), -1);
	assert_true(error.limit);
	long_line = arena_alloc(arena, LINE_LENGTH_MAX + 2);
	memset(long_line, '|', LINE_LENGTH_MAX + 1);
	assert_int_equal(
		pipeline_split(arena, long_line, LINE_LENGTH_MAX + 1, &pipeline, &error), -1);
	assert_true(error.limit);
	assert_int_equal(error.offset, LINE_LENGTH_MAX);
	arena_free(arena);
}

static void the_last_command_of_a_line_being_typed(void **state)
{
	static const struct {
		const char *line;
		size_t start;
	} rows[] = {{"a b", 0}, {"a | b", 3}, {"a | b | ", 7}, {"a '| b", 0}, {"a '|' | 'b |", 7},
		{"a; | b", 0}, {"a | b; | c", 3}};
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(pipeline_last(arena, rows[i].line, strlen(rows[i].line)),
			rows[i].start);
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pipe_ends_a_command),
		cmocka_unit_test(R1_a_quoted_pipe_is_data),
		cmocka_unit_test(R1_everything_else_of_a_shell_is_refused_in_each_command),
		cmocka_unit_test(a_pipe_connects_two),
		cmocka_unit_test(limits),
		cmocka_unit_test(the_last_command_of_a_line_being_typed),
	};

	return cmocka_run_group_tests_name("pipeline", tests, NULL, NULL);
}
