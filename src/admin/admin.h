/* The verbs of rolegatectl, and what they share. Each verb returns an enum admin_status. */
#ifndef ROLEGATE_ADMIN_H
#define ROLEGATE_ADMIN_H

#include <stdbool.h>
#include <stdio.h>

#include "admin/options.h"
#include "base/arena.h"

int check_run(const struct options *options);
int show_run(const struct options *options);
int explain_run(const struct options *options);
int trial_verb(const struct options *options);
int trust_verb(const struct options *options);
int status_run(const struct options *options);
int reload_run(const struct options *options);
int bundle_run(const struct options *options);
int pending_run(const struct options *options);
int approve_run(const struct options *options);
int reject_run(const struct options *options);
int revoke_run(const struct options *options);
int verify_log_verb(const struct options *options);
int log_verb(const struct options *options);
int replay_verb(const struct options *options);
int watch_verb(const struct options *options);
int report_verb(const struct options *options);
int sessions_verb(const struct options *options);
int terminate_verb(const struct options *options);
int new_role_verb(const struct options *options);
int diff_verb(const struct options *options);
int import_verb(const struct options *options);
int test_verb(const struct options *options);

/* How `verb` is called, or with NULL or an unknown one an overview of all. */
void usage(FILE *to, const char *verb);

/* Colours of a terminal; "" where stdout is none, or $NO_COLOR is set. */
enum colour { COLOUR_NONE, COLOUR_BOLD, COLOUR_RED, COLOUR_GREEN, COLOUR_YELLOW };
const char *colour(enum colour colour);

/* `text` as text_escape() makes it, but for newlines, which stay. */
char *escape_lines(struct arena *arena, const char *text);

/* `object` ("{…}") with `member` ("\"name\":value") added at its end. */
char *json_add(struct arena *arena, const char *object, const char *member);
/* `text` as a JSON string, in quotes, ASCII alone. */
char *json_text(struct arena *arena, const char *text);

#endif
