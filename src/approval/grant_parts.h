/* Inside grant.c and its neighbours. */
#ifndef ROLEGATE_APPROVAL_GRANT_PARTS_H
#define ROLEGATE_APPROVAL_GRANT_PARTS_H

#include "approval/grant.h"
#include "config/config.h"

/* One approval on its way to a grant. */
struct granting {
	struct arena *arena;
	const char *directory;
	const struct approval_entry *entry;
	struct approval_grant *grant;
	const char **complaint;
	struct subject subject; /* who asked */
	struct strings words;
};

/* grant_decide.c. -1, and *granting->complaint. */
int grant_fail(const struct granting *granting, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* `text` for a sentence (R32). */
const char *grant_show(const struct granting *granting, const char *text);
/* Who asked, with their groups as they are now. 0, or -1. */
int grant_find_requester(struct granting *granting);
/* The configuration as it is, or with one file changed; NULL: it does not load. */
struct policy *grant_load(const struct granting *granting, const struct config_change *change);
/* The grant's line, by the configuration that is there. 0, or -1. */
int grant_make_line(const struct granting *granting, const struct policy *policy, bool *function);
/* The file that the grant is in, as it will be. */
struct config_change grant_change(const struct approval_grant *grant);
/* Whether that is enough: rules of merging, profiles and switches may be in the way. 0, or -1. */
int grant_check_result(const struct granting *granting);

/* A grant of the file with the line of its comment. */
struct grant_entry {
	unsigned long number;
	bool function;	     /* of visible_functions */
	const char *comment; /* without its end of line */
	const char *line;    /* without the comma */
};

/* A role file that rolegatectl wrote. */
struct grant_file {
	const char *description, *assigned; /* lines, as they stand in it */
	struct grant_entry *entries;
	size_t count;
};

/* False: it is not of this form, so that somebody has edited it. */
bool grant_file_parse(struct arena *arena, const char *text, struct grant_file *file);
char *grant_file_text(struct arena *arena, const struct grant_file *file);
/* "  description …;" and "assigned_to = …;" for a person at an endpoint. */
void grant_file_head(struct arena *arena, struct grant_file *file, const char *user, uid_t uid,
	const char *endpoint);
/* "# approval 7 by erin (uid 1001) …", safe for a terminal and one line. */
char *grant_comment(struct arena *arena, unsigned long number, const struct approval_person *person,
	time_t when, const char *reason);
/* The configuration directory, trusted (R28), with a lock on it in *lock. -1 and *complaint. */
int grant_lock(struct arena *arena, const char *directory, int *lock, const char **complaint);
/* The lines of `text` ("3, 4") that belong to an approval; NULL: none. */
char *grant_lines_of(struct arena *arena, const char *text, unsigned long number);

#endif
