/*
 * Small policies for tests, in plain C. Names are those of the test; files and lines are made up:
 * every grant of role A is in "roles.d/A.role", and each one stands on a line of its own, counted
 * from 1 over the whole policy.
 *
 *	struct fixture *f = fixture_new("operator,reader");
 *	struct command *restart = fixture_command(f, "systemctl restart", "/usr/bin/systemctl",
 *"restart"); fixture_parameter(f, restart, "unit @1", PARAMETER_STRING)->required = true;
 *	fixture_grants(f, restart, "operator: unit={nginx.service,php.service}; reader: -");
 *	fixture_finish(f);
 *	… fixture_roles(f, "operator") …
 *	fixture_free(f);
 */
#ifndef ROLEGATE_POLICY_FIXTURE_H
#define ROLEGATE_POLICY_FIXTURE_H

#include "policy/decide.h"
#include "policy/policy.h"
#include "policy/roles.h"

struct fixture {
	struct arena *arena; /* of the policy */
	struct policy *policy;
	unsigned line; /* of the last thing defined */
};

/* `roles`: names with commas between them, in any order. */
struct fixture *fixture_new(const char *roles);
void fixture_free(struct fixture *fixture);
/* After everything is defined: sorts and indexes, as the loader does. */
void fixture_finish(struct fixture *fixture);

/* `arguments`: fixed ones with blanks between them, or NULL. */
struct command *fixture_command(
	struct fixture *fixture, const char *name, const char *program, const char *arguments);
struct command *fixture_external(struct fixture *fixture, const char *path);

/* `spec`: the name, then options ("-n", "--lines") and a position ("@1"). A string takes anything.
 */
struct parameter *fixture_parameter(struct fixture *fixture, struct command *command,
	const char *spec, enum parameter_type type);

/*
 * Grants, with ";" between them: a role, ":", and what it lists, with blanks between the
 * parameters. "*" is a grant without a list, "-" an empty list.
 *
 *	"A: *; B: unit={a,b} lines=/[0-9]+/ follow; A: unit={c}/d.*" "/"
 */
void fixture_grants(struct fixture *fixture, const struct command *command, const char *grants);

/* `roles` see the alias. */
struct alias *fixture_alias(
	struct fixture *fixture, const char *name, const char *target, const char *roles);
void fixture_variable(
	struct fixture *fixture, struct variables *list, const char *name, const char *value);
void fixture_provider(
	struct fixture *fixture, const char *role, const char *name, const char *read);
struct endpoint *fixture_endpoint(struct fixture *fixture, const char *name);
/* One of `user` and `group` is NULL. */
void fixture_define(struct fixture *fixture, struct endpoint *endpoint, const char *user,
	const char *group, const char *roles);

struct role *fixture_role(struct fixture *fixture, const char *name);
struct role_set fixture_roles(struct fixture *fixture, const char *roles);
struct strings fixture_split(struct arena *arena, const char *text, const char *separator);

/* The decision on `words`, with "|" between them, in `arena`. */
struct decision fixture_decide(struct fixture *fixture, struct arena *arena,
	const struct endpoint *endpoint, const char *roles, const char *words);

#endif
