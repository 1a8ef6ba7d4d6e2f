/* The files that a log consists of, in their order, and how lines are read from one. */
#ifndef ROLEGATE_LOG_FILES_H
#define ROLEGATE_LOG_FILES_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"
#include "log/line.h"

struct log_file {
	const char *path; /* as it is shown: with the directory as the caller wrote it */
	const char *name; /* the last component of it */
	uint64_t named;	  /* the seq that its name promises; 0: it promises none */
	uint64_t first; /* seq that it begins with, by its name or first line; by that they stand */
	int fd;
	dev_t device;
	ino_t inode;
	uint64_t size;	 /* when it was last looked at */
	uint64_t offset; /* where the next line begins, for who reads on as it grows */
	uint64_t line;	 /* number of that line, from 1 */
	uint64_t warned; /* the last line that was complained about */
	size_t order;	 /* in which it was found */
};

struct log_files {
	struct arena *arena;
	const char *path; /* as the caller wrote it */
	int directory;	  /* -1: one file */
	struct log_file *items;
	size_t count;
};

/* 0, or -1 with *complaint. Nothing is opened that is no regular file; no link is followed. */
int log_files_open(
	struct arena *arena, const char *path, struct log_files *files, const char **complaint);
void log_files_close(struct log_files *files);
/*
 * Looks again: sizes, names after a rotation, and files that came, which go to the end. Files that
 * have gone are kept, since they are open. 0, or -1 with *complaint. Pointers into `items` are then
 * no longer good.
 */
int log_files_look(struct log_files *files, const char **complaint);

/* Reads the lines of one file from a place on. */
struct log_lines {
	int fd;
	uint64_t offset;     /* of the first byte in `bytes` */
	uint64_t number;     /* of the next line */
	size_t next, length; /* of what was read */
	bool skipping;	     /* inside a line that is too long */
	char *bytes;
	size_t room;
};

enum log_lines_result {
	LOG_LINES_END = 0, /* what is left, `unfinished` bytes, has no line end */
	LOG_LINES_LINE,
	LOG_LINES_LONG,	 /* a line of more than LINE_BYTES_MAX; only its end is left */
	LOG_LINES_ERROR, /* errno */
};

struct log_line {
	const char *text; /* without its end; good until the next call */
	size_t length;
	uint64_t offset, number;
};

/* `lines` may be used again for another file; its buffer is `arena`'s. */
void log_lines_start(
	struct arena *arena, struct log_lines *lines, int fd, uint64_t offset, uint64_t number);
enum log_lines_result log_lines_next(struct log_lines *lines, struct log_line *line);

#endif
