/* Completion of a line: pure, from the catalogue and the words so far. */
#ifndef ROLEGATE_SHELL_COMPLETE_H
#define ROLEGATE_SHELL_COMPLETE_H

#include "base/arena.h"
#include "base/strings.h"
#include "shell/catalogue.h"

/*
 * The words that could stand where `partial` is, after `words`: sorted, each once. `builtins` is
 * NULL-terminated.
 */
struct strings complete_words(struct arena *arena, const struct catalogue *catalogue,
	const char *const *builtins, const struct strings *words, const char *partial);

struct completion {
	struct strings candidates;
	size_t remove; /* bytes before the cursor that the next replaces */
	char *insert;  /* quoted; "" when there is nothing more to add */
};

/*
 * The same for the line up to the cursor: what to put in place of the word there (the only
 * candidate and a blank, or what all have in common). No candidates if the line is refused anyway.
 */
struct completion complete_line(struct arena *arena, const struct catalogue *catalogue,
	const char *const *builtins, const char *line, size_t length);

#endif
