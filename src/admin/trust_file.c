/* A file that is there whole or not at all, whatever happens in between. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "admin/trust.h"
#include "base/fd.h"

static const char *directory_of(struct arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? "." : arena_strndup(arena, path, (size_t)(slash - path));
}

static int write_synced(int fd, const char *text, mode_t mode)
{
	return fd_write_all(fd, text, strlen(text)) != 0 || fchmod(fd, mode) != 0 || fsync(fd) != 0
		       ? -1
		       : 0;
}

/* link(2) does not replace, and rename(2) does. */
static int put_in_place(const char *draft, const char *path, bool replace)
{
	if (replace)
		return rename(draft, path);
	if (link(draft, path) != 0)
		return -1;
	return unlink(draft);
}

int trust_write(struct arena *arena, const char *path, const char *text, bool replace)
{
	const char *directory = directory_of(arena, path);
	char *draft = arena_printf(arena, "%s/.trust-XXXXXX", directory);
	_cleanup_fd_ int fd = -1, folder = -1;
	struct stat status;
	int error;

	if (mkdir(directory, 0755) != 0 && errno != EEXIST)
		return -1;
	folder = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0 || (fd = mkostemp(draft, O_CLOEXEC)) < 0)
		return -1;
	if (lstat(path, &status) != 0 || !S_ISREG(status.st_mode))
		status.st_mode = 0644;
	if (write_synced(fd, text, status.st_mode & 07777) == 0 &&
		put_in_place(draft, path, replace) == 0)
		return fsync(folder);
	error = errno;
	(void)unlink(draft);
	errno = error;
	return -1;
}
