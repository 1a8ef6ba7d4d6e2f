/*
 * The typed lines of a function's script. The first byte says how the bytes are cut: the lines must
 * be the same however they come, bounded, and text.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "function/outcome.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void check_lines(const struct outcome *outcome)
{
	bool error = false, invalid = false;

	check(outcome->count <= OUTCOME_LINES_MAX && outcome->bytes <= OUTCOME_BYTES_MAX);
	for (size_t i = 0; i < outcome->count; i++) {
		const struct outcome_line *line = &outcome->lines[i];

		check(line->type >= OUTCOME_SUCCESS && line->type <= OUTCOME_INVALID);
		check((line->input != NULL) == (line->type == OUTCOME_INVALID));
		check(line->text[0] != '\0' && strchr(line->text, '\n') == NULL);
		check(text_is_utf8(line->text, strlen(line->text)));
		error = error || line->type == OUTCOME_ERROR;
		invalid = invalid || line->type == OUTCOME_INVALID;
	}
	check(outcome->truncated ||
		(error == outcome->has_error && invalid == outcome->has_invalid));
	check((!error && !invalid) || outcome_result(outcome, 0) != OUTCOME_SUCCEEDED);
	check(outcome_result(outcome, -1) == OUTCOME_FAILED);
}

static void check_same(const struct outcome *left, const struct outcome *right)
{
	check(left->count == right->count && left->truncated == right->truncated);
	for (size_t i = 0; i < left->count; i++) {
		check(left->lines[i].type == right->lines[i].type);
		check(strcmp(left->lines[i].text, right->lines[i].text) == 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct parameter inputs[] = {{.name = "unit"}, {.name = "host-name"}};
	const struct command command = {.parameters = {.items = inputs, .count = 2}};
	struct outcome whole, parts;
	struct arena *arena;
	size_t step;

	if (size == 0)
		return 0;
	arena = arena_new();
	step = 1 + data[0];
	outcome_begin(&whole, arena, &command);
	outcome_feed(&whole, (const char *)data + 1, size - 1);
	outcome_end(&whole);
	outcome_begin(&parts, arena, &command);
	for (size_t at = 1; at < size; at += step)
		outcome_feed(&parts, (const char *)data + at, at + step < size ? step : size - at);
	outcome_end(&parts);
	check_lines(&whole);
	check_same(&whole, &parts);
	arena_free(arena);
	return 0;
}
