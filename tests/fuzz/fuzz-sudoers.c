/*
 * What cvtsudoers writes, or may: whatever is read becomes files that the configuration takes.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "author/sudoers.h"
#include "base/text.h"
#include "config/loader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_files(struct arena *arena, const struct sudoers *sudoers)
{
	struct problems problems = {.arena = arena};
	struct config_file *files = arena_array(arena, sudoers->file_count, sizeof(*files));

	for (size_t i = 0; i < sudoers->file_count; i++)
		files[i] = (struct config_file){sudoers->files[i].name, sudoers->files[i].text,
			strlen(sudoers->files[i].text)};
	if (config_load_memory(arena, files, sudoers->file_count, &problems) != NULL)
		return;
	for (size_t i = 0; i < problems.count; i++)
		fprintf(stderr, "%s\n", problem_text(arena, &problems.items[i]));
	for (size_t i = 0; i < sudoers->file_count; i++)
		fprintf(stderr, "%s\n%s\n", sudoers->files[i].name, sudoers->files[i].text);
	abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	const char *complaint = NULL;
	struct sudoers sudoers;

	if (sudoers_import(arena, (const char *)data, size, size % 2 == 0 ? "web1" : NULL,
		    &sudoers, &complaint) == 0)
		check_files(arena, &sudoers);
	else if (complaint == NULL ||
		 text_refused(complaint, strlen(complaint)) != strlen(complaint))
		abort();
	arena_free(arena);
	return 0;
}
