/* What functions name of each other, and the directories that their transactions are over. */
#include <string.h>

#include "config/config.h"
#include "config/inputs.h"

const struct command *link_function(struct loader *loader, const struct command *user,
	const char *key, const char *name, struct source source)
{
	const struct command *command = table_get(&loader->policy->command_by_name, name);

	if (command != NULL && command->function != NULL)
		return command;
	if (command != NULL)
		problem_add(loader->problems, PROBLEM_ERROR, source,
			"function \"%s\": %s = \"%s\" is a command; expected a function",
			user->name, key, name);
	else
		problem_add(loader->problems, PROBLEM_ERROR, source,
			"function \"%s\": %s = \"%s\" is not defined; expected a function%s",
			user->name, key, name, link_hint(loader, name, true));
	return NULL;
}

const char *link_missing_input(
	const struct command *other, const struct command *user, const struct parameter *except)
{
	for (size_t i = 0; i < other->parameters.count; i++) {
		const struct parameter *input = &other->parameters.items[i], *own;

		if (!input->required)
			continue;
		own = input_find(user, input->name);
		if (own == NULL || own == except)
			return input->name;
	}
	return NULL;
}

const char *link_told_secret(const struct command *other, const struct command *user)
{
	for (size_t i = 0; i < other->parameters.count; i++) {
		const struct parameter *input = &other->parameters.items[i];
		const struct parameter *own = input_find(user, input->name);

		if (own != NULL && own->secret && !input->secret)
			return input->name;
	}
	return NULL;
}

static void link_rollback(struct loader *loader, const struct pending_function *pending)
{
	struct function *function = pending->function;
	const char *missing, *told;

	if (function->rollback_name == NULL)
		return;
	function->rollback = link_function(
		loader, pending->command, "rollback", function->rollback_name, pending->rollback);
	if (function->rollback == NULL)
		return;
	missing = link_missing_input(function->rollback, pending->command, NULL);
	if (missing != NULL)
		problem_add(loader->problems, PROBLEM_ERROR, pending->rollback,
			"function \"%s\": rollback = \"%s\" needs an input \"%s\"; expected one of "
			"that name here",
			pending->command->name, function->rollback_name, missing);
	told = link_told_secret(function->rollback, pending->command);
	if (told != NULL)
		problem_add(loader->problems, PROBLEM_ERROR, pending->rollback,
			"function \"%s\": rollback = \"%s\" has no secret input \"%s\", and it is "
			"one here; expected secret = true there too",
			pending->command->name, function->rollback_name, told);
}

static void raise_by(
	const struct table *functions, struct pending_function *user, const struct command *other)
{
	const struct pending_function *pending =
		other == NULL ? NULL : table_get(functions, other->name);

	if (pending != NULL && user->height <= pending->height)
		user->height = pending->height + 1;
}

/*
 * How many functions each runs one within the other, itself included, is found by as many rounds
 * as there may be; what is above that then is deeper, or leads into a circle.
 */
static void measure(struct loader *loader, const struct table *functions)
{
	for (size_t i = 0; i < loader->function_count; i++) {
		struct pending_function *pending = &loader->functions[i];
		const struct parameters *inputs = &pending->command->parameters;

		raise_by(functions, pending, pending->function->rollback);
		for (size_t k = 0; k < inputs->count; k++)
			raise_by(functions, pending, inputs->items[k].choices_from);
	}
}

static void check_nesting(struct loader *loader)
{
	struct table functions = {0};

	for (size_t i = 0; i < loader->function_count; i++)
		table_put(loader->scratch, &functions, loader->functions[i].command->name,
			&loader->functions[i]);
	for (unsigned round = 0; round <= FUNCTION_NESTING_MAX; round++)
		measure(loader, &functions);
	for (size_t i = 0; i < loader->function_count; i++)
		if (loader->functions[i].height >= FUNCTION_NESTING_MAX)
			problem_add(loader->problems, PROBLEM_ERROR,
				loader->functions[i].command->source,
				"function \"%s\": by choices_from and rollback it runs itself, or "
				"more than %d functions one within the other; expected neither",
				loader->functions[i].command->name, FUNCTION_NESTING_MAX);
}

