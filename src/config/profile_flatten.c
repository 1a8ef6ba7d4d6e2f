/* A profile and the one that it extends become one: the keys of the child replace the parent's. */
#include <string.h>

#include "config/profiles.h"
#include "config/suggest.h"

static const char *parent_hint(struct loader *loader, const char *name)
{
	struct suggestion suggestion = suggestion_new(name);

	for (size_t i = 0; i < loader->profile_count; i++)
		suggestion_consider(&suggestion, loader->profiles[i]->profile.name);
	return suggestion_text(loader->scratch, &suggestion);
}

/*
 * NULL: it extends nothing, or the problem has been reported. A built-in profile counts as one that
 * extends nothing: what it is made of is the program's business.
 */
static const struct profile_reading *find_parent(
	struct loader *loader, const struct profile_reading *reading)
{
	const struct profile *profile = &reading->profile;
	const struct profile_reading *parent;

	if (profile->extends == NULL)
		return NULL;
	parent = table_get(&loader->profile_by_name, profile->extends);
	if (parent == NULL)
		problem_add(loader->problems, PROBLEM_ERROR, reading->extends_source,
			"profile \"%s\": extends = \"%s\" is not defined; expected the name of a "
			"profile%s",
			profile->name, profile->extends, parent_hint(loader, profile->extends));
	else if (parent == reading)
		problem_add(loader->problems, PROBLEM_ERROR, reading->extends_source,
			"profile \"%s\" extends itself; expected the name of another profile",
			profile->name);
	else if (parent->profile.extends != NULL && !parent->profile.built_in)
		problem_add(loader->problems, PROBLEM_ERROR,
			profile->built_in ? parent->extends_source : reading->extends_source,
			"profile \"%s\" extends \"%s\", which extends \"%s\" itself; expected a "
			"single level",
			profile->name, parent->profile.name, parent->profile.extends);
	else
		return parent;
	return NULL;
}

/* Fields whose lists a child adds to. */
static struct strings *added_list(struct restriction *restriction, enum restriction_field field)
{
	return field == RESTRICT_READ || field == RESTRICT_WRITE
		       ? NULL
		       : restriction_list(restriction, field);
}

static void inherit_field(struct loader *loader, struct profile_reading *reading,
	const struct restriction *parent, enum restriction_field field)
{
	struct restriction *own = &reading->profile.restriction, inherited = *parent;
	struct strings *list = added_list(own, field);

	if (!parent->has[field] || reading->opened[field])
		return;
	if (!own->has[field]) {
		restriction_copy_field(own, parent, field);
		return;
	}
	if (list == NULL)
		return;
	*list = restriction_union(loader->arena, list, added_list(&inherited, field));
	if (field == RESTRICT_SYSTEM_CALLS)
		own->denied_names =
			restriction_union(loader->arena, &own->denied_names, &parent->denied_names);
	if (field == RESTRICT_HIDDEN)
		*list = restriction_areas(loader->arena, list);
	restriction_add_origins(loader->arena, &own->origins[field], &parent->origins[field]);
}

static bool members_in_common(const struct strings *left, const struct strings *right)
{
	for (size_t i = 0; i < left->count; i++)
		if (strings_contain(right, left->items[i]))
			return true;
	return false;
}

/* Takes the calls that are allowed again out of those that the parent denies. */
static struct strings calls_left(struct loader *loader, const struct profile_reading *reading,
	const struct strings *inherited)
{
	struct strings left = {0};

	for (size_t i = 0; i < inherited->count; i++)
		if (!strings_contain(&reading->allowed_calls, inherited->items[i]))
			strings_add(loader->arena, &left, inherited->items[i]);
	return left;
}

