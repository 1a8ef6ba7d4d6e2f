/* Calls that these roles may make, made from the definitions and what the roles allow. Pure. */
#ifndef ROLEGATE_EXAMPLES_H
#define ROLEGATE_EXAMPLES_H

#include "answer/entry.h"
#include "policy/roles.h"

enum { EXAMPLES_MAX = 3 };

struct examples {
	struct strings items[EXAMPLES_MAX]; /* the words of each */
	size_t count;
};

/*
 * Of one command, the simplest first. Each is one that decide() allows; none where it takes a
 * secret, or something that only another function knows.
 */
struct examples examples_of(struct arena *arena, const struct policy *policy,
	const struct endpoint *endpoint, const struct role_set *roles, const struct entry *entry);

#endif
