#include "policy/policy.h"

#include <string.h>

const char *const audit_level_names[] = {
	[AUDIT_LEVEL_NONE] = "none",
	[AUDIT_LEVEL_VIOLATIONS] = "violations",
	[AUDIT_LEVEL_STANDARD] = "standard",
	[AUDIT_LEVEL_FULL] = "full",
	NULL,
};

const char *command_kind(const struct command *command)
{
	if (command->function != NULL)
		return "function";
	return command->external ? "external" : "command";
}

const char *parameter_type_name(enum parameter_type type)
{
	switch (type) {
	case PARAMETER_STRING:
		return "string";
	case PARAMETER_INTEGER:
		return "integer";
	case PARAMETER_FLAG:
		return "flag";
	case PARAMETER_CHOICE:
		return "choice";
	case PARAMETER_PATH:
		return "path";
	case PARAMETER_DRIVE_FILE:
		return "drive-file";
	case PARAMETER_BOOLEAN:
		return "boolean";
	case PARAMETER_DATE:
		return "date";
	case PARAMETER_TEXT:
		return "text";
	}
	return "unknown";
}

static const struct confinement *find_confinement(const struct policy *policy,
	const struct endpoint *endpoint, const struct command *command, size_t first)
{
	size_t row = endpoint == NULL || endpoint->profile == NULL ? 0 : endpoint->profile->index + 1;

	if (policy->confinements == NULL || command->profile == NULL)
		return NULL;
	return policy->confinements[(first + row) * policy->profile_count + command->profile->index];
}

const struct confinement *policy_confinement(const struct policy *policy,
	const struct endpoint *endpoint, const struct command *command)
{
	return find_confinement(policy, endpoint, command, 0);
}

const struct confinement *policy_confinement_untrusted(const struct policy *policy,
	const struct endpoint *endpoint, const struct command *command)
{
	return find_confinement(policy, endpoint, command, policy->profile_count + 1);
}

size_t policy_confinement_count(const struct policy *policy)
{
	return 2 * (policy->profile_count + 1) * policy->profile_count;
}

const char *policy_profile_name(const struct endpoint *endpoint, const struct command *command)
{
	if (command != NULL && command->profile_name != NULL)
		return command->profile_name;
	return endpoint != NULL && endpoint->profile_name != NULL ? endpoint->profile_name
								  : "standard";
}

const char *parameter_usage(struct arena *arena, const struct parameter *parameter)
{
	char *text;

	if (parameter->options.count > 0)
		return strings_join(arena, &parameter->options, ", ");
	if (parameter->position == 0)
		return arena_printf(arena, "--%s", parameter->name);
	text = arena_strdup(arena, parameter->name);
	for (char *letter = text; *letter != '\0'; letter++)
		if (*letter >= 'a' && *letter <= 'z')
			*letter = (char)(*letter - 'a' + 'A');
	return text;
}
