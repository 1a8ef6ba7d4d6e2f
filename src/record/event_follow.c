#include "record/event_follow.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

#include "base/fd.h"

enum { LOCK_TRIES = 2000, LOCK_PAUSE = 1000 * 1000 /* ns */ };

static bool is_same(const struct stat *one, const struct stat *other)
{
	return one->st_dev == other->st_dev && one->st_ino == other->st_ino;
}

bool events_was_replaced(const struct events *events)
{
	struct stat ours, named;

	return fstat(events->file, &ours) < 0 ||
	       fstatat(events->directory, events->name, &named, AT_SYMLINK_NOFOLLOW) < 0 ||
	       !is_same(&ours, &named);
}

int events_lock(const struct events *events, int file)
{
	const struct timespec pause = {.tv_nsec = LOCK_PAUSE};

	for (int i = 0; i < LOCK_TRIES; i++) {
		if (flock(file, LOCK_EX | LOCK_NB) == 0)
			return 0;
		if (errno != EWOULDBLOCK && errno != EINTR)
			return -1;
		if (file != events->file && events_was_replaced(events)) {
			errno = ESTALE;
			return -1;
		}
		nanosleep(&pause, NULL);
	}
	errno = ETIMEDOUT;
	return -1;
}

/* A file as this one was called before it was rotated: `events.jsonl.1`, `events-20251129.jsonl`.
 */
static bool is_older_name(const struct events *events, const char *name)
{
	const char *dot = strrchr(events->name, '.');
	size_t stem = dot == NULL || dot == events->name ? strlen(events->name)
							 : (size_t)(dot - events->name);

	return strncmp(name, events->name, stem) == 0 && strcmp(name, events->name) != 0;
}

/* Its own one too, which has such a name as soon as it is replaced, and its own lock. */
static bool is_older_file(const struct events *events, int fd)
{
	struct stat status, ours;

	return fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == 0 &&
	       fstat(events->file, &ours) == 0 && !is_same(&status, &ours);
}

/*
 * Whoever wrote to it when it was renamed has done so once its lock is ours. -1: it is not ours in
 * time, and a chain that went on without its last line would be a second one.
 */
static int read_older(const struct events *events, int fd, struct chain_file *newest, char **after,
	const char *name)
{
	struct chain_file found;

	if (!is_older_file(events, fd))
		return 0;
	if (events_lock(events, fd) != 0)
		return -1;
	if (chain_file_read(fd, &found) == 0 && found.first != 0 &&
		found.chain.next > newest->chain.next) {
		*newest = found;
		free(*after);
		*after = name == NULL ? NULL : strdup(name);
	}
	(void)flock(fd, LOCK_UN);
	return 0;
}

int events_find_older(
	const struct events *events, int replaced, struct chain_file *newest, char **after)
{
	_cleanup_list_ DIR *directory = fd_list(events->directory, ".");
	struct dirent *entry;
	int result = 0;

	while (result == 0 && directory != NULL && (entry = readdir(directory)) != NULL) {
		_cleanup_fd_ int fd = -1;

		if (is_older_name(events, entry->d_name))
			fd = openat(events->directory, entry->d_name,
				O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
		if (fd >= 0)
			result = read_older(events, fd, newest, after, entry->d_name);
	}
	if (result == 0 && replaced >= 0)
		result = read_older(events, replaced, newest, after, NULL);
	/* A name that moved while the names were read may have been in none of them. */
	if (result == 0 && events_was_replaced(events)) {
		errno = ESTALE;
		result = -1;
	}
	return result;
}
