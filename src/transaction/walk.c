/*
 * One pass over an upper directory beside the real one. What is there may be anything that an
 * account can make, so it is looked at name by name, and what can't be told is nothing to commit.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/text.h"
#include "transaction/parts.h"

const char *walk_next(DIR *list)
{
	const struct dirent *entry;

	do {
		errno = 0;
		entry = readdir(list);
	} while (entry != NULL &&
		 (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0));
	return entry == NULL ? NULL : entry->d_name;
}

int walk_status(int directory, const char *name, struct statx *status)
{
	const unsigned wanted = STATX_BASIC_STATS | STATX_MNT_ID;
	int flags = AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | (*name == '\0' ? AT_EMPTY_PATH : 0);

	if (statx(directory, name, flags, wanted, status) != 0)
		return -1;
	errno = EOPNOTSUPP;
	return (status->stx_mask & wanted) == wanted ? 0 : -1;
}

int walk_enter(int directory, const char *name, uint64_t mount_id)
{
	_cleanup_fd_ int fd =
		openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct statx status;

	if (fd < 0 || walk_status(fd, "", &status) != 0)
		return -1;
	errno = EXDEV;
	return status.stx_mnt_id == mount_id ? fd_take(&fd) : -1;
}

bool walk_has_mark(int directory, const char *name, const char *attribute)
{
	char path[320];

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d/%s", directory, name);
	return lgetxattr(path, attribute, NULL, 0) >= 0;
}

static bool is_opaque(int directory, const char *name)
{
	char path[320], value[2];

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d/%s", directory, name);
	return lgetxattr(path, "trusted.overlay.opaque", value, sizeof(value)) == 1 &&
	       value[0] == 'y';
}

/* Escaped: in a message it is read by a person. */
static const char *path_of(struct arena *arena, const struct tour *tour, const struct place *place,
	const char *name, bool escape)
{
	const char *path = name;

	for (; place->parent != NULL; place = place->parent)
		path = *path == '\0' ? place->name
				     : arena_printf(arena, "%s/%s", place->name, path);
	path = *path == '\0' ? tour->area->path
			     : arena_printf(arena, "%s/%s", tour->area->path, path);
	return escape ? text_escape(arena, path, strlen(path)) : path;
}

int tour_fail(
	struct tour *tour, const struct place *place, const char *name, int error, const char *text)
{
	struct arena *arena = tour->transaction->arena;

	tour->complaint =
		arena_printf(arena, "%s %s", path_of(arena, tour, place, name, true), text);
	errno = error;
	return -1;
}

void tour_report(struct tour *tour, const struct place *place, const char *name, const char *action)
{
	struct arena *arena;
	struct transaction_step step = {.action = action};

	if (tour->report == NULL)
		return;
	arena = arena_new();
	step.path = path_of(arena, tour, place, name, false);
	tour->report(tour->context, &step);
	arena_free(arena);
}

static uint64_t number_of(const char *name)
{
	uint64_t number = 0xcbf29ce484222325; /* FNV-1a */

	for (; *name != '\0'; name++)
		number = (number ^ (unsigned char)*name) * 0x100000001b3;
	return number;
}

/* The same one after a restart; and of its own for each name of a hard link. */
static void name_temporary(struct entry *entry)
{
	(void)snprintf(entry->temporary, sizeof(entry->temporary), "new-%" PRIx64 "-%016" PRIx64,
		(uint64_t)entry->upper.stx_ino, number_of(entry->name));
}

/* One that stays was copied up; all others are as new as what is in them. */
static enum entry_kind kind_of_directory(int upper, const struct entry *entry)
{
	if (!entry->copied || is_opaque(upper, entry->name))
		return ENTRY_TREE;
	return entry->exists && S_ISDIR(entry->real.stx_mode) ? ENTRY_MERGED : ENTRY_ORPHAN;
}

