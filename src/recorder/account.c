#include "recorder/account.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/file.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "config/trust.h"
#include "recorder/ledger.h"

const char *account_find(struct arena *arena, const char *name, struct account_ids *ids)
{
	const struct passwd *entry;

	errno = 0;
	entry = getpwnam(name);
	if (entry == NULL)
		return arena_printf(arena, "account \"%s\": %s", name,
			errno == 0 ? "there is none; make it, as the package does"
				   : strerror(errno));
	*ids = (struct account_ids){entry->pw_uid, entry->pw_gid};
	if (ids->uid == 0 || ids->gid == 0 || ids->uid == (uid_t)-1 || ids->gid == (gid_t)-1)
		return arena_printf(arena, "account \"%s\": root is no account for it", name);
	if (geteuid() != 0 && (geteuid() != ids->uid || getuid() != ids->uid))
		return arena_printf(arena, "only root or %s can start the recorder", name);
	return NULL;
}

/* What a gateway without a recorder wrote: the chain goes on in it. */
static void adopt_log(int directory, const struct account_ids *ids)
{
	_cleanup_fd_ int fd = openat(
		directory, LEDGER_NAME, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat status;

	if (fd >= 0 && fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == 0 &&
		status.st_nlink == 1)
		(void)!fchown(fd, ids->uid, ids->gid);
}

static int open_made(int parent, const char *name, const struct account_ids *ids)
{
	_cleanup_fd_ int fd = -1;
	struct stat status;

	if (geteuid() == 0 && mkdirat(parent, name, 0700) != 0 && errno != EEXIST)
		return -1;
	fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &status) != 0)
		return -1;
	if (geteuid() == 0 && status.st_uid == 0) {
		adopt_log(fd, ids);
		if (fchmod(fd, 0700) != 0 || fchown(fd, ids->uid, ids->gid) != 0)
			return -1;
	}
	if (fstat(fd, &status) != 0)
		return -1;
	if (status.st_uid == ids->uid && (status.st_mode & 077) == 0)
		return fd_take(&fd);
	errno = EPERM;
	return -1;
}

int account_directory(struct arena *arena, const char *path, const struct account_ids *ids,
	const char **complaint)
{
	const char *slash = strrchr(path, '/');
	const char *above =
		slash == path ? "/" : arena_strndup(arena, path, (size_t)(slash - path));
	_cleanup_fd_ int parent = trust_open(arena, above, O_PATH | O_DIRECTORY, complaint);
	_cleanup_fd_ int fd = parent < 0 ? -1 : open_made(parent, slash + 1, ids);

	if (parent < 0)
		return -1;
	if (fd < 0) {
		*complaint = arena_printf(arena, "%s: %s", path,
			errno == EPERM
				? "must be a directory of the recorder's account with mode 0700"
				: strerror(errno));
		return -1;
	}
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd_take(&fd);
	if (errno == EWOULDBLOCK)
		*complaint = arena_printf(arena, "%s: another recorder writes there", path);
	else
		*complaint = arena_printf(arena, "%s: no lock: %s", path, strerror(errno));
	return -1;
}

static bool drop_bounding_set(void)
{
	for (cap_value_t i = 0; i < cap_max_bits(); i++)
		if (i != CAP_AUDIT_WRITE && cap_get_bound(i) == 1 &&
			(cap_drop_bound(i) != 0 || cap_get_bound(i) != 0))
			return false;
	return true;
}

static bool set_ids(const struct account_ids *ids)
{
	uid_t ruid, euid, suid;
	gid_t rgid, egid, sgid;

	if (geteuid() == 0 && (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) != 0 || setgroups(0, NULL) != 0 ||
				      setresgid(ids->gid, ids->gid, ids->gid) != 0 ||
				      setresuid(ids->uid, ids->uid, ids->uid) != 0))
		return false;
	return getresuid(&ruid, &euid, &suid) == 0 && getresgid(&rgid, &egid, &sgid) == 0 &&
	       ruid == ids->uid && euid == ids->uid && suid == ids->uid && rgid == ids->gid &&
	       egid == ids->gid && sgid == ids->gid && (uid_t)setfsuid((uid_t)-1) == ids->uid &&
	       (gid_t)setfsgid((gid_t)-1) == ids->gid;
}

/* CAP_AUDIT_WRITE, where it is there, and nothing else. */
static bool keep_audit(void)
{
	cap_t now = cap_get_proc(), wanted = cap_init(), after = NULL;
	const cap_value_t audit = CAP_AUDIT_WRITE;
	cap_flag_value_t has = CAP_CLEAR;
	bool good =
		now != NULL && wanted != NULL && cap_get_flag(now, audit, CAP_PERMITTED, &has) == 0;

	if (good && has == CAP_SET)
		good = cap_set_flag(wanted, CAP_PERMITTED, 1, &audit, CAP_SET) == 0 &&
		       cap_set_flag(wanted, CAP_EFFECTIVE, 1, &audit, CAP_SET) == 0;
	good = good && cap_reset_ambient() == 0 && cap_set_proc(wanted) == 0;
	if (good)
		after = cap_get_proc();
	good = good && after != NULL && cap_compare(after, wanted) == 0;
	cap_free(now);
	cap_free(wanted);
	cap_free(after);
	return good;
}

static bool shut_the_door(void)
{
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 &&
	       prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 && prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0;
}

const char *account_become(struct arena *arena, const struct account_ids *ids)
{
	const char *what = NULL;

	if (geteuid() == 0 && !drop_bounding_set())
		what = "the bounding set of capabilities";
	else if (!set_ids(ids))
		what = "the account's ids";
	else if (!keep_audit())
		what = "capabilities";
	else if (!shut_the_door())
		what = "no new privileges, no tracing";
	return what == NULL ? NULL
			    : arena_printf(arena, "%s do not read back as they were set: %s", what,
				      strerror(errno));
}
