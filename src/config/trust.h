/*
 * R28: a file, and every directory above it, is owned by root and writable by root alone, with no
 * symbolic link on the way. Compare safe_path() in OpenSSH.
 */
#ifndef ROLEGATE_TRUST_H
#define ROLEGATE_TRUST_H

#include "base/arena.h"

/*
 * Opens `path` (absolute; a relative one is refused) component by component, O_NOFOLLOW, with
 * `flags` for the last. Returns the descriptor, close-on-exec, or -1 with *complaint saying which
 * component is wrong and why (in `arena`), and errno: EPERM for an ownership, mode or link
 * complaint, else the failed call's.
 */
int trust_open(struct arena *arena, const char *path, int flags, const char **complaint);

#endif
