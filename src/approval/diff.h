/*
 * The difference of two texts, line by line, as diff -u writes it. The algorithm is Myers', An
 * O(ND) Difference Algorithm and Its Variations (1986), with a bound on D. Pure.
 */
#ifndef ROLEGATE_APPROVAL_DIFF_H
#define ROLEGATE_APPROVAL_DIFF_H

#include <stdbool.h>

#include "base/arena.h"

enum {
	DIFF_LINES_MAX = 50000,
	DIFF_CHANGES_MAX = 1000, /* lines removed and added; memory grows with its square */
	DIFF_CONTEXT = 3,	 /* lines around a change */
};

struct diff_line {
	char mark;	  /* ' ', '-', '+'; '@': `text` is a hunk's head */
	const char *text; /* not NUL-terminated */
	size_t length;	  /* without the newline */
	bool no_newline;  /* the text ends with it, and without a newline */
};

struct diff {
	struct diff_line *lines;
	size_t count; /* 0: the texts are the same */
	size_t removed, added;
};

/* 0; or -1 when the texts are too long or too different to be compared. */
int diff_lines(struct arena *arena, const char *before, const char *after, struct diff *diff);

#endif
