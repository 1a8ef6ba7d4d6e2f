/* Who the program is: keyring, login uid, groups, user and group ids. */
#include "spawn/steps.h"

#include <errno.h>
#include <grp.h>
#include <linux/keyctl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "record/record.h"

static int32_t session_keyring(void)
{
	return (int32_t)syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 0);
}

/* An empty one, so that no key of the gateway's (Kerberos, fscrypt) comes along. */
int step_keyring(struct child *child)
{
	int error;

	child->keyring = (int32_t)syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL);
	if (child->keyring > 0)
		return 0;
	/* A kernel without keys, or a container's filter that denies the call to the program too. */
	error = errno;
	if (session_keyring() < 0 && errno == error && (error == ENOSYS || error == EPERM)) {
		child->keyring = -1;
		return 0;
	}
	errno = error;
	return -1;
}

bool holds_keyring(const struct child *child)
{
	int32_t serial = session_keyring();

	return child->keyring > 0 ? serial == child->keyring : child->keyring < 0 && serial < 0;
}

/* The session has the operator's already, as a rule; it can't be changed then, nor need it be. */
int step_login_uid(struct child *child)
{
	uid_t wanted = child->spawn->login_uid, now;

	if (wanted == (uid_t)-1)
		return 0;
	if (record_get_login_uid(&now) == 0 && now == wanted)
		return 0;
	return record_set_login_uid(wanted);
}

bool holds_login_uid(const struct child *child)
{
	uid_t now = (uid_t)-1;

	if (record_get_login_uid(&now) < 0 && child->spawn->login_uid != (uid_t)-1)
		return false;
	return now == child->spawn->login_uid;
}

int step_groups(struct child *child)
{
	const struct account *account = child->spawn->account;

	return setgroups(account->group_count, account->groups);
}

static int by_number(const void *one, const void *other)
{
	gid_t a = *(const gid_t *)one, b = *(const gid_t *)other;

	return (a > b) - (a < b);
}

/* Compared sorted: the kernel keeps them in an order of its own. */
static bool same_groups(const gid_t *wanted, gid_t *wanted_sorted, gid_t *now, size_t count)
{
	if (getgroups((int)count, now) != (int)count)
		return false;
	memcpy(wanted_sorted, wanted, count * sizeof(*wanted));
	qsort(wanted_sorted, count, sizeof(*wanted), by_number);
	qsort(now, count, sizeof(*now), by_number);
	return memcmp(wanted_sorted, now, count * sizeof(*now)) == 0;
}

bool holds_groups(const struct child *child)
{
	const struct account *account = child->spawn->account;
	size_t count = account->group_count;
	gid_t *room;
	bool same;

	if (getgroups(0, NULL) != (int)count)
		return false;
	if (count == 0)
		return true;
	room = calloc(2 * count, sizeof(*room));
	same = room != NULL && same_groups(account->groups, room, room + count, count);
	free(room);
	return same;
}

int step_ids(struct child *child)
{
	const struct account *account = child->spawn->account;

	if (account->uid == (uid_t)-1 ||
		account->gid == (gid_t)-1) { /* would mean "leave it" (R8) */
		errno = EINVAL;
		return -1;
	}
	if (setresgid(account->gid, account->gid, account->gid) < 0)
		return -1;
	return setresuid(account->uid, account->uid, account->uid);
}

bool holds_ids(const struct child *child)
{
	uid_t uid = child->spawn->account->uid, ruid, euid, suid;
	gid_t gid = child->spawn->account->gid, rgid, egid, sgid;

	return getresuid(&ruid, &euid, &suid) == 0 && getresgid(&rgid, &egid, &sgid) == 0 &&
		ruid == uid && euid == uid && suid == uid && rgid == gid && egid == gid &&
		sgid == gid && (uid_t)setfsuid((uid_t)-1) == uid &&
		(gid_t)setfsgid((gid_t)-1) == gid;
}

/*
 * Until execve this process still holds the gateway's memory: no other process of the account may
 * trace it or read it, whatever fs.suid_dumpable says. execve sets it back for the program.
 */
int step_dumpable(struct child *child)
{
	(void)child;
	return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

bool holds_dumpable(const struct child *child)
{
	(void)child;
	return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0;
}
