/* Completion of a line: pure, from the catalogue and the words so far. */
#ifndef ROLEGATE_SHELL_COMPLETE_H
#define ROLEGATE_SHELL_COMPLETE_H

#include "base/arena.h"
#include "base/strings.h"
#include "shell/catalogue.h"

/* A word of the prompt's own. */
struct builtin_word {
	const char *name, *about;
};

/* What can be completed with. */
struct completer {
	const struct catalogue *catalogue;
	const struct builtin_word *builtins; /* the last one has no name */
	/*
	 * The values of an input that another function computes, for the call of which `words` are
	 * what stands so far. NULL: they are not asked for.
	 */
	struct strings (*choices)(void *context, const struct catalogue_parameter *parameter,
		const struct strings *words);
	void *context;
};

struct completion {
	struct strings candidates; /* sorted, each once */
	const char **about;	   /* what each is; "" where there is nothing to say */
	const char *expects;	   /* of which value none can be listed, and what it is; or NULL */
	size_t remove;		   /* bytes before the cursor that the next replaces */
	char *insert;		   /* quoted; "" when there is nothing more to add */
};

/*
 * For the line up to the cursor: the words that could stand there, and what to put in place of the
 * one there (the only candidate and a blank, or what all have in common). No candidates if the line
 * is refused anyway.
 */
struct completion complete_line(
	struct arena *arena, const struct completer *completer, const char *line, size_t length);

#endif
