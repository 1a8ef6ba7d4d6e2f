/* "did you mean": the nearest of what the operator may run, and of nothing else (R24). Pure. */
#ifndef ROLEGATE_SHELL_SUGGEST_H
#define ROLEGATE_SHELL_SUGGEST_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/strings.h"
#include "shell/catalogue.h"

/* A line with one word of `words` put right, quoted; NULL when nothing is near. */
char *suggest_line(
	struct arena *arena, const struct catalogue *catalogue, const struct strings *words);

/* Whether what is typed names, or nearly names, something that takes a secret. */
bool suggest_is_secretive(
	struct arena *arena, const struct catalogue *catalogue, const struct strings *words);

/*
 * The same of a line, whatever is in it: of one that the grammar refuses, all that could be words is
 * looked at, and one of very many is taken for one.
 */
bool suggest_line_is_secretive(
	struct arena *arena, const struct catalogue *catalogue, const char *line);

#endif
