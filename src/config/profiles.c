/* From the profiles that were read to those of the policy, and to what confines each run. */
#include "config/profiles.h"

#include <stdlib.h>
#include <string.h>

#include "config/build.h"
#include "config/suggest.h"

enum { NAMED_MAX = 16 /* profiles in one problem */ };

static void read_built_in(struct loader *loader)
{
	struct document document;
	struct reader reader = {.loader = loader, .document = &document, .file = BUILT_IN};

	if (document_parse(&document, loader->problems, BUILT_IN, built_in_profiles,
		    strlen(built_in_profiles)))
		build_profiles(&reader, config_root_setting(&document.tree));
	document_destroy(&document);
}

static int compare_readings(const void *left, const void *right)
{
	const struct profile_reading *const *a = left, *const *b = right;

	return strcmp((*a)->profile.name, (*b)->profile.name);
}

static void keep_profiles(struct loader *loader)
{
	struct policy *policy = loader->policy;

	policy->profile_count = loader->profile_count;
	policy->profiles =
		arena_array(loader->arena, loader->profile_count, sizeof(*policy->profiles));
	for (size_t i = 0; i < loader->profile_count; i++) {
		struct profile *profile = &policy->profiles[i];

		*profile = loader->profiles[i]->profile;
		profile->index = i;
		table_put(loader->arena, &policy->profile_by_name, profile->name, profile);
	}
}

/* Where there are many, only the nearest one is named, and only so often. */
static const char *expected_profiles(struct loader *loader, const char *wanted)
{
	struct suggestion suggestion = suggestion_new(wanted);
	struct strings names = {0};
	const char *all = "the name of a profile";

	if (loader->suggestions < loader->profile_count)
		return all;
	loader->suggestions -= loader->profile_count;
	for (size_t i = 0; i < loader->profile_count; i++) {
		strings_add(loader->scratch, &names, loader->profiles[i]->profile.name);
		suggestion_consider(&suggestion, loader->profiles[i]->profile.name);
	}
	if (names.count <= NAMED_MAX)
		all = arena_printf(
			loader->scratch, "one of %s", strings_join(loader->scratch, &names, ", "));
	return arena_printf(
		loader->scratch, "%s%s", all, suggestion_text(loader->scratch, &suggestion));
}

static void report_unknown(struct loader *loader, const struct pending_profile *use)
{
	problem_add(loader->problems, PROBLEM_ERROR, use->source,
		"%sprofile = \"%s\" is unknown; expected %s", use->scope, use->name,
		expected_profiles(loader, use->name));
}

static void check_uses(struct loader *loader)
{
	for (size_t i = 0; i < loader->profile_use_count; i++)
		if (table_get(&loader->policy->profile_by_name, loader->profile_uses[i].name) ==
			NULL)
			report_unknown(loader, &loader->profile_uses[i]);
}

/* One that is unknown has been reported; nothing runs then. */
static const struct profile *find(const struct policy *policy, const char *name)
{
	return table_get(&policy->profile_by_name, name != NULL ? name : "standard");
}

static void give_profiles(struct policy *policy)
{
	for (size_t i = 0; i < policy->command_count; i++)
		policy->commands[i]->profile = find(policy, policy->commands[i]->profile_name);
	for (size_t i = 0; i < policy->endpoint_count; i++)
		if (policy->endpoints[i].profile_name != NULL)
			policy->endpoints[i].profile =
				find(policy, policy->endpoints[i].profile_name);
	for (size_t i = 0; i < policy->endpoint_count; i++)
		if (policy->endpoints[i].drive != NULL)
			policy->endpoints[i].drive->command->profile = find(policy, DRIVE_PROFILE);
}

