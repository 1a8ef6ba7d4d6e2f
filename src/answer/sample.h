/* A value that a pattern matches, made from the pattern's own text. Pure. */
#ifndef ROLEGATE_SAMPLE_H
#define ROLEGATE_SAMPLE_H

#include "base/arena.h"

enum { SAMPLE_VARIANTS = 4 };

/*
 * By what is common in patterns of values: literals, ".", classes, groups, alternatives, counts.
 * NULL where something else is in it. `variant` (0 to SAMPLE_VARIANTS - 1) chooses among the
 * alternatives, and repeats what may be left out. Whether it really matches is for the caller to
 * ask: lookarounds, for example, are not understood.
 */
char *sample_pattern(struct arena *arena, const char *pattern, unsigned variant);

#endif
