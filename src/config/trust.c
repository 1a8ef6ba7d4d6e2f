#include "config/trust.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"

static int complain(struct arena *arena, int error, const char **complaint, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

static int complain(struct arena *arena, int error, const char **complaint, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	*complaint = arena_vprintf(arena, format, arguments);
	va_end(arguments);
	errno = error;
	return -1;
}

/*
 * What an access control list lets others do shows in the group's bits, which are its mask then:
 * acl(5). So these bits say it all.
 */
static int check(struct arena *arena, int fd, const char *path, bool last, const char **complaint)
{
	struct stat status;

	if (fstat(fd, &status) != 0)
		return complain(arena, errno, complaint, "%s: %s", path, strerror(errno));
	if (S_ISLNK(status.st_mode))
		return complain(arena, EPERM, complaint, "%s is a symbolic link", path);
	if (!last && !S_ISDIR(status.st_mode))
		return complain(arena, ENOTDIR, complaint, "%s is not a directory", path);
	if (!S_ISDIR(status.st_mode) && !S_ISREG(status.st_mode))
		return complain(arena, EPERM, complaint, "%s is not a file or a directory", path);
	if (status.st_uid != 0)
		return complain(arena, EPERM, complaint, "%s is owned by uid %u; expected root (0)",
			path, status.st_uid);
	if (status.st_mode & S_IWOTH)
		return complain(arena, EPERM, complaint,
			"%s is writable by everybody (mode %04o); expected root alone", path,
			status.st_mode & 07777);
	if (status.st_mode & S_IWGRP)
		return complain(arena, EPERM, complaint,
			"%s is writable by its group or by an access control list (mode %04o); "
			"expected root alone",
			path, status.st_mode & 07777);
	return 0;
}

/* Opens `name` below `parent`; `path` is the whole, up to here, for messages. */
static int step(struct arena *arena, int parent, const char *name, const char *path, int flags,
	bool last, const char **complaint)
{
	_cleanup_fd_ int fd = openat(parent, name, flags | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY);

	if (fd < 0 && errno == ELOOP)
		return complain(arena, EPERM, complaint, "%s is a symbolic link", path);
	if (fd < 0)
		return complain(arena, errno, complaint, "%s: %s", path, strerror(errno));
	if (check(arena, fd, path, last, complaint) != 0)
		return -1;
	return fd_take(&fd);
}

int trust_open(struct arena *arena, const char *path, int flags, const char **complaint)
{
	_cleanup_fd_ int fd = -1;
	const char *rest = path + strspn(path, "/");

	*complaint = NULL;
	if (path[0] != '/')
		return complain(arena, EPERM, complaint, "%s is not an absolute path", path);
	/* A FIFO must not make this wait; it is refused once it is open. */
	flags |= flags & O_PATH ? 0 : O_NONBLOCK;
	fd = step(arena, AT_FDCWD, "/", "/", *rest == '\0' ? flags : O_PATH, true, complaint);
	while (fd >= 0 && *rest != '\0') {
		size_t length = strcspn(rest, "/");
		const char *name = arena_strndup(arena, rest, length);
		const char *whole = arena_strndup(arena, path, (size_t)(rest + length - path));

		rest += length;
		rest += strspn(rest, "/");
		bool last = *rest == '\0';
		int next = step(arena, fd, name, whole, last ? flags : O_PATH, last, complaint);

		fd_close(&fd);
		fd = next;
	}
	return fd < 0 ? -1 : fd_take(&fd);
}
