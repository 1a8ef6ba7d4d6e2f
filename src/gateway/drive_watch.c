/*
 * What happens in a drive, as the kernel tells it: fanotify(7), with names as bytes of their own
 * and the process that did it. The server's log lines would be the client's to write: a name with a
 * line end in it makes two of one.
 *
 * Events of one name are merged while they wait, so that what a file is now counts and not how
 * often it was touched. What another session does to the same drive is recorded there.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fanotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "gateway/clock.h"
#include "gateway/drive_parts.h"

/* linux/fanotify.h of 5.17, which Debian 12's C library does not pass on. */
#ifndef FAN_RENAME
#define FAN_RENAME 0x10000000
#endif
enum { INFO_NAME = 2, INFO_OLD_NAME = 10, INFO_NEW_NAME = 12 };

enum {
	EVENTS_SIZE = 64 * 1024,
	HELD_MOST = 512, /* files open here */
};

static int watch(int directory, uint64_t events)
{
	_cleanup_fd_ int fd = fanotify_init(FAN_CLASS_NOTIF | FAN_CLOEXEC | FAN_NONBLOCK |
						    FAN_REPORT_DFID_NAME | FAN_UNLIMITED_QUEUE,
		O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fanotify_mark(fd, FAN_MARK_ADD | FAN_MARK_ONLYDIR,
			      events | FAN_EVENT_ON_CHILD, directory, NULL) < 0)
		return -1;
	return fd_take(&fd);
}

/* Two, since of the one every event is looked at at once, and the other has one for each write. */
int drive_watch_open(struct drive_run *run)
{
	run->watch = watch(run->directory, FAN_OPEN | FAN_CLOSE_WRITE | FAN_CLOSE_NOWRITE |
						   FAN_CREATE | FAN_DELETE | FAN_RENAME);
	run->transfers = watch(run->directory, FAN_ACCESS | FAN_MODIFY);
	return run->watch < 0 || run->transfers < 0 ? -1 : 0;
}

int drive_watch_fd(const struct drive_run *run)
{
	return run == NULL ? -1 : run->watch;
}

int drive_transfers_fd(const struct drive_run *run)
{
	return run == NULL || run->rest_until != CLOCK_NEVER ? -1 : run->transfers;
}

static struct drive_name *find(struct drive_run *run, const char *text)
{
	struct drive_name *name = run->names;
	size_t length = strlen(text) + 1;

	while (name != NULL && strcmp(name->name, text) != 0)
		name = name->next;
	if (name != NULL)
		return name;
	name = malloc(sizeof(*name) + length);
	if (name == NULL)
		abort(); /* as every allocation here: nothing goes on unrecorded */
	name->bits = 0;
	name->file = -1;
	memcpy(name->name, text, length);
	name->next = run->names;
	run->names = name;
	return name;
}

static void release(struct drive_run *run, struct drive_name *name)
{
	if (name->file >= 0)
		run->held--;
	fd_close(&name->file);
}

/* Its bytes can be looked at when its name is gone, or another file's: until that is known. */
static void hold(struct drive_run *run, struct drive_name *name)
{
	if (name->file >= 0 || run->held >= HELD_MOST)
		return;
	name->file = drive_open_file(run->directory, name->name);
	if (name->file >= 0)
		run->held++;
}

/* Those of which nothing is left to be said. */
void drive_forget(struct drive_run *run, unsigned bits)
{
	for (struct drive_name **at = &run->names; *at != NULL;) {
		struct drive_name *name = *at;

		name->bits &= ~bits;
		if (name->bits != 0 || name->file >= 0) {
			at = &name->next;
			continue;
		}
		*at = name->next;
		free(name);
	}
}

void drive_record(struct relay *relay, const struct record_file *file)
{
	if (report_file(relay->request, file, true) != 0)
		relay->request->drive->unrecorded = true;
}

/* With what lies there now; gone by now is no reason not to say that it was there. */
static void record_name(struct relay *relay, const char *action, const struct drive_name *name)
{
	struct record_file file = {.action = action, .name = name->name};

	(void)drive_describe(
		relay, relay->request->drive->directory, name->name, name->file, &file);
	drive_record(relay, &file);
}

static bool is_there(const struct drive_run *run, const char *name)
{
	struct stat status;

	return fstatat(run->directory, name, &status, AT_SYMLINK_NOFOLLOW) == 0;
}

static void remove_name(struct relay *relay, struct drive_name *name)
{
	drive_record(relay, &(struct record_file){.action = "remove", .name = name->name});
	name->bits = 0;
	release(relay->request->drive, name);
}

