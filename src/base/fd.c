#include "base/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

void fd_close(int *fd)
{
	int saved = errno;

	if (*fd >= 0)
		close(*fd);
	*fd = -1;
	errno = saved;
}

int fd_take(int *fd)
{
	int taken = *fd;

	*fd = -1;
	return taken;
}

DIR *fd_list(int directory, const char *name)
{
	_cleanup_fd_ int fd = openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *list = fd < 0 ? NULL : fdopendir(fd);

	if (list != NULL)
		(void)fd_take(&fd);
	return list;
}

void fd_list_close(DIR **list)
{
	if (*list != NULL)
		closedir(*list);
}

int fd_write_all(int fd, const void *bytes, size_t length)
{
	const char *next = bytes;

	while (length > 0) {
		ssize_t written = write(fd, next, length);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return -1;
		next += written;
		length -= (size_t)written;
	}
	return 0;
}

char *fd_read_all(struct arena *arena, int fd, size_t limit, size_t *length)
{
	size_t room = 4096, used = 0;
	char *bytes = arena_alloc(arena, room);

	for (;;) {
		ssize_t got = read(fd, bytes + used, room - used - 1);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return NULL;
		used += (size_t)got;
		if (used > limit) {
			errno = EFBIG;
			return NULL;
		}
		if (got == 0)
			break;
		if (used + 1 == room) {
			char *larger = arena_alloc(arena, room * 2);

			memcpy(larger, bytes, used);
			bytes = larger;
			room *= 2;
		}
	}
	bytes[used] = '\0';
	*length = used;
	return bytes;
}

char *fd_read_file(struct arena *arena, const char *path, size_t limit, size_t *length)
{
	_cleanup_fd_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	return fd < 0 ? NULL : fd_read_all(arena, fd, limit, length);
}

int fd_fill_streams(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd < 0)
		return -1;
	close(fd);
	return 0;
}

/* Opened anew, so that nobody can even ask to change it. */
static int seal(const char *name, const void *bytes, size_t length, unsigned flags, mode_t mode)
{
	enum { SEALS = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE };
	_cleanup_fd_ int file = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING | flags);
	char path[sizeof("/proc/self/fd/") + 10];

	if (file < 0 || fd_write_all(file, bytes, length) != 0 || fchmod(file, mode) < 0 ||
		fcntl(file, F_ADD_SEALS, SEALS) < 0 || (fcntl(file, F_GET_SEALS) & SEALS) != SEALS)
		return -1;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	return open(path, O_RDONLY | O_CLOEXEC);
}

int fd_sealed(const char *name, const void *bytes, size_t length)
{
	return seal(name, bytes, length, 0, 0444);
}

/* MFD_EXEC is of Linux 6.3; where it is not known, all can be executed. */
int fd_sealed_program(const char *name, const void *bytes, size_t length)
{
	enum { EXEC = 0x10, EXECUTE_ONLY = 0111 };
	int file = seal(name, bytes, length, EXEC, EXECUTE_ONLY);

	return file < 0 && errno == EINVAL ? seal(name, bytes, length, 0, EXECUTE_ONLY) : file;
}

bool fd_is_sealed(int fd)
{
	int seals = fcntl(fd, F_GET_SEALS);

	return seals >= 0 && (seals & F_SEAL_WRITE) != 0;
}
