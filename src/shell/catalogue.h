/* What the operator may run, as the gateway listed it (PACKET_LIST): for help and completion. */
#ifndef ROLEGATE_SHELL_CATALOGUE_H
#define ROLEGATE_SHELL_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/strings.h"

struct catalogue_parameter {
	const char *name, *description; /* "" where there is none */
	bool flag, secret;
	bool required;
	bool computed; /* its values are what a function prints at the time (PACKET_CHOICES) */
	const char *type;    /* "string", "integer", … */
	const char *allowed; /* "any", "set", "pattern": by the roles */
	/* By the definition; "" where there is none. */
	const char *minimum, *maximum, *validate, *pattern;
	struct strings under, patterns; /* directories; the roles' patterns */
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
	bool needs_terminal;
	struct catalogue_parameter *parameters;
	size_t count;
};

struct catalogue {
	const char *motd; /* "" where there is none */
	const char *contact; /* whom to ask; "" where nobody is named */
	const char *drive;   /* what it may hold; "" where there is none */
	bool pipelines;	  /* commands may be connected by "|" */
	struct catalogue_command
		*commands; /* own ones, aliases, programs of the system; by name each */
	size_t count;
};

/* In `arena`; NULL if it is not such a list. */
struct catalogue *catalogue_read(struct arena *arena, const char *json);

/* The command whose name is the longest beginning of `words`, or NULL. */
const struct catalogue_command *catalogue_find(
	const struct catalogue *catalogue, const struct strings *words);
/* What may be given, in words: "one of: a, b". */
char *catalogue_expects(struct arena *arena, const struct catalogue_parameter *parameter);
/* How it is written: "-u, --unit", or "UNIT" for an operand; as the gateway calls it in messages. */
char *catalogue_label(struct arena *arena, const struct catalogue_parameter *parameter);
/* True if some command's name begins with `word`. */
bool catalogue_has_word(const struct catalogue *catalogue, const char *word);

#endif
