/*
 * libconfig files -> struct policy: strict, all problems in one go, each with file and line.
 *
 * DIR/rolegate.conf, DIR/commands.d/NAME.conf, DIR/roles.d/NAME.role, DIR/providers.d/NAME.conf,
 * DIR/profiles.d/NAME.conf, DIR/functions.d/NAME.conf, DIR/trusted.d/NAME.conf.
 */
#ifndef ROLEGATE_CONFIG_H
#define ROLEGATE_CONFIG_H

#include <stddef.h>

#include "base/arena.h"
#include "policy/policy.h"

enum problem_level { PROBLEM_WARNING, PROBLEM_ERROR };

struct problem {
	enum problem_level level;
	const char *file; /* relative to the configuration directory, or absolute */
	unsigned line;	  /* 0: the file as a whole */
	const char *text; /* what, and what was expected */
};

struct problems {
	struct arena *arena;
	struct problem *items;
	size_t count;
	size_t errors;	 /* all that were seen; only the first PROBLEMS_MAX of a level are kept */
	size_t warnings; /* the same */
};

enum { PROBLEMS_MAX = 1000 };

void problem_add(struct problems *problems, enum problem_level level, struct source source,
	const char *format, ...) __attribute__((format(printf, 4, 5)));

enum config_flags {
	CONFIG_TRUST_WARNS =
		1 << 0, /* a file that R28 refuses is a warning: nothing is run from it */
	CONFIG_MAIN_OPTIONAL = 1 << 1, /* a directory without rolegate.conf has no endpoints */
	CONFIG_SCRIPTS_WARN = 1 << 2,  /* a script that can't be read is a warning */
};

/*
 * Orders by file and line, keeping the order of what was found on one line; problems of no file
 * come last. config_load() has done it.
 */
void problems_sort(struct problems *problems);

/* `directory` below the one that the process is in, in `arena`; itself if it begins with a slash; NULL
 * with errno where that is not known. */
const char *config_absolute(struct arena *arena, const char *directory);

/*
 * The policy of `directory` (a relative one counts from the working directory), in `arena`, or
 * NULL when there was an error; `problems` holds every error and warning found, ordered by file
 * and line. Never exits (but see arena.h).
 */
struct policy *config_load(
	struct arena *arena, const char *directory, unsigned flags, struct problems *problems);

/* A file as it is going to be. */
struct config_change {
	const char *name;  /* "roles.d/x.role" */
	const char *bytes; /* NULL: there will be none */
	size_t length;
};

/* The same of the directory with one file changed; nothing is written. */
struct policy *config_load_changed(struct arena *arena, const char *directory, unsigned flags,
	const struct config_change *change, struct problems *problems);

/* "file:line: text", or "file: text" without a line; in `arena`, safe for a terminal. */
char *problem_text(struct arena *arena, const struct problem *problem);

#endif
