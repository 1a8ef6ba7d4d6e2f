/*
 * A control group for each run (cgroups(7), version 2), where one is delegated to the gateway:
 * memory, processes and processor time, and a run's processes killed as one (cgroup.kill).
 */
#ifndef ROLEGATE_CGROUP_H
#define ROLEGATE_CGROUP_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/arena.h"
#include "confine/support.h"
#include "policy/restriction.h"

/* A run's own group. */
struct cgroup {
	int directory; /* -1: there is none */
	const char *path;
};

/*
 * Once, in the listener before it forks: moves the caller into a leaf group of its own and enables
 * the controllers for its siblings, which the no-internal-process rule wants. 0: `support` has
 * the path then (or the system delegates nothing); -1 with *complaint.
 */
int cgroup_prepare(struct arena *arena, struct support *support, const char **complaint);

/*
 * A new group named after the request, with the limits of `restriction` written and read back. 0,
 * or -1 with *complaint. Without a delegated group: 0 and no directory.
 */
int cgroup_open(struct arena *arena, const struct support *support, const char *request,
	const struct restriction *restriction, struct cgroup *cgroup, const char **complaint);
/* In the child. 0, or -1 and errno. */
int cgroup_enter(const struct cgroup *cgroup);
bool cgroup_holds(const struct cgroup *cgroup);
/* Kills whatever is still in it, waits a moment until it is empty, and removes it. 0, or -1. */
int cgroup_close(struct cgroup *cgroup);

#endif
