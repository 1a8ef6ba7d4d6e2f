/* `a | b | c`: a line of one or more commands, section 5's grammar in each. Pure. */
#ifndef ROLEGATE_SHELL_PIPELINE_H
#define ROLEGATE_SHELL_PIPELINE_H

#include <stddef.h>

#include "base/arena.h"
#include "base/strings.h"
#include "policy/line.h"

enum { PIPELINE_STAGES_MAX = 16 };

struct pipeline {
	struct strings stages[PIPELINE_STAGES_MAX]; /* the words of each */
	size_t count;				    /* 0: the line is empty or blank */
};

/*
 * 0, or -1 and `error`, with its place in the whole line. What is no "|" outside of quotes is
 * judged by line_split() alone, for each command as if it stood by itself. A pipe with nothing
 * before or after it is refused, and so is "||".
 */
int pipeline_split(struct arena *arena, const char *line, size_t length, struct pipeline *pipeline,
	struct line_error *error);

/*
 * For a line being typed: where the command at its end begins, in bytes. 0 where there is no pipe
 * before, or where something in it is refused anyway.
 */
size_t pipeline_last(struct arena *arena, const char *line, size_t length);

#endif
