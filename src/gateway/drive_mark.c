/*
 * A mark for each session that has a drive open, so that the next one sees when one was killed:
 * what the kernel told that one is lost, and what it left behind is recorded as found.
 *
 * drives/open/UID.REQUEST, locked by its session for as long as that lives.
 */
#include "gateway/drive.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"

static int open_marks(int place)
{
	if (mkdirat(place, "open", 0700) < 0 && errno != EEXIST)
		return -1;
	return openat(place, "open", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
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
		(void)drive_describe(NULL, directory, entry->d_name, -1, &file);
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
		O_RDONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
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
