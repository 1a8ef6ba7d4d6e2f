/* Inside the library: the queue's database, its statements and its transactions. */
#ifndef ROLEGATE_APPROVAL_STORE_H
#define ROLEGATE_APPROVAL_STORE_H

#include <sqlite3.h>
#include <stdint.h>

#include "approval/approval.h"

enum {
	STORE_BUSY_TIMEOUT = 5000, /* ms that a change waits for another one */
	STORE_CLOCK_SLACK = 60, /* seconds: what a clock may be set back, and what is not noted */
};

struct approvals {
	struct arena *arena;
	sqlite3 *db;
	pid_t process; /* SQLite's locks are this process's */
	approvals_record *record;
	void *context;
	const char *path, *complaint; /* of the call that failed last */
	int error;
};

/* Notes what failed, for *complaint and errno. Always -1. */
int store_fail(struct approvals *approvals, int error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* The same from what SQLite says of its last call. */
int store_fail_sqlite(struct approvals *approvals);
/* What a public function returns: `result`, with *complaint and errno when it is negative. */
int store_return(struct approvals *approvals, int result, const char **complaint);
/* Before anything else: that this process opened it. 0, or -1. */
int store_begin(struct approvals *approvals, const char **complaint);

/* schema.c: 0, or -1 with the complaint noted. */
int schema_create(struct approvals *approvals);
int schema_check(struct approvals *approvals);
int sql_run(struct approvals *approvals, const char *text);

/*
 * change() between BEGIN IMMEDIATE and COMMIT: what it returns; when it is negative, or the commit
 * fails (-1), nothing was changed.
 */
typedef int store_change(struct approvals *approvals, void *argument);
int store_in_transaction(struct approvals *approvals, store_change *change, void *argument);
/* The same to read one state of the database by several statements. */
int store_in_snapshot(struct approvals *approvals, store_change *change, void *argument);

/* A statement with its next parameter and column; what fails is told by sql_step(). */
struct statement {
	struct approvals *approvals;
	sqlite3_stmt *handle;
	int bound, column, result;
};

struct statement sql(struct approvals *approvals, const char *text);
void sql_finish(struct statement *statement);
#define _cleanup_sql_ __attribute__((cleanup(sql_finish)))
void sql_number(struct statement *statement, int64_t number);
void sql_text(struct statement *statement, const char *text); /* NULL: NULL */
void sql_bytes(struct statement *statement, const char *bytes, size_t length);
/* Each string with its NUL: an unambiguous join, of strings that hold none. */
void sql_strings(struct statement *statement, const struct strings *list);
/* 1: a row; 0: done; -1: failed, and noted. */
int sql_step(struct statement *statement);
/* Of the next column: */
int64_t sql_get_number(struct statement *statement);
const char *sql_get_text(struct statement *statement); /* in the arena; NULL for NULL */
struct strings sql_get_strings(struct statement *statement);

/* clock.c */
time_t clock_seconds(void);
/* The latest time that the queue has seen. -1: failed. */
int64_t clock_seen(struct approvals *approvals);
/* In a transaction: `now` is seen, and never forgotten for an earlier one. */
int clock_note(struct approvals *approvals, time_t now);
/*
 * In a transaction, when a person has decided: what is over expires. If `decided` was approved
 * under a clock that was set back, the clock as it is now is right, and all others that have an end
 * expire.
 */
int clock_decides(struct approvals *approvals, time_t now, const struct approval_entry *decided,
	const struct approval_person *person);

#endif
