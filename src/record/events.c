/* The event log: one JSON object a line. */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/text.h"
#include "config/trust.h"
#include "record/fields.h"

enum { LOCK_TRIES = 200, LOCK_PAUSE = 10 * 1000 * 1000 /* ns */ };

/* The length of the character of UTF-8 at `bytes`, or 0. */
static size_t character(const char *bytes, size_t left)
{
	for (size_t length = 1; length <= 4 && length <= left; length++)
		if (text_is_utf8(bytes, length))
			return length;
	return 0;
}

/* JSON has no way to hold bytes that are not UTF-8: those become the four characters \xNN. */
static json_t *text_json(struct arena *arena, const char *bytes)
{
	size_t left = strlen(bytes);
	char *text, *end;

	if (text_is_utf8(bytes, left))
		return json_string(bytes);
	end = text = arena_alloc(arena, left * 4 + 1);
	while (left > 0) {
		size_t length = character(bytes, left);

		if (length == 0)
			end = mempcpy(end,
				arena_printf(arena, "\\x%02x", (unsigned)(unsigned char)*bytes), 4);
		else
			end = mempcpy(end, bytes, length);
		left -= length == 0 ? 1 : length;
		bytes += length == 0 ? 1 : length;
	}
	return json_string(text);
}

static json_t *field_json(struct arena *arena, const struct field *field)
{
	return field->number ? json_integer((json_int_t)strtoull(field->value, NULL, 10))
			     : text_json(arena, field->value);
}

/* RFC 3339, UTC, milliseconds. */
static const char *time_text(struct arena *arena, long long milliseconds)
{
	time_t seconds = (time_t)(milliseconds / 1000);
	char text[32];
	struct tm parts;

	if (gmtime_r(&seconds, &parts) == NULL ||
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &parts) == 0)
		return "";
	return arena_printf(arena, "%s.%03dZ", text, (int)(milliseconds % 1000));
}

char *events_line(struct arena *arena, const struct record *record, const struct fields *fields,
	const char *host, long long milliseconds)
{
	json_t *object = json_object();
	int failed =
		json_object_set_new(object, "time", json_string(time_text(arena, milliseconds)));
	char *dumped, *line = NULL;

	failed |= json_object_set_new(object, "host", text_json(arena, host));
	for (size_t i = 0; i < fields->count; i++)
		failed |= json_object_set_new(
			object, fields->items[i].name, field_json(arena, &fields->items[i]));
	if (record->tty != NULL)
		failed |= json_object_set_new(object, "terminal", text_json(arena, record->tty));
	failed |= json_object_set_new(
		object, "res", json_string(record->success ? "success" : "failed"));
	/* ASCII: who prints the file to a terminal is sent no control and no bidirectional byte. */
	dumped = failed == 0 ? json_dumps(object, JSON_COMPACT | JSON_ENSURE_ASCII) : NULL;
	if (dumped != NULL)
		line = arena_printf(arena, "%s\n", dumped);
	free(dumped);
	json_decref(object);
	return line;
}

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

	*events = (struct events){ .directory = -1, .file = -1 };
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

/* A rotated file is let go: true when the name stands for another one, or for none, by now. */
static bool was_replaced(const struct events *events)
{
	struct stat ours, named;

	return fstat(events->file, &ours) < 0 ||
		fstatat(events->directory, events->name, &named, AT_SYMLINK_NOFOLLOW) < 0 ||
		ours.st_dev != named.st_dev || ours.st_ino != named.st_ino;
}

static int take_lock(int file)
{
	const struct timespec pause = { .tv_nsec = LOCK_PAUSE };

	for (int i = 0; i < LOCK_TRIES; i++) {
		if (flock(file, LOCK_EX | LOCK_NB) == 0)
			return 0;
		if (errno != EWOULDBLOCK && errno != EINTR)
			return -1;
		nanosleep(&pause, NULL);
	}
	errno = ETIMEDOUT;
	return -1;
}

/* One write(2). What a full disk left of it is taken back, so that no line is ever half there. */
static int append_locked(int file, const char *line)
{
	size_t length = strlen(line);
	struct stat before;
	ssize_t written;

	if (fstat(file, &before) < 0)
		return -1;
	written = write(file, line, length);
	if (written == (ssize_t)length)
		return 0;
	if (written >= 0) {
		(void)!ftruncate(file, before.st_size);
		errno = ENOSPC;
	}
	return -1;
}

int events_append(struct events *events, const char *line)
{
	int result, saved;

	if (was_replaced(events)) {
		fd_close(&events->file);
		events->file = open_file(events);
	}
	if (events->file < 0 || take_lock(events->file) < 0)
		return -1;
	result = append_locked(events->file, line);
	saved = errno;
	(void)flock(events->file, LOCK_UN);
	errno = saved;
	return result;
}