static enum entry_kind kind_of(int upper, const struct entry *entry)
{
	switch (entry->upper.stx_mode & S_IFMT) {
	case S_IFREG:
		return ENTRY_FILE;
	case S_IFLNK:
		return ENTRY_LINK;
	case S_IFDIR:
		return kind_of_directory(upper, entry);
	case S_IFCHR:
		return entry->upper.stx_rdev_major == 0 && entry->upper.stx_rdev_minor == 0
			       ? ENTRY_REMOVED
			       : ENTRY_SPECIAL;
	default:
		return ENTRY_SPECIAL;
	}
}

static int entry_read(struct tour *tour, const struct place *place, struct entry *entry)
{
	if (walk_status(place->upper, entry->name, &entry->upper) != 0)
		return tour_fail(tour, place, entry->name, errno, "can't be looked at");
	entry->exists = walk_status(place->real, entry->name, &entry->real) == 0;
	if (!entry->exists && errno != ENOENT)
		return tour_fail(tour, place, entry->name, errno, "can't be looked at");
	entry->copied = walk_has_mark(place->upper, entry->name, "trusted.overlay.origin");
	entry->kind = kind_of(place->upper, entry);
	/* What went since it was decided is made again. */
	if (tour->redo && entry->kind == ENTRY_ORPHAN && !entry->exists)
		entry->kind = ENTRY_TREE;
	name_temporary(entry);
	return 0;
}

static int walk(struct tour *tour, struct place *place);

static int walk_into(struct tour *tour, struct place *above, const struct entry *entry)
{
	_cleanup_fd_ int upper = openat(above->upper, entry->name,
				 O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC),
			 real = walk_enter(above->real, entry->name, tour->area->mount_id);
	struct place place = {.parent = above,
		.name = entry->name,
		.upper = upper,
		.real = real,
		.container = -1,
		.depth = above->depth + 1};
	int result;

	if (tour->undo && (upper < 0 || real < 0 || !identity_is_origin(upper, real)))
		return 0;
	if (upper < 0 || real < 0)
		return tour_fail(tour, above, entry->name, errno, "can't be opened");
	if (!identity_is_origin(upper, real))
		return tour_fail(tour, above, entry->name, ESTALE,
			"was replaced by somebody else meanwhile");
	result = walk(tour, &place);
	fd_close(&place.container);
	return result;
}

static int walk_entries(struct tour *tour, struct place *place)
{
	_cleanup_list_ DIR *list = fd_list(place->upper, ".");
	const char *name;

	if (list == NULL)
		return tour_fail(tour, place, "", errno, "can't be listed");
	while ((name = walk_next(list)) != NULL) {
		struct entry entry = {.name = name};

		if (entry_read(tour, place, &entry) != 0 || tour->visit(tour, place, &entry) != 0)
			return -1;
		if (entry.kind == ENTRY_MERGED && walk_into(tour, place, &entry) != 0)
			return -1;
	}
	return errno == 0 ? 0 : tour_fail(tour, place, "", errno, "can't be listed");
}

static int walk(struct tour *tour, struct place *place)
{
	if (place->depth > TRANSACTION_DEPTH_MAX)
		return tour->undo
			       ? 0
			       : tour_fail(tour, place, "", EFBIG, "is too many directories deep");
	if (tour->enter != NULL && tour->enter(tour, place) != 0)
		return -1;
	if (walk_entries(tour, place) != 0)
		return -1;
	return tour->leave == NULL ? 0 : tour->leave(tour, place);
}

int tour_run(struct tour *tour)
{
	const struct transaction *transaction = tour->transaction;

	for (size_t i = 0; i < transaction->paths.count; i++) {
		const struct transaction_area *area = &transaction->areas[i];
		struct place place = {
			.name = "", .upper = area->upper, .real = area->real, .container = -1};
		int result;

		tour->area = area;
		result = walk(tour, &place);
		fd_close(&place.container);
		if (result != 0)
			return -1;
	}
	return 0;
}
