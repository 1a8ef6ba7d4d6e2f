/* Inside diff.c and its neighbours. */
#ifndef ROLEGATE_AUTHOR_DIFF_PARTS_H
#define ROLEGATE_AUTHOR_DIFF_PARTS_H

#include "author/diff.h"
#include "policy/merge.h"

/* What a person has at an endpoint, before or after. */
struct diff_side {
	const struct policy *policy;
	const struct endpoint *endpoint; /* NULL: there is none */
	struct role_set roles;
};

void diff_change(struct diff_changes *changes, enum diff_effect effect, const char *what,
	const char *risk, const char *format, ...) __attribute__((format(printf, 5, 6)));
bool diff_same_text(const char *left, const char *right); /* either may be NULL */
/* Members of one list that are not in the other, as `"a", "b"`; NULL: none. */
char *diff_missing(struct arena *arena, const struct strings *list, const struct strings *from);
/* Members that come and go, as changes of `what`. */
void diff_lists(struct diff_changes *changes, const char *what, const struct strings *before,
	const struct strings *after);

/* What an endpoint says of itself, before and after. */
void diff_endpoint_keys(
	struct diff_changes *changes, const struct endpoint *before, const struct endpoint *after);

/* Every command, alias, area, variable and start-up function that a person has. */
void diff_access(struct diff_changes *changes, const struct diff_side *before,
	const struct diff_side *after);
/* The same for one command that both sides have, and may be called on both. */
void diff_command(struct diff_changes *changes, const struct diff_side *before,
	const struct diff_side *after, const struct command *old, const struct command *new);
/* The values that may be given, where both permissions are there. */
void diff_values(
	struct diff_changes *changes, const struct permission *old, const struct permission *new);
/* One permission as text: "unit: nginx.service; lines: any value". */
char *diff_permission_text(struct arena *arena, const struct permission *permission);

/* Where the restriction of a command became wider, narrower, or another one. */
void diff_confinement(struct diff_changes *changes, const struct diff_side *before,
	const struct diff_side *after, const struct command *old, const struct command *new);
/* The account that it runs as there; NULL: not known. */
const char *diff_account(const struct diff_side *side, const struct command *command);
/* Why gaining the command deserves a second look; NULL: nothing. */
const char *diff_risk(
	struct arena *arena, const struct diff_side *side, const struct permission *permission);

#endif
