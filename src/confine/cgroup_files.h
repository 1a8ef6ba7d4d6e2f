/* Files of a control group, for cgroup*.c only. */
#ifndef ROLEGATE_CGROUP_FILES_H
#define ROLEGATE_CGROUP_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

enum { CGROUP_VALUE_MAX = 4096, CGROUP_MODE = 0755 };

/* A group's directory; -1 and errno. */
int cgroup_directory(const char *path);
/* 0, or -1 and errno. */
int cgroup_write(int directory, const char *file, const char *value);
/* Up to `size` - 1 bytes, NUL-terminated, without the newline at the end. 0, or -1 and errno. */
int cgroup_read(int directory, const char *file, char *value, size_t size);
/* Whether a list of words in `file` has `word`. */
bool cgroup_lists(int directory, const char *file, const char *word);
/* Into `path` of `size` bytes: the caller's own group, as its version 2 hierarchy names it. */
int cgroup_own(char *path, size_t size);

/* cgroup_delegated.c: the caller's own group, if it is delegated; NULL. In `arena`. */
const char *cgroup_delegated(struct arena *arena);
/* NULL, or why the group at `path` must not be used. Static, or as strerror(3). */
const char *cgroup_distrust(const char *path);

/* Waits for at most `timeout` ms until no process is in it. 0, or -1 and errno. */
int cgroup_wait_empty(int directory, int timeout);

#endif