/* What the gateway, the kernel and this program keep there is no script's to change. */
static const char *keeper_of(const struct loader *loader, const char *path)
{
	const char *const own[] = {ROLEGATE_STATE_DIR, ROLEGATE_CONFIG_DIR, ROLEGATE_RUN_DIR,
		ROLEGATE_LOG_DIR, loader->directory};
	static const char *const systems[] = {"/proc", "/sys", "/dev"};

	for (size_t i = 0; i < sizeof(systems) / sizeof(systems[0]); i++)
		if (restriction_path_below(path, systems[i]))
			return systems[i];
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (own[i] != NULL && (restriction_path_below(path, own[i]) ||
					      restriction_path_below(own[i], path)))
			return own[i];
	return NULL;
}

static const char *transaction_complaint(
	struct loader *loader, const struct command *command, const char *path)
{
	const struct restriction *restriction =
		command->profile == NULL ? NULL : &command->profile->restriction;
	const char *keeper = strcmp(path, "/") == 0 ? path : keeper_of(loader, path);

	if (keeper != NULL)
		return arena_printf(loader->scratch,
			"%s is not for scripts to change; expected a directory apart from it",
			keeper);
	if (restriction == NULL)
		return NULL; /* told of already */
	if (restriction_path_within(path, &restriction->hidden))
		return arena_printf(loader->scratch,
			"profile \"%s\" hides it; expected another profile",
			command->profile->name);
	if (restriction->has[RESTRICT_WRITE] && !restriction->providers &&
		!restriction_path_within(path, &restriction->write))
		return arena_printf(loader->scratch,
			"profile \"%s\" lets nothing be written there; expected it in "
			"filesystem.write of the profile",
			command->profile->name);
	return NULL;
}

static void check_transaction(struct loader *loader, const struct pending_function *pending)
{
	const struct strings *paths = &pending->function->transaction;

	for (size_t i = 0; i < paths->count; i++) {
		const char *complaint =
			transaction_complaint(loader, pending->command, paths->items[i]);

		for (size_t k = 0; complaint == NULL && k < paths->count; k++)
			if (k != i && restriction_path_below(paths->items[i], paths->items[k]))
				complaint = arena_printf(loader->scratch,
					"it is below \"%s\"; expected the upper one alone",
					paths->items[k]);
		if (complaint != NULL)
			problem_add(loader->problems, PROBLEM_ERROR, pending->transaction,
				"function \"%s\": transaction path \"%s\": %s",
				pending->command->name, paths->items[i], complaint);
	}
}

/* NULL, or why a session can't start with it. */
static const char *startup_complaint(struct loader *loader, const char *name)
{
	const struct command *command = table_get(&loader->policy->command_by_name, name);

	if (command == NULL)
		return arena_printf(
			loader->scratch, "is not defined%s", link_hint(loader, name, true));
	if (command->function == NULL)
		return "is a command; expected a function";
	for (size_t i = 0; i < command->parameters.count; i++)
		if (command->parameters.items[i].required)
			return arena_printf(loader->scratch,
				"needs its input \"%s\", and nobody is asked at the start of a "
				"session; expected a function without required inputs",
				command->parameters.items[i].name);
	return NULL;
}

void link_startup(struct loader *loader, const struct pending_reference *reference)
{
	struct strings *list = &reference->role->startup_functions;
	const char *complaint = strings_contain(list, reference->name)
					? "is given twice"
					: startup_complaint(loader, reference->name);

	if (complaint == NULL)
		strings_add(loader->arena, list, reference->name);
	else
		problem_add(loader->problems, PROBLEM_ERROR, reference->source,
			"startup_functions: \"%s\" %s", reference->name, complaint);
}

/* Those that others need, and which nobody can run. */
static void warn_of_disabled(struct loader *loader, const struct command *user,
	const struct command *other, const char *purpose)
{
	if (other != NULL && !other->enabled)
		problem_add(loader->problems, PROBLEM_WARNING, user->source,
			"function \"%s\": \"%s\" (its %s) is disabled, so that every run that "
			"needs it fails",
			user->name, other->name, purpose);
}

static void warn_of_callees(struct loader *loader, const struct pending_function *pending)
{
	const struct command *command = pending->command;

	warn_of_disabled(loader, command, pending->function->rollback, "rollback");
	for (size_t i = 0; i < command->parameters.count; i++)
		warn_of_disabled(
			loader, command, command->parameters.items[i].choices_from, "choices_from");
}

void link_functions(struct loader *loader)
{
	link_inputs(loader);
	for (size_t i = 0; i < loader->function_count; i++) {
		link_rollback(loader, &loader->functions[i]);
		check_transaction(loader, &loader->functions[i]);
	}
	check_nesting(loader);
	for (size_t i = 0; i < loader->function_count; i++)
		warn_of_callees(loader, &loader->functions[i]);
}
