/* What is odd about one role or one grant, whatever else there is. */
#include <string.h>

#include "admin/check.h"

static bool same_place(const struct source *left, const struct source *right)
{
	return left->line == right->line && strcmp(left->file, right->file) == 0;
}

/* A wildcard became one grant for each command that it matched: they are told of as one. */
static void check_wildcards(const struct role *role, struct problems *problems)
{
	for (size_t i = 0; i < role->grants.count;) {
		const struct grant *grant = role->grants.items[i];
		size_t first = i++;

		if (grant->wildcard == NULL)
			continue;
		while (i < role->grants.count && role->grants.items[i]->wildcard != NULL &&
			strcmp(role->grants.items[i]->wildcard, grant->wildcard) == 0 &&
			same_place(&role->grants.items[i]->source, &grant->source))
			i++;
		problem_add(problems, PROBLEM_WARNING, grant->source,
			"the wildcard \"%s\" grants %zu %s%s now, and every later one that it "
			"matches: name them instead",
			grant->wildcard, i - first, command_kind(grant->command),
			i - first == 1 ? "" : "s");
	}
}

static bool lists(const struct grant *grant, const struct parameter *parameter)
{
	for (size_t i = 0; i < grant->constraint_count; i++)
		if (grant->constraints[i].parameter == parameter)
			return true;
	return false;
}

static void check_required(const struct grant *grant, struct problems *problems)
{
	const struct parameters *parameters = &grant->command->parameters;

	if (!grant->lists_parameters)
		return;
	for (size_t i = 0; i < parameters->count; i++) {
		const struct parameter *parameter = &parameters->items[i];

		if (parameter->required && !parameter->common && parameter->default_value == NULL &&
			!lists(grant, parameter))
			problem_add(problems, PROBLEM_WARNING, grant->source,
				"\"%s\" requires the %s %s, which this grant does not list: "
				"by itself it permits nothing",
				grant->command->name,
				grant->command->function != NULL ? "input" : "parameter",
				parameter->name);
	}
}

/* A set beside a pattern decides nothing, even within one entry (rule 7). */
static void check_own_sets(const struct grant *grant, struct problems *problems)
{
	for (size_t i = 0; i < grant->constraint_count; i++) {
		const struct constraint *constraint = &grant->constraints[i];

		if (constraint->has_pattern && constraint->set.count > 0)
			problem_add(problems, PROBLEM_WARNING, constraint->source,
				"the set of %s is ignored, since its entry has a pattern too (rule "
				"7)",
				constraint->parameter->name);
	}
}

static void check_aliases(const struct policy *policy, struct problems *problems)
{
	for (size_t i = 0; i < policy->alias_count; i++) {
		const struct alias *alias = policy->aliases[i];

		for (size_t j = 0; j < alias->view_count; j++) {
			const struct role *role = alias->views[j].role;
			size_t k = 0;

			while (k < role->grants.count &&
				role->grants.items[k]->command != alias->command)
				k++;
			if (k == role->grants.count)
				problem_add(problems, PROBLEM_WARNING, alias->views[j].source,
					"the alias \"%s\" is visible, and its command \"%s\" is "
					"not "
					"granted by this role",
					alias->name, alias->target);
		}
	}
}

bool *check_used_roles(struct arena *arena, const struct policy *policy)
{
	bool *used = arena_array(arena, policy->role_count, sizeof(*used));

	for (size_t i = 0; i < policy->endpoint_count; i++)
		for (size_t j = 0; j < policy->endpoints[i].definition_count; j++) {
			const struct role_definition *definition =
				&policy->endpoints[i].definitions[j];

			for (size_t k = 0; k < definition->role_count; k++)
				used[definition->roles[k]->index] = true;
		}
	return used;
}

static void check_unused_roles(const struct policy *policy, struct problems *problems)
{
	const bool *used = check_used_roles(problems->arena, policy);

	for (size_t i = 0; i < policy->role_count; i++)
		if (!used[i])
			problem_add(problems, PROBLEM_WARNING, policy->roles[i].source,
				"nobody has the role %s: no endpoint's role_definitions name it",
				policy->roles[i].name);
}

void check_grants(const struct policy *policy, struct problems *problems)
{
	check_unused_roles(policy, problems);
	check_aliases(policy, problems);
	for (size_t i = 0; i < policy->role_count; i++) {
		const struct role *role = &policy->roles[i];

		check_wildcards(role, problems);
		for (size_t j = 0; j < role->grants.count; j++) {
			check_required(role->grants.items[j], problems);
			check_own_sets(role->grants.items[j], problems);
		}
	}
}
