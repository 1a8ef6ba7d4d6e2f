/*
 * What several roles of one person do to each other (design, section 4). Every grant of a command
 * is looked at a fixed number of times; of the grants that one widens, the first is named and the
 * others are counted.
 */
#include <stdlib.h>
#include <string.h>

#include "admin/check.h"
#include "base/strings.h"
#include "base/table.h"

enum { LOST_NAMED_MAX = 4 /* values named in one warning */ };

/* Some grants, of which one is to be named to a given role: rather another role's than its own. */
struct group {
	const struct grant *first, *other; /* `other` has a role that `first` has not */
	struct source first_source, other_source;
	size_t count;
};

/* The constraints on one parameter, by what they do in a merge. */
struct parameter_view {
	struct group limited; /* a set or a pattern */
	struct group sets;    /* a set that counts */
	bool has_pattern;
	struct table values; /* distinct members of those sets -> struct member */
	struct strings names;
	struct table lost; /* text of a pattern -> what it takes away, once worked out */
};

struct member {
	const struct grant *grant;
	struct source source;
};

static void group_add(struct group *group, const struct grant *grant, struct source source)
{
	if (group->count++ == 0) {
		group->first = grant;
		group->first_source = source;
	} else if (group->other == NULL && grant->role != group->first->role) {
		group->other = grant;
		group->other_source = source;
	}
}

/* "role B (roles.d/B.role:4) and 3 more", as seen by `grant`. */
static const char *group_text(
	struct arena *arena, const struct group *group, const struct grant *grant)
{
	bool use_other = group->first->role == grant->role && group->other != NULL;
	const struct grant *named = use_other ? group->other : group->first;
	const struct source *source = use_other ? &group->other_source : &group->first_source;
	const char *more =
		group->count == 1 ? "" : arena_printf(arena, " and %zu more", group->count - 1);

	if (named->role == grant->role)
		return arena_printf(
			arena, "the same role (%s:%u)%s", source->file, source->line, more);
	return arena_printf(
		arena, "role %s (%s:%u)%s", named->role->name, source->file, source->line, more);
}

/* Whether an open grant of the same command permits more. */
static bool is_narrow(const struct grant *grant)
{
	const struct parameters *parameters = &grant->command->parameters;
	size_t wanted = 0, open = 0;

	if (!grant->lists_parameters)
		return false;
	for (size_t i = 0; i < parameters->count; i++)
		wanted += !parameters->items[i].common;
	for (size_t i = 0; i < grant->constraint_count; i++)
		open += !grant->constraints[i].has_pattern &&
			grant->constraints[i].set.count == 0 &&
			!grant->constraints[i].parameter->common;
	return open < wanted;
}

static void check_open(const struct command *command, struct problems *problems)
{
	struct group narrow = {0};

	for (size_t i = 0; i < command->grants->count; i++)
		if (is_narrow(command->grants->items[i]))
			group_add(&narrow, command->grants->items[i],
				command->grants->items[i]->source);
	for (size_t i = 0; narrow.count > 0 && i < command->grants->count; i++) {
		const struct grant *grant = command->grants->items[i];

		if (!grant->lists_parameters)
			problem_add(problems, PROBLEM_WARNING, grant->source,
				"role %s grants \"%s\" without a parameter list, which opens every "
				"parameter and so widens %s (rule 3)",
				grant->role->name, command->name,
				group_text(problems->arena, &narrow, grant));
	}
}

static bool lists_all_of(const struct grant *grant, const struct grant *other)
{
	for (size_t i = 0; i < other->constraint_count; i++) {
		size_t j = 0;

		while (j < grant->constraint_count &&
			grant->constraints[j].parameter != other->constraints[i].parameter)
			j++;
		if (j == grant->constraint_count)
			return false;
	}
	return true;
}

static int compare_length(const void *left, const void *right)
{
	const struct grant *a = *(const struct grant *const *)left;
	const struct grant *b = *(const struct grant *const *)right;

	if (a->constraint_count != b->constraint_count)
		return a->constraint_count < b->constraint_count ? -1 : 1;
	return (a->role->index > b->role->index) - (a->role->index < b->role->index);
}

/*
 * Lists of which neither holds the other make calls that no role permits alone. Sorted by length,
 * lists that all hold each other do so one by one; the first pair that does not is told of.
 */
static void check_lists(const struct command *command, struct problems *problems)
{
	const struct grant **listing =
		arena_array(problems->arena, command->grants->count, sizeof(struct grant *));
	size_t count = 0;

	for (size_t i = 0; i < command->grants->count; i++)
		if (command->grants->items[i]->lists_parameters)
			listing[count++] = command->grants->items[i];
	if (count == 0)
		return;
	qsort(listing, count, sizeof(*listing), compare_length);
	for (size_t i = 1; i < count; i++) {
		const struct grant *grant = listing[i], *before = listing[i - 1];

		if (grant->role == before->role || lists_all_of(grant, before))
			continue;
		problem_add(problems, PROBLEM_WARNING, grant->source,
			"roles %s and %s (%s:%u) list different parameters of \"%s\": whoever has "
			"both "
			"may use them together (rule 3)",
			grant->role->name, before->role->name, before->source.file,
			before->source.line, command->name);
		return;
	}
}

