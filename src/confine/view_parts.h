/*
 * The pieces of a view, for view*.c only. All of it runs in the child, which has one thread; memory
 * is the view's arena and goes with the program's start. Functions return 0 (or a descriptor), or
 * -1 and errno.
 */
#ifndef ROLEGATE_VIEW_PARTS_H
#define ROLEGATE_VIEW_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "confine/view.h"
#include "policy/restriction.h"

enum {
	HOLE_READ = 1 << 0,    /* in a new root alone: it is there */
	HOLE_WRITE = 1 << 1,   /* may be written */
	HOLE_EXECUTE = 1 << 2, /* may be executed, and then never written */
	HOLE_AREA = 1 << 3,    /* of the list of writable paths: protected names count in it */
};

/* A path that has other rights than the rest of the view: it gets a mount of its own. */
struct hole {
	const char *path; /* without symbolic links */
	unsigned rights;
	int file; /* O_PATH, as it was found */
	int tree; /* a clone of it, with its final flags; -1 until then, or what is to be it */
};

/* A symbolic link that was followed on the way to a hole; in a new root it is made again. */
struct view_link {
	const char *path, *target;
};

struct view {
	struct arena *arena;
	const struct restriction *restriction;
	bool new_root;	     /* only the holes are there */
	bool limits_write;   /* what is no HOLE_WRITE is mounted read-only */
	bool limits_execute; /* what is no HOLE_EXECUTE is mounted no-exec */
	int root;	     /* O_PATH: "/" of the view */
	struct hole *holes;  /* sorted by path once they are opened */
	size_t count;
	struct view_link *links;
	size_t link_count;
};

/* Whether programs may start any other: then /tmp and writable areas are not made no-exec. */
bool view_may_start(const struct restriction *restriction);

/* --- view_plain.c --- */

/* Opens `path` (O_PATH) below `root`, without any symbolic link on the way or at the end (ELOOP). */
int view_open_plain(int root, const char *path);
/* The same where openat2(2) is refused. */
int view_open_by_steps(int root, const char *path);

/* --- view_path.c --- */

/*
 * Opens `path` (O_PATH) in the view as root sees it. A symbolic link is followed only in a
 * directory that root alone can write (ELOOP otherwise), so no account decides where a mount goes.
 * *real (if not NULL) becomes the path without links; the links are noted in view->links.
 */
int view_open(struct view *view, const char *path, const char **real);

/* --- view_mounts.c --- */

/* A new file system, mounted nowhere yet: pairs of option and value, NULL at the end. */
int view_new_mount(const char *type, const char *const *options, unsigned attributes);
/* Mounts `tree` over what `target` (O_PATH) is. */
int view_attach(int tree, int target);
/* Adds flags (MOUNT_ATTR_…) to the mount at `fd`, and to all below it. */
int view_add_flags(int fd, uint64_t flags, bool recursive);
/* The path of the caller's own process in /proc, as a view has it. */
const char *view_own_process(struct view *view);
/* An empty /tmp, /var/tmp and /dev/shm, and a /proc of the account's processes. */
int view_own_tmp(struct view *view);
int view_own_proc(struct view *view);
/* Something empty that nobody may enter over each hidden path that exists. */
int view_hide(struct view *view);

/* --- view_holes.c --- */

/* What a narrow list of readable paths holds besides. */
extern const char *const view_base_paths[];
extern const size_t view_base_count;
/* 0: there was nothing at `path`, 1: added. The rights of one path add up. */
int view_add_hole(struct view *view, const char *path, unsigned rights);
/* Writable areas and, for a new root, readable ones with what every program needs. */
int view_add_areas(struct view *view);
/* Clones every hole with the flags that it is to have; before anything else is changed. */
int view_clone_holes(struct view *view);
/* Mounts the clones where they belong, outer ones first. */
int view_place_holes(struct view *view);

/* --- view_exec.c --- */

/*
 * What may be executed: the listed files and directories (ENOENT if one is missing, EPERM if it is
 * not root's alone), and the libraries that they and the open `program` need.
 */
int view_add_executables(struct view *view, int program);

/* The libraries that the open `program` needs, and nothing else that could be executed. */
int view_add_needs(struct view *view, int program);

/* --- view_cell.c --- */

/* Instead of areas: the cell's directory under its other name, and what `program` needs. */
int view_add_cell(struct view *view, int program);
/* Its own /etc/passwd, while the new root can be written. */
int view_fill_cell(struct view *view);

/* --- view_root.c --- */

/* An empty root, which becomes view->root; made the process's own by view_enter_root(). */
int view_new_root(struct view *view);
int view_enter_root(struct view *view);
/* Somewhere to mount a directory or file (as `like` is), made with the directories above it. */
int view_make_place(struct view *view, const char *path, int like);
int view_make_links(struct view *view);

/* --- view_protect.c --- */

/*
 * In the writable area at `path`: only existing files whose name, and whose directories' names,
 * match no protected name can be written, and no name can be made, changed or removed. ENFILE if
 * it holds more than PROTECT_LIMIT entries.
 */
enum { PROTECT_LIMIT = 4096 };
int view_protect(struct view *view, const char *path);

#endif
