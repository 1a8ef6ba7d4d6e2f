/*
 * A JEA role capability file (.psrc) as a role file. What PowerShell calls a cmdlet or a function
 * is here a command or a function of that name, if `policy` defines one: then the grant stands in
 * the file; else in a comment. Never wider than the .psrc: values and patterns are compared byte by
 * byte and as a whole here, and what can't be said is left out. Pure.
 */
#ifndef ROLEGATE_AUTHOR_PSRC_H
#define ROLEGATE_AUTHOR_PSRC_H

#include "author/losses.h"
#include "policy/policy.h"

struct psrc {
	const char *file; /* its name, for messages */
	const char *role; /* a name for the role, from the file's */
	char *text;	  /* of the role file */
	struct losses losses;
};

/*
 * `policy`: the definitions that names are looked up in, or NULL: none. 0, or -1 with *complaint
 * (safe for a terminal, with its line): it is no data file.
 */
int psrc_import(struct arena *arena, const struct policy *policy, const char *file,
	const char *bytes, size_t length, struct psrc *psrc, const char **complaint);

#endif
