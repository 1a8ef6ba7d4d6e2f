/* What Tab found, on the screen. */
#ifndef ROLEGATE_SHELL_LISTING_H
#define ROLEGATE_SHELL_LISTING_H

#include <stddef.h>

#include "shell/complete.h"

/* Columns that `text`, which is safe to show, takes on a terminal. */
size_t listing_width(const char *text);

/* Columns of the terminal on stdout; 80 where it does not say. */
size_t listing_screen(void);

/* As much of `text` as takes `columns`, whole characters of it, on stdout; "..." at its end if cut.
 */
void listing_put_cut(struct arena *arena, const char *text, size_t columns);

/* In columns, downwards, as ls(1) does, on stdout. */
void listing_names(const struct completion *completion);
/* One a line, each with what it is. */
void listing_described(const struct completion *completion);
/* What the value must be. */
void listing_expects(const struct completion *completion);

#endif
