/* Pipelines: what is one command is that of the line grammar, and several are refused by it. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "shell/pipeline.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void check_same(const struct strings *left, const struct strings *right)
{
	check(left->count == right->count);
	for (size_t i = 0; i < left->count; i++)
		check(strcmp(left->items[i], right->items[i]) == 0);
}

/* The commands, quoted, with " | " between them, are the same again. */
static void check_again(struct arena *arena, const struct pipeline *pipeline)
{
	struct pipeline again;
	struct strings lines = {0};
	struct line_error error;
	char *line;

	for (size_t i = 0; i < pipeline->count; i++)
		strings_add(arena, &lines,
			line_quote(arena, pipeline->stages[i].items, pipeline->stages[i].count));
	line = strings_join(arena, &lines, " | ");
	if (strlen(line) > LINE_LENGTH_MAX)
		return;
	check(pipeline_split(arena, line, strlen(line), &again, &error) == 0);
	check(again.count == pipeline->count);
	for (size_t i = 0; i < again.count; i++)
		check_same(&again.stages[i], &pipeline->stages[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	const char *line = (const char *)data;
	struct pipeline pipeline;
	struct strings words;
	struct line_error error, single;
	bool good = pipeline_split(arena, line, size, &pipeline, &error) == 0;
	bool one = line_split(arena, line, size, &words, &single) == 0;

	if (one) {
		check(good && pipeline.count == (words.count > 0));
		if (words.count > 0)
			check_same(&pipeline.stages[0], &words);
	} else if (good) {
		check(pipeline.count > 1 && line[single.offset] == '|');
	} else {
		check(error.reason != NULL && error.column >= 1 && error.offset <= size);
		check(error.offset >= single.offset || error.limit != single.limit ||
			line[single.offset] == '|' || error.offset == single.offset);
	}
	if (good)
		check_again(arena, &pipeline);
	check(pipeline_last(arena, line, size) <= size);
	arena_free(arena);
	return 0;
}
