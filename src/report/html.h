/* Pieces of the page, for the files of this folder only. */
#ifndef ROLEGATE_REPORT_HTML_H
#define ROLEGATE_REPORT_HTML_H

#include "report/report.h"

struct html {
	FILE *to;
	struct arena *arena;
	const struct report *report;
};

/* A text from anywhere: what a page or a terminal would obey is escaped (R32). */
void html_text(struct html *html, const char *text);
/* Our own. */
void html_raw(struct html *html, const char *markup);
void html_print(struct html *html, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* <td>text</td>, with a class or NULL; `label` is what a narrow screen shows before it. */
void html_cell(struct html *html, const char *class, const char *label, const char *text);
void html_count(struct html *html, const char *label, unsigned long count);
/* "s", or "" for 1. */
const char *html_plural(unsigned long count);
/* A day, "2026-11-29", or "never" for 0; in the arena. */
const char *html_date(struct html *html, int64_t milliseconds);
/* The same with hours and minutes, in UTC. */
const char *html_time(struct html *html, int64_t milliseconds);
/* A cell with a day. */
void html_date_cell(struct html *html, const char *label, int64_t milliseconds);
/* <section id=… ><h2>…</h2>, and its end. */
void html_section(struct html *html, const char *id, const char *title, const char *about);
void html_section_end(struct html *html);
/* A table with these headings ("|" between them, "#" before one of numbers), and its end. */
void html_table(struct html *html, const char *caption, const char *headings);
void html_table_end(struct html *html);
/* That so many of `what`, "command", are left out, if any are. */
void html_more(struct html *html, size_t count, size_t shown, const char *what);

void style_write(struct html *html);

/* plot.c: runs and refusals by day; the same of one command, small. */
void plot_days(struct html *html);
void plot_command(struct html *html, const struct report_command *command);

/* The sections, a file each. */
void matrix_write(struct html *html);
void usage_write(struct html *html);
void refusals_write(struct html *html);
void unused_write(struct html *html);
void risks_write(struct html *html);
void approvals_write(struct html *html);
void acts_write(struct html *html);

#endif
