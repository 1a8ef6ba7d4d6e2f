#include "policy/act_as.h"

bool act_as_is_open(const struct endpoint *endpoint, const struct strings *groups)
{
	for (size_t i = 0; i < endpoint->act_as_count; i++)
		if (strings_contain(groups, endpoint->act_as[i].group))
			return true;
	return false;
}

static bool reaches(const struct act_as *entry, const struct strings *groups, const char *user)
{
	return strings_contain(groups, entry->group) &&
	       (entry->users.count == 0 || strings_contain(&entry->users, user));
}

void act_as_commands(struct arena *arena, const struct endpoint *endpoint,
	const struct strings *groups, const char *user, struct strings *commands)
{
	for (size_t i = 0; i < endpoint->act_as_count; i++) {
		const struct act_as *entry = &endpoint->act_as[i];

		for (size_t j = 0; reaches(entry, groups, user) && j < entry->commands.count; j++)
			strings_add(arena, commands, entry->commands.items[j]);
	}
}
