#include <stdlib.h>
#include <string.h>

#include "config/check.h"
#include "config/loader.h"

static const struct profile *find(struct loader *loader, const char *name)
{
	return table_get(&loader->policy->profile_by_name, name != NULL ? name : "standard");
}

static int compare_profiles(const void *left, const void *right)
{
	return strcmp(((const struct profile *)left)->name, ((const struct profile *)right)->name);
}

static void index_profiles(struct loader *loader)
{
	struct policy *policy = loader->policy;

	qsort(policy->profiles, policy->profile_count, sizeof(*policy->profiles), compare_profiles);
	for (size_t i = 0; i < policy->profile_count; i++) {
		policy->profiles[i].index = i;
		table_put(loader->arena, &policy->profile_by_name, policy->profiles[i].name,
			&policy->profiles[i]);
	}
}

static void add_built_in(struct loader *loader)
{
	struct policy *policy = loader->policy;

	for (size_t i = 0; check_profiles[i] != NULL; i++) {
		policy->profiles = arena_grow(loader->arena, policy->profiles,
			policy->profile_count, sizeof(*policy->profiles));
		policy->profiles[policy->profile_count++] = (struct profile){
			.name = check_profiles[i],
			.built_in = true,
		};
	}
}

static struct confinement *confine(
	struct loader *loader, const struct profile *ceiling, const struct profile *own)
{
	struct confinement *confinement = arena_alloc(loader->arena, sizeof(*confinement));

	if (ceiling != NULL && ceiling != own)
		strings_add(loader->arena, &confinement->profiles, ceiling->name);
	strings_add(loader->arena, &confinement->profiles, own->name);
	confinement->restriction = own->restriction;
	return confinement;
}

static void fill_row(struct loader *loader, const struct profile *ceiling)
{
	struct policy *policy = loader->policy;
	size_t row = ceiling == NULL ? 0 : ceiling->index + 1;
	struct confinement **items = &policy->confinements[row * policy->profile_count];

	for (size_t i = 0; i < policy->command_count; i++) {
		const struct profile *own = policy->commands[i]->profile;

		if (items[own->index] == NULL)
			items[own->index] = confine(loader, ceiling, own);
	}
}

void link_profiles(struct loader *loader)
{
	struct policy *policy = loader->policy;
	size_t count;

	add_built_in(loader);
	index_profiles(loader);
	for (size_t i = 0; i < policy->command_count; i++)
		policy->commands[i]->profile = find(loader, policy->commands[i]->profile_name);
	for (size_t i = 0; i < policy->endpoint_count; i++)
		if (policy->endpoints[i].profile_name != NULL)
			policy->endpoints[i].profile =
				find(loader, policy->endpoints[i].profile_name);
	count = policy->profile_count;
	policy->confinements =
		arena_array(loader->arena, (count + 1) * count, sizeof(*policy->confinements));
	fill_row(loader, NULL);
	for (size_t i = 0; i < policy->endpoint_count; i++)
		if (policy->endpoints[i].profile != NULL)
			fill_row(loader, policy->endpoints[i].profile);
}
