/* How the caller's children are found, for reaper.c and its test only. */
#ifndef ROLEGATE_REAPER_H
#define ROLEGATE_REAPER_H

#include <stddef.h>
#include <sys/types.h>

enum { REAPER_BATCH = 256 };

/*
 * Up to REAPER_BATCH of the calling thread's children, dead ones that were not waited for included.
 * Their count, or -1 and errno (ENOENT: this kernel has no such file).
 */
int reaper_children_listed(pid_t *children);
/* The same from all of /proc, for a kernel without CONFIG_PROC_CHILDREN. */
int reaper_children_scanned(pid_t *children);
/* The parent in a line of /proc/PID/stat, or -1. The name in it may hold anything (R17). */
pid_t reaper_parent_of(const char *stat_line);

#endif
