/*
 * Any text as a gateway's list of what may be run: completion of every command in it, and of every
 * beginning of a line with it, stays within the line.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "shell/catalogue.h"
#include "shell/complete.h"
#include "shell/suggest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { COMMANDS = 16, LINE_MAX_BYTES = 256 };

static void complete(struct arena *arena, const struct catalogue *catalogue, const char *line)
{
	static const struct builtin_word builtins[] = {{"help", "h"}, {"exit", "e"}, {0}};
	const struct completer completer = {.catalogue = catalogue, .builtins = builtins};
	size_t length = strlen(line);
	struct completion completion = complete_line(arena, &completer, line, length);

	if (completion.remove > length)
		abort();
	for (size_t i = 1; i < completion.candidates.count; i++)
		if (strcmp(completion.candidates.items[i - 1], completion.candidates.items[i]) >= 0)
			abort();
}

static void try_command(struct arena *arena, const struct catalogue *catalogue,
	const struct catalogue_command *command)
{
	char line[LINE_MAX_BYTES];
	size_t length = strnlen(command->name, sizeof(line) - 4);

	for (size_t i = 0; i < command->count; i++) {
		(void)catalogue_expects(arena, &command->parameters[i]);
		(void)catalogue_label(arena, &command->parameters[i]);
	}
	memcpy(line, command->name, length);
	for (const char *more = " --"; *more != '\0'; more++) {
		line[length] = '\0';
		complete(arena, catalogue, line);
		(void)suggest_line(arena, catalogue, &command->words);
		(void)suggest_line_is_secretive(arena, catalogue, line);
		line[length++] = *more;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	const struct catalogue *catalogue =
		catalogue_read(arena, arena_strndup(arena, (const char *)data, size));

	for (size_t i = 0; catalogue != NULL && i < catalogue->count && i < COMMANDS; i++)
		try_command(arena, catalogue, &catalogue->commands[i]);
	if (catalogue != NULL)
		complete(arena, catalogue, "");
	arena_free(arena);
	return 0;
}
