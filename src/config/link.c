#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "config/act_as.h"
#include "config/check.h"
#include "config/loader.h"
#include "config/parameters.h"
#include "config/suggest.h"
#include "policy/validate.h"

#define report(loader, source, ...)                                                                \
	problem_add((loader)->problems, PROBLEM_ERROR, source, __VA_ARGS__)

/* Comparing a name with all commands takes a while, so that a bad file can't ask for it too often.
 */
const char *link_hint(struct loader *loader, const char *name, bool function)
{
	const struct policy *policy = loader->policy;
	struct suggestion suggestion = suggestion_new(name);

	if (loader->suggestions < policy->command_count)
		return "";
	loader->suggestions -= policy->command_count;
	for (size_t i = 0; i < policy->command_count; i++)
		if ((policy->commands[i]->function != NULL) == function)
			suggestion_consider(&suggestion, policy->commands[i]->name);
	return suggestion_text(loader->scratch, &suggestion);
}

static const char *kind_of(const struct pending_grant *pending)
{
	return pending->function ? "function" : "command";
}

static const char *parameter_hint(
	struct loader *loader, const struct command *command, const char *name)
{
	struct suggestion suggestion = suggestion_new(name);

	for (size_t i = 0; i < command->parameters.count; i++)
		suggestion_consider(&suggestion, command->parameters.items[i].name);
	return suggestion_text(loader->scratch, &suggestion);
}

static struct grant *add_grant(
	struct loader *loader, const struct pending_grant *pending, struct command *command)
{
	struct grants *grants = &pending->role->grants;
	struct grant *grant = arena_alloc(loader->arena, sizeof(*grant));

	grant->role = pending->role;
	grant->command = command;
	grant->lists_parameters = pending->lists_parameters;
	grant->source = pending->source;
	grants->items =
		arena_grow(loader->arena, grants->items, grants->count, sizeof(*grants->items));
	grants->items[grants->count++] = grant;
	loader->policy->grant_count++;
	return grant;
}

/* A set's members are what may be given, so each must be possible. */
static void check_set(struct loader *loader, const struct pending_grant *grant,
	const struct pending_constraint *pending, const struct parameter *parameter)
{
	struct source source = {pending->source.file, pending->set_line};

	if (pending->has_numbers && parameter->type != PARAMETER_INTEGER) {
		report(loader, source,
			"grant \"%s\": parameter \"%s\": numbers in the set of type \"%s\"; "
			"expected "
			"strings",
			grant->name, pending->name, parameter_type_name(parameter->type));
		return;
	}
	for (size_t i = 0; i < pending->set.count; i++) {
		const char *expected =
			validate_value(loader->scratch, parameter, pending->set.items[i]);

		if (expected != NULL)
			report(loader, source,
				"grant \"%s\": parameter \"%s\": \"%s\" in the set can never be "
				"given; "
				"expected %s",
				grant->name, pending->name, pending->set.items[i], expected);
	}
}

static void set_pattern(struct loader *loader, const struct pending_grant *grant,
	const struct pending_constraint *pending, struct constraint *constraint)
{
	const char *complaint;
	const struct pattern *pattern = loader_pattern(loader, pending->pattern, &complaint);
	struct source source = {pending->source.file, pending->pattern_line};

	if (pattern == NULL) {
		report(loader, source,
			"grant \"%s\": parameter \"%s\": pattern = \"%s\" is refused: %s",
			grant->name, pending->name, pending->pattern, complaint);
		return;
	}
	constraint->has_pattern = true;
	constraint->pattern = *pattern;
}

static const struct parameter *find_parameter(const struct command *command, const char *name)
{
	for (size_t i = 0; i < command->parameters.count; i++)
		if (strcmp(command->parameters.items[i].name, name) == 0)
			return &command->parameters.items[i];
	return NULL;
}

static bool is_listed(const struct grant *grant, const struct parameter *parameter)
{
	for (size_t i = 0; i < grant->constraint_count; i++)
		if (grant->constraints[i].parameter == parameter)
			return true;
	return false;
}

/* Whether the constraint makes sense; otherwise it has been reported. */
static bool check_constraint(struct loader *loader, const struct pending_grant *pending,
	const struct pending_constraint *constraint, const struct grant *grant,
	const struct parameter *parameter)
{
	bool restricts = constraint->has_set || constraint->has_pattern;

	if (parameter == NULL) {
		report(loader, constraint->source,
			"grant \"%s\": the %s has no %s \"%s\"%s", pending->name,
			kind_of(pending), parameter_kind(pending->function), constraint->name, parameter_hint(loader, grant->command, constraint->name));
	} else if (is_listed(grant, parameter)) {
		report(loader, constraint->source,
			"grant \"%s\": parameter \"%s\" is listed twice; expected one entry with "
			"all",
			pending->name, constraint->name);
	} else if (restricts && parameter->type == PARAMETER_FLAG) {
		report(loader, constraint->source,
			"grant \"%s\": parameter \"%s\" is a flag, which has no value; expected "
			"neither set nor pattern",
			pending->name, constraint->name);
	} else if (restricts && parameter->common) {
		report(loader, constraint->source,
			"grant \"%s\": parameter \"%s\" is common, so that no role can restrict "
			"it; "
			"expected neither set nor pattern",
			pending->name, constraint->name);
	} else {
		return true;
	}
	return false;
}

