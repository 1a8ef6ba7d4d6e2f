/*
 * What may be committed: looked at before anything is done, since nothing can be refused half-way.
 */
#include <errno.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/fd.h"
#include "transaction/parts.h"

static int count(struct tour *tour, const struct place *place, const char *name, uint64_t bytes)
{
	if (++tour->entries > TRANSACTION_ENTRIES_MAX)
		return tour_fail(tour, place, name, EFBIG,
			"is one change too many: a transaction may have 100000");
	if (bytes > TRANSACTION_BYTES_MAX - tour->bytes)
		return tour_fail(tour, place, name, EFBIG,
			"makes it too large: a transaction may write 4 GiB");
	tour->bytes += bytes;
	return 0;
}

static int64_t nanoseconds(const struct statx_timestamp *time)
{
	return time->tv_sec * 1000000000LL + time->tv_nsec;
}

static int check_changed(
	struct tour *tour, const struct place *place, const char *name, const struct statx *status)
{
	if (nanoseconds(&status->stx_ctime) <= tour->transaction->opened)
		return 0;
	return tour_fail(tour, place, name, ESTALE, "was changed by somebody else meanwhile");
}

static int check_real(
	struct tour *tour, const struct place *place, const char *name, const struct statx *status)
{
	if ((status->stx_attributes & (STATX_ATTR_IMMUTABLE | STATX_ATTR_APPEND)) != 0)
		return tour_fail(tour, place, name, EPERM, "is marked as unchangeable (chattr(1))");
	if (status->stx_mnt_id != tour->area->mount_id)
		return tour_fail(tour, place, name, EXDEV, "has something mounted on it");
	/* A directory's own time is the mark's by then; what is in it is looked at all the same. */
	if (tour->again && S_ISDIR(status->stx_mode))
		return 0;
	return check_changed(tour, place, name, status);
}

static int check_removed_tree(struct tour *tour, const struct place *above, const char *name);

static int check_removed(struct tour *tour, const struct place *place, const char *name)
{
	struct statx status;

	if (walk_status(place->real, name, &status) != 0)
		return tour_fail(tour, place, name, errno == ENOENT ? ESTALE : errno,
			"can't be looked at any more");
	if (count(tour, place, name, 0) != 0 || check_real(tour, place, name, &status) != 0)
		return -1;
	return S_ISDIR(status.stx_mode) ? check_removed_tree(tour, place, name) : 0;
}

/*
 * What was looked at by this descriptor is what will be removed, whatever has its name by then: it
 * is marked, and at the last look it must be.
 */
static int claim(struct tour *tour, const struct place *place)
{
	const char *id = tour->transaction->id;
	struct statx status;

	if (tour->again)
		return mark_is_set(place->real, id)
			       ? 0
			       : tour_fail(tour, place, "", ESTALE,
					 "was replaced by somebody else meanwhile");
	crash_point();
	if (walk_status(place->real, "", &status) != 0)
		return tour_fail(tour, place, "", errno, "can't be looked at");
	if (check_real(tour, place, "", &status) != 0)
		return -1;
	return mark_set(place->real, id) == 0
		       ? 0
		       : tour_fail(tour, place, "", errno, "can't be marked for removal");
}

/* A real directory that goes with all that is in it. */
static int check_removed_tree(struct tour *tour, const struct place *above, const char *name)
{
	_cleanup_fd_ int real = walk_enter(above->real, name, tour->area->mount_id);
	struct place place = {.parent = above,
		.name = name,
		.upper = -1,
		.real = real,
		.depth = above->depth + 1};
	_cleanup_list_ DIR *list = real < 0 ? NULL : fd_list(real, ".");
	const char *next;

	if (list == NULL)
		return tour_fail(tour, above, name, errno, "can't be opened");
	if (place.depth > TRANSACTION_DEPTH_MAX)
		return tour_fail(tour, &place, "", EFBIG, "is too many directories deep");
	if (claim(tour, &place) != 0)
		return -1;
	while ((next = walk_next(list)) != NULL)
		if (check_removed(tour, &place, next) != 0)
			return -1;
	return errno == 0 ? 0 : tour_fail(tour, &place, "", errno, "can't be listed");
}

/*
 * A copy of a file that is not there: it was given this name, or that file was removed since. Which
 * one can't be told if anything was made or removed beside it. The last look sees temporary names.
 */
static int check_missing(struct tour *tour, const struct place *place, const struct entry *entry)
{
	struct statx directory;

	if (!entry->copied || tour->again)
		return 0;
	if (walk_status(place->real, "", &directory) != 0)
		return tour_fail(tour, place, "", errno, "can't be looked at");
	if (nanoseconds(&directory.stx_mtime) <= tour->transaction->opened)
		return 0;
	return tour_fail(
		tour, place, entry->name, ESTALE, "was removed by somebody else meanwhile");
}

/* What it takes the place of. */
static int check_replaced(struct tour *tour, const struct place *place, const struct entry *entry)
{
	if (!entry->exists)
		return check_missing(tour, place, entry);
	if (check_real(tour, place, entry->name, &entry->real) != 0)
		return -1;
	return S_ISDIR(entry->real.stx_mode) ? check_removed_tree(tour, place, entry->name) : 0;
}

