/*
 * One file of a configuration, of the kind that the first byte says (E, C, R, P, F, N or T), among
 * good ones: whatever is accepted is whole, and what is not has a reason with a place.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "config-fixture.h"
#include "policy/validate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__lsan_default_suppressions(void);

/* libconfig 1.5 keeps the string that it was reading when it met a syntax error. */
const char *__lsan_default_suppressions(void)
{
	return "leak:libconfig\n";
}

static void check(bool holds)
{
	if (!holds)
		abort();
}

static unsigned lines_of(const char *bytes, size_t size)
{
	unsigned lines = 1;

	for (size_t i = 0; i < size; i++)
		lines += bytes[i] == '\n';
	return lines;
}

static void check_problems(struct loaded *loaded, const char *name, unsigned lines)
{
	const struct problems *problems = &loaded->problems;

	check((loaded->policy == NULL) == (problems->errors > 0));
	for (size_t i = 0; i < problems->count; i++) {
		const struct problem *problem = &problems->items[i];
		const char *text = problem_text(loaded->arena, problem);

		check(text_refused(text, strlen(text)) == strlen(text));
		check(problem->file == NULL || strcmp(problem->file, name) != 0 ||
			problem->line <= lines);
	}
}

/* Conditions end, on inputs of the same function; choices come from one place. */
static void check_input(const struct command *command, const struct parameter *input)
{
	const struct parameter *inputs = command->parameters.items, *at = input;
	size_t count = command->parameters.count, steps = 0;

	check((input->show_if == NULL) == (input->show_values.count == 0));
	for (; at->show_if != NULL; at = at->show_if) {
		check(at->show_if >= inputs && at->show_if < inputs + count);
		check(++steps < count);
	}
	check(input->type != PARAMETER_CHOICE ||
		(input->choices_from == NULL) == (input->choices.count > 0));
	check(input->choices_from == NULL || input->choices_from->function != NULL);
	check(input->validate == NULL || (input->validate->accepts == NULL) ==
						(input->validate->pattern != NULL));
}

static void check_function(const struct command *command)
{
	const struct function *function = command->function;
	const struct strings *paths = &function->transaction;
	const struct command *at = command;

	check(function->command == command && function->approval.approvers >= 1);
	check((function->script.path == NULL) == (function->script.content.bytes != NULL));
	check((function->rollback_name == NULL) == (function->rollback == NULL));
	for (size_t steps = 0; at != NULL; at = at->function->rollback)
		check(at->function != NULL && ++steps <= 8);
	for (size_t i = 0; i < paths->count; i++)
		for (size_t k = 0; k < paths->count; k++)
			check(i == k || !restriction_path_below(paths->items[i], paths->items[k]));
	for (size_t i = 0; i < command->parameters.count; i++)
		check_input(command, &command->parameters.items[i]);
}

static void check_command(const struct command *command)
{
	check(command->name != NULL && command->program != NULL);
	check(command->function != NULL || command->program[0] == '/');
	if (command->function != NULL)
		check_function(command);
	check(command->grants != NULL && command->word_count >= 1);
	for (size_t i = 0; i < command->parameters.count; i++) {
		const struct parameter *parameter = &command->parameters.items[i];

		check(parameter->index == i && parameter->name != NULL && parameter->repeat > 0);
		check(parameter->options.count > 0 || parameter->position > 0);
		check(parameter->position <= command->parameters.positions);
		check(parameter->type != PARAMETER_STRING || parameter->validate != NULL ||
			parameter->has_pattern);
	}
}

static void check_grant(const struct grant *grant)
{
	const struct parameters *parameters = &grant->command->parameters;

	check(grant->lists_parameters || grant->constraint_count == 0);
	for (size_t i = 0; i < grant->constraint_count; i++) {
		const struct constraint *constraint = &grant->constraints[i];

		check(constraint->parameter >= parameters->items &&
			constraint->parameter < parameters->items + parameters->count);
	}
}

/* A list that stands for what is below its members. */
static void check_paths(const struct strings *paths)
{
	for (size_t i = 0; i < paths->count; i++) {
		check(text_is_canonical_path(paths->items[i]));
		check(i == 0 || strcmp(paths->items[i - 1], paths->items[i]) < 0);
		for (size_t k = 0; k < i; k++)
			check(!restriction_path_below(paths->items[i], paths->items[k]));
	}
}

static void check_restriction(const struct restriction *restriction)
{
	const struct strings *calls = &restriction->denied_calls;

	check_paths(&restriction->read);
	check_paths(&restriction->write);
	check_paths(&restriction->hidden);
	check((restriction->execute == EXECUTE_LISTED) == (restriction->execute_paths.count > 0));
	for (size_t i = 0; restriction->has[RESTRICT_READ] && i < restriction->write.count; i++)
		check(restriction_path_within(restriction->write.items[i], &restriction->read));
	for (size_t i = 1; i < calls->count; i++)
		check(strcmp(calls->items[i - 1], calls->items[i]) < 0);
	for (enum restriction_field field = 0; field < RESTRICT_COUNT; field++)
		check(restriction->has[field] == (restriction->origins[field].count > 0));
}

/* Every command has a profile, and every run through an endpoint something that confines it. */
static void check_confinements(const struct policy *policy)
{
	for (size_t i = 0; i < policy->profile_count; i++)
		check_restriction(&policy->profiles[i].restriction);
	for (size_t i = 0; i < policy->command_count; i++) {
		check(policy_confinement(policy, NULL, policy->commands[i]) != NULL);
		for (size_t k = 0; k < policy->endpoint_count; k++) {
			const struct confinement *confinement = policy_confinement(
				policy, &policy->endpoints[k], policy->commands[i]);

			check(confinement != NULL);
			check_restriction(&confinement->restriction);
		}
	}
}

static void check_policy(const struct policy *policy)
{
	check_confinements(policy);
	for (size_t i = 0; i < policy->command_count; i++)
		check_command(policy->commands[i]);
	for (size_t i = 0; i < policy->role_count; i++)
		for (size_t k = 0; k < policy->roles[i].grants.count; k++)
			check_grant(policy->roles[i].grants.items[k]);
	for (size_t i = 0; i < policy->alias_count; i++)
		check(policy->aliases[i]->command != NULL);
	for (size_t i = 0; i < policy->endpoint_count; i++)
		for (size_t k = 0; k < policy->endpoints[i].definition_count; k++)
			check((policy->endpoints[i].definitions[k].user == NULL) !=
				(policy->endpoints[i].definitions[k].group == NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = {"rolegate.conf", "commands.d/base.conf",
		"roles.d/web.role", "providers.d/base.conf", "profiles.d/base.conf",
		"functions.d/base.conf", "trusted.d/base.conf"};
	const char *kinds = "ECRPFNT", *kind = size == 0 ? NULL : memchr(kinds, data[0], 7);
	struct loaded loaded;
	const char *name;

	if (kind == NULL)
		return 0;
	name = names[kind - kinds];
	loaded = load_with(name, (const char *)data + 1, size - 1);
	check_problems(&loaded, name, lines_of((const char *)data + 1, size - 1) + 1);
	if (loaded.policy != NULL)
		check_policy(loaded.policy);
	loaded_free(&loaded);
	return 0;
}
