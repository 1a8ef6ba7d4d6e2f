#include "admin/opening.h"

#include <string.h>

#include "policy/validate.h"

bool opening_is_free(const struct parameter *parameter)
{
	static const char *const loose[] = {"none", "printable-text", "absolute-path"};
	const char *validator = parameter->validate != NULL ? parameter->validate->name : "none";

	if (parameter->has_pattern || parameter->under.count > 0 || parameter->choices.count > 0)
		return false;
	if (parameter->type == PARAMETER_PATH)
		return true;
	if (parameter->type == PARAMETER_DRIVE_FILE)
		return false; /* it is no path that the caller chooses */
	for (size_t i = 0; i < sizeof(loose) / sizeof(loose[0]); i++)
		if (strcmp(validator, loose[i]) == 0)
			return parameter->type == PARAMETER_STRING;
	return false;
}

/* Whether the grant lets the parameter be given at all; `*bound`: by a set or a pattern. */
static bool is_granted(const struct grant *grant, const struct parameter *parameter, bool *bound)
{
	*bound = false;
	if (!grant->lists_parameters)
		return true;
	for (size_t i = 0; i < grant->constraint_count; i++) {
		const struct constraint *constraint = &grant->constraints[i];

		if (constraint->parameter != parameter)
			continue;
		*bound = constraint->has_pattern || constraint->set.count > 0;
		return true;
	}
	return parameter->common;
}

static bool takes_anything(const struct grant *grant, const struct parameter *parameter)
{
	bool bound;

	return is_granted(grant, parameter, &bound) && !bound && opening_is_free(parameter);
}

/* Shells and wrappers take a program at any place: an operand of no bound will do. */
static const struct parameter *free_operand(const struct grant *grant, bool dashes)
{
	const struct parameters *parameters = &grant->command->parameters;

	for (size_t i = 0; i < parameters->count; i++) {
		const struct parameter *parameter = &parameters->items[i];

		if (parameter->position > 0 && (!dashes || parameter->leading_dash) &&
			takes_anything(grant, parameter))
			return parameter;
	}
	return NULL;
}

static const struct parameter *free_option(const struct grant *grant, const char *option)
{
	const struct parameters *parameters = &grant->command->parameters;

	for (size_t i = 0; i < parameters->count; i++) {
		const struct parameter *parameter = &parameters->items[i];
		bool bound;

		if (!strings_contain(&parameter->options, option))
			continue;
		if (parameter->type == PARAMETER_FLAG ? is_granted(grant, parameter, &bound)
						      : takes_anything(grant, parameter))
			return parameter;
	}
	return free_operand(grant, true);
}

static const struct parameter *free_parameter(const struct grant *grant)
{
	const struct parameters *parameters = &grant->command->parameters;

	for (size_t i = 0; i < parameters->count; i++)
		if (takes_anything(grant, &parameters->items[i]))
			return &parameters->items[i];
	return NULL;
}

/* A first fixed argument with which nothing is shown. */
static bool is_quiet_verb(const char *word)
{
	static const char *const verbs[] = {"start", "stop", "restart", "reload", "try-restart",
		"reload-or-restart", "try-reload-or-restart", "enable", "disable", "reenable",
		"mask", "unmask", "kill", "reset-failed", "is-active", "is-enabled", "is-failed",
		"daemon-reload"};

	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (strcmp(verbs[i], word) == 0)
			return true;
	return false;
}

static bool has_pager(const struct command *command)
{
	return !strings_contain(&command->arguments, "--no-pager") &&
	       (command->arguments.count == 0 || !is_quiet_verb(command->arguments.items[0]));
}

static bool has_editor(const struct command *command)
{
	static const char *const verbs[] = {"edit", "-e", "-s", "commit", "open", "rebase"};

	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (strings_contain(&command->arguments, verbs[i]))
			return true;
	return command->arguments.count == 0;
}

bool opening_of(const struct grant *grant, const char *way, const struct parameter **parameter)
{
	const struct command *command = grant->command;

	*parameter = NULL;
	if (strcmp(way, "environment") == 0)
		return false;
	if (command->external || strcmp(way, "interactive") == 0 || strcmp(way, "file") == 0)
		return true;
	if (strcmp(way, "editor") == 0)
		return has_editor(command);
	if (strcmp(way, "pager") == 0)
		return has_pager(command);
	if (strcmp(way, "input") == 0)
		return command->arguments.count == 0;
	if (*way == '-')
		*parameter = free_option(grant, way);
	else if (strings_contain(&command->arguments, way))
		*parameter = free_parameter(grant);
	else
		*parameter = free_operand(grant, false);
	return *parameter != NULL;
}
