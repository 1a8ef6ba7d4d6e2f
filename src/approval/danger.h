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
	DANGER_FINDINGS_MAX = 100,
	DANGER_LINE_LONG = 400, /* bytes */
};

struct danger_finding {
	size_t line;	 /* from 1; of a command: the word, from 1 */
	const char *why; /* safe for a terminal */
};

struct danger {
	struct danger_finding *findings; /* by line */
	size_t count;
	bool more; /* than DANGER_FINDINGS_MAX */
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
