/*
 * The changes become real: nothing but renames, removals and modes. Every step may have been done
 * before, by a process that did not get to its end.
 */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "base/fd.h"
#include "transaction/parts.h"

static int put_in_place(struct tour *tour, struct place *place, const struct entry *entry)
{
	/* rename(2) replaces a file by a file. */
	bool aside =
		entry->exists && (S_ISDIR(entry->real.stx_mode) || S_ISDIR(entry->upper.stx_mode));

	if (aside && container_take(tour, place, entry->name) != 0)
		return -1;
	crash_point();
	if (renameat(place->container, entry->temporary, place->real, entry->name) != 0)
		return -1;
	crash_point();
	return 0;
}

static int apply_new(struct tour *tour, struct place *place, const struct entry *entry)
{
	int none = container_open(tour, place, false);
	bool staged = none == 0 &&
		      faccessat(place->container, entry->temporary, F_OK, AT_SYMLINK_NOFOLLOW) == 0;

	/* In its place before the interruption. */
	if (!staged && tour->redo && entry->exists)
		return 0;
	/* Somebody removed it: the log still has it. */
	if (!staged && stage_entry(tour, place, entry) != 0)
		return -1;
	return put_in_place(tour, place, entry);
}

static int apply_removed(struct tour *tour, struct place *place, const struct entry *entry)
{
	crash_point();
	if (!entry->exists)
		return 0;
	if (S_ISDIR(entry->real.stx_mode))
		return container_take(tour, place, entry->name);
	return unlinkat(place->real, entry->name, 0) != 0 && errno != ENOENT ? -1 : 0;
}

static const char *action_of(mode_t mode)
{
	return S_ISDIR(mode) ? "mkdir" : S_ISLNK(mode) ? "link" : "write";
}

static void report_new(struct tour *tour, const struct place *place, const char *name, mode_t mode);

static void report_contents(struct tour *tour, const struct place *above, const char *name)
{
	_cleanup_fd_ int upper =
		openat(above->upper, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct place place = {.parent = above, .name = name, .upper = upper, .real = -1};
	_cleanup_list_ DIR *list = upper < 0 ? NULL : fd_list(upper, ".");
	const char *next;
	struct stat status;

	while (list != NULL && (next = walk_next(list)) != NULL)
		if (fstatat(upper, next, &status, AT_SYMLINK_NOFOLLOW) == 0)
			report_new(tour, &place, next, status.st_mode);
}

static void report_new(struct tour *tour, const struct place *place, const char *name, mode_t mode)
{
	if (tour->report == NULL)
		return;
	tour_report(tour, place, name, action_of(mode));
	if (S_ISDIR(mode))
		report_contents(tour, place, name);
}

int apply_entry(struct tour *tour, struct place *place, const struct entry *entry)
{
	int result = 0;

	if (entry->kind == ENTRY_REMOVED)
		result = apply_removed(tour, place, entry);
	else if (entry->kind != ENTRY_MERGED)
		result = apply_new(tour, place, entry);
	if (result != 0)
		return tour->complaint != NULL
			       ? -1
			       : tour_fail(tour, place, entry->name, errno, "could not be changed");
	if (entry->kind == ENTRY_REMOVED)
		tour_report(tour, place, entry->name, "remove");
	else if (entry->kind != ENTRY_MERGED)
		report_new(tour, place, entry->name, entry->upper.stx_mode);
	return 0;
}

int apply_directory(struct tour *tour, struct place *place)
{
	int differ = attributes_differ(place->upper, place->real);

	if (differ == 0)
		return 0;
	crash_point();
	if (differ < 0 || attributes_copy(place->upper, place->real) != 0)
		return tour_fail(tour, place, "", errno, "could not be changed");
	tour_report(tour, place, "", "mode");
	return 0;
}

int apply_rest(struct tour *tour, struct place *place)
{
	return container_remove(tour, place) == 0
		       ? 0
		       : tour_fail(tour, place, "", errno, "can't be cleaned up");
}
