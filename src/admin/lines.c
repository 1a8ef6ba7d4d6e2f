#include "admin/lines.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct lines {
	int fd;
	bool ended;
	size_t begin, end; /* of what was read and not yet given out */
	char bytes[LINES_LENGTH_MAX];
};

struct lines *lines_new(struct arena *arena, int fd)
{
	struct lines *lines = arena_alloc(arena, sizeof(*lines));

	lines->fd = fd;
	return lines;
}

/* Reads what fits. 0, or -1 and errno. */
static int fill(struct lines *lines)
{
	ssize_t got;

	if (lines->begin > 0) {
		memmove(lines->bytes, lines->bytes + lines->begin, lines->end - lines->begin);
		lines->end -= lines->begin;
		lines->begin = 0;
	}
	if (lines->end == sizeof(lines->bytes)) {
		errno = EFBIG;
		return -1;
	}
	fflush(stdout);
	do
		got = read(lines->fd, lines->bytes + lines->end, sizeof(lines->bytes) - lines->end);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return -1;
	lines->ended = got == 0;
	lines->end += (size_t)got;
	return 0;
}

int lines_next(struct lines *lines, const char **text, size_t *length)
{
	size_t seen = 0;

	for (;;) {
		char *begin = lines->bytes + lines->begin;
		size_t held = lines->end - lines->begin;
		char *newline = memchr(begin + seen, '\n', held - seen);

		if (newline != NULL || (lines->ended && held > 0)) {
			*text = begin;
			*length = newline != NULL ? (size_t)(newline - begin) : held;
			lines->begin += *length + (newline != NULL);
			return 1;
		}
		if (lines->ended)
			return 0;
		seen = held;
		if (fill(lines) < 0)
			return -1;
	}
}
