/* The line grammar: whatever is accepted is clean, and comes back from its quoted form. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/strings.h"
#include "base/text.h"
#include "policy/line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void check_error(const struct line_error *error, size_t size)
{
	check(error->reason != NULL && error->column >= 1 && error->offset <= size);
	check(error->column <= error->offset + 1);
	check(text_refused(error->reason, strlen(error->reason)) == strlen(error->reason));
}

static void check_words(struct arena *arena, const struct strings *words)
{
	char *line = line_quote(arena, words->items, words->count);
	struct strings again;
	struct line_error error;

	for (size_t i = 0; i < words->count; i++)
		check(text_refused(words->items[i], strlen(words->items[i])) ==
			strlen(words->items[i]));
	if (strlen(line) > LINE_LENGTH_MAX)
		return;
	check(line_split(arena, line, strlen(line), &again, &error) == 0);
	check(again.count == words->count);
	for (size_t i = 0; i < words->count; i++)
		check(strcmp(again.items[i], words->items[i]) == 0);
}

/* Typing on can add words, but never change those before the cursor. */
static void check_partial(struct arena *arena, const char *line, size_t size)
{
	struct strings words, before;
	struct line_error error;
	char *partial;

	if (line_split(arena, line, size, &words, &error) < 0)
		return;
	check(line_split_partial(arena, line, size / 2, &before, &partial) == 0);
	check(before.count <= words.count);
	for (size_t i = 0; i < before.count; i++)
		check(strcmp(before.items[i], words.items[i]) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	const char *line = (const char *)data;
	struct strings words;
	struct line_error error;

	if (line_split(arena, line, size, &words, &error) < 0)
		check_error(&error, size);
	else
		check_words(arena, &words);
	if (size < 2 || ((unsigned char)line[size / 2] & 0xc0) != 0x80)
		check_partial(arena, line, size);
	arena_free(arena);
	return 0;
}
