/*
 * Everything new is copied beside what it will replace, under a temporary name, before it is
 * decided: what takes long, or space that may not be there, can fail without anything being half.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "transaction/parts.h"

/* 0: it is another file system, or can't, and nothing was copied. */
static int copy_in_kernel(int from, int to)
{
	ssize_t length;
	bool any = false;

	while ((length = copy_file_range(from, NULL, to, NULL, 1 << 30, 0)) > 0)
		any = true;
	if (length == 0 || !any)
		return 0;
	return -1;
}

static int copy_bytes(int from, int to)
{
	static char buffer[128 * 1024];
	ssize_t length;

	if (copy_in_kernel(from, to) != 0)
		return -1;
	/* From where the kernel's own copy ended. */
	while ((length = read(from, buffer, sizeof(buffer))) != 0) {
		if (length < 0 && errno == EINTR)
			continue;
		if (length < 0 || fd_write_all(to, buffer, (size_t)length) != 0)
			return -1;
	}
	return 0;
}

static int copy_file(int upper, const char *name, int real, const char *temporary)
{
	_cleanup_fd_ int from =
		openat(upper, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOATIME | O_CLOEXEC);
	_cleanup_fd_ int to = -1;
	struct stat status;

	if (from < 0 || fstat(from, &status) != 0)
		return -1;
	errno = EPERM;
	if (!S_ISREG(status.st_mode) || (status.st_mode & (S_ISUID | S_ISGID)) != 0)
		return -1;
	to = openat(real, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	return to < 0 || copy_bytes(from, to) != 0 ? -1 : attributes_copy(from, to);
}

static int copy_link(int upper, const char *name, int real, const char *temporary)
{
	const struct timespec kept[2] = {{.tv_nsec = UTIME_OMIT}, {.tv_nsec = UTIME_OMIT}};
	struct stat status;
	char target[PATH_MAX];
	ssize_t length = readlinkat(upper, name, target, sizeof(target) - 1);

	if (length < 0 || fstatat(upper, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
		return -1;
	target[length] = '\0';
	if (symlinkat(target, real, temporary) != 0 ||
		fchownat(real, temporary, status.st_uid, status.st_gid, AT_SYMLINK_NOFOLLOW) != 0)
		return -1;
	return utimensat(real, temporary, (struct timespec[2]){kept[0], status.st_mtim},
		AT_SYMLINK_NOFOLLOW);
}

static int copy_one(int upper, const char *name, int real, const char *temporary, unsigned depth);

static int copy_contents(int from, int to, unsigned depth)
{
	_cleanup_list_ DIR *list = fd_list(from, ".");
	const char *name;

	if (list == NULL)
		return -1;
	while ((name = walk_next(list)) != NULL)
		if (copy_one(from, name, to, name, depth + 1) != 0)
			return -1;
	return errno == 0 ? 0 : -1;
}

/* With the final mode at once: what a setgid directory gives it is not taken by a chmod(2). */
static int make_like(int directory, const char *name, int like)
{
	struct stat status;
	mode_t mask;
	int result;

	if (fstat(like, &status) != 0)
		return -1;
	mask = umask(0);
	result = mkdirat(directory, name, status.st_mode & 01777);
	umask(mask);
	return result;
}

static int copy_tree(int upper, const char *name, int real, const char *temporary, unsigned depth)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	_cleanup_fd_ int from = openat(upper, name, flags), to = -1;

	errno = from >= 0 && depth > TRANSACTION_DEPTH_MAX ? EFBIG : errno;
	if (from < 0 || depth > TRANSACTION_DEPTH_MAX || make_like(real, temporary, from) != 0)
		return -1;
	to = openat(real, temporary, flags);
	if (to < 0 || copy_contents(from, to, depth) != 0)
		return -1;
	return attributes_copy(from, to);
}

static int copy_one(int upper, const char *name, int real, const char *temporary, unsigned depth)
{
	struct stat status;

	if (fstatat(upper, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
		return -1;
	crash_point();
	switch (status.st_mode & S_IFMT) {
	case S_IFREG:
		return copy_file(upper, name, real, temporary);
	case S_IFLNK:
		return copy_link(upper, name, real, temporary);
	case S_IFDIR:
		return copy_tree(upper, name, real, temporary, depth);
	default:
		errno = EPERM;
		return -1;
	}
}

static bool is_new(const struct entry *entry)
{
	return entry->kind == ENTRY_FILE || entry->kind == ENTRY_LINK || entry->kind == ENTRY_TREE;
}

/* A name of its own until it is whole. */
static int copy_entry(struct tour *tour, struct place *place, const struct entry *entry)
{
	static const char part[] = "part";

	if (container_open(tour, place, true) != 0 ||
		remove_at(place->container, part, NULL) != 0 ||
		copy_one(place->upper, entry->name, place->container, part, place->depth) != 0)
		return -1;
	return renameat(place->container, part, place->container, entry->temporary);
}

int stage_entry(struct tour *tour, struct place *place, const struct entry *entry)
{
	if (!is_new(entry) || copy_entry(tour, place, entry) == 0)
		return 0;
	return tour_fail(tour, place, entry->name, errno,
		errno == ENOSPC || errno == EDQUOT ? "can't be written: there is no space"
		: errno == EPERM ? "can't be written with its owner, mode and attributes"
				 : "can't be written");
}

static void unmark(const struct tour *tour, int above, const char *name)
{
	_cleanup_fd_ int directory = walk_enter(above, name, tour->area->mount_id);
	_cleanup_list_ DIR *list = NULL;
	const char *next;

	if (directory < 0 || !mark_is_set(directory, tour->transaction->id))
		return;
	(void)mark_clear(directory);
	list = fd_list(directory, ".");
	while (list != NULL && (next = walk_next(list)) != NULL)
		unmark(tour, directory, next);
}

int unstage_entry(struct tour *tour, struct place *place, const struct entry *entry)
{
	if (entry->kind != ENTRY_MERGED && entry->exists && S_ISDIR(entry->real.stx_mode))
		unmark(tour, place->real, entry->name);
	return 0;
}

int unstage_directory(struct tour *tour, struct place *place)
{
	return container_remove(tour, place) == 0
		       ? 0
		       : tour_fail(tour, place, "", errno, "can't be cleaned up");
}
