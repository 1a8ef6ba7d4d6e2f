/*
 * What in a script deserves a second look before it is approved. It recognises what is known, and
 * nothing else: that nothing was found does not make a script harmless. Pure.
 */
#ifndef ROLEGATE_APPROVAL_DANGER_H
#define ROLEGATE_APPROVAL_DANGER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/strings.h"

enum {
	DANGER_SAME_MAX = 5,	/* of one kind: many of them hide no other */
	DANGER_LINE_LONG = 400, /* bytes */
};

struct danger_finding {
	size_t line;	 /* from 1; of a command: the word, from 1, or 0: all of them together */
	const char *why; /* safe for a terminal */
	size_t more;	 /* lines behind it with the same, which are not listed */
	size_t until;	 /* the last of these */
};

struct danger {
	struct danger_finding *findings; /* by line */
	size_t count;
	size_t total; /* with those that are not listed */
};

struct danger danger_find(struct arena *arena, const char *text);
/* The same for the words of a command, each by itself, and together as a shell would see them. */
struct danger danger_find_words(struct arena *arena, const struct strings *words);

/* Regular expressions (PCRE2), of a line, and what it means when they are found in it. */
struct danger_pattern {
	const char *pattern, *why;
};
extern const struct danger_pattern danger_patterns[];
extern const size_t danger_pattern_count;

#endif
