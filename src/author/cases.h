/*
 * A file of policy tests, for rolegatectl test: who, what they ask for, and what is expected.
 *
 *   endpoint = "operations";      # of every test that says none; optional
 *   tests = (
 *     { user = "dana"; groups = [ "web-ops" ]; run = "systemctl restart nginx.service";
 *       expect = "allow"; run_as = "svc-ops"; argv_is = [ ... ]; },
 *     { roles = [ "web" ]; argv = [ "tail", "/etc/shadow" ]; expect = "invalid-value"; } );
 *
 * It is read as strictly as a configuration (R5).
 */
#ifndef ROLEGATE_AUTHOR_CASES_H
#define ROLEGATE_AUTHOR_CASES_H

#include "config/config.h"

struct policy_case {
	const char *name; /* or NULL */
	const char *user; /* NULL: `roles` */
	bool has_groups;  /* `groups` says all of the user's; else name services do */
	struct strings groups;
	struct strings roles;
	const char *endpoint; /* or NULL: the first one */
	const char *act_as;   /* or NULL */
	const char *line;     /* as typed, or NULL: `argv` */
	struct strings argv;
	const char *expect; /* "allow", "deny", or a reason code */
	const char *run_as; /* or NULL: whatever it is */
	bool has_argv_is;
	struct strings argv_is;	     /* what would be executed */
	bool has_approval, approval; /* whether it waits for one */
	struct source source;
};

struct policy_cases {
	struct policy_case *items;
	size_t count;
	const char *endpoint; /* of those that have none, or NULL */
};

/* 0, or -1 when `problems` got errors. `file` is its name in messages. All in problems->arena. */
int cases_parse(const char *file, const char *bytes, size_t length, struct policy_cases *cases,
	struct problems *problems);

/* Who and what, on one line: `dana: systemctl restart nginx.service`. */
char *case_title(struct arena *arena, const struct policy_case *policy_case);

#endif
