/* What is known about places among files, as in hier(7) and file-hierarchy(7). Pure. */
#ifndef ROLEGATE_TRIAL_PLACES_H
#define ROLEGATE_TRIAL_PLACES_H

#include <stdbool.h>
#include <stddef.h>

/* Devices that every program may use, whatever its profile says: see restriction.h. */
bool place_is_everybodys(const char *path);
/* Below /tmp or /var/tmp. */
bool place_is_temporary(const char *path);
/* NULL, or what somebody who changes `path` changes: "accounts", "mounts", "the gateway's own". */
const char *place_elevates(const char *path);
/* A socket that takes messages and does nothing for who sends them. */
bool place_is_harmless_socket(const char *path);
/* How many components of `path` a list of readable directories keeps: 1 for /usr, 3 for /var. */
size_t place_depth(const char *path);

#endif
