/* Holes: the paths that may be written, executed or, in a new root, seen at all. */
#include "confine/view_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "base/fd.h"

/*
 * What a program needs to start, to find its libraries, to name users and hosts, to know the time
 * zone, the locale and the certificates that all trust. Nothing of it is secret.
 */
const char *const view_base_paths[] = {"/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64",
	"/libx32", "/etc/alternatives", "/etc/ca-certificates", "/etc/ca-certificates.conf",
	"/etc/default/locale", "/etc/gai.conf", "/etc/group", "/etc/host.conf", "/etc/hosts",
	"/etc/inputrc", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d",
	"/etc/locale.alias", "/etc/locale.conf", "/etc/localtime", "/etc/magic", "/etc/mime.types",
	"/etc/networks", "/etc/nsswitch.conf", "/etc/os-release", "/etc/passwd",
	"/etc/pki/ca-trust", "/etc/pki/tls/certs", "/etc/protocols", "/etc/resolv.conf",
	"/etc/services", "/etc/ssl/certs", "/etc/ssl/openssl.cnf", "/etc/terminfo", "/etc/timezone",
	"/dev/full", "/dev/null", "/dev/ptmx", "/dev/pts", "/dev/random", "/dev/tty",
	"/dev/urandom", "/dev/zero"};

const size_t view_base_count = sizeof(view_base_paths) / sizeof(view_base_paths[0]);

static struct hole *find_hole(struct view *view, const char *path)
{
	for (size_t i = 0; i < view->count; i++)
		if (strcmp(view->holes[i].path, path) == 0)
			return &view->holes[i];
	return NULL;
}

int view_add_hole(struct view *view, const char *path, unsigned rights)
{
	const char *real;
	int file = view_open(view, path, &real);
	struct hole *hole;

	if (file < 0)
		return errno == ENOENT || errno == ENOTDIR ? 0 : -1;
	hole = find_hole(view, real);
	if (hole != NULL) {
		close(file);
	} else {
		view->holes =
			arena_grow(view->arena, view->holes, view->count, sizeof(*view->holes));
		hole = &view->holes[view->count++];
		hole->path = real;
		hole->file = file;
		hole->tree = -1;
	}
	hole->rights |= rights;
	return 1;
}

static int add_list(struct view *view, const struct strings *paths, unsigned rights)
{
	for (size_t i = 0; i < paths->count; i++)
		if (view_add_hole(view, paths->items[i], rights) < 0)
			return -1;
	return 0;
}

int view_add_areas(struct view *view)
{
	const struct restriction *restriction = view->restriction;

	if (view->limits_write &&
		add_list(view, &restriction->write, HOLE_READ | HOLE_WRITE | HOLE_AREA) < 0)
		return -1;
	/* The steps after this one, and the program, set what is their own. */
	if (view->limits_write && !restriction->own_proc &&
		view_add_hole(view, view_own_process(view), HOLE_READ | HOLE_WRITE) < 0)
		return -1;
	if (!view->new_root)
		return 0;
	for (size_t i = 0; i < view_base_count; i++)
		if (view_add_hole(view, view_base_paths[i], HOLE_READ) < 0)
			return -1;
	if (!restriction->own_proc && view_add_hole(view, "/proc", HOLE_READ) < 0)
		return -1;
	return add_list(view, &restriction->read, HOLE_READ);
}

static int compare_holes(const void *left, const void *right)
{
	return strcmp(((const struct hole *)left)->path, ((const struct hole *)right)->path);
}

static uint64_t flags_of(const struct view *view, const struct hole *hole)
{
	bool executable = (hole->rights & HOLE_EXECUTE) != 0;
	bool writable = (hole->rights & HOLE_WRITE) != 0 && !executable;
	uint64_t flags = MOUNT_ATTR_NOSUID;

	if (executable || (view->limits_write && !writable))
		flags |= MOUNT_ATTR_RDONLY;
	if (!executable &&
		(view->limits_execute || (writable && !view_may_start(view->restriction))))
		flags |= MOUNT_ATTR_NOEXEC;
	if (!restriction_path_below(hole->path, "/dev"))
		flags |= MOUNT_ATTR_NODEV;
	return flags;
}

int view_clone_holes(struct view *view)
{
	if (view->count > 0)
		qsort(view->holes, view->count, sizeof(*view->holes), compare_holes);
	for (size_t i = 0; i < view->count; i++) {
		struct hole *hole = &view->holes[i];

		if (hole->tree < 0)
			hole->tree = open_tree(hole->file, "",
				AT_EMPTY_PATH | AT_RECURSIVE | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
		if (hole->tree < 0 || view_add_flags(hole->tree, flags_of(view, hole), true) < 0)
			return -1;
	}
	return 0;
}

static bool is_below(const char *path, const char *const *directories)
{
	for (; *directories != NULL; directories++)
		if (restriction_path_below(path, *directories))
			return true;
	return false;
}

/* A path in what will be an empty /tmp would be covered by it anyway. */
static bool is_covered(const struct view *view, const struct hole *hole)
{
	static const char *const covered[] = {"/tmp", "/var/tmp", "/dev/shm", NULL};

	return view->restriction->own_tmp && is_below(hole->path, covered);
}

static int place_hole(struct view *view, const struct hole *hole)
{
	_cleanup_fd_ int target = view->new_root ? view_make_place(view, hole->path, hole->file)
						 : view_open(view, hole->path, NULL);

	if (target < 0 || view_attach(hole->tree, target) < 0)
		return -1;
	if ((hole->rights & HOLE_AREA) == 0 || view->restriction->protected_names.count == 0)
		return 0;
	return view_protect(view, hole->path);
}

int view_place_holes(struct view *view)
{
	for (size_t i = 0; i < view->count; i++) {
		struct hole *hole = &view->holes[i];

		if (!is_covered(view, hole) && place_hole(view, hole) < 0)
			return -1;
		fd_close(&hole->tree);
		fd_close(&hole->file);
	}
	return 0;
}
