/* Profiles that say what is not so, or less than their author may think. */
#include <string.h>
#include <sys/stat.h>

#include "admin/check.h"
#include "base/text.h"

/* The place where this profile itself says something of the field; NULL: it says nothing. */
static const struct source *own_place(const struct profile *profile, enum restriction_field field)
{
	const struct restriction_origins *origins = &profile->restriction.origins[field];

	for (size_t i = 0; i < origins->count; i++)
		if (strcmp(origins->items[i].profile, profile->name) == 0)
			return &origins->items[i].source;
	return NULL;
}

static void check_paths(
	const struct profile *profile, enum restriction_field field, struct problems *problems)
{
	const struct source *place = own_place(profile, field);
	struct strings paths = {0};
	struct stat status;

	if (place == NULL ||
		!restriction_field_list(problems->arena, &profile->restriction, field, &paths))
		return;
	for (size_t i = 0; i < paths.count; i++)
		if (lstat(paths.items[i], &status) != 0)
			problem_add(problems, PROBLEM_WARNING, *place,
				"profile \"%s\": %s of %s does not exist", profile->name,
				paths.items[i], restriction_field_name(field));
}

static bool matches_a_command(const struct policy *policy, const char *pattern)
{
	if (strchr(pattern, '*') == NULL)
		return table_get(&policy->command_by_name, pattern) != NULL;
	for (size_t i = 0; i < policy->command_count; i++)
		if (text_wildcard(pattern, policy->commands[i]->name))
			return true;
	return false;
}

static void check_names(const struct policy *policy, const struct profile *profile,
	enum restriction_field field, struct problems *problems)
{
	const struct source *place = own_place(profile, field);
	struct strings names = {0};

	if (place == NULL ||
		!restriction_field_list(problems->arena, &profile->restriction, field, &names))
		return;
	for (size_t i = 0; i < names.count; i++)
		if (!matches_a_command(policy, names.items[i]))
			problem_add(problems, PROBLEM_WARNING, *place,
				"profile \"%s\": \"%s\" of %s matches no command", profile->name,
				names.items[i], restriction_field_name(field));
}

static bool is_used(const struct policy *policy, const struct profile *profile)
{
	for (size_t i = 0; i < policy->command_count; i++)
		if (policy->commands[i]->profile == profile)
			return true;
	for (size_t i = 0; i < policy->endpoint_count; i++)
		if (policy->endpoints[i].profile == profile)
			return true;
	for (size_t i = 0; i < policy->profile_count; i++)
		if (policy->profiles[i].extends != NULL &&
			strcmp(policy->profiles[i].extends, profile->name) == 0)
			return true;
	return false;
}

static void check_profile(
	const struct policy *policy, const struct profile *profile, struct problems *problems)
{
	static const enum restriction_field paths[] = {
		RESTRICT_EXECUTE, RESTRICT_READ, RESTRICT_WRITE, RESTRICT_HIDDEN};

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		check_paths(profile, paths[i], problems);
	check_names(policy, profile, RESTRICT_BLOCKED, problems);
	check_names(policy, profile, RESTRICT_ALLOWED, problems);
	if (!is_used(policy, profile))
		problem_add(problems, PROBLEM_WARNING, profile->source,
			"profile \"%s\" is used by no command and no endpoint", profile->name);
}

static bool runs_as_root(const struct endpoint *endpoint, const struct command *command)
{
	const char *run_as = command->run_as;

	if (run_as == NULL && endpoint != NULL)
		run_as = endpoint->run_as;
	return run_as != NULL && strcmp(run_as, "root") == 0;
}

/* Root's program needs no exec: services that listen on sockets start programs for it. */
static bool check_root(const struct command *command, const struct restriction *restriction,
	struct problems *problems)
{
	bool sockets = !restriction->has[RESTRICT_NETWORK] || restriction->network != NETWORK_NONE;
	bool capabilities = !restriction->has[RESTRICT_CAPABILITIES];

	if (command->command_class == CLASS_ELEVATED || !restriction->has[RESTRICT_EXECUTE] ||
		restriction->execute == EXECUTE_ANY || (!sockets && !capabilities))
		return false;
	problem_add(problems, PROBLEM_WARNING, command->source,
		"\"%s\" runs as root under profile \"%s\", which leaves it %s%s%s; class = "
		"\"elevated\" says that this is meant",
		command->name, command->profile->name,
		sockets ? "the sockets of systemd and D-Bus, by which other programs are started"
			: "",
		sockets && capabilities ? ", and " : "",
		capabilities ? "every capability of the gateway but CAP_SYS_ADMIN" : "");
	return true;
}

static bool check_class(const struct command *command, const struct restriction *restriction,
	struct problems *problems)
{
	const struct restriction_origins *origins = &restriction->origins[RESTRICT_CLASSES];

	if (command->command_class != CLASS_UNKNOWN || !restriction->has[RESTRICT_CLASSES] ||
		(restriction->classes & CLASS_ELEVATED) != 0)
		return false;
	problem_add(problems, PROBLEM_WARNING, command->source,
		"\"%s\" has no class, which counts as elevated, so that profile \"%s\" (%s:%u) "
		"blocks it",
		command->name, origins->items[0].profile, origins->items[0].source.file,
		origins->items[0].source.line);
	return true;
}

/* Each thing is said once, for the first endpoint through which it is so. */
static void check_command(
	const struct policy *policy, const struct command *command, struct problems *problems)
{
	bool root_said = false, class_said = false;
	size_t endpoints = policy->endpoint_count > 0 ? policy->endpoint_count : 1;

	for (size_t i = 0; i < endpoints && command->grants->count > 0; i++) {
		const struct endpoint *endpoint =
			policy->endpoint_count > 0 ? &policy->endpoints[i] : NULL;
		const struct confinement *confinement =
			policy_confinement(policy, endpoint, command);

		if (confinement == NULL)
			continue;
		if (!root_said && runs_as_root(endpoint, command))
			root_said = check_root(command, &confinement->restriction, problems);
		if (!class_said)
			class_said = check_class(command, &confinement->restriction, problems);
	}
}

void check_profiles(const struct policy *policy, struct problems *problems)
{
	for (size_t i = 0; i < policy->profile_count; i++)
		if (!policy->profiles[i].built_in)
			check_profile(policy, &policy->profiles[i], problems);
	for (size_t i = 0; i < policy->command_count; i++)
		check_command(policy, policy->commands[i], problems);
}
