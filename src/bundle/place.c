#include "bundle/place.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "bundle/manifest.h"
#include "bundle/remove.h"
#include "config/trust.h"

static int fail(struct place *place, const char **complaint, const char *name, const char *act)
{
	*complaint = arena_printf(
		place->arena, "%s/%s: %s: %s", place->parent, name, act, strerror(errno));
	return -1;
}

static bool exists(const struct place *place, const char *name)
{
	return faccessat(place->parent_fd, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

static bool is_marked(const struct place *place, const char *name)
{
	return exists(place, arena_printf(place->arena, "%s/" MARKER_FILE, name));
}

static int mark(struct place *place, const char *name, const char **complaint)
{
	const char *path = arena_printf(place->arena, "%s/" MARKER_FILE, name);
	_cleanup_fd_ int fd =
		openat(place->parent_fd, path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644);

	return fd >= 0 && fsync(fd) == 0 ? 0 : fail(place, complaint, path, "making it");
}

static int move(struct place *place, const char *from, const char *to, const char **complaint)
{
	if (renameat2(place->parent_fd, from, place->parent_fd, to, RENAME_NOREPLACE) == 0 &&
		fsync(place->parent_fd) == 0)
		return 0;
	return fail(place, complaint, from, arena_printf(place->arena, "renaming it to %s", to));
}

/* A directory of that name that no install has made is somebody's work. */
static int remove_trash(struct place *place, const char *name, const char **complaint)
{
	if (!exists(place, name) || unlinkat(place->parent_fd, name, AT_REMOVEDIR) == 0)
		return 0;
	if (is_marked(place, name))
		return remove_tree(place->parent_fd, name, MARKER_FILE) == 0
			       ? 0
			       : fail(place, complaint, name, "removing it");
	*complaint = arena_printf(place->arena,
		"%s/%s is in the way, and no install has made it; expected no such name",
		place->parent, name);
	return -1;
}

int place_clean(struct place *place, const char **complaint)
{
	return remove_trash(place, place->staging, complaint) == 0 &&
			       remove_trash(place, place->discard, complaint) == 0
		       ? 0
		       : -1;
}

int place_finish(struct place *place, const char **complaint)
{
	const char *marker = arena_printf(place->arena, "%s/" MARKER_FILE, place->name);

	if (exists(place, place->staging)) {
		if (exists(place, place->previous) &&
			(mark(place, place->previous, complaint) != 0 ||
				move(place, place->previous, place->discard, complaint) != 0))
			return -1;
		if (move(place, place->staging, place->previous, complaint) != 0)
			return -1;
	}
	if (unlinkat(place->parent_fd, marker, 0) != 0)
		return fail(place, complaint, marker, "removing it");
	return place_clean(place, complaint);
}

static int exchange(struct place *place, const char *other)
{
	return renameat2(
		place->parent_fd, other, place->parent_fd, place->name, RENAME_EXCHANGE);
}

int place_exchange(struct place *place, const char *other, const char **complaint)
{
	if (exchange(place, other) != 0)
		return fail(place, complaint, place->name,
			errno == EINVAL ? "its file system can't exchange two directories at once"
					: arena_printf(place->arena, "exchanging it with %s", other));
	if (fsync(place->parent_fd) == 0)
		return 0;
	(void)fail(place, complaint, place->name, "writing it to disk");
	if (exchange(place, other) != 0)
		(void)fail(place, complaint, place->name,
			"it is not on disk, and can't be put back either");
	return -1;
}

int place_stage(struct place *place, const char **complaint)
{
	_cleanup_fd_ int fd = -1;

	if (place_clean(place, complaint) != 0)
		return -1;
	if (mkdirat(place->parent_fd, place->staging, 0755) != 0)
		return fail(place, complaint, place->staging, "making it");
	if (mark(place, place->staging, complaint) != 0)
		return -1;
	fd = openat(
		place->parent_fd, place->staging, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fchown(fd, 0, 0) != 0 || fchmod(fd, 0755) != 0)
		return fail(place, complaint, place->staging, "opening it");
	return fd_take(&fd);
}

int place_open_beside(struct place *place, const char *name, const char **complaint)
{
	return trust_open(place->arena,
		arena_printf(place->arena, "%s/%s",
			strcmp(place->parent, "/") == 0 ? "" : place->parent, name),
		O_RDONLY | O_DIRECTORY, complaint);
}

/* An interrupted install has all that it needs once the marker is in DIR. */
static int recover(struct place *place, const char **note, const char **complaint)
{
	bool exchanged = is_marked(place, place->name);
	bool trash = exists(place, place->staging) || exists(place, place->discard);

	if (exchanged) {
		*note = "an install that was interrupted had taken effect; it was finished, and "
			"the "
			"gateway may not have been told";
		return place_finish(place, complaint);
	}
	if (place_clean(place, complaint) != 0)
		return -1;
	if (trash)
		*note = "what an interrupted install had left was removed";
	return 0;
}

static int check_movable(struct place *place, const char **complaint)
{
	struct statx own, parent;

	if (statx(place->fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &own) != 0 ||
		statx(place->parent_fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &parent) != 0)
		return fail(place, complaint, place->name, "looking at it");
	if ((own.stx_attributes & STATX_ATTR_MOUNT_ROOT) == 0 &&
		own.stx_dev_major == parent.stx_dev_major &&
		own.stx_dev_minor == parent.stx_dev_minor)
		return 0;
	*complaint = arena_printf(place->arena,
		"%s is a mount point or on another file system than %s; expected a plain "
		"directory, "
		"which can be exchanged with another at once",
		place->path, place->parent);
	return -1;
}

static void name_places(struct place *place, const char *directory)
{
	size_t length = strlen(directory);
	const char *slash;

	while (length > 1 && directory[length - 1] == '/')
		length--;
	place->path = arena_strndup(place->arena, directory, length);
	slash = strrchr(place->path, '/');
	place->parent = slash == place->path ? "/"
					     : arena_strndup(place->arena, place->path,
						       (size_t)(slash - place->path));
	place->name = slash + 1;
	place->staging = arena_printf(place->arena, "%s.staging", place->name);
	place->previous = arena_printf(place->arena, "%s.previous", place->name);
	place->discard = arena_printf(place->arena, "%s.discard", place->name);
}

int place_open(struct arena *arena, struct place *place, const char *directory, const char **note,
	const char **complaint)
{
	*note = NULL;
	*place = (struct place){.arena = arena, .parent_fd = -1, .fd = -1};
	*complaint = arena_printf(arena, "%s: expected an absolute path below /", directory);
	if (directory[0] != '/' || directory[1] == '\0')
		return -1;
	name_places(place, directory);
	place->parent_fd = trust_open(arena, place->parent, O_RDONLY | O_DIRECTORY, complaint);
	if (place->parent_fd < 0)
		return -1;
	if (flock(place->parent_fd, LOCK_EX | LOCK_NB) != 0) {
		*complaint = errno == EWOULDBLOCK
				     ? arena_printf(arena, "another install into %s is at work",
					       place->path)
				     : arena_printf(arena, "locking %s: %s", place->parent,
					       strerror(errno));
		return -1;
	}
	place->fd = trust_open(arena, place->path, O_RDONLY | O_DIRECTORY, complaint);
	if (place->fd < 0 || check_movable(place, complaint) != 0)
		return -1;
	return recover(place, note, complaint);
}

void place_close(struct place *place)
{
	fd_close(&place->fd);
	fd_close(&place->parent_fd);
}
