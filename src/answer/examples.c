#include "answer/examples.h"

#include <inttypes.h>
#include <string.h>

#include "answer/page.h"
#include "answer/sample.h"
#include "policy/decide.h"
#include "policy/spelling.h"
#include "policy/validate.h"

enum { SET_TRIED = 3, NONE = SIZE_MAX };

struct maker {
	struct arena *arena;
	const struct policy *policy;
	const struct endpoint *endpoint;
	const struct role_set *roles;
	const struct entry *entry;
	struct examples examples;
};

static void add_samples(struct arena *arena, const char *pattern, struct strings *values)
{
	for (unsigned i = 0; i < SAMPLE_VARIANTS; i++) {
		const char *sample = sample_pattern(arena, pattern, i);

		if (sample != NULL)
			strings_add(arena, values, sample);
	}
}

/* "a host name, such as web1.example.org": what the validator itself names. */
static void add_named(
	struct arena *arena, const struct validator *validator, struct strings *values)
{
	const char *named = strstr(validator->expected, "such as ");

	if (validator->pattern != NULL)
		add_samples(arena, validator->pattern->text, values);
	if (strcmp(validator->name, "port") == 0)
		strings_add(arena, values, "443");
	if (named == NULL)
		return;
	named += strlen("such as ");
	strings_add(arena, values, arena_strndup(arena, named, strcspn(named, " ,;")));
}

static void add_integers(
	struct arena *arena, const struct parameter *parameter, struct strings *values)
{
	static const char *const likely[] = {"10", "1", "100"};

	for (size_t i = 0; i < sizeof(likely) / sizeof(likely[0]); i++)
		strings_add(arena, values, likely[i]);
	if (parameter->has_minimum)
		strings_add(arena, values, arena_printf(arena, "%" PRId64, parameter->minimum));
	if (parameter->has_maximum)
		strings_add(arena, values, arena_printf(arena, "%" PRId64, parameter->maximum));
}

static void add_by_type(
	struct arena *arena, const struct parameter *parameter, struct strings *values)
{
	switch (parameter->type) {
	case PARAMETER_INTEGER:
		add_integers(arena, parameter, values);
		break;
	case PARAMETER_BOOLEAN:
		strings_add(arena, values, "true");
		break;
	case PARAMETER_DATE:
		strings_add(arena, values, "2026-01-31");
		break;
	case PARAMETER_PATH:
		for (size_t i = 0; i < parameter->under.count && i < SET_TRIED; i++)
			strings_add(arena, values, parameter->under.items[i]);
		strings_add(arena, values, "/var/log/syslog");
		break;
	default:
		strings_add(arena, values, "text");
		break;
	}
}

/* What the roles name comes first, then what the definition says. */
static struct strings guesses(struct arena *arena, const struct parameter *parameter,
	const struct parameter_permission *permission)
{
	struct strings values = {0};

	for (size_t i = 0; i < permission->value_count && i < SET_TRIED; i++)
		if (permission->kind == PERMISSION_SET)
			strings_add(arena, &values, permission->values[i].value);
		else
			add_samples(arena, permission->values[i].constraint->pattern.text, &values);
	for (size_t i = 0; i < parameter->choices.count && i < SET_TRIED; i++)
		strings_add(arena, &values, parameter->choices.items[i]);
	if (parameter->default_value != NULL)
		strings_add(arena, &values, parameter->default_value);
	if (parameter->has_pattern)
		add_samples(arena, parameter->pattern.text, &values);
	if (parameter->validate != NULL)
		add_named(arena, parameter->validate, &values);
	add_by_type(arena, parameter, &values);
	return values;
}

static bool is_permitted(const struct parameter_permission *permission, const char *value)
{
	for (size_t i = 0; i < permission->value_count; i++) {
		const struct permitted_value *permitted = &permission->values[i];

		if (permission->kind == PERMISSION_SET
				? strcmp(permitted->value, value) == 0
				: pattern_match(&permitted->constraint->pattern, value,
					  strlen(value)) == PATTERN_MATCH)
			return true;
	}
	return permission->kind == PERMISSION_ANY;
}

/* The value with this number among those that are good; NULL when there are not so many. */
static const char *value_of(const struct maker *maker, size_t index, size_t number)
{
	const struct parameter *parameter = &maker->entry->command->parameters.items[index];
	const struct parameter_permission *permission = &maker->entry->permission.parameters[index];
	struct strings values, good = {0};

	if (parameter->secret || parameter->choices_from != NULL ||
		permission->kind == PERMISSION_NONE)
		return NULL;
	values = guesses(maker->arena, parameter, permission);
	for (size_t i = 0; i < values.count; i++) {
		const char *value = values.items[i];

		if (value[0] != '\0' && value[0] != '-' && is_permitted(permission, value) &&
			validate_value(maker->arena, parameter, value) == NULL &&
			!strings_contain(&good, value))
			strings_add(maker->arena, &good, value);
	}
	return number < good.count ? good.items[number] : NULL;
}

