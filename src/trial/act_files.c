/* Calls that name files. */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "trial/acts.h"

enum {
	MAY_READ = 4,
	MAY_WRITE = 2,
	MAY_EXECUTE = 1,
	INTERPRETERS_MAX = 4, /* as the kernel has it */
};

static bool is_member(const struct account *account, gid_t group)
{
	for (size_t i = 0; i < account->group_count; i++)
		if (account->groups[i] == group)
			return true;
	return account->gid == group;
}

static bool bits_allow(const struct watch *watch, const struct subject_size *size,
	const struct stat *status, unsigned wanted)
{
	unsigned shift = 0;

	if (status->st_uid == size->uids[3])
		shift = 6;
	else if (status->st_gid == size->gids[3] || is_member(watch->account, status->st_gid))
		shift = 3;
	return (status->st_mode >> shift & wanted) == wanted;
}

/*
 * By the mode alone. Where that says no, a capability may say yes, and is noted; else the call will
 * fail, and the run needed nothing.
 */
static bool may(struct watch *watch, const struct notice *notice, const struct stat *status,
	unsigned wanted)
{
	struct subject_size size;
	uint64_t both = UINT64_C(1) << CAP_DAC_OVERRIDE | UINT64_C(1) << CAP_DAC_READ_SEARCH;

	if (!subject_measure(notice->thread, &size) || bits_allow(watch, &size, status, wanted))
		return true;
	if ((wanted & MAY_EXECUTE) != 0 && (status->st_mode & 0111) == 0)
		return false;
	if (wanted == MAY_READ && (size.capabilities & both) != 0)
		observation_capability(watch->seen, CAP_DAC_READ_SEARCH, true);
	else if ((size.capabilities & UINT64_C(1) << CAP_DAC_OVERRIDE) != 0)
		observation_capability(watch->seen, CAP_DAC_OVERRIDE, true);
	else
		return false;
	return true;
}

static bool may_change_entries(struct watch *watch, const struct notice *notice, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *directory =
		slash == path ? "/" : arena_strndup(watch->scratch, path, (size_t)(slash - path));
	struct stat status;

	return stat(directory, &status) == 0 && S_ISDIR(status.st_mode) &&
	       may(watch, notice, &status, MAY_WRITE | MAY_EXECUTE);
}

static void written(struct watch *watch, const char *path, enum change change)
{
	observation_change(watch->seen, path, change);
}

static void note_opening(
	struct watch *watch, const struct notice *notice, const struct act_row *row, uint64_t flags)
{
	bool follow = (flags & O_NOFOLLOW) == 0;
	bool writes = (flags & O_ACCMODE) != O_RDONLY || (flags & O_TRUNC) != 0;
	const char *path = act_path(watch, notice, row, follow);
	struct stat status;

	if (path == NULL || (flags & O_PATH) != 0)
		return;
	if ((flags & O_TMPFILE) == O_TMPFILE) {
		written(watch, arena_printf(watch->scratch, "%s/.unnamed", path), CHANGE_ENTRY);
		return;
	}
	if (stat(path, &status) < 0) {
		if (strncmp(path, "/proc/self", 10) == 0)
			observation_read(watch->seen, path);
		else if ((flags & O_CREAT) != 0 && may_change_entries(watch, notice, path))
			written(watch, path, CHANGE_ENTRY);
		return;
	}
	if ((flags & O_EXCL) != 0 && (flags & O_CREAT) != 0)
		return;
	if ((flags & O_ACCMODE) != O_WRONLY && may(watch, notice, &status, MAY_READ))
		observation_read(watch->seen, path);
	if (writes && may(watch, notice, &status, MAY_WRITE))
		written(watch, path, CHANGE_CONTENT);
}

static void note_open(struct watch *watch, const struct notice *notice, const struct act_row *row)
{
	note_opening(watch, notice, row, (uint32_t)notice->arguments[row->extra]);
}

static void note_creat(struct watch *watch, const struct notice *notice, const struct act_row *row)
{
	note_opening(watch, notice, row, O_CREAT | O_WRONLY | O_TRUNC);
}

static void note_openat2(
	struct watch *watch, const struct notice *notice, const struct act_row *row)
{
	struct open_how how = {0};

	if (subject_memory(notice->thread, notice->arguments[row->extra], &how, sizeof(how)) >=
		sizeof(how.flags))
		note_opening(watch, notice, row, how.flags);
}

