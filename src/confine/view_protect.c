/*
 * Protected names in a writable area. The kernel has no rule about names, so the area is turned
 * round: all of it is read-only, which no new name can be made in, and each file that is there and
 * has no protected name gets a writable mount of its own.
 */
#include "confine/view_parts.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/fd.h"

enum { MAX_DEPTH = 32 };

/* A file that may be written, as it was found. */
struct found {
	const char *path; /* from the area */
	dev_t device;
	ino_t inode;
};

struct area {
	struct view *view;
	int top;
	struct found *files;
	size_t count, seen;
	int depth;
};

static bool is_protected(const struct area *area, const char *name)
{
	const struct strings *patterns = &area->view->restriction->protected_names;

	for (size_t i = 0; i < patterns->count; i++)
		if (fnmatch(patterns->items[i], name, 0) == 0)
			return true;
	return false;
}

/* With a second name, which may be a protected one, a file can't be told by this one. */
static bool may_be_written(int fd, const struct stat *status)
{
	struct statvfs mount;

	return status->st_nlink == 1 && fstatvfs(fd, &mount) == 0 &&
	       (mount.f_flag & ST_RDONLY) == 0;
}

static void note_file(struct area *area, const char *path, const struct stat *status)
{
	struct arena *arena = area->view->arena;

	area->files = arena_grow(arena, area->files, area->count, sizeof(*area->files));
	area->files[area->count++] =
		(struct found){.path = path, .device = status->st_dev, .inode = status->st_ino};
}

static int look_into(struct area *area, int directory, const char *path);

static int look_at(struct area *area, int directory, const char *path, const char *name)
{
	_cleanup_fd_ int fd = openat(directory, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	struct stat status;

	if (fd < 0)
		return errno == ENOENT ? 0 : -1;
	if (fstat(fd, &status) < 0)
		return -1;
	if (!S_ISDIR(status.st_mode) && !S_ISREG(status.st_mode))
		return 0;
	path = arena_printf(area->view->arena, *path == '\0' ? "%s%s" : "%s/%s", path, name);
	if (S_ISDIR(status.st_mode))
		return look_into(area, fd, path);
	if (may_be_written(fd, &status))
		note_file(area, path, &status);
	return 0;
}

static void close_directory(DIR **directory)
{
	if (*directory != NULL)
		closedir(*directory);
}

static int look_into(struct area *area, int fd, const char *path)
{
	__attribute__((cleanup(close_directory))) DIR *directory = NULL;
	_cleanup_fd_ int readable = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const struct dirent *entry;
	int result = 0;

	if (readable < 0 || (directory = fdopendir(readable)) == NULL)
		return -1;
	(void)fd_take(&readable);
	if (area->depth >= MAX_DEPTH) {
		errno = ELOOP;
		return -1;
	}
	area->depth++;
	while (result == 0 && (errno = 0, entry = readdir(directory)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		errno = ENFILE;
		if (area->seen++ >= PROTECT_LIMIT)
			return -1;
		if (!is_protected(area, entry->d_name))
			result = look_at(area, fd, path, entry->d_name);
	}
	area->depth--;
	return result < 0 || errno != 0 ? -1 : 0;
}

static int open_found(const struct area *area, const struct found *found)
{
	int fd = view_open_plain(area->top, found->path);
	struct stat status;

	if (fd < 0)
		return -1;
	if (fstat(fd, &status) == 0 && status.st_dev == found->device &&
		status.st_ino == found->inode && status.st_nlink == 1)
		return fd;
	close(fd);
	errno = ESTALE; /* somebody renames here, at this moment */
	return -1;
}

static int make_writable(const struct area *area, const struct found *found)
{
	struct mount_attr attributes = {.attr_clr = MOUNT_ATTR_RDONLY};
	_cleanup_fd_ int file = open_found(area, found), tree = -1;

	if (file < 0)
		return -1;
	tree = open_tree(file, "", AT_EMPTY_PATH | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	if (tree < 0 || mount_setattr(tree, "", AT_EMPTY_PATH, &attributes, sizeof(attributes)) < 0)
		return -1;
	return view_attach(tree, file);
}

int view_protect(struct view *view, const char *path)
{
	_cleanup_fd_ int top = view_open(view, path, NULL);
	struct area area = {.view = view, .top = top};
	struct stat status;

	if (top < 0 || fstat(top, &status) < 0)
		return -1;
	if (!S_ISDIR(status.st_mode))
		return 0; /* named itself */
	if (look_into(&area, top, "") < 0 || view_add_flags(top, MOUNT_ATTR_RDONLY, true) < 0)
		return -1;
	for (size_t i = 0; i < area.count; i++)
		if (make_writable(&area, &area.files[i]) < 0)
			return -1;
	return 0;
}
