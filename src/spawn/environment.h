/*
 * The child's environment, from an empty one (R10): PATH fixed; HOME, USER, LOGNAME, SHELL of the
 * run-as account; LANG=C.UTF-8; TERM if it has a terminal (and its name is harmless, else "dumb");
 * ROLEGATE_USER and ROLEGATE_REQUEST; then what the policy says, which can't replace those; for a
 * function's script its inputs and facts (function/inputs.h), whose names the policy can't set.
 */
#ifndef ROLEGATE_ENVIRONMENT_H
#define ROLEGATE_ENVIRONMENT_H

#include "base/arena.h"
#include "policy/policy.h"
#include "spawn/account.h"

struct environment_facts {
	const struct account *account;
	const char *user;    /* the operator's account name */
	const char *request; /* the request id */
	const char *term;    /* NULL: no terminal */
	const struct variables *variables;
	const struct variables *function; /* inputs_variables(); NULL: no function */
};

char **environment_build(struct arena *arena, const struct environment_facts *facts);

#endif
