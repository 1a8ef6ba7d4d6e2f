/* Which of a program's known ways a grant leaves open. Pure. */
#ifndef ROLEGATE_ADMIN_OPENING_H
#define ROLEGATE_ADMIN_OPENING_H

#include <stdbool.h>

#include "policy/policy.h"

/* Whether the declaration alone lets any text (or any path) through. */
bool opening_is_free(const struct parameter *parameter);

/*
 * Whether `way` (known_programs.h) can be gone through `grant`. `*parameter` becomes the one that
 * takes any value, or NULL where none is needed. External commands leave everything open but the
 * environment, which is always built from nothing (R10).
 */
bool opening_of(const struct grant *grant, const char *way, const struct parameter **parameter);

#endif
