/* A role file to begin with: every key explained, commented out but what was asked for. Pure. */
#ifndef ROLEGATE_AUTHOR_SKELETON_H
#define ROLEGATE_AUTHOR_SKELETON_H

#include "policy/policy.h"

struct skeleton {
	const char *name;	 /* of the role */
	const char *description; /* or NULL */
	/* Commands and functions by their names, programs by their full paths. */
	struct strings commands;
};

/*
 * The text of the file, in `arena`; NULL with *complaint: a command that `policy` does not define,
 * or one that is named twice. `policy` may be NULL while no command but programs is asked for.
 */
char *skeleton_text(struct arena *arena, const struct policy *policy,
	const struct skeleton *skeleton, const char **complaint);

/* What there is to know of a parameter, on one line: "-n, --lines: integer, 1 to 100, required". */
char *skeleton_parameter(struct arena *arena, const struct parameter *parameter);
/* The same without how it is written and described: what its values must be. */
char *skeleton_rules(struct arena *arena, const struct parameter *parameter);

#endif