/* Whether the parameter is in the example at all; `extra`: one that need not be. */
static bool is_in(const struct parameter *parameter, size_t index, size_t extra)
{
	return index == extra || (parameter->required && parameter->show_if == NULL);
}

static bool add_option(
	const struct maker *maker, size_t index, size_t number, struct strings *words)
{
	const struct parameter *parameter = &maker->entry->command->parameters.items[index];
	const char *value;

	strings_add(maker->arena, words,
		parameter->options.count > 0 ? parameter->options.items[0]
					     : arena_printf(maker->arena, "--%s", parameter->name));
	if (parameter->type == PARAMETER_FLAG)
		return maker->entry->permission.parameters[index].kind != PERMISSION_NONE &&
		       !parameter->secret;
	value = value_of(maker, index, number);
	if (value != NULL)
		strings_add(maker->arena, words, value);
	return value != NULL;
}

/* False: some value of it can't be guessed. */
static bool make_words(
	const struct maker *maker, size_t extra, size_t number, struct strings *words)
{
	const struct parameters *parameters = &maker->entry->command->parameters;

	*words = page_words(maker->arena, maker->entry->command->name);
	for (size_t i = 0; i < parameters->count; i++)
		if (!spelling_is_operand(&parameters->items[i]) &&
			is_in(&parameters->items[i], i, extra) &&
			!add_option(maker, i, i == extra ? 0 : number, words))
			return false;
	for (unsigned position = 1; position <= parameters->positions; position++)
		for (size_t i = 0; i < parameters->count; i++) {
			const struct parameter *parameter = &parameters->items[i];
			const char *value;

			if (!spelling_is_operand(parameter) || parameter->position != position ||
				!is_in(parameter, i, extra))
				continue;
			value = value_of(maker, i, i == extra ? 0 : number);
			if (value == NULL)
				return false;
			strings_add(maker->arena, words, value);
		}
	return true;
}

static bool is_same(const struct strings *left, const struct strings *right)
{
	for (size_t i = 0; i < left->count && i < right->count; i++)
		if (strcmp(left->items[i], right->items[i]) != 0)
			return false;
	return left->count == right->count;
}

static bool is_allowed(const struct maker *maker, const struct strings *words)
{
	const struct decision_request request = {.policy = maker->policy,
		.endpoint = maker->endpoint,
		.roles = maker->roles,
		.words = words->items,
		.count = words->count};
	struct decision decision;

	decide(maker->arena, &request, &decision);
	return decision.verdict == VERDICT_ALLOW && decision.command == maker->entry->command;
}

static bool try_example(struct maker *maker, size_t extra, size_t number)
{
	struct examples *examples = &maker->examples;
	struct strings words;

	if (examples->count == EXAMPLES_MAX || !make_words(maker, extra, number, &words))
		return false;
	for (size_t i = 0; i < examples->count; i++)
		if (is_same(&examples->items[i], &words))
			return false;
	if (!is_allowed(maker, &words))
		return false;
	examples->items[examples->count++] = words;
	return true;
}

/* Of those with a value, or of those without. */
static void try_extra(struct maker *maker, bool flags)
{
	const struct parameters *parameters = &maker->entry->command->parameters;

	for (size_t i = 0; i < parameters->count; i++) {
		const struct parameter *parameter = &parameters->items[i];

		if (!is_in(parameter, i, NONE) && !parameter->secret &&
			(parameter->type == PARAMETER_FLAG) == flags && try_example(maker, i, 0))
			return;
	}
}

struct examples examples_of(struct arena *arena, const struct policy *policy,
	const struct endpoint *endpoint, const struct role_set *roles, const struct entry *entry)
{
	struct maker maker = {.arena = arena,
		.policy = policy,
		.endpoint = endpoint,
		.roles = roles,
		.entry = entry};
	const struct command *command = entry->command;

	if (command->external) {
		strings_add(arena, &maker.examples.items[0], command->name);
		maker.examples.count = is_allowed(&maker, &maker.examples.items[0]);
	} else if (entry->permission.parameters != NULL || command->parameters.count == 0) {
		(void)try_example(&maker, NONE, 0);
		try_extra(&maker, false);
		try_extra(&maker, true);
		(void)try_example(&maker, NONE, 1);
	}
	return maker.examples;
}
