/*
 * What this kernel can enforce, and by which means each field of a profile is (design, section 6):
 * never a silent gap.
 */
#ifndef ROLEGATE_SUPPORT_H
#define ROLEGATE_SUPPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "policy/policy.h"

struct support {
	bool filters;	       /* seccomp filters, which can log what they refuse */
	bool filters_logged;   /* and the kernel writes that (kernel.seccomp.actions_logged) */
	int landlock;	       /* ABI version; 0: none */
	bool mounts;	       /* mount namespaces, mount_setattr(2), and the right to use them */
	bool proc_hidepid;     /* hidepid= for each mount of /proc (kernel 5.8) */
	bool ambient;	       /* ambient capabilities */
	uint64_t capabilities; /* bit N: capability N can be given to a program */
	const char *cgroup;    /* directory of the group delegated to the gateway, or NULL */
	bool cgroup_memory, cgroup_pids, cgroup_cpu; /* controllers that it has */
};

/*
 * Asks the kernel, without changing anything of this process. `cgroup` and what belongs to it is
 * cgroup_prepare()'s. For an unprivileged caller `mounts` and `capabilities` say what root would
 * have.
 */
void support_probe(struct arena *arena, struct support *support);

/* Whether the field is said and narrows anything: network = "any" does not. */
bool support_concerns(const struct restriction *restriction, enum restriction_field field);

/*
 * By which means the field of `restriction` is enforced: "seccomp", "Landlock (ABI 3)", "mount
 * namespace", "setrlimit (each process)", "cgroup v2 (the whole run)", "the gateway", …; NULL: by
 * none. For a field that support_concerns(). In `arena`.
 */
const char *support_means(struct arena *arena, const struct support *support,
	const struct restriction *restriction, enum restriction_field field);
/* What is missing where support_means() is NULL: "this kernel has no seccomp filters". */
const char *support_lack(struct arena *arena, const struct support *support,
	const struct restriction *restriction, enum restriction_field field);

/* Whether any command or endpoint names it. */
bool support_in_use(const struct policy *policy, const struct profile *profile);

/*
 * Every field of every profile in use: one that can't be enforced here is an error, or a warning
 * where the profile says if_unsupported = "warn".
 */
struct problems;
void support_check(
	const struct support *support, const struct policy *policy, struct problems *problems);
/* After a check without an error: what can't be enforced is taken out of all confinements. */
void support_leave_out(const struct support *support, struct policy *policy);

#endif
