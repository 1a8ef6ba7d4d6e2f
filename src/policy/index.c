#include "policy/index.h"

#include <string.h>

/* A grant's command is const, but the list that it points to is ours to fill. */
static void count_grants(struct policy *policy)
{
	struct grants *lists = arena_array(policy->arena, policy->command_count, sizeof(*lists));

	for (size_t i = 0; i < policy->command_count; i++)
		policy->commands[i]->grants = &lists[i];
	policy->grant_count = 0;
	for (size_t i = 0; i < policy->role_count; i++) {
		const struct grants *grants = &policy->roles[i].grants;

		for (size_t j = 0; j < grants->count; j++)
			grants->items[j]->command->grants->count++;
		policy->grant_count += grants->count;
	}
}

static void distribute_grants(struct policy *policy)
{
	struct grant **items = arena_array(policy->arena, policy->grant_count, sizeof(*items));

	for (size_t i = 0; i < policy->command_count; i++) {
		struct grants *grants = policy->commands[i]->grants;

		grants->items = items;
		items += grants->count;
		grants->count = 0;
	}
	for (size_t i = 0; i < policy->role_count; i++)
		for (size_t j = 0; j < policy->roles[i].grants.count; j++) {
			struct grant *grant = policy->roles[i].grants.items[j];
			struct grants *grants = grant->command->grants;

			grants->items[grants->count++] = grant;
		}
}

void policy_finish(struct policy *policy)
{
	count_grants(policy);
	distribute_grants(policy);
	policy->longest_name = policy->alias_count > 0 ? 1 : 0;
	for (size_t i = 0; i < policy->command_count; i++)
		if (policy->commands[i]->word_count > policy->longest_name)
			policy->longest_name = policy->commands[i]->word_count;
}

struct endpoint *policy_endpoint(const struct policy *policy, const char *name)
{
	for (size_t i = 0; i < policy->endpoint_count; i++)
		if (strcmp(policy->endpoints[i].name, name) == 0)
			return &policy->endpoints[i];
	return NULL;
}

struct role *policy_role(const struct policy *policy, const char *name)
{
	return table_get(&policy->role_by_name, name);
}
