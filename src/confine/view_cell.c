/*
 * The view of a drive's server: its client names paths, so there is nothing to be named but the
 * drive. Not even the names of the host's accounts: it gets an /etc/passwd with its own line alone,
 * which OpenSSH's sftp-server doesn't start without.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "confine/view_parts.h"

static int add_directory(struct view *view, const struct restriction_cell *cell)
{
	_cleanup_fd_ int file = view_open_plain(view->root, cell->directory);
	struct stat status;

	if (file < 0 || fstat(file, &status) < 0)
		return -1;
	if (!S_ISDIR(status.st_mode)) {
		errno = ENOTDIR;
		return -1;
	}
	view->holes = arena_grow(view->arena, view->holes, view->count, sizeof(*view->holes));
	view->holes[view->count++] = (struct hole){.path = cell->place,
		.rights = strings_contain(&view->restriction->write, cell->place)
				  ? HOLE_READ | HOLE_WRITE | HOLE_AREA
				  : HOLE_READ,
		.file = fd_take(&file),
		.tree = fcntl(cell->tree, F_DUPFD_CLOEXEC, 3)};
	return view->holes[view->count - 1].tree < 0 ? -1 : 0;
}

int view_add_cell(struct view *view, int program)
{
	const struct restriction_cell *cell = view->restriction->cell;

	if (!view->new_root || !view->limits_write || !view->restriction->own_proc ||
		cell->directory == NULL) {
		errno = EINVAL;
		return -1;
	}
	if (view_add_hole(view, "/dev/null", HOLE_READ) < 0 || view_add_needs(view, program) < 0)
		return -1;
	return add_directory(view, cell);
}

int view_fill_cell(struct view *view)
{
	const struct restriction_cell *cell = view->restriction->cell;
	_cleanup_fd_ int file = -1;

	if (cell == NULL)
		return 0;
	if (mkdirat(view->root, "etc", 0755) < 0)
		return -1;
	file = openat(view->root, "etc/passwd",
		O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0444);
	return file < 0 ? -1 : fd_write_all(file, cell->passwd, strlen(cell->passwd));
}
