/* What the gateway's process is before it listens: its capabilities, descriptors, environment. */
#ifndef ROLEGATE_PRIVILEGES_H
#define ROLEGATE_PRIVILEGES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

/*
 * NULL, or why this process can't be a gateway: not root; its own login uid is set.
 * *has_login_uid: whether this kernel has login uids.
 */
const char *privileges_complaint(bool *has_login_uid);
/* No core dump, no tracing; 0, 1, 2 open, nothing above the first `keep`. 0, or -1 and errno. */
int privileges_close(int keep);
/* Nothing of the environment but what an init system says. */
void privileges_clear_environment(void);
/*
 * Raises the hard limit of open files, if need be, to what starting a program takes. NULL, or why
 * it can't be.
 */
const char *privileges_make_room(struct arena *arena);
/*
 * Drops every capability that is not needed, from the bounding set too, and reads back. NULL, or
 * what is wrong. What is missing and could be done without is left out. Those of `spare` (bit N:
 * capability N) are held for programs whose profile lists them, and not effective.
 */
const char *privileges_trim(struct arena *arena, uint64_t spare);
/* Bit N: capability N is held. */
uint64_t privileges_permitted(void);
/* The names of the capabilities that are held, joined by ","; in `arena`. */
char *privileges_held(struct arena *arena);

#endif
