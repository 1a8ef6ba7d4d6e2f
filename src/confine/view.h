/*
 * The view: what a run sees of the file system, by a mount namespace of its own
 * (mount_namespaces(7), mount_setattr(2)). For hidden paths, protected names, own /proc and /tmp,
 * and lists of executables always; for read and write where the kernel has no Landlock.
 */
#ifndef ROLEGATE_VIEW_H
#define ROLEGATE_VIEW_H

#include <stdbool.h>

#include "confine/support.h"
#include "policy/restriction.h"

/*
 * The restriction with nothing in it of what it does not have: a field that was left out, because
 * this kernel has no means for it, still has its value.
 */
struct restriction view_effective(const struct restriction *restriction);

/* Whether the list of what is read or written limits anything: it is said, and has no "/". */
bool view_limits(const struct restriction *restriction, enum restriction_field field);
/* Whether there is a list of what may be executed. */
bool view_limits_execute(const struct restriction *restriction);

/* Whether a run under `restriction` needs one at all; `standard` does not. */
bool view_is_needed(const struct restriction *restriction, const struct support *support);

/*
 * In the child, before view_enter(): where writing is limited, *fd (a file that is open for
 * reading; -1: none) becomes the same file by a read-only mount that is nobody's. Its own mount is
 * outside of every view, and /proc/self/exe and /dev/fd lead there. The old descriptor stays open.
 * 0, or -1 and errno: ESTALE if its name is another file's by now.
 */
int view_reopen(const struct restriction *restriction, int *fd);

/*
 * In the child, while it still has CAP_SYS_ADMIN and before any descriptor limit: enters a new
 * mount namespace, made private first, and builds the view in it. `program` is the open program
 * (-1: none), whose libraries must be loadable. A path of the profile that does not exist is left
 * out if it is to be hidden, read or written, and is an error if it is to be executed. 0, or -1
 * and errno.
 */
int view_enter(const struct restriction *restriction, int program);
/* Reads every mount and what lies on top of paths back: what was asked is so. */
bool view_holds(const struct restriction *restriction);

#endif
