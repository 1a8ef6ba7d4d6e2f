/*
 * What a command says of itself by `class`, where an endpoint believes it: a command that is let
 * through as read-only had better be.
 */
#include "admin/check.h"

static bool writes(
	const struct policy *policy, const struct endpoint *endpoint, const struct command *command)
{
	const struct confinement *confinement = policy_confinement(policy, endpoint, command);
	const struct restriction *restriction =
		confinement != NULL ? &confinement->restriction : &command->profile->restriction;

	return !restriction->has[RESTRICT_WRITE] || strings_contain(&restriction->write, "/");
}

static void check_endpoint(const struct policy *policy, const struct endpoint *endpoint,
	const struct command *command, struct problems *problems)
{
	const struct restriction *ceiling = &endpoint->profile->restriction;

	if (!ceiling->has[RESTRICT_CLASSES] || (ceiling->classes & CLASS_READ_ONLY) == 0 ||
		(ceiling->classes & CLASS_WRITE_CAPABLE) != 0 || !writes(policy, endpoint, command))
		return;
	problem_add(problems, PROBLEM_WARNING, command->source,
		"\"%s\" says class = \"read-only\", which endpoint %s lets through, and its "
		"profile %s lets it write: profile = \"read-only\" would hold it to its word",
		command->name, endpoint->name, command->profile->name);
}

void check_classes(const struct policy *policy, struct problems *problems)
{
	for (size_t i = 0; i < policy->endpoint_count; i++) {
		const struct endpoint *endpoint = &policy->endpoints[i];

		if (endpoint->profile == NULL)
			continue;
		for (size_t j = 0; j < policy->command_count; j++)
			if (policy->commands[j]->command_class == CLASS_READ_ONLY)
				check_endpoint(policy, endpoint, policy->commands[j], problems);
	}
}
