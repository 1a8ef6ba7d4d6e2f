/*
 * The argument parser and the rebuilt argv. The first two bytes choose the form of the command and
 * the parameters that are allowed; the rest is the words, with a NUL between them.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/strings.h"
#include "sample.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void split(struct arena *arena, const char *bytes, size_t size, struct strings *words)
{
	while (size > 0) {
		size_t length = strnlen(bytes, size);

		strings_add(arena, words, arena_strndup(arena, bytes, length));
		bytes += length;
		size -= length;
		if (size > 0) {
			bytes++;
			size--;
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena;
	struct strings words = {0};
	bool allowed[SAMPLE_PARAMETERS], accepted;
	const char *problem;

	if (size < 2)
		return 0;
	arena = arena_new();
	for (size_t i = 0; i < SAMPLE_PARAMETERS; i++)
		allowed[i] = i >= 8 || !(data[1] >> i & 1);
	split(arena, (const char *)data + 2, size - 2, &words);
	problem = sample_check(arena, sample_command(arena, data[0] % SAMPLE_VARIANTS), allowed,
		words.items, words.count, &accepted);
	if (problem != NULL) {
		fprintf(stderr, "%s\n", problem);
		abort();
	}
	arena_free(arena);
	return 0;
}
