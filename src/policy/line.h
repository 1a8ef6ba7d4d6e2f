/*
 * The line grammar of rolegate-shell, section 5: words separated by blanks; single quotes, double
 * quotes and backslash as in POSIX; nothing else. Whatever a shell would expand or run is refused.
 */
#ifndef ROLEGATE_LINE_H
#define ROLEGATE_LINE_H

#include <stddef.h>

#include "base/arena.h"
#include "base/strings.h"

enum {
	LINE_LENGTH_MAX = 64 * 1024, /* bytes */
	LINE_WORDS_MAX = 1024,
};

struct line_error {
	size_t column;      /* from 1, in characters (code points) of the line; 0: no error */
	size_t offset;      /* from 0, in bytes */
	const char *reason; /* one sentence, in the arena or static; never holds raw bytes of the line */
	int limit;          /* not 0 if a limit was hit, which is REASON_LIMIT and not REASON_SYNTAX */
};

/* 0 and the words, or -1 and `error`. An empty or blank line gives no words. */
int line_split(struct arena *arena, const char *line, size_t length, struct strings *words,
	struct line_error *error);

/* `words` as one line that line_split() gives back unchanged. For records and messages. */
char *line_quote(struct arena *arena, const char *const *words, size_t count);

/*
 * For a line being typed: the words before the cursor and the beginning of the one at it, with
 * quotes resolved as far as they go. 0, or -1 if the line is already refused before its end.
 * `partial` is "" after a blank.
 */
int line_split_partial(struct arena *arena, const char *line, size_t length, struct strings *words,
	char **partial);

#endif
