/* The values that were given: whether each is one, what is there by default, what is missing. */
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "policy/arguments.h"
#include "policy/refusal.h"
#include "policy/spelling.h"
#include "policy/validate.h"

static int refuse_value(struct arena *arena, const struct parameter *parameter,
	const struct argument_value *value, const char *expected, struct refusal *refusal)
{
	const char *detail = expected, *name = parameter_usage(arena, parameter);

	if (expected != parameter->message && parameter->secret)
		detail = arena_printf(
			arena, "%s: the value is refused; expected %s", name, expected);
	else if (expected != parameter->message)
		detail = arena_printf(arena, "%s: \"%s\" is refused; expected %s", name,
			refusal_show(arena, value->text, strlen(value->text)), expected);
	return refusal_set(refusal, REASON_INVALID_VALUE, value->word, parameter, detail);
}

static int validate_argument(struct arena *arena, const struct parameter *parameter,
	const struct argument *argument, struct refusal *refusal)
{
	for (size_t i = 0; i < argument->count; i++) {
		const char *expected = validate_value(arena, parameter, argument->values[i].text);

		if (expected != NULL)
			return refuse_value(
				arena, parameter, &argument->values[i], expected, refusal);
	}
	return 0;
}

static void add_default(
	struct arena *arena, const struct parameter *parameter, struct argument *argument)
{
	bool flag = parameter->type == PARAMETER_FLAG;

	if (argument->count > 0 || parameter->default_value == NULL ||
		(flag && strcmp(parameter->default_value, "true") != 0))
		return;
	argument->values = arena_array(arena, 1, sizeof(*argument->values));
	argument->values[0] =
		(struct argument_value){.text = flag ? "" : parameter->default_value,
			.word = SIZE_MAX};
	argument->count = 1;
}

/* Whether an operand behind this one has a value, which would then stand in this one's place. */
static bool leaves_gap(const struct command *command, const struct arguments *arguments,
	const struct parameter *parameter)
{
	if (!spelling_is_operand(parameter))
		return false;
	for (size_t i = 0; i < command->parameters.count; i++) {
		const struct parameter *other = &command->parameters.items[i];

		if (spelling_is_operand(other) && other->position > parameter->position &&
			arguments->items[i].count > 0)
			return true;
	}
	return false;
}

/* Whether `value` is one that shows it; a flag is "true" or "false". */
static bool shows(const struct parameter *parameter, const char *value)
{
	return strings_contain(&parameter->show_values, value);
}

/* What was given, or else the default, of an input that is there itself. */
static bool condition_holds(const struct parameter *parameter, const struct arguments *arguments)
{
	const struct parameter *other = parameter->show_if;
	const struct argument *given = &arguments->items[other->index];
	const char *otherwise = other->default_value;

	if (other->type == PARAMETER_FLAG)
		return shows(parameter, given->count > 0 || otherwise != NULL ? "true" : "false");
	for (size_t i = 0; i < given->count; i++)
		if (shows(parameter, given->values[i].text))
			return true;
	return given->count == 0 && otherwise != NULL && shows(parameter, otherwise);
}

/* The load has seen to it that the conditions form no circle. */
bool arguments_is_shown(const struct parameter *parameter, const struct arguments *arguments)
{
	for (; parameter->show_if != NULL; parameter = parameter->show_if)
		if (!condition_holds(parameter, arguments))
			return false;
	return true;
}

static int refuse_hidden(struct arena *arena, const struct parameter *parameter,
	const struct argument *argument, struct refusal *refusal)
{
	const struct parameter *other = parameter->show_if;
	char *values = strings_join(arena, &parameter->show_values, "\" or \"");

	return refusal_set(refusal, REASON_PARAMETER_NOT_ALLOWED, argument->values[0].word,
		parameter,
		arena_printf(arena, "%s is only there while %s is \"%s\"",
			parameter_usage(arena, parameter), parameter_usage(arena, other),
			text_escape(arena, values, strlen(values))));
}

/* A hidden input has no value: none may be given, and its default does not count. */
static int fill_in(struct arena *arena, const struct parameters *parameters,
	struct arguments *arguments, bool *shown, struct refusal *refusal)
{
	for (size_t i = 0; i < parameters->count; i++) {
		shown[i] = arguments_is_shown(&parameters->items[i], arguments);
		if (!shown[i] && arguments->items[i].count > 0)
			return refuse_hidden(
				arena, &parameters->items[i], &arguments->items[i], refusal);
	}
	for (size_t i = 0; i < parameters->count; i++)
		if (shown[i])
			add_default(arena, &parameters->items[i], &arguments->items[i]);
	return 0;
}

int arguments_validate(struct arena *arena, const struct command *command,
	struct arguments *arguments, struct refusal *refusal)
{
	const struct parameters *parameters = &command->parameters;
	bool *shown = arena_array(arena, parameters->count, sizeof(*shown));

	*refusal = (struct refusal){.reason = REASON_PERMITTED, .word = SIZE_MAX};
	if (fill_in(arena, parameters, arguments, shown, refusal) < 0)
		return -1;
	for (size_t i = 0; i < parameters->count; i++)
		if (validate_argument(arena, &parameters->items[i], &arguments->items[i], refusal) <
			0)
			return -1;
	for (size_t i = 0; i < parameters->count; i++) {
		const struct parameter *parameter = &parameters->items[i];

		if (arguments->items[i].count == 0 && shown[i] &&
			(parameter->required || leaves_gap(command, arguments, parameter)))
			return refusal_set(refusal, REASON_MISSING_PARAMETER, SIZE_MAX, parameter,
				arena_printf(arena, "%s is missing%s%s",
					parameter_usage(arena, parameter),
					parameter->description == NULL ? "" : ": ",
					parameter->description == NULL ? "" : parameter->description));
	}
	return 0;
}
