#include "answer/entry.h"

#include <string.h>

static bool is_single(const struct endpoint *endpoint)
{
	return endpoint != NULL && endpoint->merge == MERGE_SINGLE_ROLE;
}

static struct role_set only(struct arena *arena, const struct policy *policy,
	const struct role_set *roles, const struct role *role)
{
	struct role_set set = role_set_new(arena, policy);

	set.only = roles->only;
	role_set_add(&set, role);
	return set;
}

static void add_entry(struct arena *arena, struct entries *entries,
	const struct permission *permission, const struct role *alone)
{
	entries->items = arena_grow(arena, entries->items, entries->count, sizeof(*entries->items));
	entries->items[entries->count++] = (struct entry){permission->command, alone, *permission};
}

static bool is_known(
	const struct entries *entries, size_t from, const struct permission *permission)
{
	for (size_t i = from; i < entries->count; i++)
		if (permission_equal(&entries->items[i].permission, permission))
			return true;
	return false;
}

/* Roles are named only where they differ. */
static void add_each_role(struct arena *arena, const struct policy *policy,
	const struct role_set *roles, const struct command *command, struct entries *entries)
{
	const struct grants *grants = command->grants;
	const struct role *last = NULL;
	size_t first = entries->count;

	for (size_t i = 0; i < grants->count; i++) {
		const struct role *role = grants->items[i]->role;
		struct permission permission;
		struct role_set alone;

		if (role == last || !role_set_has(roles, role))
			continue;
		last = role;
		alone = only(arena, policy, roles, role);
		permission = merge_permission(arena, command, &alone);
		if (!is_known(entries, first, &permission))
			add_entry(arena, entries, &permission, role);
	}
	if (entries->count == first + 1)
		entries->items[first].alone = NULL;
}

static void add_command(struct arena *arena, const struct policy *policy,
	const struct endpoint *endpoint, const struct role_set *roles,
	const struct command *command, struct entries *entries)
{
	struct permission permission;

	if (!merge_is_granted(command, roles))
		return;
	if (is_single(endpoint)) {
		add_each_role(arena, policy, roles, command, entries);
		return;
	}
	permission = merge_permission(arena, command, roles);
	add_entry(arena, entries, &permission, NULL);
}

struct entries entries_of(struct arena *arena, const struct policy *policy,
	const struct endpoint *endpoint, const struct role_set *roles,
	const struct command *command)
{
	struct entries entries = {0};

	if (command != NULL)
		add_command(arena, policy, endpoint, roles, command, &entries);
	else
		for (size_t i = 0; i < policy->command_count; i++)
			add_command(arena, policy, endpoint, roles, policy->commands[i], &entries);
	return entries;
}

bool entry_has_alias(struct arena *arena, const struct policy *policy,
	const struct endpoint *endpoint, const struct role_set *roles, const struct alias *alias)
{
	if (!alias_is_visible(alias, roles) || !merge_is_granted(alias->command, roles))
		return false;
	for (size_t i = 0; is_single(endpoint) && i < alias->view_count; i++) {
		struct role_set alone = only(arena, policy, roles, alias->views[i].role);

		if (role_set_has(roles, alias->views[i].role) &&
			merge_is_granted(alias->command, &alone))
			return true;
	}
	return !is_single(endpoint);
}

static void add_area(struct arena *arena, struct areas *areas, const struct visible_provider *seen,
	const struct role *role)
{
	for (size_t i = 0; i < areas->count; i++)
		if (areas->items[i].provider == seen->provider)
			return;
	areas->items = arena_grow(arena, areas->items, areas->count, sizeof(*areas->items));
	areas->items[areas->count++] = (struct area){seen->provider, role, seen->source};
}

struct areas areas_of(
	struct arena *arena, const struct policy *policy, const struct role_set *roles)
{
	struct areas areas = {0};

	for (size_t i = role_set_next(roles, 0); i < roles->size; i = role_set_next(roles, i + 1))
		for (size_t j = 0; j < policy->roles[i].provider_count; j++)
			add_area(arena, &areas, &policy->roles[i].providers[j], &policy->roles[i]);
	return areas;
}

const char *permitted_text(const struct permitted_value *value)
{
	return value->value != NULL ? value->value : value->constraint->pattern.text;
}

struct strings permitted_texts(
	struct arena *arena, const struct permitted_value *values, size_t count)
{
	struct strings texts = {0};
	struct table seen = {0};

	for (size_t i = 0; i < count; i++) {
		const char *text = permitted_text(&values[i]);

		if (table_put(arena, &seen, text, &seen) == NULL)
			strings_add(arena, &texts, text);
	}
	return texts;
}
