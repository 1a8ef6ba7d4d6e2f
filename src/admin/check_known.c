/*
 * Programs that are known to lead elsewhere (R38): a warning where neither the profile contains
 * that nor the grant's parameters leave no way to it. One for each command and kind of effect.
 */
#include <string.h>

#include "admin/check.h"
#include "admin/known_programs.h"
#include "admin/opening.h"

/* Effects that the same thing prevents. */
enum concern { STARTS_PROGRAMS, REACHES_FILES, ACTS_AS_ROOT, CONCERNS };

static const struct {
	enum known_effect effects[3];
	size_t count;
} effects_of[CONCERNS] = {
	[STARTS_PROGRAMS] = {{KNOWN_SHELL, KNOWN_COMMAND}, 2},
	[REACHES_FILES] = {{KNOWN_READ, KNOWN_WRITE, KNOWN_LIBRARY}, 3},
	[ACTS_AS_ROOT] = {{KNOWN_PRIVILEGE}, 1},
};

static const char *const effect_texts[KNOWN_EFFECTS] = {
	[KNOWN_SHELL] = "start a shell",
	[KNOWN_COMMAND] = "start other programs",
	[KNOWN_LIBRARY] = "load code",
	[KNOWN_READ] = "read any file",
	[KNOWN_WRITE] = "write any file",
	[KNOWN_PRIVILEGE] = "change rights, accounts, devices or the system's state as root",
};

static const char *const advice[CONCERNS] = {
	[STARTS_PROGRAMS] = "its profile should say execute = \"none\", as standard does",
	[REACHES_FILES] =
		"its profile should say filesystem = { read = [ ... ]; write = [ ... ]; }",
	[ACTS_AS_ROOT] = "run it as another account with the capabilities that it needs, or say "
			 "class = \"elevated\" if that is meant",
};

/* What a run of one grant is confined by, at the endpoint through which it is least. */
struct reach {
	const struct grant *grant;
	const struct endpoint *endpoint; /* or NULL: no endpoint gives the role */
	const struct restriction *restriction;
};

/* Which roles each endpoint gives: [endpoint * role_count + role]. */
struct reachable {
	const struct policy *policy;
	bool *given;
};

static struct reachable find_reachable(const struct policy *policy, struct arena *arena)
{
	size_t roles = policy->role_count;
	struct reachable reachable = {.policy = policy,
		.given = arena_array(arena, policy->endpoint_count * roles, sizeof(bool))};

	for (size_t i = 0; i < policy->endpoint_count; i++)
		for (size_t j = 0; j < policy->endpoints[i].definition_count; j++) {
			const struct role_definition *definition =
				&policy->endpoints[i].definitions[j];

			for (size_t k = 0; k < definition->role_count; k++)
				reachable.given[i * roles + definition->roles[k]->index] = true;
		}
	return reachable;
}

static bool has_root_path(const struct strings *paths)
{
	return strings_contain(paths, "/");
}

static bool is_limited(const struct restriction *restriction, enum known_effect effect)
{
	bool reads = restriction->has[RESTRICT_READ] && !has_root_path(&restriction->read);
	bool writes = restriction->has[RESTRICT_WRITE] && !has_root_path(&restriction->write);

	reads = reads || restriction->providers;
	writes = writes || restriction->providers;
	if (effect == KNOWN_LIBRARY)
		return reads && writes;
	return effect == KNOWN_READ ? reads : writes;
}

/* A list of executables contains a shell path unless it has a shell, or one that starts others. */
static bool lists_none_that_starts(const struct strings *paths)
{
	for (size_t i = 0; i < paths->count; i++) {
		const struct known_program *program = known_program(paths->items[i]);

		if (program != NULL && (program->ways[KNOWN_SHELL] != NULL ||
					       program->ways[KNOWN_COMMAND] != NULL))
			return false;
	}
	return true;
}

static bool is_contained(const struct reach *reach, enum known_effect effect)
{
	const struct restriction *restriction = reach->restriction;

	switch (effect) {
	case KNOWN_SHELL:
	case KNOWN_COMMAND:
		if (!restriction->has[RESTRICT_EXECUTE] || restriction->execute == EXECUTE_ANY)
			return false;
		return restriction->execute == EXECUTE_NONE ||
		       lists_none_that_starts(&restriction->execute_paths);
	case KNOWN_PRIVILEGE: {
		const char *account = reach->grant->command->run_as;

		if (account == NULL && reach->endpoint != NULL)
			account = reach->endpoint->run_as;
		/* Who says that a command is elevated means that. */
		return account == NULL || strcmp(account, "root") != 0 ||
		       reach->grant->command->command_class == CLASS_ELEVATED ||
		       restriction->has[RESTRICT_CAPABILITIES];
	}
	default:
		return is_limited(restriction, effect);
	}
}