static void flush(struct relay *relay, struct drive_name *name, bool written, bool read)
{
	if (written && (name->bits & NAME_WRITTEN) != 0)
		record_name(relay, "put", name);
	if (read && (name->bits & NAME_READ) != 0)
		record_name(relay, "get", name);
	name->bits &= ~((written ? NAME_WRITTEN : 0U) | (read ? NAME_READ : 0U));
}

/* Several may have become one: a file that is there was removed before it was put, if at all. */
static void handle_name(struct relay *relay, const char *text, uint64_t mask)
{
	struct drive_run *run = relay->request->drive;
	struct drive_name *name = find(run, text);
	bool removed = (mask & FAN_DELETE) != 0, there = removed && is_there(run, text);

	if (removed && there)
		remove_name(relay, name);
	if ((mask & FAN_CREATE) != 0)
		release(run, name);
	if ((mask & (FAN_CREATE | FAN_OPEN)) != 0)
		hold(run, name);
	if ((mask & FAN_ACCESS) != 0)
		name->bits |= NAME_READ;
	if ((mask & (FAN_MODIFY | FAN_CREATE)) != 0) {
		name->bits |= NAME_WRITTEN | NAME_CHANGED | NAME_PUT;
		name->changed = ++run->changes;
	}
	flush(relay, name, (mask & FAN_CLOSE_WRITE) != 0 || (removed && !there),
		(mask & (FAN_CLOSE_WRITE | FAN_CLOSE_NOWRITE)) != 0 || (removed && !there));
	if (removed && !there)
		remove_name(relay, name);
}

static void handle_rename(struct relay *relay, const char *from, const char *to)
{
	struct drive_run *run = relay->request->drive;
	struct record_file file = {.action = "rename", .name = from, .to = to};
	struct drive_name *old = find(run, from), *new;
	unsigned bits = old->bits;

	old->bits = 0;
	new = find(run, to);
	new->bits = bits | NAME_CHANGED;
	new->changed = ++run->changes;
	release(run, new);
	new->file = old->file;
	old->file = -1;
	hold(run, new);
	(void)drive_describe(relay, run->directory, to, new->file, &file);
	drive_record(relay, &file);
}

/* The names that come with an event; each is behind a handle of the directory. */
static const char *name_in(const struct fanotify_event_metadata *event, int first, int second)
{
	const char *at = (const char *)event + event->metadata_len;
	const char *end = (const char *)event + event->event_len;

	while (at + sizeof(struct fanotify_event_info_fid) < end) {
		const struct fanotify_event_info_fid *info = (const void *)at;
		const struct file_handle *handle = (const void *)info->handle;

		if (info->hdr.len == 0)
			return NULL;
		if (info->hdr.info_type == first || info->hdr.info_type == second)
			return (const char *)handle->f_handle + handle->handle_bytes;
		at += info->hdr.len;
	}
	return NULL;
}

static void handle(struct relay *relay, const struct fanotify_event_metadata *event)
{
	const char *name = name_in(event, INFO_NAME, INFO_OLD_NAME);
	const char *to = name_in(event, INFO_NEW_NAME, INFO_NEW_NAME);

	if ((event->mask & FAN_Q_OVERFLOW) != 0)
		relay->request->drive->unrecorded = true;
	else if (event->pid != relay->pid || name == NULL || strcmp(name, ".") == 0)
		return;
	else if ((event->mask & FAN_RENAME) != 0 && to != NULL)
		handle_rename(relay, name, to);
	else
		handle_name(relay, name, event->mask);
}

/* Whether there were any. */
bool drive_read_events(struct relay *relay, int fd)
{
	union {
		struct fanotify_event_metadata first;
		char bytes[EVENTS_SIZE];
	} events;
	ssize_t got = read(fd, &events, sizeof(events));
	const struct fanotify_event_metadata *event = &events.first;
	bool any = got > 0;

	if (got < 0 && errno != EAGAIN && errno != EINTR)
		relay->request->drive->unrecorded = true;
	/* What was written before a file was closed is known by the time that this is handled. */
	while (any && fd == relay->request->drive->watch &&
		drive_read_events(relay, relay->request->drive->transfers))
		continue;
	/* FAN_EVENT_NEXT counts `got` down. */
	for (; FAN_EVENT_OK(event, got); event = FAN_EVENT_NEXT(event, got))
		handle(relay, event);
	return any;
}

void drive_flush(struct relay *relay)
{
	struct drive_name *name = relay->request->drive->names;

	for (; name != NULL; name = name->next)
		flush(relay, name, true, true);
}
