/* Never a silent gap: what a profile says and this kernel can't keep is an error of the file. */
#include <string.h>

#include "config/config.h"
#include "confine/support.h"
#include "confine/view.h"

/* Where a person has to look: a built-in profile has no line, so it is whoever names it. */
static struct source place(
	const struct policy *policy, const struct profile *profile, enum restriction_field field)
{
	const struct restriction_origins *origins = &profile->restriction.origins[field];

	if (!profile->built_in)
		return origins->count > 0 ? origins->items[0].source : profile->source;
	for (size_t i = 0; i < policy->endpoint_count; i++)
		if (policy->endpoints[i].profile == profile)
			return policy->endpoints[i].source;
	for (size_t i = 0; i < policy->command_count; i++)
		if (policy->commands[i]->profile == profile)
			return policy->commands[i]->source;
	for (size_t i = 0; i < policy->endpoint_count; i++)
		if (policy->endpoints[i].drive != NULL &&
			policy->endpoints[i].drive->command->profile == profile)
			return policy->endpoints[i].drive->source;
	return profile->source;
}

static bool is_of_drive(const struct endpoint *endpoint, const struct profile *profile)
{
	return endpoint->drive != NULL && endpoint->drive->command->profile == profile;
}

bool support_in_use(const struct policy *policy, const struct profile *profile)
{
	for (size_t i = 0; i < policy->endpoint_count; i++)
		if (policy->endpoints[i].profile == profile ||
			is_of_drive(&policy->endpoints[i], profile))
			return true;
	for (size_t i = 0; i < policy->command_count; i++)
		if (policy->commands[i]->profile == profile ||
			(policy->commands[i]->function != NULL && strcmp(profile->name, "standard") == 0))
			return true;
	return false;
}

static void complain(struct problems *problems, struct source source, const struct profile *profile,
	enum restriction_field field, const char *lack)
{
	problem_add(problems, profile->optional ? PROBLEM_WARNING : PROBLEM_ERROR, source,
		"profile \"%s\": %s can't be enforced here%s: %s", profile->name,
		restriction_field_name(field),
		profile->optional ? " and is left out"
				  : " (if_unsupported = \"warn\" would leave it out)",
		lack);
}

static void check_profile(const struct support *support, const struct policy *policy,
	const struct profile *profile, struct problems *problems)
{
	const struct restriction *restriction = &profile->restriction;

	for (enum restriction_field field = 0; field < RESTRICT_COUNT; field++)
		if (support_concerns(restriction, field) &&
			support_means(problems->arena, support, restriction, field) == NULL)
			complain(problems, place(policy, profile, field), profile, field,
				support_lack(problems->arena, support, restriction, field));
}

static bool is_root(const char *account)
{
	return account != NULL && strcmp(account, "root") == 0;
}

/* Through `endpoint`, or through any if it is NULL. */
static bool may_run_as_root(
	const struct policy *policy, const struct endpoint *endpoint, const struct command *command)
{
	if (command->run_as != NULL)
		return is_root(command->run_as);
	if (endpoint != NULL)
		return is_root(endpoint->run_as);
	for (size_t i = 0; i < policy->endpoint_count; i++)
		if (is_root(policy->endpoints[i].run_as))
			return true;
	return false;
}

/* RLIMIT_NPROC means nothing for root. */
static void check_root(const struct profile *profile, const struct command *command,
	struct source source, struct problems *problems)
{
	if (profile->restriction.has[RESTRICT_PROCESSES])
		complain(problems, source, profile, RESTRICT_PROCESSES,
			arena_printf(problems->arena,
				"\"%s\" runs as root, whose processes only a control group bounds, "
				"and none with the pids controller is delegated to the gateway",
				command->name));
}

static void check_roots(const struct policy *policy, struct problems *problems)
{
	for (size_t i = 0; i < policy->command_count; i++)
		if (may_run_as_root(policy, NULL, policy->commands[i]))
			check_root(policy->commands[i]->profile, policy->commands[i],
				policy->commands[i]->source, problems);
	for (size_t i = 0; i < policy->endpoint_count; i++) {
		const struct endpoint *endpoint = &policy->endpoints[i];
		size_t j = 0;

		while (j < policy->command_count &&
			!may_run_as_root(policy, endpoint, policy->commands[j]))
			j++;
		if (endpoint->profile != NULL && j < policy->command_count)
			check_root(
				endpoint->profile, policy->commands[j], endpoint->source, problems);
	}
}

static bool touches_devices(const struct strings *paths)
{
	for (size_t i = 0; i < paths->count; i++)
		if (restriction_path_below("/dev", paths->items[i]) ||
			restriction_path_below(paths->items[i], "/dev"))
			return true;
	return false;
}

/* Files are limited, and /dev is there: a read-only mount keeps nobody from opening a device. */
static bool leaves_devices(const struct restriction *restriction)
{
	const struct restriction effective = view_effective(restriction);
	bool reads = view_limits(restriction, RESTRICT_READ);

	if (!reads && !view_limits(restriction, RESTRICT_WRITE))
		return false;
	for (size_t i = 0; i < effective.hidden.count; i++)
		if (restriction_path_below("/dev", effective.hidden.items[i]))
			return false;
	return !reads || touches_devices(&restriction->read);
}

static bool opens_devices(
	const struct policy *policy, const struct endpoint *endpoint, const struct command *command)
{
	const struct confinement *confinement = policy_confinement(policy, endpoint, command);
	const char *account =
		command->run_as == NULL && endpoint != NULL ? endpoint->run_as : command->run_as;

	return is_root(account) && confinement != NULL && leaves_devices(&confinement->restriction);
}

/* To the owner of a device, who root is, only Landlock denies it. */
static void check_devices(
	const struct policy *policy, const struct command *command, struct problems *problems)
{
	bool open = policy->endpoint_count == 0 && opens_devices(policy, NULL, command);

	for (size_t i = 0; i < policy->endpoint_count; i++)
		open = open || opens_devices(policy, &policy->endpoints[i], command);
	if (!open)
		return;
	problem_add(problems, PROBLEM_WARNING, command->source,
		"\"%s\" runs as root under profile \"%s\", and without Landlock, which this "
		"kernel does not have, its file rules leave root the devices in /dev to read and "
		"write, disks among them; filesystem.read without /dev leaves none, nor does "
		"PrivateDevices= of the gateway's unit",
		command->name, command->profile->name);
}

void support_check(
	const struct support *support, const struct policy *policy, struct problems *problems)
{
	for (size_t i = 0; i < policy->profile_count; i++)
		if (support_in_use(policy, &policy->profiles[i]))
			check_profile(support, policy, &policy->profiles[i], problems);
	if (!support->cgroup_pids)
		check_roots(policy, problems);
	for (size_t i = 0; i < policy->command_count && support->landlock == 0; i++)
		check_devices(policy, policy->commands[i], problems);
}

void support_leave_out(const struct support *support, struct policy *policy)
{
	size_t count = policy_confinement_count(policy);

	for (size_t i = 0; i < count; i++) {
		struct restriction *restriction = policy->confinements[i] == NULL
							  ? NULL
							  : &policy->confinements[i]->restriction;

		for (enum restriction_field field = 0;
			restriction != NULL && field < RESTRICT_COUNT; field++)
			if (support_concerns(restriction, field) &&
				support_means(policy->arena, support, restriction, field) == NULL)
				restriction->has[field] = false;
	}
}
