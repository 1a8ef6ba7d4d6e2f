#include "policy/function.h"

#include "policy/policy.h"

const char *function_rule(struct arena *arena, const struct command *command)
{
	const char *text = "";

	for (size_t i = 0; i < command->parameters.count; i++)
		text = arena_printf(arena, "%s%s %s\n", text, command->parameters.items[i].name,
			parameter_type_name(command->parameters.items[i].type));
	return text;
}

const char *function_variable(struct arena *arena, const char *input)
{
	char *name = arena_printf(arena, "rolegate_input_%s", input);

	for (char *letter = name; *letter != '\0'; letter++)
		if (*letter == '-' || *letter == '.')
			*letter = '_';
	return name;
}
