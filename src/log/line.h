/*
 * One line of the event log: a JSON object (RFC 8259) on one line, taken apart without building
 * anything, since a million of them are read at a time. It is stricter than JSON where the log's
 * writer is: no blank between the members.
 */
#ifndef ROLEGATE_LOG_LINE_H
#define ROLEGATE_LOG_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

enum { LINE_BYTES_MAX = 1024 * 1024 }; /* what is longer is no line of ours */

enum line_kind { LINE_ABSENT = 0, LINE_STRING, LINE_NUMBER, LINE_OTHER /* list, object, word */ };

/* A value as it stands in the line: a string without its quotes, still escaped. */
struct line_value {
	const char *bytes; /* in the line */
	size_t length;
	enum line_kind kind;
	bool escaped; /* there is a backslash in it */
};

/* Where a reader stands in a line. */
struct line {
	const char *next, *end;
	bool started;
};

struct line line_start(const char *bytes, size_t length);
/* 1 and a member; 0: the object has ended, and the line with it; -1: it is no such object. */
int line_next(struct line *line, struct line_value *name, struct line_value *value);

/* What the log is asked for; LINE_ABSENT where the line doesn't say it, and of a name's second. */
struct line_fields {
	struct line_value time, op, req, endpoint, acct, role, comm, runas, cmd, reason, res,
		pipeline, session, oses, approval;
};

/* 0, or -1 where the line is damaged: then `fields` has what stands before the damage. */
int line_fields(const char *bytes, size_t length, struct line_fields *fields);

/* One member by name, of any line; LINE_ABSENT. */
struct line_value line_find(const char *bytes, size_t length, const char *name);

/* The text of a string or a number, unescaped, in `arena`; NULL when absent or not either. NUL,
   which no text of ours has, becomes "\x00" in four characters. */
char *line_text(struct arena *arena, const struct line_value *value);
/* Whether it is this very string. */
bool line_is(const struct line_value *value, const char *text);
/* An unsigned number, or `otherwise`. */
uint64_t line_number(const struct line_value *value, uint64_t otherwise);
/* RFC 3339 in UTC, as events have it, in ms since 1970; INT64_MIN: it is none. */
int64_t line_time(const struct line_value *value);

#endif
