/* Lines of a file, a block at a time. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "log/files.h"

enum { BLOCK = 256 * 1024, ROOM = LINE_BYTES_MAX + BLOCK };

void log_lines_start(
	struct arena *arena, struct log_lines *lines, int fd, uint64_t offset, uint64_t number)
{
	char *bytes = lines->bytes != NULL ? lines->bytes : arena_alloc(arena, ROOM);

	*lines = (struct log_lines){
		.fd = fd, .offset = offset, .number = number, .bytes = bytes, .room = ROOM};
}

/* Room for a block after what is left, and a block into it. 1, 0 at the end, or -1. */
static int fill(struct log_lines *lines)
{
	size_t want;
	ssize_t got;

	if (lines->room - lines->length < BLOCK) {
		memmove(lines->bytes, lines->bytes + lines->next, lines->length - lines->next);
		lines->offset += lines->next;
		lines->length -= lines->next;
		lines->next = 0;
	}
	want = lines->room - lines->length;
	if (want > BLOCK)
		want = BLOCK;
	do
		got = pread(lines->fd, lines->bytes + lines->length, want,
			(off_t)(lines->offset + lines->length));
	while (got < 0 && errno == EINTR);
	if (got <= 0)
		return (int)got;
	lines->length += (size_t)got;
	return 1;
}

/* Lets go of a line that is too long, of which `held` bytes are there. */
static void skip(struct log_lines *lines)
{
	lines->offset += lines->length;
	lines->next = lines->length = 0;
	lines->skipping = true;
}

enum log_lines_result log_lines_next(struct log_lines *lines, struct log_line *line)
{
	size_t seen = 0;

	for (;;) {
		const char *begin = lines->bytes + lines->next;
		size_t held = lines->length - lines->next;
		const char *newline = memchr(begin + seen, '\n', held - seen);
		int result;

		if (newline != NULL) {
			bool was_long = lines->skipping;

			*line = (struct log_line){begin, (size_t)(newline - begin),
				lines->offset + lines->next, lines->number++};
			lines->next += line->length + 1;
			lines->skipping = false;
			return was_long || line->length > LINE_BYTES_MAX ? LOG_LINES_LONG
									 : LOG_LINES_LINE;
		}
		if (held > LINE_BYTES_MAX) {
			skip(lines);
			held = 0;
		}
		seen = held;
		result = fill(lines);
		if (result <= 0) {
			*line = (struct log_line){lines->bytes + lines->next,
				lines->length - lines->next, lines->offset + lines->next,
				lines->number};
			return result == 0 ? LOG_LINES_END : LOG_LINES_ERROR;
		}
	}
}
