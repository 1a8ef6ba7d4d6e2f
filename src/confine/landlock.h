/* File rules by Landlock (landlock(7)), where the kernel has it: read, write, execute lists. */
#ifndef ROLEGATE_LANDLOCK_H
#define ROLEGATE_LANDLOCK_H

#include <stdbool.h>

#include "confine/support.h"
#include "policy/restriction.h"

/* The ABI version that this kernel enforces; 0: none, or switched off. */
int landlock_abi(void);

bool landlock_is_needed(const struct restriction *restriction, const struct support *support);
/* In the child, as the account, after no_new_privs. 0, or -1 and errno. */
int landlock_enter(const struct restriction *restriction, const struct support *support);
/* Tries what must be refused now. */
bool landlock_holds(const struct restriction *restriction, const struct support *support);

#endif