static void check_allowed_calls(struct loader *loader, const struct profile_reading *reading,
	const struct strings *inherited)
{
	const char *name = reading->profile.name;

	if (reading->allowed_calls.count == 0)
		return;
	if (members_in_common(&reading->allowed_calls, &reading->profile.restriction.denied_calls))
		problem_add(loader->problems, PROBLEM_ERROR, reading->allowed_source,
			"profile \"%s\": system_calls.allow has what deny has too; expected in "
			"\"allow\" only what the profile that it extends denies",
			name);
	else if (!members_in_common(&reading->allowed_calls, inherited))
		problem_add(loader->problems, PROBLEM_ERROR, reading->allowed_source,
			"profile \"%s\": nothing in system_calls.allow is denied by a profile that "
			"this one extends",
			name);
}

static struct restriction_origins origin_at(
	struct loader *loader, const struct profile_reading *reading, struct source source)
{
	struct restriction_origin *origin = arena_alloc(loader->arena, sizeof(*origin));

	*origin = (struct restriction_origin){reading->profile.name, source};
	return (struct restriction_origins){origin, 1};
}

static void inherit(struct loader *loader, struct profile_reading *reading,
	const struct profile_reading *parent)
{
	struct restriction inherited = parent->profile.restriction;
	struct restriction_origins origins;

	check_allowed_calls(loader, reading, &inherited.denied_calls);
	if (reading->allowed_calls.count > 0) {
		inherited.denied_calls = calls_left(loader, reading, &inherited.denied_calls);
		origins = origin_at(loader, reading, reading->allowed_source);
		restriction_add_origins(
			loader->arena, &origins, &inherited.origins[RESTRICT_SYSTEM_CALLS]);
		inherited.origins[RESTRICT_SYSTEM_CALLS] = origins;
	}
	for (enum restriction_field field = 0; field < RESTRICT_COUNT; field++)
		inherit_field(loader, reading, &inherited, field);
	if (reading->providers == UNSAID) {
		reading->providers = parent->providers;
		reading->providers_origins = parent->providers_origins;
	}
	if (reading->optional == UNSAID)
		reading->optional = parent->optional;
}

static void fill_areas(struct arena *arena, struct restriction *restriction,
	enum restriction_field field, const struct restriction_origins *origins)
{
	struct strings *list = field == RESTRICT_READ ? &restriction->read : &restriction->write;

	if (restriction->has[field])
		return;
	strings_add(arena, list, "/");
	restriction->has[field] = true;
	restriction->origins[field] = *origins;
}

/* What the lists of files imply for each other: what is written can be read. */
static void complete(struct loader *loader, struct profile_reading *reading)
{
	struct restriction *restriction = &reading->profile.restriction;

	if (restriction->has[RESTRICT_READ] && !restriction->has[RESTRICT_WRITE]) {
		restriction->write = restriction->read;
		restriction->has[RESTRICT_WRITE] = true;
		restriction->origins[RESTRICT_WRITE] = restriction->origins[RESTRICT_READ];
	}
	restriction->providers = reading->providers == YES;
	if (restriction->providers) {
		fill_areas(loader->arena, restriction, RESTRICT_READ, &reading->providers_origins);
		fill_areas(loader->arena, restriction, RESTRICT_WRITE, &reading->providers_origins);
	}
	profile_name_calls(loader->arena, restriction);
	reading->profile.optional = reading->optional == YES;
}

static void flatten_all(struct loader *loader, bool built_in)
{
	static const struct strings nothing = {0};

	for (size_t i = 0; i < loader->profile_count; i++) {
		struct profile_reading *reading = loader->profiles[i];
		const struct profile_reading *parent;

		if (reading->profile.built_in != built_in)
			continue;
		parent = find_parent(loader, reading);
		if (parent != NULL)
			inherit(loader, reading, parent);
		else
			check_allowed_calls(loader, reading, &nothing);
	}
}

/* The built-in ones first: others may extend them, but they extend only what extends nothing. */
void profiles_flatten(struct loader *loader)
{
	flatten_all(loader, true);
	flatten_all(loader, false);
	for (size_t i = 0; i < loader->profile_count; i++) {
		complete(loader, loader->profiles[i]);
		profile_check(loader, loader->profiles[i]);
	}
}