/* "", or "start a shell (from its own prompt, with \"-e\")": what of the effect is open. */
static const char *open_ways(struct arena *arena, const struct grant *grant, const char *ways,
	enum known_effect effect, const struct parameter **parameter)
{
	struct strings open = {0};
	const char *way;

	while ((way = known_way(arena, &ways)) != NULL) {
		const struct parameter *through;

		if (!opening_of(grant, way, &through))
			continue;
		strings_add(arena, &open, known_way_text(arena, way));
		if (*parameter == NULL)
			*parameter = through;
	}
	return open.count == 0 ? ""
			       : arena_printf(arena, "%s (%s)", effect_texts[effect],
					 strings_join(arena, &open, ", "));
}

static const char *advise(struct arena *arena, enum concern concern, const struct command *command,
	const struct parameter *parameter, const char *said)
{
	if (command->external)
		return arena_printf(arena, "declare it as a command, or %s", advice[concern]);
	if (parameter != NULL)
		return arena_printf(arena,
			"\"%s\" takes any value: give it a set, a pattern%s, or %s",
			parameter->name,
			parameter->type == PARAMETER_PATH ? " or directories (under)" : "",
			advice[concern]);
	if (strstr(said, "pager") != NULL)
		return arena_printf(
			arena, "put \"--no-pager\" among its arguments, or %s", advice[concern]);
	return advice[concern];
}

/* Whether it warned. */
static bool check_concern(const struct reach *reach, const struct known_program *program,
	enum concern concern, struct problems *problems)
{
	const struct command *command = reach->grant->command;
	const struct parameter *parameter = NULL;
	struct strings said = {0};
	const char *text;

	for (size_t i = 0; i < effects_of[concern].count; i++) {
		enum known_effect effect = effects_of[concern].effects[i];

		if (program->ways[effect] == NULL || is_contained(reach, effect))
			continue;
		text = open_ways(
			problems->arena, reach->grant, program->ways[effect], effect, &parameter);
		if (*text != '\0')
			strings_add(problems->arena, &said, text);
	}
	if (said.count == 0)
		return false;
	text = strings_join(problems->arena, &said, "; ");
	problem_add(problems, PROBLEM_WARNING,
		command->external ? reach->grant->source : command->source,
		"\"%s\" (role %s%s%s, profile %s) runs %s, with which one can %s: %s",
		command->name, reach->grant->role->name,
		reach->endpoint != NULL ? " at endpoint " : "",
		reach->endpoint != NULL ? reach->endpoint->name : "", command->profile->name,
		command->program, text, advise(problems->arena, concern, command, parameter, text));
	return true;
}

static bool check_reach(const struct reachable *reachable, struct reach *reach,
	const struct known_program *program, enum concern concern, struct problems *problems)
{
	const struct policy *policy = reachable->policy;
	const struct command *command = reach->grant->command;
	const struct confinement *confinement =
		policy_confinement(policy, reach->endpoint, command);

	reach->restriction =
		confinement != NULL ? &confinement->restriction : &command->profile->restriction;
	return check_concern(reach, program, concern, problems);
}

/* The first grant and endpoint that leave it open speak for all. */
static void check_command(const struct reachable *reachable, const struct command *command,
	const struct known_program *program, enum concern concern, struct problems *problems)
{
	const struct policy *policy = reachable->policy;

	for (size_t i = 0; i < command->grants->count; i++) {
		struct reach reach = {.grant = command->grants->items[i]};
		size_t role = reach.grant->role->index;
		bool given = false;

		for (size_t j = 0; j < policy->endpoint_count; j++) {
			if (!reachable->given[j * policy->role_count + role])
				continue;
			given = true;
			reach.endpoint = &policy->endpoints[j];
			if (check_reach(reachable, &reach, program, concern, problems))
				return;
		}
		reach.endpoint = NULL;
		if (!given && check_reach(reachable, &reach, program, concern, problems))
			return;
	}
}

void check_known(const struct policy *policy, struct problems *problems)
{
	struct reachable reachable = find_reachable(policy, problems->arena);

	for (size_t i = 0; i < policy->command_count; i++) {
		const struct command *command = policy->commands[i];
		const struct known_program *program = known_program(command->program);

		if (program == NULL || command->grants == NULL)
			continue;
		for (int concern = 0; concern < CONCERNS; concern++)
			check_command(
				&reachable, command, program, (enum concern)concern, problems);
	}
}
