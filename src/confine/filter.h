/*
 * System call filters (seccomp(2), by libseccomp): execute, network, system_calls of a profile.
 *
 * Built once for each confinement when a configuration is loaded, installed by the child as its
 * last act before it becomes the program. Every architecture but the native one is refused whole.
 * What is refused answers EPERM (execve: EACCES) and is logged by the kernel (audit type SECCOMP).
 *
 * There are two, since the kernel logs all that a filter refuses or nothing: the filter proper, and
 * the gate, for what is no violation. The gate answers ENOSYS to clone3(2), for which the C library
 * has a substitute, and to calls that came after this program was built. Under execute = "none" it
 * also answers ENOSYS to any execveat(2) without the key of this run, 64 random bits in the sixth
 * argument, which the call doesn't have and the kernel doesn't look at. It takes that: a filter
 * can't read a path, and an absolute one needs no descriptor, so "only this descriptor" alone would
 * be no rule. execve clears registers and memory, so the program can't know the key; a filter is
 * read back by CAP_SYS_ADMIN alone (PTRACE_SECCOMP_GET_FILTER), which no filtered process can use.
 */
#ifndef ROLEGATE_FILTER_H
#define ROLEGATE_FILTER_H

#include <stdbool.h>
#include <stdint.h>

#include "policy/policy.h"

/*
 * Where the program's descriptor is when it is executed: no number that a program may use, whose
 * hard RLIMIT_NOFILE is at most this. The one execveat(2) that an exec-once filter lets through
 * names it; it is closed by that call and can't exist again.
 */
enum { FILTER_PROGRAM = 4096 };

/* The names in the set "@name" (system_calls.deny), NULL-terminated; NULL: there is no such set. */
const char *const *filter_set(const char *name);
/* The name of set number `index` from 0; NULL: there is none. */
const char *filter_set_name(size_t index);
/*
 * Whether a system call of this name is known, on any architecture. Two that stand in filter_set()
 * are no call's: "clone/namespaces" and "unshare/namespaces".
 */
bool filter_knows(const char *system_call);

/*
 * Fills in `filter` and `gate` of every confinement of `policy`, in its arena; what would be the
 * same is shared. 0, or -1 with *complaint: a name that is unknown, or libseccomp failed.
 */
int filter_build_all(struct policy *policy, const char **complaint);
/* The same for one; `confinement` need not be of a policy. */
int filter_build(struct arena *arena, struct confinement *confinement, const char **complaint);

/* Whether there is to be a filter at all, and whether it lets one execveat(2) through alone. */
bool filter_is_needed(const struct restriction *restriction);
bool filter_is_exec_once(const struct restriction *restriction);

/*
 * Whether a program of which this is the start (its ELF header) can run under a filter: one of
 * another architecture can't make a single system call.
 */
bool filter_lets_run(const void *header, size_t length);

/*
 * In the child, after no_new_privs. No filter: nothing to do. 0, or -1 and errno. The key is made
 * here and is known to nobody else; it goes into the one execveat(2) as its sixth argument.
 */
int filter_install_gate(const struct confinement *confinement, uint64_t *key);
/*
 * As filter_holds(). That the gate asks for the key is not tried here, since that would be a record
 * of a failed execveat(2) in each run: a gate with no place for one is not installed.
 */
bool filter_gate_holds(const struct confinement *confinement, int before);
int filter_install(const struct confinement *confinement);
/*
 * Asks the kernel, whose answer makes no record. `before` is what filter_count() was before the
 * first of the two.
 */
bool filter_holds(const struct confinement *confinement, int before);
/* How many filters this process has. -1: the kernel does not say. */
int filter_count(void);
/* The same for the gateway, which is asked once: nothing gives it another. */
int filter_count_once(void);

#endif
