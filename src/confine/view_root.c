/* A root of a view's own, in memory: nothing is there but the holes. */
#include "confine/view_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"

int view_new_root(struct view *view)
{
	static const char *const options[] = {
		"mode", "0755", "size", "1m", "source", "rolegate", NULL};
	_cleanup_fd_ int top =
		view_new_mount("tmpfs", options, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV);

	/* Mounted, since nothing can be mounted on what is not. */
	if (top < 0 || view_attach(top, view->root) < 0)
		return -1;
	close(view->root);
	view->root = fd_take(&top);
	return 0;
}

static int make_directory(int root, const char *path)
{
	return mkdirat(root, path, 0755) < 0 && errno != EEXIST ? -1 : 0;
}

/* The directories above `path`, which has no links in it; relative to the root. */
static int make_parents(struct view *view, const char *path)
{
	char part[PATH_MAX];
	size_t length = strlen(path);

	if (length >= sizeof(part)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(part, path, length + 1);
	for (char *slash = strchr(part + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (make_directory(view->root, part + 1) < 0)
			return -1;
		*slash = '/';
	}
	return 0;
}

static int make_file(int root, const char *path)
{
	int fd = openat(root, path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0444);

	if (fd < 0)
		return errno == EEXIST ? 0 : -1;
	return close(fd);
}

int view_make_place(struct view *view, const char *path, int like)
{
	int target = view_open(view, path, NULL);
	struct stat status;

	if (target >= 0 || errno != ENOENT)
		return target; /* in a hole that was placed before */
	if (fstat(like, &status) < 0 || make_parents(view, path) < 0)
		return -1;
	if ((S_ISDIR(status.st_mode) ? make_directory(view->root, path + 1)
				     : make_file(view->root, path + 1)) < 0)
		return -1;
	return view_open(view, path, NULL);
}

static int make_link(struct view *view, const char *path, const char *target)
{
	if (make_parents(view, path) < 0)
		return -1;
	return symlinkat(target, view->root, path + 1) < 0 && errno != EEXIST ? -1 : 0;
}

/* A link in a hole is there already, and can't be made: EROFS comes before EEXIST. */
static bool exists(struct view *view, const char *path)
{
	struct stat status;

	return fstatat(view->root, path + 1, &status, AT_SYMLINK_NOFOLLOW) == 0;
}

int view_make_links(struct view *view)
{
	static const struct view_link standard[] = {{"/dev/fd", "/proc/self/fd"},
		{"/dev/stdin", "/proc/self/fd/0"}, {"/dev/stdout", "/proc/self/fd/1"},
		{"/dev/stderr", "/proc/self/fd/2"}};

	for (size_t i = 0; i < view->link_count; i++)
		if (!exists(view, view->links[i].path) &&
			make_link(view, view->links[i].path, view->links[i].target) < 0)
			return -1;
	for (size_t i = 0; i < sizeof(standard) / sizeof(standard[0]); i++)
		if (!exists(view, standard[i].path) &&
			make_link(view, standard[i].path, standard[i].target) < 0)
			return -1;
	return 0;
}

static int make_own(struct view *view)
{
	if (view->restriction->own_proc && make_directory(view->root, "proc") < 0)
		return -1;
	if (!view->restriction->own_tmp)
		return 0;
	if (make_directory(view->root, "tmp") < 0 || make_directory(view->root, "var") < 0 ||
		make_directory(view->root, "dev") < 0 || make_directory(view->root, "dev/shm") < 0)
		return -1;
	return make_directory(view->root, "var/tmp");
}

/* pivot_root(2), "pivot_root(".", ".")": the old root then lies over the new one, and goes. */
int view_enter_root(struct view *view)
{
	_cleanup_fd_ int old = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	uint64_t flags = MOUNT_ATTR_RDONLY | (view->limits_execute ? MOUNT_ATTR_NOEXEC : 0);

	if (old < 0 || make_own(view) < 0 || view_add_flags(view->root, flags, false) < 0)
		return -1;
	if (fchdir(view->root) < 0 || syscall(SYS_pivot_root, ".", ".") < 0)
		return -1;
	if (fchdir(old) < 0 || umount2(".", MNT_DETACH) < 0)
		return -1;
	return chdir("/");
}
