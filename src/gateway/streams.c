/* What the caller's descriptors may be. */
#include <fcntl.h>
#include <linux/capability.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "confine/view.h"
#include "gateway/request.h"

const char *stream_complaint(int fd)
{
	int flags = fcntl(fd, F_GETFL);
	struct winsize size;
	struct stat status;

	if (flags < 0 || (flags & O_PATH) != 0 || fstat(fd, &status) != 0)
		return "is not open for reading or writing";
	if (S_ISDIR(status.st_mode))
		return "is a directory";
	/*
	 * The program must not hold the operator's terminal (R15), and that one's line discipline,
	 * which answers isatty(), can be changed for a moment.
	 */
	if (S_ISCHR(status.st_mode) && (isatty(fd) || ioctl(fd, TIOCGWINSZ, &size) == 0))
		return "is a terminal, which is not handed on";
	return NULL;
}

/*
 * Whether the account could open a file of this status, by its ids and mode alone; `bits` are those
 * of the group and of others. Entries of an access control list give no more than the group's say.
 */
static bool could_open(const struct stat *status, const struct account *account,
	const struct restriction *restriction, mode_t bits)
{
	const uint64_t rights = 1ULL << CAP_DAC_OVERRIDE | 1ULL << CAP_FOWNER |
		1ULL << CAP_DAC_READ_SEARCH | 1ULL << CAP_CHOWN;

	return (restriction->capabilities & rights) != 0 || account->uid == 0 ||
	       status->st_uid == account->uid || (status->st_mode & bits) != 0;
}

static bool limits_reading(const struct restriction *effective)
{
	return view_limits(effective, RESTRICT_READ) || effective->hidden.count > 0;
}

static bool limits_writing(const struct restriction *effective)
{
	return view_limits(effective, RESTRICT_WRITE) || effective->hidden.count > 0 ||
	       effective->protected_names.count > 0;
}

/* To write what the caller may only read, or to read what it may only write. */
static bool gives_more(const struct stat *status, int mode, const struct account *account,
	const struct restriction *effective)
{
	if (mode == O_RDONLY)
		return limits_writing(effective) && could_open(status, account, effective, 022);
	return mode == O_WRONLY && limits_reading(effective) && (status->st_mode & 004) == 0 &&
	       could_open(status, account, effective, 044);
}

/*
 * The caller's file lies on the caller's mount, which no view of the program's has flags on, and
 * /proc/self/fd opens it anew: as it was not opened, and to execute it.
 */
const char *stream_file_complaint(int fd, uid_t caller, const struct account *account,
	const struct restriction *restriction)
{
	const struct restriction effective = view_effective(restriction);
	int flags = fcntl(fd, F_GETFL);
	struct stat status;

	if (flags < 0 || fstat(fd, &status) != 0)
		return "is not open for reading or writing";
	if (!S_ISREG(status.st_mode) && !S_ISBLK(status.st_mode))
		return NULL;
	if (view_limits_execute(&effective))
		return "is a file, which could be executed past the profile's list; use a pipe, "
		       "as in: cat FILE | rolegate …, or: rolegate … | cat >FILE";
	/* With a file of its own the caller can do all that anyway. */
	if (status.st_uid == caller || !gives_more(&status, flags & O_ACCMODE, account, &effective))
		return NULL;
	return "is a file that the profile's rules about files would not hold for; use a pipe, "
	       "as in: cat FILE | rolegate …, or: rolegate … | cat >FILE";
}
