/*
 * Control groups (cgroups(7), version 2), where one is delegated to the gateway:
 *
 *     DELEGATED/gateway                the listener and what it needs
 *     DELEGATED/sessions/PID           a session, and its runs: killed as one when it is over
 *     DELEGATED/runs/run-PID-REQUEST   a run with limits of its own
 *     DELEGATED/runs/kept-REQUEST      a command that outlives its client (detach = true)
 *
 * Sessions enter theirs while they wait for a connection, since moving a process may take the
 * kernel 10 ms; their groups have no controllers and cost nothing while a command runs.
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
	bool kept; /* what is left in it is nobody's to kill */
};

/*
 * Once, in the listener before it forks: moves the caller into a leaf group of its own and enables
 * the controllers for its siblings, which the no-internal-process rule wants; removes what an
 * earlier gateway left, but for kept groups with something in them. `directory`: the group to use,
 * made if it is not there; NULL: the caller's own, if the init system delegates that
 * (user.delegate or trusted.delegate on it or a group above). 0: `support` has the path then, or
 * nothing is delegated; -1 with *complaint.
 */
int cgroup_prepare(struct arena *arena, struct support *support, const char *directory,
	const char **complaint);
/* For `check`, which is no gateway: what one would have that systemd starts by the unit shipped. */
void cgroup_expect(struct arena *arena, struct support *support);

/* In a session: into a group of its own. 0 (also where nothing is delegated), or -1 and errno. */
int cgroup_enter_session(const struct support *support);
/* In a session: kills what is in its group but itself (R16). 0, or -1 and errno. */
int cgroup_kill_session(const struct support *support);
/* In the listener, for any child of it that ended: nothing of its session is left. */
void cgroup_session_ended(const struct support *support, pid_t pid, bool orderly);

/*
 * A group for a run whose `restriction` needs one or that is to be `kept`, with its limits written
 * and read back. 0, or -1 with *complaint. Where none is needed or delegated: 0 and no directory.
 */
int cgroup_open(struct arena *arena, const struct support *support, const char *request,
	const struct restriction *restriction, bool kept, struct cgroup *cgroup,
	const char **complaint);
/* fork(2), right into the group where the kernel and the caller's filter let it. */
pid_t cgroup_fork(const struct cgroup *cgroup);
/* In the child, if it is not there yet. 0, or -1 and errno. */
int cgroup_enter(const struct cgroup *cgroup);
bool cgroup_holds(const struct cgroup *cgroup);
/* Kills all that is in it, unless it is kept. 0, also without one; or -1 and errno. */
int cgroup_kill(const struct cgroup *cgroup);
/* The same, waits a moment until it is empty, and removes it. 0, or -1 and errno. */
int cgroup_close(struct cgroup *cgroup);

#endif
