/* Scripts: what the first line of one says, as the kernel reads it (execve(2)), and who that is. */
#ifndef ROLEGATE_INTERPRETER_H
#define ROLEGATE_INTERPRETER_H

#include <stddef.h>

#include "base/arena.h"

enum { INTERPRETER_LINE_MAX = 255 }; /* bytes, "#!" among them; the kernel reads no more */

struct interpreter_line {
	const char *path;     /* as written */
	const char *argument; /* all that follows it, as one argument; NULL: nothing does */
};

/*
 * `start` is how the file begins, `length` bytes of it, up to INTERPRETER_LINE_MAX + 1. NULL, or
 * what is wrong with the line. The kernel takes more than this does: a path that is relative, or
 * that is cut off, and control bytes. A line that ends with CR LF has one.
 */
const char *interpreter_parse(
	struct arena *arena, const char *start, size_t length, struct interpreter_line *line);

/*
 * Opens it, trusted as every program is (R28), but that links on the way are followed if they are
 * root's, in directories that are trusted (/bin, /etc/alternatives). -1 with *complaint, errno as
 * trust_open().
 */
int interpreter_open(struct arena *arena, const char *path, const char **complaint);

#endif
