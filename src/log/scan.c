/* Lines one after the other, and a single one. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log/reader.h"
#include "record/chain.h"

enum {
	PROGRESS_BYTES = 8 * 1024 * 1024,
	WINDOW = 16 * 1024,
	WINDOW_ROOM = LINE_BYTES_MAX + 2,
	UNFINISHED_TRIES = 5,
	UNFINISHED_PAUSE = 20 * 1000, /* us */
};

void log_warn(struct log *log, size_t file, uint64_t line, const char *what)
{
	struct log_file *of = &log->files.items[file];
	struct arena *arena;

	if (line <= of->warned || log->hooks.warn == NULL)
		return;
	of->warned = line;
	arena = arena_new();
	log->hooks.warn(log->hooks.context,
		arena_printf(arena, "%s:%llu: %s", of->path, (unsigned long long)line, what));
	arena_free(arena);
}

static uint64_t sequence_of(const struct log_line *line)
{
	struct chain_link link;

	return chain_read(line->text, line->length, &link) == CHAIN_GOOD ? link.sequence : 0;
}

/* Why a chain's first line is not one that this program knows, or NULL. */
static const char *other_format(const struct log_line *line, const struct line_fields *fields)
{
	struct line_value format;

	if (!line_is(&fields->op, "chain"))
		return NULL;
	format = line_find(line->text, line->length, "format");
	if (line_number(&format, 0) == CHAIN_FORMAT)
		return NULL;
	return "the file is of another format than this program knows; what it doesn't "
	       "understand is left out";
}

static int take_line(size_t file, const struct log_sink *sink, const struct log_line *line)
{
	struct log_hit hit = {.file = file, .offset = line->offset, .number = line->number};
	struct line_fields fields;
	const char *what;

	if (line_fields(line->text, line->length, &fields) < 0)
		return sink->damage(sink->context, file, line->number,
			"this line is damaged and is left out; the rest is read");
	what = other_format(line, &fields);
	if (what != NULL && sink->damage(sink->context, file, line->number, what) != 0)
		return -1;
	hit.sequence = sequence_of(line);
	return sink->event(sink->context, &hit, line, &fields);
}

static void report_progress(struct log *log, size_t file, const struct log_sink *sink,
	uint64_t offset, uint64_t *reported)
{
	uint64_t done = 0, total = 0;

	if (sink->progress == NULL || log->hooks.progress == NULL ||
		offset - *reported < PROGRESS_BYTES)
		return;
	*reported = offset;
	for (size_t i = 0; i < log->files.count; i++) {
		total += log->files.items[i].size;
		done += i < file ? log->files.items[i].size : 0;
	}
	log->hooks.progress(log->hooks.context, sink->progress, done + offset, total);
}

/* What is being written has its end in a moment; what was cut never has. */
static bool is_cut(struct log *log, size_t file, struct log_line *line)
{
	enum log_lines_result result = LOG_LINES_END;

	if (file + 1 < log->files.count)
		return true;
	for (int tries = 0; tries < UNFINISHED_TRIES && result == LOG_LINES_END; tries++) {
		usleep(UNFINISHED_PAUSE);
		result = log_lines_next(&log->lines, line);
	}
	return result == LOG_LINES_END;
}

static int take_unfinished(
	struct log *log, size_t file, const struct log_sink *sink, struct log_line *line)
{
	struct log_file *of = &log->files.items[file];

	if (is_cut(log, file, line))
		return sink->damage(sink->context, file, line->number,
			"the last line is cut in the middle and is left out");
	of->offset = line->offset + line->length + 1;
	of->line = line->number + 1;
	return take_line(file, sink, line);
}

/* As it is now; 0 when that can't be known, and nothing can be read either. */
static uint64_t size_of(int fd)
{
	struct stat status;

	return fstat(fd, &status) < 0 || status.st_size < 0 ? 0 : (uint64_t)status.st_size;
}

int log_scan(struct log *log, size_t file, const struct log_sink *sink, const char **complaint)
{
	struct log_file *of = &log->files.items[file];
	enum log_lines_result got;
	struct log_line line = {.length = 0};
	uint64_t reported = of->offset, end = size_of(of->fd);
	int result = 0;

	log_lines_start(log->arena, &log->lines, of->fd, of->offset, of->line);
	while (result == 0) {
		/* What is written faster than it is read would have no end. */
		if (of->offset >= end) {
			of->size = of->offset;
			return 0;
		}
		got = log_lines_next(&log->lines, &line);
		if (got == LOG_LINES_ERROR) {
			*complaint = arena_printf(log->arena, "%s: %s", of->path, strerror(errno));
			return -1;
		}
		if (got == LOG_LINES_END) {
			of->size = line.offset + line.length;
			break;
		}
		of->offset = line.offset + line.length + 1;
		of->line = line.number + 1;
		if (got == LOG_LINES_LONG)
			result = sink->damage(sink->context, file, line.number,
				"this line is too long to be an event and is left out");
		else
			result = take_line(file, sink, &line);
		report_progress(log, file, sink, of->offset, &reported);
	}
	if (result == 0 && line.length > 0 && !sink->whole)
		result = take_unfinished(log, file, sink, &line);
	return result;
}

/* The window over `want` bytes at least from the byte before the line on, where the file has them.
 */
static void move_window(struct log *log, int fd, uint64_t from, size_t want)
{
	ssize_t got;

	if (log->window == NULL)
		log->window = arena_alloc(log->arena, WINDOW_ROOM);
	do
		got = pread(fd, log->window, want, (off_t)from);
	while (got < 0 && errno == EINTR);
	log->window_fd = fd;
	log->window_at = from;
	log->window_length = got > 0 ? (size_t)got : 0;
}

/* The whole of the line at `offset` in the window: with the line end before it, where it has one.
 */
static int find_line(struct log *log, uint64_t offset, struct log_line *line)
{
	uint64_t from = offset > 0 ? offset - 1 : 0;
	const char *begin, *newline;
	size_t left;

	if (log->window_length == 0 || from < log->window_at ||
		offset >= log->window_at + log->window_length)
		return -1;
	begin = log->window + (offset - log->window_at);
	left = log->window_length - (size_t)(begin - log->window);
	newline = memchr(begin, '\n', left);
	if (newline == NULL || (offset > 0 && begin[-1] != '\n'))
		return -1;
	line->text = begin;
	line->length = (size_t)(newline - begin);
	line->offset = offset;
	return 0;
}

int log_read_at(struct log *log, const struct log_hit *hit, struct log_line *line)
{
	int fd = log->files.items[hit->file].fd;
	uint64_t from = hit->offset > 0 ? hit->offset - 1 : 0;

	*line = (struct log_line){.number = hit->number};
	if (log->window_fd == fd && find_line(log, hit->offset, line) == 0)
		return sequence_of(line) == hit->sequence ? 0 : -1;
	move_window(log, fd, from, WINDOW);
	if (find_line(log, hit->offset, line) < 0) {
		move_window(log, fd, from, WINDOW_ROOM);
		if (find_line(log, hit->offset, line) < 0)
			return -1;
	}
	return sequence_of(line) == hit->sequence ? 0 : -1;
}
