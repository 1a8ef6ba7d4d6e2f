/* One search for candidates: what complete.c and complete_arguments.c share. */
#ifndef ROLEGATE_SHELL_COMPLETE_SEARCH_H
#define ROLEGATE_SHELL_COMPLETE_SEARCH_H

#include "shell/complete.h"

struct candidate {
	const char *word, *about;
};

struct search {
	struct arena *arena;
	const struct completer *completer;
	const struct catalogue *catalogue;
	const struct strings *words;
	const char *partial;
	const struct catalogue_parameter *expected; /* whose value may stand there; or NULL */
	struct candidate *found;
	size_t count;
};

/* A candidate, if it begins as what is typed does. */
void complete_offer(struct search *search, const char *word, const char *about);
/* What may follow the words of a call of `command`. */
void complete_offer_arguments(struct search *search, const struct catalogue_command *command);

#endif
