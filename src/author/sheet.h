/* Text of a configuration file while it is written. */
#ifndef ROLEGATE_AUTHOR_SHEET_H
#define ROLEGATE_AUTHOR_SHEET_H

#include "base/arena.h"
#include "base/strings.h"

struct sheet {
	struct arena *arena;
	struct strings parts;
};

void sheet_add(struct sheet *sheet, const char *format, ...) __attribute__((format(printf, 2, 3)));
/*
 * A comment on lines of its own, `indent` before each "# "; what a terminal or a parser would obey
 * is escaped, so that nothing gets out of it (R32).
 */
void sheet_comment(struct sheet *sheet, const char *indent, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
char *sheet_text(const struct sheet *sheet);

/* "name", or with members of `list` "a, b", each as a string of libconfig. */
char *sheet_list(struct arena *arena, const struct strings *list);

#endif
