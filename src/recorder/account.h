/*
 * The recorder's account, and its directory. Each step is read back (R43): what the operators and
 * the accounts that programs run under can't reach, root's power is not needed for (R30).
 */
#ifndef ROLEGATE_RECORDER_ACCOUNT_H
#define ROLEGATE_RECORDER_ACCOUNT_H

#include <sys/types.h>

#include "base/arena.h"

struct account_ids {
	uid_t uid;
	gid_t gid;
};

/* By name: not root. NULL, or why it can't be used, in `arena`. */
const char *account_find(struct arena *arena, const char *name, struct account_ids *ids);
/*
 * The directory at `path`, every one above it root's alone (R28), itself the account's with mode
 * 0700. Root makes it where it is missing, and gives an own one to the account, with the event log
 * in it. Locked: no other recorder writes there. The descriptor; -1 with *complaint.
 */
int account_directory(struct arena *arena, const char *path, const struct account_ids *ids,
	const char **complaint);
/*
 * From root to the account, or with the account's process: no groups but its own, no capability but
 * CAP_AUDIT_WRITE, and that one only if it was there; no way to another, no core dump, no tracing.
 * NULL, or what is wrong.
 */
const char *account_become(struct arena *arena, const struct account_ids *ids);

#endif
