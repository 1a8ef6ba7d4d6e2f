/* The roles' own say on values: sets and patterns, after the definition has accepted them. */
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "policy/call.h"

enum { VALUES_SHOWN = 8 /* in a message */ };

void call_add_source(struct call *call, const struct role *role, struct source source,
	const struct parameter *parameter, size_t since)
{
	const char *name = parameter != NULL ? parameter->name : NULL;

	for (size_t i = call->source_count; i > since; i--) {
		const struct decision_source *known = &call->sources[i - 1];

		if (known->role == role->name && known->source.line == source.line)
			return;
	}
	call->sources =
		arena_grow(call->arena, call->sources, call->source_count, sizeof(*call->sources));
	call->sources[call->source_count++] = (struct decision_source){role->name, source, name};
}

static void add_permitted(struct call *call, const struct permitted_value *value, size_t since)
{
	call_add_source(call, value->grant->role, value->constraint->source,
		value->constraint->parameter, since);
}

static bool accepts(const struct permitted_value *permitted, const char *value, bool *ran_away)
{
	enum pattern_result result;

	if (permitted->value != NULL)
		return strcmp(permitted->value, value) == 0;
	result = pattern_match(&permitted->constraint->pattern, value, strlen(value));
	if (result == PATTERN_LIMIT)
		*ran_away = true;
	return result == PATTERN_MATCH;
}

/* All that accept it, not the first alone: the sources must not depend on an order. */
static bool is_permitted(struct call *call, const struct parameter_permission *parameter,
	const char *value, size_t since, bool *ran_away)
{
	bool permitted = false;

	for (size_t i = 0; i < parameter->value_count; i++)
		if (accepts(&parameter->values[i], value, ran_away)) {
			add_permitted(call, &parameter->values[i], since);
			permitted = true;
		}
	return permitted;
}

static void add_opened(struct call *call, const struct parameter_permission *permission,
	const struct parameter *parameter)
{
	size_t since = call->source_count;

	for (size_t i = 0; i < permission->grant_count; i++) {
		const struct grant *grant = permission->grants[i];
		const struct constraint *constraint = grant_constraint(grant, parameter);

		call_add_source(call, grant->role,
			constraint != NULL ? constraint->source : grant->source, parameter, since);
	}
}

/* "a, b and 4 more", of the different texts. */
static const char *list_values(struct arena *arena, const struct parameter_permission *permission)
{
	struct strings shown = {0};
	const char *text;
	size_t more = 0;

	for (size_t i = 0; i < permission->value_count; i++) {
		const struct permitted_value *value = &permission->values[i];

		text = value->value != NULL ? value->value : value->constraint->pattern.text;
		if (strings_contain(&shown, text))
			continue;
		if (shown.count < VALUES_SHOWN)
			strings_add(arena, &shown, text);
		else
			more++;
	}
	text = strings_join(arena, &shown, permission->kind == PERMISSION_SET ? ", " : " or ");
	text = text_escape(arena, text, strlen(text));
	return more == 0 ? text : arena_printf(arena, "%s and %zu more", text, more);
}

static bool was_ignored(const struct parameter_permission *permission, const char *value)
{
	for (size_t i = 0; i < permission->ignored_count; i++)
		if (strcmp(permission->ignored[i].value, value) == 0)
			return true;
	return false;
}

static const char *refusal_text(struct arena *arena, const struct parameter *parameter,
	const struct parameter_permission *permission, const char *value, bool ran_away)
{
	const char *overruled = "", *name = parameter_usage(arena, parameter);

	if (parameter->secret)
		return arena_printf(arena, "%s: the value is not allowed", name);
	if (ran_away)
		return arena_printf(arena, "%s: %s took a pattern too long to match", name,
			call_quote(arena, value));
	if (was_ignored(permission, value))
		overruled = " (a set has it, but patterns take the place of sets)";
	return arena_printf(arena, "%s: %s is not allowed; allowed: %s%s%s", name,
		call_quote(arena, value), permission->kind == PERMISSION_SET ? "" : "what matches ",
		list_values(arena, permission), overruled);
}

/* The nearest are sets that had the value and were overruled; else whatever was compared. */
static void add_refusing(
	struct call *call, const struct parameter_permission *permission, const char *value)
{
	call->source_count = 0;
	for (size_t i = 0; i < permission->ignored_count; i++)
		if (strcmp(permission->ignored[i].value, value) == 0)
			add_permitted(call, &permission->ignored[i], 0);
	for (size_t i = 0; i < permission->value_count; i++)
		if (i == 0 ||
			permission->values[i].constraint != permission->values[i - 1].constraint)
			add_permitted(call, &permission->values[i], 0);
}

static int refuse_value(struct call *call, const struct parameter *parameter,
	const struct argument_value *value, bool ran_away)
{
	const struct parameter_permission *permission =
		&call->permission.parameters[parameter->index];

	add_refusing(call, permission, value->text);
	call->refusal = (struct refusal){
		.reason = REASON_VALUE_NOT_ALLOWED,
		.word = value->word,
		.parameter = parameter,
		.detail = refusal_text(call->arena, parameter, permission, value->text, ran_away),
	};
	return -1;
}

/* A default that no role mentions is the author's, as a fixed argument is. */
static bool is_free(const struct parameter_permission *permission, const struct argument *argument)
{
	if (permission->kind == PERMISSION_ANY)
		return true;
	return permission->kind == PERMISSION_NONE &&
	       (argument->count == 0 || argument->values[0].word == SIZE_MAX);
}

static int check_parameter(struct call *call, const struct parameter *parameter)
{
	const struct parameter_permission *permission =
		&call->permission.parameters[parameter->index];
	const struct argument *argument = &call->arguments.items[parameter->index];
	size_t since = call->source_count;

	if (is_free(permission, argument)) {
		if (argument->count > 0 && argument->values[0].word != SIZE_MAX)
			add_opened(call, permission, parameter);
		return 0;
	}
	for (size_t i = 0; i < argument->count; i++) {
		bool ran_away = false;

		if (!is_permitted(call, permission, argument->values[i].text, since, &ran_away))
			return refuse_value(call, parameter, &argument->values[i], ran_away);
	}
	return 0;
}

int call_check_values(struct call *call)
{
	const struct parameters *parameters = &call->command->parameters;

	for (size_t i = 0; i < parameters->count; i++)
		if (check_parameter(call, &parameters->items[i]) < 0)
			return -1;
	return 0;
}
