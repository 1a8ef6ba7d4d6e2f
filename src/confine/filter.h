/*
 * System call filters (seccomp(2), by libseccomp): execute, network, system_calls of a profile.
 *
 * Built once for each confinement when a configuration is loaded, installed by the child as its
 * last act before it becomes the program. Every architecture but the native one is refused whole.
 * What is refused answers EPERM (execve: EACCES) and is logged by the kernel (audit type SECCOMP).
 */
#ifndef ROLEGATE_FILTER_H
#define ROLEGATE_FILTER_H

#include <stdbool.h>

#include "policy/policy.h"

/*
 * Where the program's descriptor is when it is executed: no number that a program may use, whose
 * hard RLIMIT_NOFILE is at most this. The one execveat(2) that an exec-once filter lets through
 * names it; it is closed by that call and can't exist again.
 */
enum { FILTER_PROGRAM = 4096 };

/* The names in the set "@name" (system_calls.deny), NULL-terminated; NULL: there is no such set. */
const char *const *filter_set(const char *name);
/* Whether the kernel's headers know a system call of this name, on any architecture. */
bool filter_knows(const char *system_call);

/*
 * Fills in `filter` and `filter_length` of every confinement of `policy`, in its arena. 0, or -1
 * with *complaint: a name that is unknown, or libseccomp failed.
 */
int filter_build_all(struct policy *policy, const char **complaint);
/* The same for one; `confinement` need not be of a policy. */
int filter_build(struct arena *arena, struct confinement *confinement, const char **complaint);

/* In the child, after no_new_privs. No filter: nothing to do. 0, or -1 and errno. */
int filter_install(const struct confinement *confinement);
/* Asks the kernel for something that the filter must refuse. */
bool filter_holds(const struct confinement *confinement);

#endif
