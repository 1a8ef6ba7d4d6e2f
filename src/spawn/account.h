/* A run-as account, looked up once through NSS in the gateway's own root (R14). */
#ifndef ROLEGATE_ACCOUNT_H
#define ROLEGATE_ACCOUNT_H

#include <stddef.h>
#include <sys/types.h>

#include "base/arena.h"

struct account {
	const char *name;
	uid_t uid;
	gid_t gid;
	const char *home;
	const char *shell;
	gid_t *groups; /* getgrouplist(3) */
	size_t group_count;
};

/*
 * 0; or -1 with a sentence in *complaint: unknown, NSS failed, or an id that R8 refuses. Never
 * half filled in.
 */
int account_by_name(
	struct arena *arena, const char *name, struct account *account, const char **complaint);
int account_by_uid(struct arena *arena, uid_t uid, struct account *account, const char **complaint);
/* The names of the account's groups; gids without a name are left out. 0, or -1 if NSS failed. */
struct strings;
int account_group_names(struct arena *arena, const struct account *account, struct strings *names,
	const char **complaint);

#endif
