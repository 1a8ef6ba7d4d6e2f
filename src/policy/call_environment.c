#include <string.h>

#include "policy/call.h"

/* Where the variable stands in the list, or its end. */
static size_t index_of(const struct variables *list, const char *name)
{
	size_t i = 0;

	while (i < list->count && strcmp(list->items[i].name, name) != 0)
		i++;
	return i;
}

static void add(
	struct arena *arena, struct variables *list, const struct variable *variable, bool wins)
{
	size_t at = index_of(list, variable->name);

	if (at < list->count && !wins)
		return;
	if (at == list->count) {
		list->items = arena_grow(arena, list->items, list->count, sizeof(*list->items));
		list->count++;
	}
	list->items[at] = *variable;
}

struct variables call_environment(struct call *call)
{
	const struct policy *policy = call->request->policy;
	const struct variables *own = &call->command->environment;
	struct variables list = {0};

	for (size_t i = role_set_next(call->roles, 0); i < call->roles->size;
		i = role_set_next(call->roles, i + 1)) {
		const struct variables *of_role = &policy->roles[i].environment;

		for (size_t j = 0; j < of_role->count; j++)
			add(call->arena, &list, &of_role->items[j], false);
	}
	for (size_t i = 0; i < own->count; i++)
		add(call->arena, &list, &own->items[i], true);
	return list;
}
