/* What the operator may run, as the gateway listed it (PACKET_LIST): for help and completion. */
#ifndef ROLEGATE_SHELL_CATALOGUE_H
#define ROLEGATE_SHELL_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/strings.h"

struct catalogue_parameter {
	const char *name;
	bool flag, secret;
	struct strings options;
	size_t position; /* from 1; 0: none */
	size_t repeat;
	struct strings values; /* those that can be listed: a set, or choices */
};

struct catalogue_command {
	const char *name;
	struct strings words; /* the name's */
	const char *description;
	const char *alias_of; /* or NULL */
	bool enabled;
	bool function; /* a script with typed inputs */
	struct catalogue_parameter *parameters;
	size_t count;
};

struct catalogue {
	struct catalogue_command *commands; /* and aliases, sorted by name */
	size_t count;
};

/* In `arena`; NULL if it is not such a list. */
struct catalogue *catalogue_read(struct arena *arena, const char *json);

/* The command whose name is the longest beginning of `words`, or NULL. */
const struct catalogue_command *catalogue_find(
	const struct catalogue *catalogue, const struct strings *words);
/* True if some command's name begins with `word`. */
bool catalogue_has_word(const struct catalogue *catalogue, const char *word);

#endif
