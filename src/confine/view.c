/* A view from beginning to end. */
#include "confine/view.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "confine/view_parts.h"

bool view_limits(const struct restriction *restriction, enum restriction_field field)
{
	const struct strings *list =
		field == RESTRICT_READ ? &restriction->read : &restriction->write;

	return restriction->has[field] && !strings_contain(list, "/");
}

bool view_may_start(const struct restriction *restriction)
{
	return !restriction->has[RESTRICT_EXECUTE] || restriction->execute == EXECUTE_ANY;
}

bool view_limits_execute(const struct restriction *restriction)
{
	return restriction->has[RESTRICT_EXECUTE] && restriction->execute == EXECUTE_LISTED;
}

struct restriction view_effective(const struct restriction *restriction)
{
	struct restriction effective = *restriction;

	if (!effective.has[RESTRICT_HIDDEN])
		effective.hidden.count = 0;
	if (!effective.has[RESTRICT_PROTECTED])
		effective.protected_names.count = 0;
	effective.own_proc = effective.own_proc && effective.has[RESTRICT_PROC];
	effective.own_tmp = effective.own_tmp && effective.has[RESTRICT_TMP];
	return effective;
}

static bool needs_mounts(const struct restriction *restriction, const struct support *support)
{
	bool limits_files =
		view_limits(restriction, RESTRICT_READ) || view_limits(restriction, RESTRICT_WRITE);

	return restriction->hidden.count > 0 || restriction->protected_names.count > 0 ||
	       restriction->own_proc || restriction->own_tmp || view_limits_execute(restriction) ||
	       (limits_files && (support->mounts || support->landlock == 0));
}

/* Private: what is mounted later outside, with other flags, must not appear inside. */
static int separate(void)
{
	return unshare(CLONE_NEWNS) < 0 ? -1 : mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
}

static int add_holes(struct view *view, int program)
{
	if (view->restriction->cell != NULL)
		return view_add_cell(view, program) < 0 || view_clone_holes(view) < 0 ? -1 : 0;
	/* "In writable areas" of the whole system: nothing that could be walked through. */
	if (view->restriction->protected_names.count > 0 && !view->limits_write) {
		errno = EINVAL;
		return -1;
	}
	return view_add_areas(view) < 0 || view_add_executables(view, program) < 0 ||
			       view_clone_holes(view) < 0
		       ? -1
		       : 0;
}

/* The system as it is, with flags on all of it. */
static int narrow(struct view *view)
{
	uint64_t flags = MOUNT_ATTR_NOSUID | (view->limits_write ? MOUNT_ATTR_RDONLY : 0) |
			 (view->limits_execute ? MOUNT_ATTR_NOEXEC : 0);

	return view_add_flags(view->root, flags, true);
}

static int build(struct view *view, int program)
{
	if (add_holes(view, program) < 0)
		return -1;
	if ((view->new_root ? view_new_root(view) : narrow(view)) < 0 || view_place_holes(view) < 0)
		return -1;
	if (view->new_root && (view_make_links(view) < 0 || view_fill_cell(view) < 0 ||
				      view_enter_root(view) < 0))
		return -1;
	if (view->restriction->own_tmp && view_own_tmp(view) < 0)
		return -1;
	if (view->restriction->own_proc && view_own_proc(view) < 0)
		return -1;
	return view_hide(view);
}

bool view_is_needed(const struct restriction *restriction, const struct support *support)
{
	const struct restriction effective = view_effective(restriction);

	return needs_mounts(&effective, support);
}

int view_enter(const struct restriction *restriction, int program)
{
	const struct restriction effective = view_effective(restriction);
	struct view view = {
		.arena = arena_new(),
		.restriction = &effective,
		.new_root = view_limits(restriction, RESTRICT_READ),
		.limits_write = view_limits(restriction, RESTRICT_WRITE),
		.limits_execute = view_limits_execute(restriction),
		.root = -1,
	};
	mode_t mask = umask(0); /* the gateway's would close the directories of a new root */
	int result = separate();

	if (result == 0)
		view.root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (result < 0 || view.root < 0)
		result = -1;
	else
		result = build(&view, program);
	for (size_t i = 0; i < view.count; i++) {
		fd_close(&view.holes[i].tree);
		fd_close(&view.holes[i].file);
	}
	umask(mask);
	fd_close(&view.root);
	arena_free(view.arena);
	return result < 0 ? -1 : chdir("/");
}
