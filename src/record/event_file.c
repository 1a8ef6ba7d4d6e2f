/*
 * The event log as the gateway writes it by itself: one file, many processes, a lock. Whoever has
 * the lock finds the chain as the last one left it, in the file alone, so that none can hold it up.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/text.h"
#include "config/trust.h"
#include "record/chain_cut.h"
#include "record/event_follow.h"
#include "record/event_object.h"

enum { OPEN_TRIES = 100 };

/* Made if it is not there, and then root's alone. -1 and errno. */
static int open_file(const struct events *events)
{
	_cleanup_fd_ int fd = openat(events->directory, events->name,
		O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0600);
	struct stat status;

	if (fd < 0 || fstat(fd, &status) < 0)
		return -1;
	if (S_ISREG(status.st_mode) && status.st_uid == 0 && (status.st_mode & 077) == 0 &&
		status.st_nlink == 1)
		return fd_take(&fd);
	errno = EPERM;
	return -1;
}

int events_open(
	struct arena *arena, const char *path, struct events *events, const char **complaint)
{
	const char *slash = strrchr(path, '/');
	const char *directory;

	*events = (struct events){.directory = -1, .file = -1};
	if (!text_is_canonical_path(path) || slash == NULL || slash[1] == '\0') {
		*complaint = "the event log's path is not absolute";
		return -1;
	}
	directory = slash == path ? "/" : arena_strndup(arena, path, (size_t)(slash - path));
	events->directory =
		trust_open(arena, directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC, complaint);
	events->path = strdup(path);
	if (events->directory >= 0 && events->path != NULL) {
		events->name = events->path + (slash - path) + 1;
		events->file = open_file(events);
		if (events->file >= 0)
			return 0;
		*complaint = arena_printf(arena, "%s: %s", path,
			errno == EPERM ? "must be a file of root's with mode 0600"
				       : strerror(errno));
	}
	events_close(events);
	return -1;
}

void events_close(struct events *events)
{
	fd_close(&events->file);
	fd_close(&events->directory);
	free(events->path);
	events->path = NULL;
}

/* One write(2). What a full disk left of it is taken back, so that no line is ever half there. */
static int write_line(struct events *events, const char *line)
{
	size_t length = strlen(line);
	ssize_t written = write(events->file, line, length);

	if (written == (ssize_t)length) {
		events->known.size += (off_t)length;
		return 0;
	}
	events->known.state = CHAIN_FILE_EMPTY;
	if (written >= 0) {
		(void)!ftruncate(events->file, events->known.size);
		errno = ENOSPC;
	}
	return -1;
}

static int seal(struct arena *arena, struct events *events, const char *object)
{
	struct chain chain = events->known.chain;
	const char *line = object == NULL ? NULL : chain_seal(arena, &chain, object);

	if (line == NULL) {
		errno = EINVAL;
		return -1;
	}
	if (write_line(events, line) != 0)
		return -1;
	events->known.chain = chain;
	return 0;
}

static int begin_file(struct arena *arena, struct events *events, const char *after)
{
	if (events->known.id[0] == '\0' && chain_file_new_id(events->known.id) != 0)
		return -1;
	return seal(arena, events, chain_file_header(arena, events->known.id, after, event_now()));
}

/* A file without a first line, empty or with half of one. */
static int begin_after_older(struct arena *arena, struct events *events, int replaced)
{
	struct chain_file newest = {.chain = chain_start};
	char *object = NULL, *after = NULL;
	int result = events_find_older(events, replaced, &newest, &after);

	if (result != 0) {
		free(after);
		return result;
	}
	events->known.chain = newest.chain;
	memcpy(events->known.id, newest.id, sizeof(newest.id));
	if (events->known.size > 0)
		result = chain_cut(arena, events->directory, events->name, events->file,
			&events->known, &object);
	events->known.size = 0;
	if (result == 0)
		result = begin_file(arena, events, after);
	if (result == 0 && object != NULL)
		result = seal(arena, events, object);
	free(after);
	return result;
}

static int cut_file(struct arena *arena, struct events *events)
{
	char *object;

	if (chain_cut(arena, events->directory, events->name, events->file, &events->known,
		    &object) != 0)
		return -1;
	events->known.size = events->known.good;
	return seal(arena, events, object);
}

/* Where the chain stands. 0; -1 and errno, ESTALE when there is to be another file. */
static int find_chain(struct arena *arena, struct events *events, int replaced)
{
	struct stat status;
	int result = 0;

	if (fstat(events->file, &status) != 0)
		return -1;
	if (events->known.state == CHAIN_FILE_GOOD && events->known.size == status.st_size)
		return 0;
	if (chain_file_read(events->file, &events->known) != 0)
		return -1;
	if (events->known.state == CHAIN_FILE_FOREIGN) {
		if (chain_set_aside(arena, events->directory, events->name) == 0)
			errno = ESTALE;
		return -1;
	}
	if (events->known.first == 0)
		result = begin_after_older(arena, events, replaced);
	else if (events->known.state == CHAIN_FILE_TORN)
		result = cut_file(arena, events);
	events->known.state = result == 0 ? CHAIN_FILE_GOOD : CHAIN_FILE_EMPTY;
	return result;
}

/* With the lock, and under its name: whoever comes to a renamed file later finds that out. */
static int open_locked(struct events *events, int *replaced)
{
	for (int i = 0; i < OPEN_TRIES; i++) {
		if (events->file >= 0 && events_lock(events, events->file) != 0)
			return -1;
		if (events->file >= 0 && !events_was_replaced(events))
			return 0;
		if (events->file >= 0)
			(void)flock(events->file, LOCK_UN);
		if (*replaced < 0)
			*replaced = fd_take(&events->file);
		fd_close(&events->file);
		events->known.state = CHAIN_FILE_EMPTY;
		events->file = open_file(events);
		if (events->file < 0)
			return -1;
	}
	errno = ESTALE;
	return -1;
}

static int append(struct arena *arena, struct events *events, const char *object)
{
	_cleanup_fd_ int replaced = -1;
	int result = -1, saved;

	for (int i = 0; i < OPEN_TRIES && result != 0; i++) {
		if (open_locked(events, &replaced) != 0)
			return -1;
		result = find_chain(arena, events, replaced);
		if (result == 0)
			result = seal(arena, events, object);
		saved = errno;
		(void)flock(events->file, LOCK_UN);
		errno = saved;
		if (result != 0 && errno != ESTALE)
			break;
	}
	return result;
}

int events_append(struct events *events, const char *object)
{
	struct arena *arena = arena_new();
	int result = append(arena, events, object), saved = errno;

	arena_free(arena);
	errno = saved;
	return result;
}
