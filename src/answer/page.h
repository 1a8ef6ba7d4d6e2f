/* Text for a person at a terminal: lines of at most 80 columns, broken between items. */
#ifndef ROLEGATE_PAGE_H
#define ROLEGATE_PAGE_H

#include "answer/output.h"
#include "base/strings.h"

enum { PAGE_WIDTH = 80 };

/* Columns that valid UTF-8 takes, counting each character as one. */
size_t page_columns(const char *text);

/* Everything is escaped (R32); `text` may be empty. */
void page_line(struct output *output, size_t indent, const char *text);

/*
 * The items with blanks between them, each line of them from column `indent` on. `first` stands in
 * front of the first line, from column `start` on; the items begin on a line of their own where it
 * leaves no room.
 */
void page_items(struct output *output, size_t start, const char *first, size_t indent,
	const struct strings *items);

/* A text's words as items. */
struct strings page_words(struct arena *arena, const char *text);

#endif
