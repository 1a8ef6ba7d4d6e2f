/* Scripts: what the first line of one says, as the kernel reads it (execve(2)). Pure. */
#ifndef ROLEGATE_SHEBANG_H
#define ROLEGATE_SHEBANG_H

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

#endif
