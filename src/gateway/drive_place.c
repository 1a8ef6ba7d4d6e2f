/* Where drives are, what is in one, and what has been there too long. */
#include "gateway/drive.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/fd.h"
#include "config/trust.h"

enum { DRIVE_MODE = 0700 };

static int open_directory(int above, const char *name)
{
	return openat(above, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* Root's alone, so that the names in it are the gateway's. */
int drive_open_place(struct arena *arena, const char **complaint)
{
	_cleanup_fd_ int state = trust_open(
		arena, ROLEGATE_STATE_DIR, O_RDONLY | O_DIRECTORY | O_CLOEXEC, complaint);
	_cleanup_fd_ int place = -1;
	struct stat status;

	if (state < 0)
		return -1;
	(void)mkdirat(state, "drives", DRIVE_MODE);
	place = open_directory(state, "drives");
	if (place >= 0 && fstat(place, &status) == 0 && status.st_uid == 0 &&
		(status.st_mode & 022) == 0)
		return fd_take(&place);
	*complaint =
		"the directory of the drives, " ROLEGATE_STATE_DIR "/drives, is not root's alone";
	return -1;
}

/* What is root's own beside the drives, whose names are numbers. -1 and errno. */
int drive_open_beside(int place, const char *name)
{
	if (mkdirat(place, name, DRIVE_MODE) < 0 && errno != EEXIST)
		return -1;
	return open_directory(place, name);
}

/* The name is a number (R23). One that was made and not given away is still root's, and empty. */
static int open_drive(int place, const char *name, const struct account *owner)
{
	_cleanup_fd_ int directory = -1;
	struct stat status;

	if (mkdirat(place, name, DRIVE_MODE) < 0 && errno != EEXIST)
		return -1;
	directory = open_directory(place, name);
	if (directory < 0 || fstat(directory, &status) < 0)
		return -1;
	if (status.st_uid == 0 && owner->uid != 0 && fchown(directory, owner->uid, owner->gid) < 0)
		return -1;
	if (fstat(directory, &status) < 0)
		return -1;
	/* Its owner can change its mode, by sftp too, and must not shut itself out by that. */
	if (status.st_uid == owner->uid && (status.st_mode & 07777) != DRIVE_MODE &&
		(fchmod(directory, DRIVE_MODE) < 0 || fstat(directory, &status) < 0))
		return -1;
	if (status.st_uid == owner->uid && (status.st_mode & 07777) == DRIVE_MODE)
		return fd_take(&directory);
	errno = EPERM;
	return -1;
}

/* No record: that is the end of it, for now. */
static bool expired(void *context, const struct record_file *file, bool done)
{
	return report_file(context, file, done) == 0;
}

int drive_directory(struct request *request, const struct drive *drive, const struct account *owner,
	int *place, int *directory)
{
	const char *name = arena_printf(request->arena, "%u", (unsigned)request->session->peer.uid);
	const char *complaint = NULL;

	*directory = -1;
	*place = drive_open_place(request->arena, &complaint);
	if (*place < 0) {
		request_deny(request, REASON_GATEWAY_ERROR, "%s", complaint);
		return -1;
	}
	*directory = open_drive(*place, name, owner);
	if (*directory >= 0) {
		drive_keep_note(request->arena, *place, name, request->session->endpoint);
		drive_expire(*directory, drive->keep, expired, request);
		return 0;
	}
	request_deny(request, REASON_GATEWAY_ERROR, "the drive of uid %s: %s", name,
		errno == EPERM ? arena_printf(request->arena,
					 "it does not belong to %s alone, as whom its files are "
					 "written",
					 owner->name)
			       : strerror(errno));
	fd_close(place);
	return -1;
}

/* The next entry that is there, with its status; NULL at the end, or with errno. */
static const char *next(DIR *listing, struct stat *status)
{
	const struct dirent *entry;

	while ((errno = 0, entry = readdir(listing)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (fstatat(dirfd(listing), entry->d_name, status, AT_SYMLINK_NOFOLLOW) == 0)
			return entry->d_name;
	}
	return NULL;
}

int drive_measure(int directory, const struct drive_run *run, struct drive_size *size)
{
	_cleanup_list_ DIR *listing = fd_list(directory, ".");
	struct stat status;

	*size = (struct drive_size){0};
	if (listing == NULL)
		return -1;
	while (next(listing, &status) != NULL) {
		uint64_t bytes = (uint64_t)status.st_size;

		size->files++;
		size->bytes += bytes;
		if (run != NULL && drive_is_held(run, &status))
			size->open += bytes;
		if (bytes > size->largest)
			size->largest = bytes;
	}
	return errno == 0 ? 0 : -1;
}

/* By the time of the last change of any kind, which its owner can't set. */
void drive_expire(int directory, unsigned keep,
	bool (*tell)(void *context, const struct record_file *file, bool done), void *context)
{
	_cleanup_list_ DIR *listing = keep == 0 ? NULL : fd_list(directory, ".");
	time_t now = time(NULL);
	struct stat status;
	const char *name;

	if (listing == NULL)
		return;
	while ((name = next(listing, &status)) != NULL) {
		struct record_file file = {.action = "expire",
			.name = name,
			.size = (uint64_t)status.st_size,
			.has_size = true};

		if (now - status.st_ctime > (time_t)keep &&
			!tell(context, &file, unlinkat(directory, name, 0) == 0))
			return;
	}
}
