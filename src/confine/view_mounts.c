/* Mounts of a view's own: an empty /tmp, a /proc of one account, and what hides a path. */
#include "confine/view_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"

static const unsigned no_programs = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;

int view_new_mount(const char *type, const char *const *options, unsigned attributes)
{
	_cleanup_fd_ int context = fsopen(type, FSOPEN_CLOEXEC);

	if (context < 0)
		return -1;
	for (; *options != NULL; options += 2)
		if (fsconfig(context, FSCONFIG_SET_STRING, options[0], options[1], 0) < 0)
			return -1;
	if (fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
		return -1;
	return fsmount(context, FSMOUNT_CLOEXEC, attributes);
}

int view_attach(int tree, int target)
{
	return move_mount(tree, "", target, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH);
}

int view_add_flags(int fd, uint64_t flags, bool recursive)
{
	struct mount_attr attributes = {.attr_set = flags};

	return mount_setattr(fd, "", AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0), &attributes,
		sizeof(attributes));
}

static int mount_tmp(const struct view *view, int target)
{
	static const char *const options[] = {
		"mode", "1777", "size", "256m", "nr_inodes", "65536", "source", "rolegate", NULL};
	unsigned flags = view_may_start(view->restriction) ? MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV
							   : no_programs;
	_cleanup_fd_ int tree = view_new_mount("tmpfs", options, flags);

	return tree < 0 ? -1 : view_attach(tree, target);
}

/* In shared memory files live as in any /tmp, so a run's own /tmp is not its own without it. */
int view_own_tmp(struct view *view)
{
	static const char *const paths[] = {"/tmp", "/var/tmp", "/dev/shm"};
	const char *before[3] = {"", "", ""};

	for (size_t i = 0; i < 3; i++) {
		_cleanup_fd_ int target = view_open(view, paths[i], &before[i]);

		if (target < 0 && errno == ENOENT)
			continue;
		if (target < 0)
			return -1;
		if (i > 0 && strcmp(before[i], before[0]) == 0)
			continue; /* one is a link to the other */
		if (mount_tmp(view, target) < 0)
			return -1;
	}
	return 0;
}

const char *view_own_process(struct view *view)
{
	return arena_printf(view->arena, "/proc/%d", getpid());
}

/* Read-only but for what belongs to the process itself. */
static int narrow_proc(struct view *view, int proc)
{
	_cleanup_fd_ int self = view_open(view, view_own_process(view), NULL), tree = -1;

	if (self < 0)
		return -1;
	tree = open_tree(self, "", AT_EMPTY_PATH | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	if (tree < 0 || view_add_flags(proc, MOUNT_ATTR_RDONLY, false) < 0)
		return -1;
	return view_attach(tree, self);
}

/* gid=: by default the members of group 0 would see every process all the same. */
int view_own_proc(struct view *view)
{
	static const char *const options[] = {
		"hidepid", "invisible", "gid", "4294967294", "source", "proc", NULL};
	_cleanup_fd_ int target = view_open(view, "/proc", NULL), tree = -1;

	if (target < 0)
		return -1;
	tree = view_new_mount("proc", options, no_programs);
	if (tree < 0 || view_attach(tree, target) < 0)
		return -1;
	return view->limits_write ? narrow_proc(view, tree) : 0;
}

/* A directory and a file of mode 0000: the sources of what is mounted over hidden paths. */
struct covers {
	int directory, file;
};

static void covers_close(struct covers *covers)
{
	fd_close(&covers->directory);
	fd_close(&covers->file);
}

static int fill_covers(struct covers *covers, int top)
{
	int file = openat(top, "file", O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0);

	if (file < 0)
		return -1;
	close(file);
	if (mkdirat(top, "directory", 0) < 0 ||
		view_add_flags(top, no_programs | MOUNT_ATTR_RDONLY, false) < 0)
		return -1;
	covers->directory = openat(top, "directory", O_PATH | O_CLOEXEC);
	covers->file = openat(top, "file", O_PATH | O_CLOEXEC);
	return covers->directory < 0 || covers->file < 0 ? -1 : 0;
}

static int cover(struct view *view, const char *path, const struct covers *covers)
{
	_cleanup_fd_ int target = view_open(view, path, NULL), tree = -1;
	struct stat status;

	if (target < 0)
		return errno == ENOENT || errno == ENOTDIR ? 0 : -1;
	if (fstat(target, &status) < 0)
		return -1;
	tree = open_tree(S_ISDIR(status.st_mode) ? covers->directory : covers->file, "",
		AT_EMPTY_PATH | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	return tree < 0 ? -1 : view_attach(tree, target);
}

/*
 * Only what is mounted somewhere can be cloned, so for that moment the covers lie on "/", where
 * lookups that start at a descriptor of what is below don't see them.
 */
int view_hide(struct view *view)
{
	static const char *const options[] = {
		"mode", "0", "size", "64k", "source", "rolegate", NULL};
	__attribute__((cleanup(covers_close))) struct covers covers = {-1, -1};
	const struct strings *hidden = &view->restriction->hidden;
	_cleanup_fd_ int top = -1;

	if (hidden->count == 0)
		return 0;
	top = view_new_mount("tmpfs", options, 0);
	if (top < 0 || fill_covers(&covers, top) < 0 || view_attach(top, view->root) < 0)
		return -1;
	for (size_t i = 0; i < hidden->count; i++)
		if (cover(view, hidden->items[i], &covers) < 0)
			return -1;
	return fchdir(top) < 0 ? -1 : umount2(".", MNT_DETACH);
}
