/* Events as rows: one for each request, or one for each event. */
#ifndef ROLEGATE_ADMIN_LOG_ROWS_H
#define ROLEGATE_ADMIN_LOG_ROWS_H

#include "base/table.h"
#include "log/log.h"

enum log_column {
	LOG_TIME, /* as the event has it */
	LOG_OPERATION,
	LOG_USER,
	LOG_ENDPOINT,
	LOG_COMMAND, /* the name of the definition */
	LOG_LINE,    /* what was typed, or the argv; else what the event is about */
	LOG_RUN_AS,
	LOG_ROLES,
	LOG_RESULT, /* "allowed", "denied", "failed", "success" … */
	LOG_REASON,
	LOG_STATUS,
	LOG_SIGNAL,
	LOG_ENDED,
	LOG_REQUEST,
	LOG_PIPELINE,
	LOG_SESSION, /* the gateway's */
	LOG_LOGIN,   /* the kernel's audit session */
	LOG_TRANSCRIPT,
	LOG_APPROVAL,
	LOG_EDGE,   /* of an approval: what was done */
	LOG_GRANT,  /* the lines of roles that granted it */
	LOG_ACT_AS, /* whose roles counted */
	LOG_COLUMNS,
};

struct log_row {
	const char *values[LOG_COLUMNS]; /* NULL: the event doesn't say */
	int64_t began, ended;		 /* ms since 1970; 0: not known */
	bool has_end;
};

struct log_rows {
	struct arena *arena;
	bool every;	       /* a row for each event */
	int64_t until;	       /* of the requests: their ends may be later. 0: none */
	struct table requests; /* id -> place of the row */
	struct log_row *items;
	size_t count;
	size_t seen; /* events, in rows or not */
};

/* For log_each(), with the rows as context. Values are kept in the rows' arena. */
int log_rows_add(void *context, const struct log_event *event);
/* What came of it, in a few words: "exit 0", "not-permitted", … in `arena`. */
const char *log_row_outcome(struct arena *arena, const struct log_row *row);
bool log_row_is_bad(const struct log_row *row);
/* A request's, in ms; -1: not known. */
int64_t log_row_duration(const struct log_row *row);

#endif
