/*
 * The smallest role that covers what was really run: from the events of the log. Each command with
 * the values that were given to it and no others. Pure.
 */
#ifndef ROLEGATE_AUTHOR_FROM_LOG_H
#define ROLEGATE_AUTHOR_FROM_LOG_H

#include <jansson.h>

#include "policy/arguments.h"
#include "policy/policy.h"

/* Calls that are the same, and how often. */
struct logged_call {
	const char *line; /* as it was recorded */
	const char *last; /* time of the last one, RFC 3339 */
	size_t count;
	struct strings words;	       /* to be decided on again: name and arguments; none: below */
	const struct command *command; /* NULL: a program, or `why` */
	struct arguments arguments;
	bool has_secret;
	const char *why; /* it can't be covered, or why it was refused; NULL: it is covered */
};

struct from_log {
	struct arena *arena;
	const struct policy *policy;
	const struct strings *users; /* whose events count */
	struct table by_line;
	struct logged_call **calls; /* allowed, in the order of their first time */
	size_t call_count;
	struct logged_call **refused;
	size_t refused_count;
	size_t as_others; /* runs with the rights of another person */
};

/* Takes one event, if it is a decision about one of the users. */
void from_log_add(struct from_log *log, const json_t *event);

/* What the file is to say of itself. */
struct from_log_head {
	const char *role, *whom, *since; /* since: or NULL */
	const char *description;	 /* or NULL */
};
/* The role file, in the arena. Sets `why` of calls whose values no role can have any more. */
char *from_log_text(struct from_log *log, const struct from_log_head *head);
/*
 * The first call that the role, as the policy has it, does not allow though nothing but its grants
 * is in the way; NULL: there is none.
 */
const struct logged_call *from_log_check(
	const struct from_log *log, const struct policy *policy, const char *role);

#endif
