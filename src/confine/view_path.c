/*
 * Paths of a view, opened as the gateway: an account that can write somewhere on the way must not
 * be able to lead it elsewhere.
 */
#include "confine/view_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"

enum { MAX_LINKS = 40 }; /* as the kernel's own */

/* A path that is being resolved. */
struct walk {
	struct view *view;
	int here;	     /* O_PATH of `real` */
	char real[PATH_MAX]; /* what is resolved already; "" is the root */
	char rest[PATH_MAX];
	int links;
};

static bool is_roots_alone(int directory)
{
	struct stat status;

	return fstat(directory, &status) == 0 && status.st_uid == 0 && (status.st_mode & 022) == 0;
}

static int go_to(struct walk *walk, const char *real)
{
	int fd = view_open_plain(walk->view->root, *real == '\0' ? "/" : real);

	if (fd < 0)
		return -1;
	close(walk->here);
	walk->here = fd;
	return 0;
}

static int go_up(struct walk *walk)
{
	char *slash = strrchr(walk->real, '/');

	if (slash != NULL)
		*slash = '\0';
	return go_to(walk, walk->real);
}

static int append(char *path, const char *name)
{
	size_t length = strlen(path), more = strlen(name);

	if (length + more + 2 > PATH_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	path[length] = '/';
	memcpy(path + length + 1, name, more + 1);
	return 0;
}

/* The link is noted under its own path, before what it points to takes that one's place. */
static int note_link(struct walk *walk, const char *name, const char *target)
{
	struct view *view = walk->view;
	struct view_link *link;

	view->links = arena_grow(view->arena, view->links, view->link_count, sizeof(*view->links));
	link = &view->links[view->link_count++];
	link->path = arena_printf(view->arena, "%s/%s", walk->real, name);
	link->target = arena_strdup(view->arena, target);
	return 0;
}

static int follow_link(struct walk *walk, int link, const char *name)
{
	char target[PATH_MAX];
	ssize_t length = readlinkat(link, "", target, sizeof(target) - 1);

	if (length < 0)
		return -1;
	target[length] = '\0';
	if (++walk->links > MAX_LINKS || !is_roots_alone(walk->here)) {
		errno = ELOOP;
		return -1;
	}
	if (note_link(walk, name, target) < 0)
		return -1;
	if (append(target, walk->rest) < 0)
		return -1;
	memcpy(walk->rest, target, sizeof(walk->rest));
	if (target[0] != '/')
		return 0;
	walk->real[0] = '\0';
	return go_to(walk, "");
}

static int step_into(struct walk *walk, const char *name)
{
	_cleanup_fd_ int next = openat(walk->here, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	struct stat status;

	if (next < 0 || fstat(next, &status) < 0)
		return -1;
	if (S_ISLNK(status.st_mode))
		return follow_link(walk, next, name);
	if (append(walk->real, name) < 0)
		return -1;
	close(walk->here);
	walk->here = fd_take(&next);
	return 0;
}

/* The next component is taken out of `rest`; "" at the end. */
static void take_name(struct walk *walk, char name[NAME_MAX + 1])
{
	const char *start = walk->rest + strspn(walk->rest, "/");
	size_t length = strcspn(start, "/"), kept = length > NAME_MAX ? NAME_MAX : length;

	memcpy(name, start, kept);
	name[kept] = '\0';
	memmove(walk->rest, start + length, strlen(start + length) + 1);
}

static int walk_on(struct walk *walk)
{
	char name[NAME_MAX + 1];

	for (;;) {
		int result;

		take_name(walk, name);
		if (*name == '\0')
			return 0;
		if (strcmp(name, ".") == 0)
			continue;
		result = strcmp(name, "..") == 0 ? go_up(walk) : step_into(walk, name);
		if (result < 0)
			return -1;
	}
}

static int open_by_walk(struct view *view, const char *path, const char **real)
{
	struct walk walk = {.view = view};

	if (strlen(path) >= sizeof(walk.rest)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(walk.rest, path, strlen(path) + 1);
	walk.here = view_open_plain(view->root, "/");
	if (walk.here < 0)
		return -1;
	if (walk_on(&walk) < 0) {
		fd_close(&walk.here);
		return -1;
	}
	if (real != NULL)
		*real = arena_strdup(view->arena, *walk.real == '\0' ? "/" : walk.real);
	return walk.here;
}

int view_open(struct view *view, const char *path, const char **real)
{
	int fd = view_open_plain(view->root, path);

	if (fd < 0 && errno == ELOOP)
		return open_by_walk(view, path, real);
	if (fd >= 0 && real != NULL)
		*real = arena_strdup(view->arena, path);
	return fd;
}

/* Opened by its name, so that the name is what /proc/self/exe shows. -1 and errno. */
static int open_again(int root, const char *path, const struct stat *wanted)
{
	_cleanup_fd_ int found = view_open_plain(root, path);
	char link[64];
	struct stat status;

	if (found < 0 || fstat(found, &status) < 0)
		return -1;
	if (status.st_dev != wanted->st_dev || status.st_ino != wanted->st_ino) {
		errno = ESTALE;
		return -1;
	}
	(void)snprintf(link, sizeof(link), "/proc/self/fd/%d", found);
	return open(link, O_RDONLY | O_CLOEXEC);
}

int view_reopen(const struct restriction *restriction, int *fd)
{
	_cleanup_fd_ int tree = -1;
	char link[64], path[PATH_MAX];
	struct stat status;
	ssize_t length;
	int file;

	/* What is sealed has no name, and leads to nothing that could be written. */
	if (*fd < 0 || !view_limits(restriction, RESTRICT_WRITE) || fd_is_sealed(*fd))
		return 0;
	(void)snprintf(link, sizeof(link), "/proc/self/fd/%d", *fd);
	length = readlink(link, path, sizeof(path) - 1);
	tree = open_tree(AT_FDCWD, "/", OPEN_TREE_CLONE | AT_RECURSIVE | OPEN_TREE_CLOEXEC);
	if (length <= 0 || tree < 0 || fstat(*fd, &status) < 0 ||
		view_add_flags(tree, MOUNT_ATTR_RDONLY, true) < 0)
		return -1;
	path[length] = '\0';
	file = open_again(tree, path, &status);
	if (file < 0)
		return -1;
	*fd = file;
	return 0;
}
