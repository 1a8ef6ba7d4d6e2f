/*
 * What happens in a drive, as the kernel tells it: fanotify(7), with names as bytes of their own
 * and the process that did it. The server's log lines would be the client's to write: a name with a
 * line end in it makes two of one.
 *
 * Events of one name are merged while they wait, but all are read whenever the server opens a file
 * (drive_gate.c): a file's making is the last that was done to its name in what is read at once.
 * What another session does to the same drive is recorded there.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/fanotify.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
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

enum { EVENTS_SIZE = 64 * 1024 };

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

static int watch_mount(int tree)
{
	_cleanup_fd_ int fd = fanotify_init(FAN_CLASS_CONTENT | FAN_CLOEXEC | FAN_NONBLOCK,
		O_CLOEXEC | O_NONBLOCK | O_LARGEFILE); /* to read */

	/* By its path: a mount's own descriptor is no open file. */
	if (fd < 0 ||
		fanotify_mark(fd, FAN_MARK_ADD | FAN_MARK_MOUNT, FAN_OPEN_PERM, tree, ".") < 0)
		return -1;
	return fd_take(&fd);
}

/* Two, since of the one every event is looked at at once, and the other has one for each write. */
int drive_watch_open(struct drive_run *run)
{
	struct epoll_event any = {.events = EPOLLIN};

	run->tree =
		open_tree(run->directory, "", AT_EMPTY_PATH | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	run->gate = run->tree < 0 ? -1 : watch_mount(run->tree);
	run->watch = watch(run->directory,
		FAN_CLOSE_WRITE | FAN_CLOSE_NOWRITE | FAN_CREATE | FAN_DELETE | FAN_RENAME);
	run->transfers = watch(run->directory, FAN_ACCESS | FAN_MODIFY);
	run->events = epoll_create1(EPOLL_CLOEXEC);
	if (run->gate < 0 || run->watch < 0 || run->transfers < 0 || run->events < 0)
		return -1;
	return epoll_ctl(run->events, EPOLL_CTL_ADD, run->gate, &any) < 0 ||
			       epoll_ctl(run->events, EPOLL_CTL_ADD, run->watch, &any) < 0
		       ? -1
		       : 0;
}

int drive_watch_fd(const struct drive_run *run)
{
	return run == NULL ? -1 : run->events;
}

int drive_transfers_fd(const struct drive_run *run)
{
	return run == NULL || clock_now() < run->look_from ? -1 : run->transfers;
}

static bool is_there(const struct drive_run *run, const char *name)
{
	struct stat status;

	return fstatat(run->directory, name, &status, AT_SYMLINK_NOFOLLOW) == 0;
}

static void change(struct drive_run *run, struct drive_name *name, unsigned bits)
{
	name->bits |= bits | NAME_CHANGED;
	name->changed = ++run->changes;
}

/* What it could not hold was refused by the kernel, and the client told. */
static void note_put(struct drive_run *run, const struct drive_name *name)
{
	struct stat status;

	drive_note(run, "put", name->name, NULL, name->held, true);
	if (name->held == NULL || fstat(name->held->file, &status) < 0 || status.st_size == 0 ||
		(uint64_t)status.st_size < run->file_limit)
		return;
	drive_note(run, "full", name->name, NULL, NULL, false);
	run->full = true;
}

void drive_flush_name(struct drive_run *run, struct drive_name *name, bool written, bool read)
{
	if (written && (name->bits & NAME_WRITTEN) != 0)
		note_put(run, name);
	if (read && (name->bits & NAME_READ) != 0)
		drive_note(run, "get", name->name, NULL, name->held, true);
	name->bits &= ~((written ? NAME_WRITTEN : 0U) | (read ? NAME_READ : 0U));
}

void drive_flush(struct drive_run *run)
{
	for (struct drive_name *name = run->names; name != NULL; name = name->next)
		drive_flush_name(run, name, true, true);
}

/* Its file is held on: the server may still write to it. */
static void remove_name(struct drive_run *run, struct drive_name *name)
{
	drive_note(run, "remove", name->name, NULL, NULL, false);
	name->bits = NAME_REMOVED;
}

static void handle_name(struct drive_run *run, const char *text, uint64_t mask)
{
	struct drive_name *name = drive_find(run, text);
	bool removed = (mask & FAN_DELETE) != 0, created = (mask & FAN_CREATE) != 0;
	bool over = removed || created;

	if ((mask & FAN_ACCESS) != 0)
		name->bits |= NAME_READ;
	if ((mask & FAN_MODIFY) != 0)
		change(run, name, NAME_WRITTEN);
	/* Removed and made anew, with nothing written: it was made before, too. */
	drive_flush_name(run, name, over || (mask & FAN_CLOSE_WRITE) != 0,
		over || (mask & (FAN_CLOSE_WRITE | FAN_CLOSE_NOWRITE)) != 0);
	if (removed)
		remove_name(run, name);
	if (!created)
		return;
	drive_release(run, &name->held);
	name->bits &= ~(unsigned)NAME_REMOVED;
	change(run, name, NAME_WRITTEN | NAME_CREATED);
}

/* What was there before is replaced; its bytes are read all the same. */
static void handle_rename(struct drive_run *run, const char *from, const char *to)
{
	struct drive_name *old = drive_find(run, from), *new;
	unsigned bits = old->bits & ~(unsigned)NAME_REMOVED;

	/* What is renamed was there: the removal that was told with earlier events comes later. */
	if ((old->bits & NAME_REMOVED) != 0)
		drive_revoke_remove(run, from);
	old->bits = 0;
	new = drive_find(run, to);
	if (new->held != NULL) {
		drive_flush_name(run, new, true, true);
		new->bits = 0;
	}
	new->bits &= ~(unsigned)NAME_REMOVED;
	change(run, new, bits | NAME_LANDED);
	drive_release(run, &new->held);
	new->held = old->held;
	old->held = NULL;
	drive_hold_by_name(run, new);
	drive_note_rename(run, from, to, new->held);
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
	struct drive_run *run = relay->request->drive;
	const char *name = name_in(event, INFO_NAME, INFO_OLD_NAME);
	const char *to = name_in(event, INFO_NEW_NAME, INFO_NEW_NAME);

	if ((event->mask & FAN_Q_OVERFLOW) != 0)
		run->unrecorded = true;
	if (name == NULL || strcmp(name, ".") == 0)
		return;
	if (event->pid != relay->pid) {
		if ((event->mask & FAN_MODIFY) != 0)
			drive_disturb(run, name);
	} else if ((event->mask & FAN_RENAME) != 0 && to != NULL) {
		handle_rename(run, name, to);
	} else {
		handle_name(run, name, event->mask);
	}
}

/* Whatever came to a name by a rename, and was removed again: the two may have come as one. */
void drive_settle(struct drive_run *run)
{
	for (struct drive_name *name = run->names; name != NULL; name = name->next) {
		bool landed = (name->bits & NAME_LANDED) != 0;

		name->bits &= ~(unsigned)NAME_LANDED;
		if (landed && !is_there(run, name->name)) {
			drive_flush_name(run, name, true, true);
			remove_name(run, name);
		}
		name->bits &= ~(unsigned)NAME_REMOVED;
	}
}

static bool read_some(struct relay *relay, int fd)
{
	union {
		struct fanotify_event_metadata first;
		char bytes[EVENTS_SIZE];
	} events;
	struct drive_run *run = relay->request->drive;
	ssize_t got = read(fd, &events, sizeof(events));
	const struct fanotify_event_metadata *event = &events.first;
	bool any = got > 0;

	if (got < 0 && errno != EAGAIN && errno != EINTR)
		run->unrecorded = true;
	/* What was written before a file was closed is known by the time that this is handled. */
	if (any && fd == run->watch)
		(void)drive_read_transfers(relay);
	/* FAN_EVENT_NEXT counts `got` down. */
	for (; FAN_EVENT_OK(event, got); event = FAN_EVENT_NEXT(event, got))
		handle(relay, event);
	return any;
}

bool drive_read_transfers(struct relay *relay)
{
	bool any = false;

	while (read_some(relay, relay->request->drive->transfers))
		any = true;
	return any;
}

/* Renames wait for no answer, and are recorded more slowly than they are made. */
bool drive_is_flooded(const struct drive_run *run)
{
	enum { EVENTS_MOST = 20000 };
	int bytes = 0;

	return ioctl(run->watch, FIONREAD, &bytes) == 0 &&
	       (size_t)bytes / sizeof(struct fanotify_event_metadata) > EVENTS_MOST;
}

bool drive_read_events(struct relay *relay)
{
	return read_some(relay, relay->request->drive->watch);
}
