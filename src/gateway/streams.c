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

/* Whether the account could open a file of this status for writing, by its ids and mode alone. */
static bool could_write(const struct stat *status, const struct account *account, bool has_rights)
{
	/* Entries of an access control list give no more than the group's bits say. */
	return has_rights || account->uid == 0 || status->st_uid == account->uid ||
	       (status->st_mode & 022) != 0;
}

static bool limits_files(const struct restriction *restriction)
{
	const struct restriction effective = view_effective(restriction);

	return view_limits(&effective, RESTRICT_READ) ||
	       view_limits(&effective, RESTRICT_WRITE) || effective.hidden.count > 0 ||
	       effective.protected_names.count > 0;
}

/*
 * The caller's file lies on the caller's mount, which no view of the program's has flags on, and
 * /proc/self/fd opens it anew: to write what is open for reading, and to execute it.
 */
const char *stream_file_complaint(int fd, uid_t caller, const struct account *account,
	const struct restriction *restriction)
{
	const uint64_t rights = 1ULL << CAP_DAC_OVERRIDE | 1ULL << CAP_FOWNER |
		1ULL << CAP_DAC_READ_SEARCH | 1ULL << CAP_CHOWN;
	int mode = fcntl(fd, F_GETFL) & O_ACCMODE;
	struct stat status;

	if (fstat(fd, &status) != 0)
		return "is not open for reading or writing";
	if (!S_ISREG(status.st_mode) && !S_ISBLK(status.st_mode))
		return NULL;
	if (view_limits_execute(restriction))
		return "is a file, which could be executed past the profile's list; use a pipe, "
		       "as in: cat FILE | rolegate …";
	/* What is the caller's own, or open for both, gives the program nothing new. */
	if (!limits_files(restriction) || status.st_uid == caller || mode == O_RDWR)
		return NULL;
	if (mode == O_RDONLY && !could_write(&status, account,
			(restriction->capabilities & rights) != 0))
		return NULL;
	return "is a file that the profile's rules about files would not hold for; use a pipe, "
	       "as in: cat FILE | rolegate …";
}