/* The path is the program's choice: a fifo or a device must not be opened, let alone as root. */
static int open_regular(struct watch *watch, const char *path)
{
	_cleanup_fd_ int found = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	struct stat status;

	if (found < 0 || fstat(found, &status) < 0 || !S_ISREG(status.st_mode))
		return -1;
	return open(arena_printf(watch->scratch, "/proc/self/fd/%d", found), O_RDONLY | O_CLOEXEC);
}

/* The interpreter of a script is executed too. "" when it is none. */
static char *interpreter_of(struct watch *watch, const char *path)
{
	_cleanup_fd_ int fd = open_regular(watch, path);
	char start[256], *name, *result;
	ssize_t length = fd < 0 ? -1 : read(fd, start, sizeof(start) - 1);

	if (length < 2 || memcmp(start, "#!", 2) != 0)
		return arena_strdup(watch->scratch, "");
	start[length] = '\0';
	name = start + 2 + strspn(start + 2, " \t");
	name[strcspn(name, " \t\r\n")] = '\0';
	name = realpath(name, NULL);
	result = arena_strdup(watch->scratch, name == NULL ? "" : name);
	free(name);
	return result;
}

static void note_execute(
	struct watch *watch, const struct notice *notice, const struct act_row *row)
{
	const char *path = act_path(watch, notice, row, true);
	struct stat status;

	if (path == NULL || stat(path, &status) < 0 || !S_ISREG(status.st_mode) ||
		!may(watch, notice, &status, MAY_EXECUTE))
		return;
	for (int depth = 0; *path != '\0' && depth <= INTERPRETERS_MAX; depth++) {
		observation_execute(watch->seen, path);
		path = interpreter_of(watch, path);
	}
	watch_measure(watch);
}

/* `extra` 1: only if it is there, 0: only if it is not, -1: either. */
static void note_entry(struct watch *watch, const struct notice *notice, const struct act_row *row)
{
	const char *path = act_path(watch, notice, row, false);
	struct stat status;
	bool there = path != NULL && lstat(path, &status) == 0;

	if (path != NULL && (row->extra < 0 || there == (row->extra == 1)) &&
		may_change_entries(watch, notice, path)) {
		if (there && S_ISREG(status.st_mode) &&
			(uint64_t)status.st_size > watch->seen->peaks.file_size &&
			restriction_path_within(path, &watch->seen->written))
			watch->seen->peaks.file_size = (uint64_t)status.st_size;
		written(watch, path, CHANGE_ENTRY);
	}
}

static void note_node(struct watch *watch, const struct notice *notice, const struct act_row *row)
{
	mode_t mode = (mode_t)notice->arguments[row->extra];
	struct act_row entry = *row;

	entry.extra = 0;
	note_entry(watch, notice, &entry);
	if (S_ISCHR(mode) || S_ISBLK(mode)) {
		act_capability(watch, notice, CAP_MKNOD);
		observation_elevated(watch->seen, "mknod(2) for a device");
	}
}

static void note_content(
	struct watch *watch, const struct notice *notice, const struct act_row *row)
{
	const char *path = act_path(watch, notice, row, true);
	struct stat status;

	if (path != NULL && stat(path, &status) == 0 && may(watch, notice, &status, MAY_WRITE))
		written(watch, path, CHANGE_CONTENT);
}

/* Whether the caller may change what only the owner may. */
static bool owns(
	struct watch *watch, const struct notice *notice, const struct stat *status, int capability)
{
	struct subject_size size;

	if (!subject_measure(notice->thread, &size))
		return false;
	if (status->st_uid == size.uids[3] && capability != CAP_CHOWN)
		return true;
	if ((size.capabilities >> capability & 1) == 0)
		return status->st_uid == size.uids[3];
	observation_capability(watch->seen, (unsigned)capability, true);
	return true;
}

static void note_mode(struct watch *watch, const struct notice *notice, const struct act_row *row)
{
	mode_t mode = (mode_t)notice->arguments[row->extra] & 07777;
	const char *path = act_path(watch, notice, row, true);
	struct stat status;

	if (path == NULL || stat(path, &status) < 0 || (status.st_mode & 07777) == mode ||
		!owns(watch, notice, &status, CAP_FOWNER))
		return;
	written(watch, path,
		S_ISREG(status.st_mode) && (mode & (S_ISUID | S_ISGID)) != 0 ? CHANGE_RIGHTS
									     : CHANGE_CONTENT);
}