static void view_add(struct arena *arena, struct parameter_view *view, const struct grant *grant,
	const struct constraint *constraint)
{
	view->has_pattern |= constraint->has_pattern;
	if (constraint->has_pattern || constraint->set.count > 0)
		group_add(&view->limited, grant, constraint->source);
	if (constraint->has_pattern || constraint->set.count == 0)
		return;
	group_add(&view->sets, grant, constraint->source);
	for (size_t i = 0; i < constraint->set.count; i++) {
		const char *value = constraint->set.items[i];
		struct member *member;

		if (table_get(&view->values, value) != NULL)
			continue;
		member = arena_alloc(arena, sizeof(*member));
		*member = (struct member){grant, constraint->source};
		table_put(arena, &view->values, value, member);
		strings_add(arena, &view->names, value);
	}
}

/* "" or the members of sets that the pattern does not match, each with its place. */
static const char *lost_values(
	struct arena *arena, struct parameter_view *view, const struct pattern *pattern)
{
	const char *known = table_get(&view->lost, pattern->text);
	struct strings lost = {0};

	if (known != NULL)
		return known;
	for (size_t i = 0; i < view->names.count && lost.count <= LOST_NAMED_MAX; i++) {
		const char *value = view->names.items[i];
		const struct member *member = table_get(&view->values, value);

		if (pattern_match(pattern, value, strlen(value)) == PATTERN_MATCH)
			continue;
		strings_add(arena, &lost,
			lost.count == LOST_NAMED_MAX
				? "others"
				: arena_printf(arena, "\"%s\" of role %s (%s:%u)", value,
					  member->grant->role->name, member->source.file,
					  member->source.line));
	}
	known = strings_join(arena, &lost, ", ");
	table_put(arena, &view->lost, pattern->text, (void *)known);
	return known;
}

static void check_constraint(struct problems *problems, struct parameter_view *view,
	const struct grant *grant, const struct constraint *constraint)
{
	struct arena *arena = problems->arena;
	const char *name = constraint->parameter->name, *lost;

	if (!constraint->has_pattern && constraint->set.count == 0 && view->limited.count > 0)
		problem_add(problems, PROBLEM_WARNING, constraint->source,
			"role %s allows any value of %s in \"%s\", which lifts the limit of %s "
			"(rule 4)",
			grant->role->name, name, grant->command->name,
			group_text(arena, &view->limited, grant));
	if (!constraint->has_pattern || view->sets.count == 0)
		return;
	problem_add(problems, PROBLEM_WARNING, constraint->source,
		"role %s's pattern for %s in \"%s\" replaces the set of %s, and so widens it (rule "
		"7)",
		grant->role->name, name, grant->command->name,
		group_text(arena, &view->sets, grant));
	lost = lost_values(arena, view, &constraint->pattern);
	if (*lost != '\0')
		problem_add(problems, PROBLEM_WARNING, constraint->source,
			"role %s's pattern for %s in \"%s\" takes away values that it does not "
			"match "
			"(rule 7): %s",
			grant->role->name, name, grant->command->name, lost);
}

static void check_values(const struct command *command, struct problems *problems)
{
	struct parameter_view *views =
		arena_array(problems->arena, command->parameters.count, sizeof(*views));

	for (size_t i = 0; i < command->grants->count; i++) {
		const struct grant *grant = command->grants->items[i];

		for (size_t j = 0; j < grant->constraint_count; j++)
			view_add(problems->arena, &views[grant->constraints[j].parameter->index],
				grant, &grant->constraints[j]);
	}
	for (size_t i = 0; i < command->grants->count; i++) {
		const struct grant *grant = command->grants->items[i];

		for (size_t j = 0; j < grant->constraint_count; j++)
			check_constraint(problems, &views[grant->constraints[j].parameter->index],
				grant, &grant->constraints[j]);
	}
}

/* Where one role has to grant the whole call, roles do nothing to each other. */
static bool merges(const struct policy *policy)
{
	for (size_t i = 0; i < policy->endpoint_count; i++)
		if (policy->endpoints[i].merge == MERGE_JEA)
			return true;
	return policy->endpoint_count == 0;
}

void check_merging(const struct policy *policy, struct problems *problems)
{
	if (!merges(policy))
		return;
	for (size_t i = 0; i < policy->command_count; i++) {
		const struct command *command = policy->commands[i];

		if (command->external || command->grants == NULL || command->grants->count < 2)
			continue;
		check_open(command, problems);
		check_lists(command, problems);
		check_values(command, problems);
	}
}
