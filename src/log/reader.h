/* What the files of this folder share: the log while it is read, and its index. */
#ifndef ROLEGATE_LOG_READER_H
#define ROLEGATE_LOG_READER_H

#include "log/files.h"
#include "log/log.h"

struct log_index;

struct log {
	struct arena *arena;
	struct log_files files;
	struct log_hooks hooks;
	struct log_index *index; /* or NULL */
	struct log_lines lines;
	char *window; /* of log_read_at() */
	int window_fd;
	uint64_t window_at;
	size_t window_length;
};

/* A line that is asked for, before it is read. */
struct log_hit {
	size_t file; /* of log->files */
	uint64_t offset, number /* 0: not known */, sequence;
};

/* Who takes the lines of a file: each returns non-zero to end it. */
struct log_sink {
	void *context;
	int (*event)(void *context, const struct log_hit *hit, const struct log_line *line,
		const struct line_fields *fields);
	int (*damage)(void *context, size_t file, uint64_t line, const char *what);
	const char *progress; /* what it is called there, or NULL */
	bool whole;	      /* a last line without an end is none, yet */
};

/*
 * The lines of a file from its `offset` and `line` on, which then stand at its end, or after the
 * line that the sink ended it at; `size` is what was read. What the sink returned; -1 with
 * *complaint.
 */
int log_scan(struct log *log, size_t file, const struct log_sink *sink, const char **complaint);

/*
 * The line at an offset, good until the next call. 0; -1 when there is none that begins there, or
 * not one with this seq.
 */
int log_read_at(struct log *log, const struct log_hit *hit, struct log_line *line);

/* A complaint about a line, once. */
void log_warn(struct log *log, size_t file, uint64_t line, const char *what);

/* NULL: there is none, and none can be made. */
struct log_index *log_index_open(struct log *log);
void log_index_close(struct log_index *index);
/* It was wrong: removed, and closed. */
void log_index_discard(struct log *log);
/*
 * Brings it up to the files' ends, where that can be done now, and each file's `offset` and `line`
 * to where the index ends. 0; -1: it can't be used.
 */
int log_index_update(struct log *log);
/* Its answer, which may have more than what is asked for, and never less. */
int log_index_select(struct log_index *index, const struct log_query *query, bool descending);
/* 1 and a hit; 0: no more; -1: it can't be read. */
int log_index_next(struct log_index *index, struct log_hit *hit);

/* Where it is, in `arena`; NULL: nowhere. The directory is made. */
const char *log_index_place(struct arena *arena, const struct log_files *files);

#endif
