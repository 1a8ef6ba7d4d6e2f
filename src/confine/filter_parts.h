/* The two filters of a confinement, each made on its own. For filter.c alone. */
#ifndef ROLEGATE_FILTER_PARTS_H
#define ROLEGATE_FILTER_PARTS_H

#include "confine/filter.h"

/* Fills in `filter` and its length; every name is known. 0, or a negative errno. */
int filter_make(struct arena *arena, struct confinement *confinement);
/* Whether there are files that the program may not read, write or execute. */
bool filter_limits_files(const struct restriction *restriction);
/* Fills in `gate` and its length. */
void filter_make_gate(struct arena *arena, struct confinement *confinement);

#endif
