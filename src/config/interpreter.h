/* The interpreter of a script: who that is, and whether it may be run. */
#ifndef ROLEGATE_INTERPRETER_H
#define ROLEGATE_INTERPRETER_H

#include "base/arena.h"
#include "policy/shebang.h"

/*
 * Opens it, trusted as every program is (R28), but that links on the way are followed if they are
 * root's, in directories that are trusted (/bin, /etc/alternatives). -1 with *complaint, errno as
 * trust_open().
 */
int interpreter_open(struct arena *arena, const char *path, const char **complaint);

#endif
