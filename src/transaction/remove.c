/*
 * Removing what an account made, which may be nested deeper than any stack or path: a directory
 * that is not empty is moved up to the one that is being emptied, so that nothing is ever more than
 * one level deep. What is mounted can be neither moved nor removed, and stays.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "base/fd.h"
#include "transaction/parts.h"

enum { ENTRIES_MAX = 100 * 1000 * 1000 }; /* of somebody who makes more meanwhile */

/* 0: gone; 1: a directory that is not empty; -1 */
static int remove_one(int directory, const char *name)
{
	crash_point();
	if (unlinkat(directory, name, 0) == 0 || errno == ENOENT)
		return 0;
	if (errno != EISDIR && errno != EPERM)
		return -1;
	if (unlinkat(directory, name, AT_REMOVEDIR) == 0 || errno == ENOENT)
		return 0;
	return errno == ENOTEMPTY || errno == EEXIST ? 1 : -1;
}

static int move_up(int from, const char *name, int top, uint64_t *number)
{
	char unique[40];
	int result;

	do {
		(void)snprintf(unique, sizeof(unique), "rolegate-%016" PRIx64, (*number)++);
		result = renameat2(from, name, top, unique, RENAME_NOREPLACE);
	} while (result != 0 && errno == EEXIST);
	return result;
}

static bool may_be_emptied(int directory, const char *mark)
{
	if (mark == NULL || mark_is_set(directory, mark))
		return true;
	errno = ENOTEMPTY;
	return false;
}

static int empty_child(int top, const char *child, const char *mark, uint64_t *number)
{
	_cleanup_fd_ int directory =
		openat(top, child, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	_cleanup_list_ DIR *list =
		directory < 0 || !may_be_emptied(directory, mark) ? NULL : fd_list(directory, ".");
	const char *name;

	if (list == NULL)
		return -1;
	while ((name = walk_next(list)) != NULL) {
		int result = remove_one(directory, name);

		if (result < 0 || (result > 0 && move_up(directory, name, top, number) != 0))
			return -1;
	}
	return errno == 0 ? 0 : -1;
}

/* How many there were, or -1. */
static long remove_round(int top, const char *mark, uint64_t *number)
{
	_cleanup_list_ DIR *list = fd_list(top, ".");
	const char *name;
	long count = 0;

	if (list == NULL)
		return -1;
	while ((name = walk_next(list)) != NULL) {
		int result = remove_one(top, name);

		if (result > 0)
			result = empty_child(top, name, mark, number);
		if (result < 0)
			return -1;
		count++;
	}
	return errno == 0 ? count : -1;
}

int remove_contents(int directory, const char *mark)
{
	uint64_t number = 0;
	long total = 0, count;

	while ((count = remove_round(directory, mark, &number)) > 0) {
		total += count;
		if (total > ENTRIES_MAX) {
			errno = ENOTEMPTY;
			return -1;
		}
	}
	return count < 0 ? -1 : 0;
}

int remove_at(int directory, const char *name, const char *mark)
{
	_cleanup_fd_ int inside = -1;
	int result = remove_one(directory, name);

	if (result <= 0)
		return result;
	inside = openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (inside < 0 || !may_be_emptied(inside, mark) || remove_contents(inside, mark) != 0)
		return -1;
	result = remove_one(directory, name);
	return result > 0 ? -1 : result;
}
