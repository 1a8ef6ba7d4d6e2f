/* Replaces one file of the configuration, under a lock that root alone can take. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "approval/grant_parts.h"
#include "base/fd.h"
#include "config/trust.h"

/* Beside the folders, where no file is looked for: a crash leaves nothing that is read. */
#define LOCK_FILE ".approve.lock"
#define NEW_FILE ".approve.new"

static int fail(struct arena *arena, const char **complaint, const char *what)
{
	*complaint = arena_printf(arena, "%s: %s", what, strerror(errno));
	return -1;
}

static int take_lock(int parent)
{
	_cleanup_fd_ int fd = openat(
		parent, LOCK_FILE, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
	struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	if (fd < 0)
		return -1;
	while (fcntl(fd, F_OFD_SETLKW, &whole) < 0)
		if (errno != EINTR)
			return -1;
	return fd_take(&fd);
}

/* Who held it before has taken its name away: it is a lock on nothing then. */
static bool is_in_place(int lock)
{
	struct stat status;

	return fstat(lock, &status) == 0 && status.st_nlink > 0;
}

int grant_lock(struct arena *arena, const char *directory, int *lock, const char **complaint)
{
	_cleanup_fd_ int parent = trust_open(arena, directory, O_RDONLY | O_DIRECTORY, complaint);
	_cleanup_fd_ int fd = -1;

	if (parent < 0)
		return -1;
	do {
		fd_close(&fd);
		fd = take_lock(parent);
		if (fd < 0)
			return fail(arena, complaint,
				arena_printf(arena, "%s/%s", directory, LOCK_FILE));
	} while (!is_in_place(fd));
	*lock = fd_take(&fd);
	return fd_take(&parent);
}

/* Readable for whom the folder is. */
static mode_t mode_like(int folder)
{
	struct stat status;

	return fstat(folder, &status) < 0 ? 0600 : 0600 | (status.st_mode & 0044);
}

static int write_new(const struct approval_grant *grant, int folder)
{
	_cleanup_fd_ int fd = -1;

	if (unlinkat(grant->directory, NEW_FILE, 0) < 0 && errno != ENOENT)
		return -1;
	fd = openat(grant->directory, NEW_FILE,
		O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0 || fchmod(fd, mode_like(folder)) < 0 ||
		fd_write_all(fd, grant->bytes, grant->length) < 0 || fsync(fd) < 0)
		return -1;
	return 0;
}

int approval_grant_commit(struct approval_grant *grant, const char **complaint)
{
	_cleanup_fd_ int folder = -1;

	if (grant->line == NULL)
		return 0;
	folder = openat(
		grant->directory, "roles.d", O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (folder < 0)
		return fail(grant->arena, complaint, "roles.d");
	if (grant->bytes == NULL) {
		if (unlinkat(grant->directory, grant->file, 0) < 0 || fsync(folder) < 0)
			return fail(grant->arena, complaint, grant->file);
		return 0;
	}
	if (write_new(grant, folder) == 0 &&
		renameat(grant->directory, NEW_FILE, grant->directory, grant->file) == 0 &&
		fsync(folder) == 0)
		return 0;
	fail(grant->arena, complaint, grant->file);
	(void)unlinkat(grant->directory, NEW_FILE, 0);
	return -1;
}

void approval_grant_close(struct approval_grant *grant)
{
	if (grant->arena == NULL)
		return;
	(void)unlinkat(grant->directory, LOCK_FILE, 0);
	fd_close(&grant->lock);
	fd_close(&grant->directory);
	*grant = (struct approval_grant){.directory = -1, .lock = -1};
}
