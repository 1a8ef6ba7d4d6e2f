/* The two filters of a confinement, each made on its own. For filter.c alone. */
#ifndef ROLEGATE_FILTER_PARTS_H
#define ROLEGATE_FILTER_PARTS_H

#include "confine/filter.h"

enum {
	FILTER_GATE_MAX = 24,	 /* instructions */
	FILTER_KEY_ARGUMENT = 5, /* from 0 */
};

/* Where a half of the key goes when the gate is installed; there are two of it, or none. */
#define FILTER_KEY_HALF BPF_STMT(BPF_ALU | BPF_XOR | BPF_K, 0)

/* Fills in `filter` and its length; every name is known. 0, or a negative errno. */
int filter_make(struct arena *arena, struct confinement *confinement);
/* Whether there are files that the program may not read, write or execute. */
bool filter_limits_files(const struct restriction *restriction);
/* Fills in `gate` and its length. */
void filter_make_gate(struct arena *arena, struct confinement *confinement);

#endif
