/* What a set of roles may run, before it becomes JSON or text. */
#ifndef ROLEGATE_ENTRY_H
#define ROLEGATE_ENTRY_H

#include "policy/merge.h"

/* One command; at an endpoint of single roles one for each different permission of a role. */
struct entry {
	const struct command *command;
	const struct role *alone; /* the permission is this role's alone; NULL: of all, merged */
	struct permission permission;
};

struct entries {
	struct entry *items; /* by name, then by role */
	size_t count;
};

/* A provider that at least one of the roles sees. */
struct area {
	const struct provider *provider;
	const struct role *role; /* the first that sees it */
	struct source source;
};

struct areas {
	struct area *items;
	size_t count;
};

/* NULL for `command`: all that the roles may run. */
struct entries entries_of(struct arena *arena, const struct policy *policy,
	const struct endpoint *endpoint, const struct role_set *roles,
	const struct command *command);

/* Whether the alias may be used, and what it stands for may be run. */
bool entry_has_alias(struct arena *arena, const struct policy *policy,
	const struct endpoint *endpoint, const struct role_set *roles, const struct alias *alias);

struct areas areas_of(
	struct arena *arena, const struct policy *policy, const struct role_set *roles);

/* A set's member or a pattern's text. */
const char *permitted_text(const struct permitted_value *value);

/* The different values of a permission, in the order of roles and files. */
struct strings permitted_texts(
	struct arena *arena, const struct permitted_value *values, size_t count);

#endif
