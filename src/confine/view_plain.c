/*
 * openat2(2), and the same by steps: systemd's RestrictSUIDSGID= refuses that call, since a filter
 * can't see the mode in it.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"
#include "confine/view_parts.h"

/* One name; a symbolic link is opened by O_PATH too, and is not what is wanted. */
static int step(int directory, const char *name)
{
	_cleanup_fd_ int fd = -1;
	struct stat status;

	errno = EXDEV;
	if (strcmp(name, "..") == 0)
		return -1;
	fd = openat(directory, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &status) != 0)
		return -1;
	if (!S_ISLNK(status.st_mode))
		return fd_take(&fd);
	errno = ELOOP;
	return -1;
}

int view_open_by_steps(int root, const char *path)
{
	_cleanup_fd_ int here = openat(root, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	char text[PATH_MAX], *next = NULL;

	if (here < 0)
		return -1;
	errno = ENAMETOOLONG;
	if (strlen(path) >= sizeof(text))
		return -1;
	memcpy(text, path, strlen(path) + 1);
	for (char *name = strtok_r(text, "/", &next); name != NULL;
		name = strtok_r(NULL, "/", &next)) {
		int fd = step(here, name);

		if (fd < 0)
			return -1;
		close(here);
		here = fd;
	}
	return fd_take(&here);
}

int view_open_plain(int root, const char *path)
{
	struct open_how how = {
		.flags = O_PATH | O_CLOEXEC,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
	};
	int fd = (int)syscall(SYS_openat2, root, path, &how, sizeof(how));

	return fd < 0 && errno == ENOSYS ? view_open_by_steps(root, path) : fd;
}
