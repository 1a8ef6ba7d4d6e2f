/*
 * Programs that are known, by their name, to do more than it says (R38): data/known-programs, made
 * into a table when rolegatectl is built.
 */
#ifndef ROLEGATE_ADMIN_KNOWN_PROGRAMS_H
#define ROLEGATE_ADMIN_KNOWN_PROGRAMS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* In the order of data/known-programs.awk, which is where they are explained. */
enum known_effect {
	KNOWN_SHELL,
	KNOWN_COMMAND,
	KNOWN_LIBRARY,
	KNOWN_READ,
	KNOWN_WRITE,
	KNOWN_PRIVILEGE,
	KNOWN_EFFECTS
};

struct known_program {
	const char *name;		 /* the last component of the path, without a version */
	const char *ways[KNOWN_EFFECTS]; /* "argument,-e,--expression"; NULL: no such effect */
};

/* Sorted by name, as strcmp(3) does. */
extern const struct known_program known_programs[];
extern const size_t known_program_count;

/* By the last component of `path`; "python3.11" is python. NULL: nothing is known. */
const struct known_program *known_program(const char *path);

/* The next item of a list of ways, in `arena`; NULL at its end. `*rest` moves on. */
const char *known_way(struct arena *arena, const char **rest);
/* "by its own prompt", "with the option -e", "by an argument": in `arena` or static. */
const char *known_way_text(struct arena *arena, const char *way);

#endif
