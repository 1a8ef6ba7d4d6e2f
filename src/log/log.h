/*
 * The event log as it is read: by rolegatectl log, replay, report, verify-log and new-role. Files
 * that follow each other are one log. Reading changes nothing but an index beside the log, which
 * can be thrown away at any time: it is made again, and an answer never depends on there being one.
 *
 * Where: a directory holds "events.jsonl", the file that is written now, and "events-SEQ.jsonl",
 * older ones, SEQ being the 20 digits of the seq of their first line; and
 * also "events.jsonl.N" and "events.jsonl-DATE", of logrotate(8), and
 * "transcripts/UID/ID.cast", whose end is an event op=transcript with file=, bytes= and sha256=. A
 * single file is a log too.
 *
 * A line that is damaged, of another format or cut is complained about, with its place, and the
 * rest is read.
 */
#ifndef ROLEGATE_LOG_H
#define ROLEGATE_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "log/line.h"

struct log;

enum { LOG_SESSION_DIGITS = 16 };

/* What is asked for; NULL and zero: anything. Everything that is given must hold. */
struct log_query {
	const char *user; /* acct */
	const char *role; /* one of role's names */
	const char
		*command; /* comm, or the first words of cmd where it was refused; may end in '*' */
	const char *run_as;
	const char *request;  /* 32 digits, or the first ones of them, at least 4 */
	const char *pipeline; /* the same */
	const char *session;  /* 16 digits: session; decimal: oses */
	const char *approval; /* decimal */
	const char *endpoint;
	const char *operation; /* op */
	const char *reason;    /* its code; an end is of what was permitted */
	bool denied;	       /* res=failed with a reason, of op=decision or check */
	int64_t since, until;  /* ms since 1970 */
	size_t limit;	       /* the last so many */
};

/* One line, its text without the line end; good until the next call. */
struct log_event {
	uint64_t sequence; /* 0: the line is not of a chain */
	const char *text;
	size_t length;
	const char *file;
	uint64_t line; /* from 1; 0: not known, since an index found it */
	const struct line_fields *fields;
};

/* Whom to tell; either may be NULL. */
struct log_hooks {
	void *context;
	/* "file:line: what": the line is left out, all others are read. */
	void (*warn)(void *context, const char *text);
	/* Now and then, while much is read. `what`: "index", "log"; bytes of all. */
	void (*progress)(void *context, const char *what, uint64_t done, uint64_t total);
};

/*
 * `path`: a directory or a file; NULL: ROLEGATE_LOG_DIR. `index`: whether an index may be made and
 * used. NULL with *complaint, in `arena`.
 */
struct log *log_open(struct arena *arena, const char *path, bool index, const char **complaint);
void log_close(struct log *log);
void log_set_hooks(struct log *log, const struct log_hooks *hooks);
/*
 * Calls `each` for every event that matches, in their order, until it returns non-zero, which is
 * then the result; -1 with *complaint when the log can't be read.
 */
int log_each(struct log *log, const struct log_query *query,
	int (*each)(void *context, const struct log_event *event), void *context,
	const char **complaint);
/* The same for what was written since the last log_each() or log_more(); `limit` is no matter. */
int log_more(struct log *log, const struct log_query *query,
	int (*each)(void *context, const struct log_event *event), void *context,
	const char **complaint);

/* Whether it is a session's id, not the number of a login. */
bool log_is_session(const char *text);
/* Whether an event is what is asked for; `limit` is no matter. Pure. */
bool log_matches(const struct log_query *query, const struct line_fields *fields);

/*
 * A time as people write it: 2026-11-29 and 2026-11-29T08:00[:00[.000]] (local time), RFC 3339 with
 * Z or an offset, or 90s, 30m, 8h, 7d before `now`. ms since 1970; -1: it is none of these. A local
 * time that there were two of, since clocks were set back, is the later one if `latest`.
 */
int64_t log_parse_time(const char *text, int64_t now, bool latest);

#endif
