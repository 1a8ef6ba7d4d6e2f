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
	bool filters;	       /* seccomp filters, with logging of what is refused */
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

/*
 * By which means the field of `restriction` is enforced: "seccomp", "Landlock (ABI 3)", "mount
 * namespace", "setrlimit (each account)", "cgroup v2", "the gateway", …; NULL: by none.
 */
const char *support_means(const struct support *support, const struct restriction *restriction,
	enum restriction_field field);

/*
 * Every field of every profile in use: one that can't be enforced here is an error, or a warning
 * where the profile says if_unsupported = "warn".
 */
struct problems;
void support_check(
	const struct support *support, const struct policy *policy, struct problems *problems);

#endif
