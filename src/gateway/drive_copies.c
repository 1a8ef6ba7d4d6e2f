/*
 * How much of drives is copied for what runs: a file drives/copies/UID.REQUEST, locked by its
 * session and as long as the copies are together, so that every session of one operator can add up
 * what the others have taken. The copies themselves have no names and go with their descriptors.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/amount.h"
#include "base/fd.h"
#include "gateway/drive.h"

enum { CALLS_MOST = 64 /* of one operator, that have files of a drive */ };

struct copies {
	uint64_t bytes;
	unsigned calls;
};

/* Whoever can lock it is alone with it: nobody has those copies any more. */
static void count_one(int directory, const char *name, struct copies *copies)
{
	_cleanup_fd_ int room = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	struct stat status;

	if (room < 0 || fstat(room, &status) < 0)
		return;
	if (flock(room, LOCK_EX | LOCK_NB) == 0) {
		(void)unlinkat(directory, name, 0);
		return;
	}
	copies->bytes += (uint64_t)status.st_size;
	copies->calls++;
}

/* Of those that begin so. 0, or -1 and errno. */
static int count(int directory, const char *prefix, struct copies *copies)
{
	_cleanup_list_ DIR *listing = fd_list(directory, ".");
	const struct dirent *entry;

	if (listing == NULL)
		return -1;
	while ((entry = readdir(listing)) != NULL)
		if (entry->d_name[0] != '.' && strncmp(entry->d_name, prefix, strlen(prefix)) == 0)
			count_one(directory, entry->d_name, copies);
	return 0;
}

static const char *prefix_of(struct request *request)
{
	return arena_printf(request->arena, "%u.", (unsigned)request->session->peer.uid);
}

static int take_room(struct request *request, int directory, uint64_t bytes)
{
	const char *name =
		arena_printf(request->arena, "%s%s", prefix_of(request), request->id.text);

	request->copies =
		openat(directory, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	return request->copies < 0 || flock(request->copies, LOCK_EX | LOCK_NB) < 0 ||
			       ftruncate(request->copies, (off_t)bytes) < 0
		       ? -1
		       : 0;
}

/* One after the other, or two would both find room for themselves. */
int drive_reserve_copies(
	struct request *request, const struct drive *drive, int place, uint64_t bytes)
{
	_cleanup_fd_ int directory = drive_open_beside(place, "copies");
	struct copies copies = {0};

	if (directory < 0 || flock(directory, LOCK_EX) < 0 ||
		count(directory, prefix_of(request), &copies) != 0) {
		request_deny(request, REASON_GATEWAY_ERROR, "copies of files of drives: %s",
			strerror(errno));
		return -1;
	}
	if (copies.calls >= CALLS_MOST || bytes > drive->maximum_copies ||
		copies.bytes > drive->maximum_copies - bytes) {
		request_deny(request, REASON_LIMIT,
			"what you run now has %s of your drive in %u calls; at most %s in %d calls "
			"at a time, and this one would take %s: wait until one has ended",
			amount_size_text(request->arena, copies.bytes), copies.calls,
			amount_size_text(request->arena, drive->maximum_copies), CALLS_MOST,
			amount_size_text(request->arena, bytes));
		return -1;
	}
	if (take_room(request, directory, bytes) == 0)
		return 0;
	request_deny(
		request, REASON_GATEWAY_ERROR, "copies of files of drives: %s", strerror(errno));
	return -1;
}

void drive_release_copies(struct request *request)
{
	if (request->copies < 0)
		return;
	(void)unlink(arena_printf(request->arena, ROLEGATE_STATE_DIR "/drives/copies/%s%s",
		prefix_of(request), request->id.text));
	fd_close(&request->copies);
}

/* One that a crash left with its name, too: that is taken away as soon as it is made. */
void drive_clear_copies(int place)
{
	_cleanup_fd_ int directory = drive_open_beside(place, "copies");
	_cleanup_list_ DIR *listing = fd_list(place, ".");
	const struct dirent *entry;
	struct copies copies = {0};

	if (directory >= 0 && flock(directory, LOCK_EX | LOCK_NB) == 0)
		(void)count(directory, "", &copies);
	while (listing != NULL && (entry = readdir(listing)) != NULL)
		if (entry->d_name[0] == '.' && request_id_is_valid(entry->d_name + 1))
			(void)unlinkat(place, entry->d_name, 0);
}