static int check_file(
	struct tour *tour, const struct place *place, const char *name, const struct statx *status)
{
	/* Made by root, such a file would lend whoever runs it what nobody has decided on. */
	if ((status->stx_mode & (S_ISUID | S_ISGID)) != 0)
		return tour_fail(tour, place, name, EPERM,
			"has a setuid or setgid bit, which no transaction commits");
	if (walk_has_mark(place->upper, name, "security.capability"))
		return tour_fail(tour, place, name, EPERM,
			"has file capabilities, which no transaction commits");
	return count(tour, place, name, status->stx_size);
}

static int check_new_tree(struct tour *tour, const struct place *above, const char *name);

static int check_new(struct tour *tour, const struct place *place, const char *name)
{
	struct statx status;

	if (walk_status(place->upper, name, &status) != 0)
		return tour_fail(tour, place, name, errno, "can't be looked at");
	if (S_ISREG(status.stx_mode))
		return check_file(tour, place, name, &status);
	if (S_ISLNK(status.stx_mode))
		return count(tour, place, name, 0);
	if (S_ISDIR(status.stx_mode))
		return check_new_tree(tour, place, name);
	return tour_fail(tour, place, name, EPERM,
		"is a device, a socket or a FIFO, which no transaction commits");
}

static int check_new_tree(struct tour *tour, const struct place *above, const char *name)
{
	_cleanup_fd_ int upper =
		openat(above->upper, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct place place = {.parent = above,
		.name = name,
		.upper = upper,
		.real = -1,
		.depth = above->depth + 1};
	_cleanup_list_ DIR *list = upper < 0 ? NULL : fd_list(upper, ".");
	const char *next;

	if (list == NULL)
		return tour_fail(tour, above, name, errno, "can't be opened");
	if (place.depth > TRANSACTION_DEPTH_MAX)
		return tour_fail(tour, &place, "", EFBIG, "is too many directories deep");
	if (count(tour, above, name, 0) != 0)
		return -1;
	while ((next = walk_next(list)) != NULL)
		if (check_new(tour, &place, next) != 0)
			return -1;
	return errno == 0 ? 0 : tour_fail(tour, &place, "", errno, "can't be listed");
}

int examine_entry(struct tour *tour, struct place *place, const struct entry *entry)
{
	if (place->depth == TRANSACTION_DEPTH_MAX && entry->kind != ENTRY_REMOVED &&
		S_ISDIR(entry->upper.stx_mode))
		return tour_fail(tour, place, entry->name, EFBIG, "is too many directories deep");
	switch (entry->kind) {
	case ENTRY_FILE:
	case ENTRY_LINK:
	case ENTRY_TREE:
	case ENTRY_SPECIAL:
		if (check_new(tour, place, entry->name) != 0)
			return -1;
		return check_replaced(tour, place, entry);
	case ENTRY_REMOVED:
		if (count(tour, place, entry->name, 0) != 0)
			return -1;
		return check_replaced(tour, place, entry);
	case ENTRY_ORPHAN:
		return tour_fail(tour, place, entry->name, ESTALE,
			"was removed or replaced by somebody else meanwhile");
	case ENTRY_MERGED:
		return count(tour, place, entry->name, 0);
	}
	return tour_fail(tour, place, entry->name, EPERM, "is unknown");
}

/* A unit with RestrictSUIDSGID= may not set them, and that would be seen too late. */
static bool may_set_setgid(const struct transaction *transaction)
{
	static const char name[] = "probe";
	struct stat status;
	bool may = mkdirat(transaction->directory, name, 0700) == 0 &&
		   fchmodat(transaction->directory, name, 02700, 0) == 0 &&
		   fstatat(transaction->directory, name, &status, 0) == 0 &&
		   (status.st_mode & S_ISGID) != 0;

	(void)unlinkat(transaction->directory, name, AT_REMOVEDIR);
	return may;
}

static int check_directory_mode(struct tour *tour, const struct place *place)
{
	struct stat upper, real;

	if (fstat(place->upper, &upper) != 0 || fstat(place->real, &real) != 0)
		return tour_fail(tour, place, "", errno, "can't be looked at");
	if ((upper.st_mode & (S_ISUID | S_ISGID)) == 0)
		return 0;
	if ((upper.st_mode & ~real.st_mode & (S_ISUID | S_ISGID)) == 0 &&
		may_set_setgid(tour->transaction))
		return 0;
	return tour_fail(tour, place, "", EPERM,
		"would get a setuid or setgid bit, or can't keep it (RestrictSUIDSGID=)");
}

int examine_directory(struct tour *tour, struct place *place)
{
	struct statx real;
	int differ = attributes_differ(place->upper, place->real);

	if (differ < 0 || walk_status(place->real, "", &real) != 0)
		return tour_fail(tour, place, "", errno, "can't be looked at");
	if ((real.stx_attributes & (STATX_ATTR_IMMUTABLE | STATX_ATTR_APPEND)) != 0)
		return tour_fail(tour, place, "", EPERM, "is marked as unchangeable (chattr(1))");
	if (differ == 0)
		return 0;
	/* By then the temporary names have changed it. */
	if (!tour->again && check_changed(tour, place, "", &real) != 0)
		return -1;
	return check_directory_mode(tour, place);
}
