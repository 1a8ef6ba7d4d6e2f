/* The smallest profile under which one run would have done the same. Pure. */
#ifndef ROLEGATE_TRIAL_SUGGEST_H
#define ROLEGATE_TRIAL_SUGGEST_H

#include "trial/observe.h"

struct suggestion_facts {
	const char *command; /* its name; the profile is called after it */
	const char *line;    /* the whole call, for a comment */
	const char *program; /* canonical */
	const char *run_as;
};

/*
 * A file of profiles.d, which the loader takes as it is: comments, the profile with headroom in its
 * limits, and, as a comment, what the command's definition is to say. In the observation's arena.
 */
char *suggest_profile(const struct observation *seen, const struct suggestion_facts *facts);

/*
 * Directories that hold all of `paths`, few of them: /usr and the like as a whole, others by their
 * first three components, and a directory in place of more than four members of it. Sorted.
 */
struct strings suggest_areas(struct arena *arena, const struct strings *paths);

/* With headroom, in the steps in which a person would choose it. */
uint64_t suggest_limit(enum restriction_field field, uint64_t peak);

#endif
