/*
 * The container of a directory: what is copied or removed passes through a place that nobody but
 * root can enter, so that between two steps of the commit nobody has anything in hand.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "transaction/parts.h"

#define OLD "old-"

static void name_container(const struct tour *tour, char name[48])
{
	(void)snprintf(name, 48, ".rolegate-%.32s", tour->transaction->id);
}

static bool is_empty(int directory)
{
	_cleanup_list_ DIR *list = fd_list(directory, ".");

	return list != NULL && walk_next(list) == NULL && errno == 0;
}

/*
 * Another one may be there by now: one that is empty and root's alone is as good. A default access
 * control list may have narrowed its mode.
 */
static int take_possession(const struct tour *tour, int directory)
{
	const char *id = tour->transaction->id;
	struct stat status;

	if (mark_is_set(directory, id))
		return 0;
	if (fstat(directory, &status) != 0)
		return -1;
	errno = EEXIST;
	if (status.st_uid != 0 || (status.st_mode & 01077) != 0 || !is_empty(directory))
		return -1;
	return mark_set(directory, id);
}

int container_open(struct tour *tour, struct place *place, bool make)
{
	_cleanup_fd_ int directory = -1;
	char name[48];

	if (place->container >= 0)
		return 0;
	name_container(tour, name);
	crash_point();
	if (make && mkdirat(place->real, name, 0700) != 0 && errno != EEXIST)
		return -1;
	crash_point();
	directory = walk_enter(place->real, name, tour->area->mount_id);
	if (directory < 0 || take_possession(tour, directory) != 0)
		return make ? -1 : 1;
	place->container = fd_take(&directory);
	return 0;
}

static bool is_directory(int parent, const char *name)
{
	struct stat status;

	return fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) != 0 || S_ISDIR(status.st_mode);
}

/* Only now nobody can rename it any more. */
static bool is_what_was_looked_at(const struct tour *tour, int container, const char *name)
{
	_cleanup_fd_ int directory = -1;

	if (!is_directory(container, name))
		return true;
	directory = walk_enter(container, name, tour->area->mount_id);
	return directory >= 0 && mark_is_set(directory, tour->transaction->id);
}

int container_take(struct tour *tour, struct place *place, const char *name)
{
	char old[24];
	int result;

	if (container_open(tour, place, true) != 0)
		return -1;
	do {
		(void)snprintf(old, sizeof(old), OLD "%u", tour->taken++);
		crash_point();
		result = renameat2(place->real, name, place->container, old, RENAME_NOREPLACE);
	} while (result != 0 && errno == EEXIST);
	crash_point();
	if (result != 0 || is_what_was_looked_at(tour, place->container, old))
		return result;
	(void)renameat2(place->container, old, place->real, name, RENAME_NOREPLACE);
	errno = ESTALE;
	return -1;
}

static int remove_held(const struct tour *tour, int container)
{
	_cleanup_list_ DIR *list = fd_list(container, ".");
	const char *name;

	if (list == NULL)
		return -1;
	while ((name = walk_next(list)) != NULL) {
		const char *mark =
			strncmp(name, OLD, strlen(OLD)) == 0 ? tour->transaction->id : NULL;

		if (remove_at(container, name, mark) != 0)
			return -1;
	}
	return errno == 0 ? 0 : -1;
}

int container_remove(struct tour *tour, struct place *place)
{
	char name[48];
	int result = container_open(tour, place, false);

	if (result != 0)
		return result > 0 ? 0 : -1;
	name_container(tour, name);
	result = remove_held(tour, place->container);
	fd_close(&place->container);
	crash_point();
	if (result == 0)
		result = unlinkat(place->real, name, AT_REMOVEDIR);
	crash_point();
	/* What somebody put into a directory as it went is not for us to remove. */
	if (result == 0 || errno != ENOTEMPTY)
		return result;
	tour_report(tour, place, name, "keep");
	return 0;
}
