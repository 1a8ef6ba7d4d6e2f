/*
 * A mark for each session that has a drive open, so that the next one sees when one was killed:
 * what the kernel told that one is lost, and what it left behind is recorded as found.
 *
 * drives/open/UID.REQUEST, locked by its session for as long as that lives. It holds the bytes of
 * files that have no name any more: no other session can see those.
 */
#include "gateway/drive.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"

static int open_marks(int place)
{
	return drive_open_beside(place, "open");
}

static bool is_after(const struct timespec *time, const struct timespec *start)
{
	return time->tv_sec != start->tv_sec ? time->tv_sec > start->tv_sec
					     : time->tv_nsec >= start->tv_nsec;
}

/* All that has changed since the session `id` began. */
static void record_found(struct request *request, const char *id, const struct timespec *start)
{
	int directory = request->drive->directory;
	_cleanup_list_ DIR *listing = fd_list(directory, ".");
	const struct dirent *entry;
	struct stat status;

	while (listing != NULL && (entry = readdir(listing)) != NULL) {
		struct record_file file = {.action = "found", .name = entry->d_name, .of = id};

		if (fstatat(directory, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) < 0 ||
			!S_ISREG(status.st_mode) || !is_after(&status.st_ctim, start))
			continue;
		(void)drive_describe(directory, entry->d_name, &file);
		if (report_file(request, &file, true) != 0)
			request->drive->unrecorded = true;
	}
}

/* Whoever can lock it is alone with it: its session is no more. */
static void look_at(struct request *request, int marks, const char *name)
{
	_cleanup_fd_ int mark = openat(marks, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	const char *dot = strchr(name, '.');
	struct stat status;

	if (mark < 0 || dot == NULL || flock(mark, LOCK_EX | LOCK_NB) < 0 ||
		fstat(mark, &status) < 0 || status.st_nlink == 0)
		return;
	record_found(request, dot + 1, &status.st_ctim);
	(void)unlinkat(marks, name, 0);
}

static const char *prefix_of(const struct request *request)
{
	return arena_printf(request->arena, "%u.", (unsigned)request->session->peer.uid);
}

static bool is_live(int marks, const char *name)
{
	_cleanup_fd_ int mark = openat(marks, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

	return mark >= 0 && flock(mark, LOCK_EX | LOCK_NB) < 0;
}

/* What the kernel has of fanotify(7) is for all drives of the host together. */
int drive_check_open(struct request *request)
{
	enum { OPEN_MOST = 8 };
	_cleanup_fd_ int marks = open_marks(request->drive->place);
	_cleanup_list_ DIR *listing = marks < 0 ? NULL : fd_list(marks, ".");
	const char *prefix = prefix_of(request);
	const struct dirent *entry;
	unsigned count = 0;

	while (listing != NULL && (entry = readdir(listing)) != NULL)
		count += strncmp(entry->d_name, prefix, strlen(prefix)) == 0 &&
			 is_live(marks, entry->d_name);
	if (count < OPEN_MOST)
		return 0;
	request_deny(request, REASON_LIMIT,
		"your drive is open in %u sessions, the most there may be", count);
	return -1;
}

int drive_mark(struct request *request)
{
	struct drive_run *run = request->drive;
	_cleanup_fd_ int marks = open_marks(run->place);
	_cleanup_list_ DIR *listing = marks < 0 ? NULL : fd_list(marks, ".");
	const char *prefix = prefix_of(request);
	const struct dirent *entry;

	if (listing == NULL)
		return -1;
	while ((entry = readdir(listing)) != NULL)
		if (strncmp(entry->d_name, prefix, strlen(prefix)) == 0)
			look_at(request, marks, entry->d_name);
	run->mark = openat(marks, arena_printf(request->arena, "%s%s", prefix, request->id.text),
		O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	return run->mark < 0 ? -1 : flock(run->mark, LOCK_EX | LOCK_NB);
}

void drive_unmark(struct request *request)
{
	struct drive_run *run = request->drive;
	_cleanup_fd_ int marks = run->mark < 0 ? -1 : open_marks(run->place);

	if (marks >= 0)
		(void)unlinkat(marks,
			arena_printf(request->arena, "%s%s", prefix_of(request), request->id.text),
			0);
	fd_close(&run->mark);
}

static uint64_t read_removed(int marks, const char *name)
{
	_cleanup_fd_ int mark = openat(marks, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	uint64_t bytes = 0;

	if (mark < 0 || pread(mark, &bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
		return 0;
	return bytes;
}

/* One that was killed counts until the drive is opened again: its server may be dying still. */
uint64_t drive_share_removed(struct request *request, uint64_t bytes)
{
	struct drive_run *run = request->drive;
	_cleanup_fd_ int marks = -1;
	_cleanup_list_ DIR *listing = NULL;
	char prefix[16], own[64];
	const struct dirent *entry;
	uint64_t others = 0;

	if (bytes != run->removed && pwrite(run->mark, &bytes, sizeof(bytes), 0) < 0)
		run->broken = true;
	run->removed = bytes;
	(void)snprintf(prefix, sizeof(prefix), "%u.", (unsigned)request->session->peer.uid);
	(void)snprintf(own, sizeof(own), "%s%s", prefix, request->id.text);
	marks = open_marks(run->place);
	listing = marks < 0 ? NULL : fd_list(marks, ".");
	while (listing != NULL && (entry = readdir(listing)) != NULL)
		if (strncmp(entry->d_name, prefix, strlen(prefix)) == 0 &&
			strcmp(entry->d_name, own) != 0)
			others += read_removed(marks, entry->d_name);
	return others;
}
