/* Who has which roles: role_definitions and required_groups against a person's names. */
#ifndef ROLEGATE_ROLES_H
#define ROLEGATE_ROLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/strings.h"
#include "policy/policy.h"

/* A set of roles: bit policy role->index. */
struct role_set {
	uint64_t *bits;
	size_t size; /* policy->role_count */
	size_t count;
	/* Of what they grant, the commands of these names (may hold '*') alone; NULL: all. */
	const struct strings *only;
};

/* A person, as NSS names them. */
struct subject {
	const char *user;
	struct strings groups;
};

struct role_set role_set_new(struct arena *arena, const struct policy *policy);
void role_set_add(struct role_set *set, const struct role *role);
bool role_set_has(const struct role_set *set, const struct role *role);
/* Whether `only` has the name. */
bool role_set_reaches(const struct role_set *set, const char *command);
/* The index of the first role of the set that is `from` or after it; `set->size` when none is. */
size_t role_set_next(const struct role_set *set, size_t from);
/* The names, sorted. */
struct strings role_set_names(
	struct arena *arena, const struct policy *policy, const struct role_set *set);

/* Whether one of `roles` has the alias among its visible_aliases. */
bool alias_is_visible(const struct alias *alias, const struct role_set *roles);

/*
 * Every definition that matches adds its roles; none at all if required_groups does not hold
 * (JEA RequiredGroups).
 */
struct role_set roles_of(struct arena *arena, const struct policy *policy,
	const struct endpoint *endpoint, const struct subject *subject);

bool group_rule_holds(const struct group_rule *rule, const struct strings *groups);

#endif
