/*
 * The merged permission of a set of roles for one command: JEA's seven documented rules
 * (design, section 4). Independent of the order of roles, grants and files.
 */
#ifndef ROLEGATE_MERGE_H
#define ROLEGATE_MERGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "policy/policy.h"
#include "policy/roles.h"

/* The zero value denies. */
enum permission_kind {
	PERMISSION_NONE = 0,  /* the parameter may not be given */
	PERMISSION_SET,       /* only these values (rule 5) */
	PERMISSION_PATTERN,   /* any of these patterns (rules 6, 7) */
	PERMISSION_ANY,       /* any valid value (rules 3, 4, or a common parameter) */
};

/* A value or pattern with the constraint that it came from. */
struct permitted_value {
	const char *value; /* PERMISSION_SET */
	const struct constraint *constraint;
	const struct grant *grant;
};

struct parameter_permission {
	enum permission_kind kind;
	/* PERMISSION_SET: one for each value and grant; PERMISSION_PATTERN: one for each pattern */
	struct permitted_value *values;
	size_t value_count;
	/* PERMISSION_ANY: the grants that opened it (empty for a common parameter) */
	const struct grant **grants;
	size_t grant_count;
	/* Values of sets that a pattern took away by rule 7. For explain and check. */
	struct permitted_value *ignored;
	size_t ignored_count;
};

struct permission {
	const struct command *command;
	bool granted; /* some role has a grant */
	struct parameter_permission *parameters; /* by parameter index; NULL for external commands */
	const struct grant **grants; /* all that were merged, by role then file order */
	size_t grant_count;
};

/* `roles` restricts which roles count. */
struct permission merge_permission(
	struct arena *arena, const struct command *command, const struct role_set *roles);

/* Whether any of `roles` has a grant for `command` at all. */
bool merge_is_granted(const struct command *command, const struct role_set *roles);

/* What `grant` says of `parameter`, or NULL: it doesn't list it. */
const struct constraint *grant_constraint(
	const struct grant *grant, const struct parameter *parameter);

/* Whether two permissions allow the same. (Tests, diff.) */
bool permission_equal(const struct permission *left, const struct permission *right);

#endif
