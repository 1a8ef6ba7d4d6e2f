/* The smallest grant for a call, as libconfig text. */
#include <string.h>

#include "approval/grant_parts.h"
#include "config/quote.h"
#include "policy/merge.h"

static bool has_pattern(const struct command *command, const struct parameter *parameter,
	const struct role_set *roles)
{
	const struct grants *grants = command->grants;

	for (size_t i = 0; grants != NULL && i < grants->count; i++) {
		const struct constraint *constraint = grant_constraint(grants->items[i], parameter);

		if (constraint != NULL && constraint->has_pattern &&
			role_set_has(roles, grants->items[i]->role))
			return true;
	}
	return false;
}

/* A text of several lines: no string of a configuration holds it, but a pattern can say it. */
static bool has_lines(const struct argument *argument)
{
	for (size_t i = 0; i < argument->count; i++)
		for (const char *text = argument->values[i].text; *text != '\0'; text++)
			if (config_is_control(*text))
				return true;
	return false;
}

/* "unit\\.service|other": one pattern, since an entry has one. */
static char *value_pattern(struct arena *arena, const struct argument *argument)
{
	struct strings patterns = {0};

	for (size_t i = 0; i < argument->count; i++)
		strings_add(arena, &patterns, config_exact_pattern(arena, argument->values[i].text));
	return config_quote(arena, strings_join(arena, &patterns, "|"));
}

static char *value_set(struct arena *arena, const struct argument *argument)
{
	struct strings values = {0};

	for (size_t i = 0; i < argument->count; i++) {
		const char *value = config_quote(arena, argument->values[i].text);

		if (!strings_contain(&values, value))
			strings_add(arena, &values, value);
	}
	return strings_join(arena, &values, ", ");
}

static char *parameter_text(struct arena *arena, const struct command *command,
	const struct parameter *parameter, const struct argument *argument,
	const struct role_set *roles)
{
	const char *name = config_quote(arena, parameter->name);

	if (parameter->type == PARAMETER_FLAG || parameter->secret)
		return arena_printf(arena, "{ name = %s; }", name);
	if (has_pattern(command, parameter, roles) || has_lines(argument))
		return arena_printf(arena, "{ name = %s; pattern = %s; }", name,
			value_pattern(arena, argument));
	return arena_printf(
		arena, "{ name = %s; set = [ %s ]; }", name, value_set(arena, argument));
}

char *approval_grant_line(struct arena *arena, const struct command *command,
	const struct arguments *arguments, const struct role_set *roles)
{
	struct strings parameters = {0};

	for (size_t i = 0; i < command->parameters.count; i++) {
		const struct argument *argument = &arguments->items[i];

		if (argument->count > 0 && argument->values[0].word != SIZE_MAX)
			strings_add(arena, &parameters,
				parameter_text(arena, command, &command->parameters.items[i],
					argument, roles));
	}
	return arena_printf(arena, "{ name = %s; parameters = (%s%s%s); }",
		config_quote(arena, command->name), parameters.count > 0 ? " " : "",
		strings_join(arena, &parameters, ", "), parameters.count > 0 ? " " : "");
}
