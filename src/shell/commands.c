/* What the operator may run: all of it, or what begins with a word. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "client/tty.h"
#include "shell/listing.h"
#include "shell/shell.h"

enum {
	NAME_COLUMNS_MAX = 32,
	ROWS_KEPT = 3, /* of the screen, for what stands round the list */
};

/* With single-role merging one name stands once for each role that grants it. */
static bool is_listed(const struct catalogue *catalogue, size_t i, const char *word)
{
	const struct catalogue_command *command = &catalogue->commands[i];

	return (i == 0 || strcmp(command[-1].name, command->name) != 0) &&
	       (word == NULL || strncmp(command->name, word, strlen(word)) == 0);
}

static size_t count_listed(const struct catalogue *catalogue, const char *word, size_t *widest)
{
	size_t count = 0;

	*widest = 0;
	for (size_t i = 0; i < catalogue->count; i++) {
		size_t length = strlen(catalogue->commands[i].name);

		if (!is_listed(catalogue, i, word))
			continue;
		count++;
		if (length > *widest && length <= NAME_COLUMNS_MAX)
			*widest = length;
	}
	return count;
}

/* On a terminal a line each, and so cut; elsewhere whole. */
static void show(struct arena *arena, const struct catalogue_command *command, size_t width)
{
	const char *name = text_escape(arena, command->name, strlen(command->name));
	const char *about = arena_printf(arena, "%s%s%s",
		text_escape(arena, command->description, strlen(command->description)),
		command->enabled || command->description[0] == '\0' ? "" : " ",
		command->enabled ? "" : "(disabled)");
	size_t taken = listing_width(name);

	if (about[0] == '\0') {
		printf("  %s\n", name);
		return;
	}
	taken = (taken > width ? taken : width) + 4;
	printf("  %-*s  ", (int)width, name);
	if (isatty(STDOUT_FILENO) == 1 && taken + 8 < listing_screen())
		listing_put_cut(arena, about, listing_screen() - taken - 1);
	else
		fputs(about, stdout);
	putchar('\n');
}

static bool fits(size_t count)
{
	size_t rows = tty_window(STDOUT_FILENO).rows;

	return isatty(STDOUT_FILENO) != 1 || rows == 0 || count + ROWS_KEPT <= rows;
}

/* What their names begin with, "..." where more than one does. */
static void show_beginnings(struct arena *arena, const struct catalogue *catalogue, size_t count)
{
	struct strings names = {0};
	const char *last = NULL;
	struct completion found = {.insert = NULL};

	for (size_t i = 0; i < catalogue->count; i++) {
		const struct strings *words = &catalogue->commands[i].words;

		if (!is_listed(catalogue, i, NULL) || words->count == 0)
			continue;
		if (last != NULL && strcmp(last, words->items[0]) == 0) {
			names.items[names.count - 1] = arena_printf(arena, "%s ...", last);
			continue;
		}
		last = words->items[0];
		strings_add(arena, &names, catalogue->commands[i].name);
	}
	found.candidates = names;
	listing_names(&found);
	printf("\n%zu commands. \"commands WORD\" says what those do that begin with it.\n", count);
}

int commands_list(struct shell *shell, const char *word)
{
	const struct catalogue *catalogue = shell->catalogue;
	struct arena *arena = arena_new();
	size_t widest, count = count_listed(catalogue, word, &widest);

	if (word == NULL && !fits(count))
		show_beginnings(arena, catalogue, count);
	else
		for (size_t i = 0; i < catalogue->count; i++)
			if (is_listed(catalogue, i, word))
				show(arena, &catalogue->commands[i], widest);
	if (count == 0)
		puts(word == NULL ? "Your roles allow no command here."
				  : "Your roles allow no command here that begins so.");
	arena_free(arena);
	return EXIT_SUCCESS;
}