static void note_owner(struct watch *watch, const struct notice *notice, const struct act_row *row)
{
	uid_t uid = (uid_t)notice->arguments[row->extra];
	gid_t gid = (gid_t)notice->arguments[row->extra + 1];
	const char *path = act_path(watch, notice, row, false);
	struct stat status;

	if (path == NULL || lstat(path, &status) < 0)
		return;
	if ((uid == (uid_t)-1 || uid == status.st_uid) &&
		(gid == (gid_t)-1 || gid == status.st_gid))
		return;
	if (owns(watch, notice, &status, CAP_CHOWN))
		written(watch, path, CHANGE_RIGHTS);
}

static void note_attribute(
	struct watch *watch, const struct notice *notice, const struct act_row *row)
{
	const char *path = act_path(watch, notice, row, true);
	const char *name =
		subject_string(watch->scratch, notice->thread, notice->arguments[row->extra]);
	struct stat status;

	if (path == NULL || name == NULL || stat(path, &status) < 0 ||
		!owns(watch, notice, &status, CAP_FOWNER))
		return;
	written(watch, path,
		strncmp(name, "user.", 5) == 0 || strncmp(name, "trusted.", 8) == 0
			? CHANGE_CONTENT
			: CHANGE_RIGHTS);
}

const struct act_row act_file_rows[] = {
	{"open", note_open, -1, 0, 1, -1},
	{"openat", note_open, 0, 1, 2, -1},
	{"openat2", note_openat2, 0, 1, 2, -1},
	{"creat", note_creat, -1, 0, -1, -1},
	{"execve", note_execute, -1, 0, -1, -1},
	{"execveat", note_execute, 0, 1, -1, -1},
	{"unlink", note_entry, -1, 0, 1, -1},
	{"unlinkat", note_entry, 0, 1, 1, -1},
	{"rmdir", note_entry, -1, 0, 1, -1},
	{"mkdir", note_entry, -1, 0, 0, -1},
	{"mkdirat", note_entry, 0, 1, 0, -1},
	{"mknod", note_node, -1, 0, 1, -1},
	{"mknodat", note_node, 0, 1, 2, -1},
	{"symlink", note_entry, -1, 1, 0, -1},
	{"symlinkat", note_entry, 1, 2, 0, -1},
	{"link", note_entry, -1, 1, 0, -1},
	{"linkat", note_entry, 2, 3, 0, -1},
	{"rename", note_entry, -1, 0, 1, -1},
	{"rename", note_entry, -1, 1, -1, -1},
	{"renameat", note_entry, 0, 1, 1, -1},
	{"renameat", note_entry, 2, 3, -1, -1},
	{"renameat2", note_entry, 0, 1, 1, -1},
	{"renameat2", note_entry, 2, 3, -1, -1},
	{"truncate", note_content, -1, 0, -1, -1},
	{"utime", note_content, -1, 0, -1, -1},
	{"utimes", note_content, -1, 0, -1, -1},
	{"futimesat", note_content, 0, 1, -1, -1},
	{"utimensat", note_content, 0, 1, -1, -1},
	{"chmod", note_mode, -1, 0, 1, -1},
	{"fchmod", note_mode, 0, -1, 1, -1},
	{"fchmodat", note_mode, 0, 1, 2, -1},
	{"fchmodat2", note_mode, 0, 1, 2, -1},
	{"chown", note_owner, -1, 0, 1, -1},
	{"lchown", note_owner, -1, 0, 1, -1},
	{"fchown", note_owner, 0, -1, 1, -1},
	{"fchownat", note_owner, 0, 1, 2, -1},
	{"setxattr", note_attribute, -1, 0, 1, -1},
	{"lsetxattr", note_attribute, -1, 0, 1, -1},
	{"fsetxattr", note_attribute, 0, -1, 1, -1},
	{"removexattr", note_attribute, -1, 0, 1, -1},
	{"lremovexattr", note_attribute, -1, 0, 1, -1},
	{"fremovexattr", note_attribute, 0, -1, 1, -1},
	{NULL, NULL, -1, -1, -1, -1},
};
