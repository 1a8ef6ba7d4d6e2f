/* Lines from a descriptor. Before it waits for more, stdout is flushed: a peer may be waiting. */
#ifndef ROLEGATE_ADMIN_LINES_H
#define ROLEGATE_ADMIN_LINES_H

#include <stddef.h>

#include "base/arena.h"

enum { LINES_LENGTH_MAX = 1024 * 1024 /* bytes of one line */ };

struct lines;

struct lines *lines_new(struct arena *arena, int fd);

/*
 * 1: a line in *text, without its end, valid until the next call; 0: no more; -1: errno, EFBIG for
 * a line that is too long.
 */
int lines_next(struct lines *lines, const char **text, size_t *length);

#endif
