/* The index's own parts: index*.c and their tests only. */
#ifndef ROLEGATE_LOG_INDEX_H
#define ROLEGATE_LOG_INDEX_H

#include <sqlite3.h>

#include "base/table.h"
#include "log/reader.h"

enum {
	/* 2: refused dry runs are denied; 3: pipelines, sessions, reasons; 4: and what was counted
	 */
	INDEX_VERSION = 4,
	INDEX_APPLICATION = 0x72676c69, /* "rgli" */
	INDEX_EDGE = 128, /* bytes of a file's beginning and of the end of what is in it */
};

/* What an event is found by, besides time and request. */
enum index_word {
	INDEX_USER,
	INDEX_OPERATION,
	INDEX_ENDPOINT,
	INDEX_ROLE,
	INDEX_COMMAND,
	INDEX_RUN_AS,
	INDEX_REASON,
	INDEX_WORDS,
};

/* What the data base knows of a file. */
struct index_file {
	int64_t id;
	uint64_t offset, size, line; /* up to where; the file's size then; the next line's number */
	int64_t changed;	     /* when, in ns, the file was last changed; 0: not known */
	unsigned char head[INDEX_EDGE], tail[INDEX_EDGE];
	size_t head_length, tail_length;
};

struct log_index {
	sqlite3 *db;
	struct arena *arena;
	const char *path;
	bool fresh;	    /* nothing is in it, nor are its indexes made */
	struct table words; /* "KIND text" -> struct word, of an update */
	sqlite3_stmt *insert_event, *insert_word, *find_word;
	struct index_file *files; /* by log->files: the first `file_count` are in it */
	size_t file_count;
	sqlite3_stmt *select;
};

/* 0, or -1. */
int index_run(struct log_index *index, const char *text);
sqlite3_stmt *index_prepare(struct log_index *index, const char *text);
/* The first column of the first row, or `otherwise`. */
int64_t index_number(struct log_index *index, const char *text, int64_t otherwise);
int index_make_schema(struct log_index *index);

/* When a file of this size was last changed, in ns; 0: it is not of this size any more. */
int64_t index_changed(const struct log_file *file, uint64_t size);
/* The edges of a file as it is: 0, or -1. */
int index_edges(const struct log_file *file, uint64_t offset, struct index_file *edges);
struct index_update {
	struct log *log;
	struct log_index *index;
	int64_t file; /* id of the one that is read */
};

int index_insert_prepare(struct log_index *index);
/* Of a log_sink whose context is a struct index_update. */
int index_insert_event(void *context, const struct log_hit *hit, const struct log_line *line,
	const struct line_fields *fields);
int index_insert_damage(void *context, size_t file, uint64_t line, const char *what);

/*
 * Which files of the log are in the data base, from its rows: sets `files` and `file_count`. 0, or
 * -1.
 */
int index_match(struct log *log);

#endif
