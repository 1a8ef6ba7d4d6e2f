/* Rows of the event log for people and for spreadsheets. */
#ifndef ROLEGATE_ADMIN_LOG_SHOW_H
#define ROLEGATE_ADMIN_LOG_SHOW_H

#include "admin/log_rows.h"

/* As wide as the terminal, or as it takes where stdout is none; escaped (R32), times local. */
void log_show_table(struct arena *arena, const struct log_rows *rows, size_t from);
/* For rows that come one by one: the widths are fixed. */
void log_show_row(struct arena *arena, const struct log_rows *rows, size_t row);
/*
 * RFC 4180, with a line of names if `head`. A cell that a spreadsheet would take for a formula gets
 * a ' in front.
 */
void log_show_csv(struct arena *arena, const struct log_rows *rows, size_t from, bool head);

/* The first event of a request, and what was decided: a recording begins before that. */
struct log_said {
	const char *first, *decided; /* NULL: not yet */
};

/*
 * Every event in full, a line a member; what an earlier event of the same request says is not said
 * again. For log_each(), with a struct log_full that has its arena as context.
 */
struct log_full {
	struct arena *arena;
	struct table requests; /* id -> struct log_said */
	bool begun;
};
int log_full_print(void *context, const struct log_event *event);

#endif
