/*
 * Landlock (landlock(7)), where the kernel has it. A process in a Landlock domain may not look into
 * (/proc/PID/root, /proc/PID/mem) or trace one outside of it, so another process of the same
 * account is no way out of a view or a filter: no filter sees what write(2) goes to. And file
 * rules, on top of the view's mounts: lists of what is written and executed a second time. Without
 * the right to mount, it keeps lists of what is read and written alone; but then mode, owner, times
 * and extended attributes of files, which Landlock knows nothing of, are the account's to change.
 */
#ifndef ROLEGATE_LANDLOCK_H
#define ROLEGATE_LANDLOCK_H

#include <stdbool.h>

#include "confine/support.h"
#include "policy/restriction.h"

/* The ABI version that this kernel enforces; 0: none, or switched off. */
int landlock_abi(void);

/* Whether it keeps the program out of other processes, as the restriction says or implies. */
bool landlock_keeps_apart(const struct restriction *restriction, const struct support *support);
bool landlock_is_needed(const struct restriction *restriction, const struct support *support);
/* What the program has open, or is itself; -1 is none of it. */
struct landlock_open {
	int program; /* may be executed whatever the list says */
	int script;  /* what it interprets */
	int files, file_count; /* descriptors from `files` on, whose files may be opened anew to be read */
};
/* In the child, as the account, after no_new_privs. 0, or -1 and errno. */
int landlock_enter(const struct restriction *restriction, const struct support *support,
	const struct landlock_open *given);
/*
 * Tries what must be refused now. Without a list of what is written there is nothing that would
 * be: then, whether the kernel has said so to landlock_enter().
 */
bool landlock_holds(const struct restriction *restriction, const struct support *support);

#endif