/* Otherwise every run of it would be refused. */
static void check_program(struct loader *loader, const struct command *command)
{
	/* The run gets a copy of the script; what must be there is the interpreter. */
	if (command->function == NULL && command->profile != NULL &&
		restriction_path_within(command->program, &command->profile->restriction.hidden))
		problem_add(loader->problems, PROBLEM_ERROR, command->source,
			"command \"%s\": its program %s is hidden by profile \"%s\"; expected "
			"another profile",
			command->name, command->program, command->profile->name);
}

static struct confinement *confine(
	struct loader *loader, const struct profile *ceiling, const struct profile *own)
{
	struct confinement *confinement = arena_alloc(loader->arena, sizeof(*confinement));

	confinement->restriction = own->restriction;
	if (ceiling != NULL && ceiling != own) {
		strings_add(loader->arena, &confinement->profiles, ceiling->name);
		confinement->restriction = ceiling->restriction;
		restriction_intersect(loader->arena, &confinement->restriction, &own->restriction);
	}
	strings_add(loader->arena, &confinement->profiles, own->name);
	return confinement;
}

/*
 * What a function asks for can narrow what it gets, trusted or not: one that asks for "read-only"
 * is not to write because nobody trusts it.
 */
static struct confinement *confine_untrusted(
	struct loader *loader, const struct profile *ceiling, const struct profile *own)
{
	const struct profile *standard = find(loader->policy, NULL);
	struct confinement *confinement = confine(loader, ceiling, standard);

	if (own == standard || own == ceiling)
		return confinement;
	restriction_intersect(loader->arena, &confinement->restriction, &own->restriction);
	strings_add(loader->arena, &confinement->profiles, own->name);
	return confinement;
}

static void fill_row(struct loader *loader, const struct profile *ceiling)
{
	struct policy *policy = loader->policy;
	size_t row = ceiling == NULL ? 0 : ceiling->index + 1, half = policy->profile_count + 1;
	struct confinement **items = &policy->confinements[row * policy->profile_count],
			   **untrusted = &policy->confinements[(half + row) * policy->profile_count];

	for (size_t i = 0; i < policy->command_count; i++) {
		const struct profile *own = policy->commands[i]->profile;

		if (own == NULL)
			continue;
		if (items[own->index] == NULL)
			items[own->index] = confine(loader, ceiling, own);
		if (policy->commands[i]->function != NULL && untrusted[own->index] == NULL)
			untrusted[own->index] = confine_untrusted(loader, ceiling, own);
	}
}

/* Under no ceiling: see call_profiles(). */
static void confine_drives(struct loader *loader)
{
	struct policy *policy = loader->policy;

	for (size_t i = 0; i < policy->endpoint_count; i++) {
		const struct drive *drive = policy->endpoints[i].drive;
		const struct profile *own = drive == NULL ? NULL : drive->command->profile;

		if (own != NULL && policy->confinements[own->index] == NULL)
			policy->confinements[own->index] = confine(loader, NULL, own);
	}
}

static void confine_all(struct loader *loader)
{
	struct policy *policy = loader->policy;
	size_t count = policy->profile_count;
	bool *done = arena_array(loader->scratch, count, sizeof(*done));

	policy->confinements = arena_array(loader->arena, policy_confinement_count(policy),
		sizeof(*policy->confinements));
	fill_row(loader, NULL);
	confine_drives(loader);
	for (size_t i = 0; i < policy->endpoint_count; i++) {
		const struct profile *ceiling = policy->endpoints[i].profile;

		if (ceiling == NULL || done[ceiling->index])
			continue;
		done[ceiling->index] = true;
		fill_row(loader, ceiling);
	}
}

void link_profiles(struct loader *loader)
{
	struct policy *policy = loader->policy;

	read_built_in(loader);
	qsort(loader->profiles, loader->profile_count, sizeof(struct profile_reading *),
		compare_readings);
	profiles_flatten(loader);
	keep_profiles(loader);
	check_uses(loader);
	give_profiles(policy);
	for (size_t i = 0; i < policy->command_count; i++)
		check_program(loader, policy->commands[i]);
	confine_all(loader);
}