static void link_constraints(
	struct loader *loader, const struct pending_grant *pending, struct grant *grant)
{
	grant->constraints =
		arena_array(loader->arena, pending->constraint_count, sizeof(*grant->constraints));
	for (size_t i = 0; i < pending->constraint_count; i++) {
		const struct pending_constraint *from = &pending->constraints[i];
		const struct parameter *parameter = find_parameter(grant->command, from->name);
		struct constraint *to = &grant->constraints[grant->constraint_count];

		if (!check_constraint(loader, pending, from, grant, parameter))
			continue;
		to->parameter = parameter;
		to->set = from->set;
		to->source = from->source;
		check_set(loader, pending, from, parameter);
		if (from->has_pattern)
			set_pattern(loader, pending, from, to);
		grant->constraint_count++;
	}
}

static int compare_commands(const void *left, const void *right)
{
	const struct command *const *a = left, *const *b = right;

	return strcmp((*a)->name, (*b)->name);
}

/* The first command whose name does not sort before the first `length` bytes of `prefix`. */
static size_t lower_bound(const struct policy *policy, const char *prefix, size_t length)
{
	size_t low = 0, high = policy->command_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strncmp(policy->commands[middle]->name, prefix, length) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void link_wildcard(struct loader *loader, const struct pending_grant *pending)
{
	const struct policy *policy = loader->policy;
	size_t prefix = strcspn(pending->name, "*"), before = policy->grant_count;

	for (size_t i = lower_bound(policy, pending->name, prefix); i < policy->command_count;
		i++) {
		struct command *command = policy->commands[i];

		if (strncmp(command->name, pending->name, prefix) != 0 ||
			policy->grant_count >= GRANTS_MAX)
			break;
		if (!command->external && (command->function != NULL) == pending->function &&
			text_wildcard(pending->name, command->name))
			add_grant(loader, pending, command)->wildcard = pending->name;
	}
	if (policy->grant_count == before)
		report(loader, pending->source,
			"grant \"%s\" matches no %s; expected the name of one that is defined",
			pending->name, kind_of(pending));
}

static void unknown_command(struct loader *loader, const struct pending_grant *pending)
{
	if (table_get(&loader->policy->alias_by_name, pending->name) != NULL)
		report(loader, pending->source,
			"grant \"%s\" is an alias; expected it in visible_aliases, and its %s "
			"here",
			pending->name, kind_of(pending));
	else
		report(loader, pending->source,
			"%s \"%s\" is not defined in %ss.d or a role%s", kind_of(pending),
			pending->name, kind_of(pending),
			link_hint(loader, pending->name, pending->function));
}

static void link_grant(struct loader *loader, const struct pending_grant *pending)
{
	struct command *command;

	if (!pending->external && check_is_wildcard(pending->name)) {
		link_wildcard(loader, pending);
		return;
	}
	command = table_get(&loader->policy->command_by_name, pending->name);
	if (command == NULL)
		unknown_command(loader, pending);
	else if ((command->function != NULL) != pending->function)
		report(loader, pending->source, "grant \"%s\" is a %s; expected it in %s",
			pending->name, pending->function ? "command" : "function",
			pending->function ? "visible_commands" : "visible_functions");
	else
		link_constraints(loader, pending, add_grant(loader, pending, command));
}

static void define_externals(struct loader *loader)
{
	for (size_t i = 0; i < loader->grant_count; i++) {
		const struct pending_grant *pending = &loader->grants[i];
		struct command *command;

		if (!pending->external ||
			table_get(&loader->policy->command_by_name, pending->name) != NULL)
			continue;
		command = arena_alloc(loader->arena, sizeof(*command));
		command->name = command->program = pending->name;
		command->word_count = 1;
		command->external = true;
		command->enabled = true;
		command->source = pending->source;
		loader_add_command(loader, command);
	}
}

static void link_grants(struct loader *loader)
{
	for (size_t i = 0; i < loader->grant_count; i++) {
		if (loader->policy->grant_count >= GRANTS_MAX) {
			report(loader, loader->grants[i].source,
				"more than %d grants in all; expected fewer wildcards", GRANTS_MAX);
			return;
		}
		link_grant(loader, &loader->grants[i]);
	}
}

void link_policy(struct loader *loader)
{
	struct policy *policy = loader->policy;

	define_externals(loader);
	if (policy->command_count > 0)
		qsort(policy->commands, policy->command_count, sizeof(*policy->commands),
			compare_commands);
	link_validators(loader);
	link_grants(loader);
	link_references(loader);
	link_trust(loader);
	link_assignments(loader);
	link_profiles(loader);
	link_functions(loader);
	act_as_link(loader);
}
