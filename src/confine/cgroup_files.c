#include "confine/cgroup_files.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/fd.h"

int cgroup_directory(const char *path)
{
	return open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

int cgroup_write(int directory, const char *file, const char *value)
{
	_cleanup_fd_ int fd = openat(directory, file, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
	size_t length = strlen(value);

	if (fd < 0)
		return -1;
	return write(fd, value, length) == (ssize_t)length ? 0 : -1;
}

static int read_value(int fd, char *value, size_t size)
{
	ssize_t length = fd < 0 ? -1 : pread(fd, value, size - 1, 0);

	if (length < 0)
		return -1;
	while (length > 0 && value[length - 1] == '\n')
		length--;
	value[length] = '\0';
	return 0;
}

int cgroup_read(int directory, const char *file, char *value, size_t size)
{
	_cleanup_fd_ int fd = openat(directory, file, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

	return read_value(fd, value, size);
}

bool cgroup_lists(int directory, const char *file, const char *word)
{
	char value[CGROUP_VALUE_MAX], *next = NULL, *found;

	if (cgroup_read(directory, file, value, sizeof(value)) != 0)
		return false;
	found = strtok_r(value, " \n", &next);
	while (found != NULL && strcmp(found, word) != 0)
		found = strtok_r(NULL, " \n", &next);
	return found != NULL;
}

int cgroup_own(char *path, size_t size)
{
	_cleanup_fd_ int fd = open("/proc/self/cgroup", O_RDONLY | O_CLOEXEC);
	char text[CGROUP_VALUE_MAX], *next = NULL, *line;

	if (read_value(fd, text, sizeof(text)) != 0)
		return -1;
	line = strtok_r(text, "\n", &next);
	while (line != NULL && strncmp(line, "0::/", 4) != 0)
		line = strtok_r(NULL, "\n", &next);
	if (line != NULL && snprintf(path, size, "%s", line + 3) < (int)size)
		return 0;
	errno = ENOENT;
	return -1;
}

static long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int cgroup_wait_empty(int directory, int timeout)
{
	_cleanup_fd_ int fd = openat(directory, "cgroup.events", O_RDONLY | O_CLOEXEC);
	struct pollfd changed = {.fd = fd, .events = POLLPRI};
	long end = now_ms() + timeout, left;
	char value[CGROUP_VALUE_MAX];

	for (;;) {
		if (read_value(fd, value, sizeof(value)) != 0)
			return -1;
		if (strstr(value, "populated 0") != NULL)
			return 0;
		left = end - now_ms();
		if (left <= 0) {
			errno = EBUSY;
			return -1;
		}
		(void)poll(&changed, 1, (int)left);
	}
}
