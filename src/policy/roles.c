#include "policy/roles.h"

#include <string.h>

#include "base/text.h"

enum { WORD_BITS = 64 };

struct role_set role_set_new(struct arena *arena, const struct policy *policy)
{
	return (struct role_set){
		.bits = arena_array(arena, policy->role_count / WORD_BITS + 1, sizeof(uint64_t)),
		.size = policy->role_count,
	};
}

static bool has_index(const struct role_set *set, size_t index)
{
	return index < set->size && (set->bits[index / WORD_BITS] >> index % WORD_BITS & 1) != 0;
}

static void add_index(struct role_set *set, size_t index)
{
	if (index >= set->size || has_index(set, index))
		return;
	set->bits[index / WORD_BITS] |= UINT64_C(1) << index % WORD_BITS;
	set->count++;
}

void role_set_add(struct role_set *set, const struct role *role)
{
	add_index(set, role->index);
}

bool role_set_has(const struct role_set *set, const struct role *role)
{
	return has_index(set, role->index);
}

bool role_set_reaches(const struct role_set *set, const char *command)
{
	for (size_t i = 0; set->only != NULL && i < set->only->count; i++)
		if (text_wildcard(set->only->items[i], command))
			return true;
	return set->only == NULL;
}

size_t role_set_next(const struct role_set *set, size_t from)
{
	for (size_t word = from / WORD_BITS, skip = from % WORD_BITS; word * WORD_BITS < set->size;
		word++, skip = 0) {
		uint64_t rest = set->bits[word] >> skip << skip;

		if (rest != 0)
			return word * WORD_BITS + (size_t)__builtin_ctzll(rest);
	}
	return set->size;
}

struct strings role_set_names(
	struct arena *arena, const struct policy *policy, const struct role_set *set)
{
	struct strings names = {.items = arena_array(arena, set->count, sizeof(*names.items))};

	for (size_t i = role_set_next(set, 0); i < set->size; i = role_set_next(set, i + 1))
		names.items[names.count++] = policy->roles[i].name;
	return names;
}

bool alias_is_visible(const struct alias *alias, const struct role_set *roles)
{
	for (size_t i = 0; i < alias->view_count; i++)
		if (role_set_has(roles, alias->views[i].role))
			return true;
	return false;
}

/* An empty list holds for nobody, though logic would have "all of nothing" hold. */
static bool rules_hold(const struct group_rule *rule, const struct strings *groups, bool all)
{
	for (size_t i = 0; i < rule->count; i++)
		if (group_rule_holds(&rule->rules[i], groups) != all)
			return !all;
	return all && rule->count > 0;
}

bool group_rule_holds(const struct group_rule *rule, const struct strings *groups)
{
	switch (rule->kind) {
	case GROUP_NAME:
		return strings_contain(groups, rule->name);
	case GROUP_ALL:
		return rules_hold(rule, groups, true);
	case GROUP_ANY:
		return rules_hold(rule, groups, false);
	}
	return false;
}

static bool matches(const struct role_definition *definition, const struct subject *subject,
	const struct table *groups)
{
	if (definition->user != NULL)
		return strcmp(definition->user, subject->user) == 0;
	return definition->group != NULL && table_get(groups, definition->group) != NULL;
}

/* By their places alone: a person may have a thousand, and none of their memory is needed yet. */
static void add_roles(struct role_set *set, const struct policy *policy,
	const struct role_definition *definition)
{
	for (size_t i = 0; i < definition->role_count; i++)
		add_index(set, (size_t)(definition->roles[i] - policy->roles));
}

struct role_set roles_of(struct arena *arena, const struct policy *policy,
	const struct endpoint *endpoint, const struct subject *subject)
{
	struct role_set set = role_set_new(arena, policy);
	struct table groups = {0};

	if (endpoint->required_groups != NULL &&
		!group_rule_holds(endpoint->required_groups, &subject->groups))
		return set;
	for (size_t i = 0; i < subject->groups.count; i++)
		table_put(arena, &groups, subject->groups.items[i], &groups);
	for (size_t i = 0; i < endpoint->definition_count; i++) {
		const struct role_definition *definition = &endpoint->definitions[i];

		if (matches(definition, subject, &groups))
			add_roles(&set, policy, definition);
	}
	return set;
}
