/* The names that system_calls may hold. */
#ifndef ROLEGATE_KNOWN_CALLS_H
#define ROLEGATE_KNOWN_CALLS_H

#include <stdbool.h>

/* The members of "@name", NULL-terminated; NULL: there is no such set. */
const char *const *known_call_set(const char *name);
/* Whether some architecture has a system call of this name. */
bool known_call(const char *name);

enum { KNOWN_CALL_SETS_MAX = 64 };
/* The names of the sets, for hints, NULL-terminated. */
extern const char *const known_call_sets[];

#endif
