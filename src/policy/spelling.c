#include "policy/spelling.h"

#include <string.h>

bool spelling_is_operand(const struct parameter *parameter)
{
	return parameter->position != 0 && parameter->options.count == 0;
}

bool spelling_matches(const struct parameter *parameter, const char *text, size_t length)
{
	const struct strings *options = &parameter->options;

	if (options->count == 0 && parameter->position == 0)
		return length == strlen(parameter->name) + 2 && memcmp(text, "--", 2) == 0 &&
		       memcmp(text + 2, parameter->name, length - 2) == 0;
	for (size_t i = 0; i < options->count; i++)
		if (strlen(options->items[i]) == length &&
			memcmp(options->items[i], text, length) == 0)
			return true;
	return false;
}

const char *spelling_canonical(
	struct arena *arena, const struct parameter *parameter, enum command_emit emit)
{
	const struct strings *options = &parameter->options;

	if (options->count == 0)
		return arena_printf(arena, "--%s", parameter->name);
	for (size_t i = 0; emit == EMIT_JOINED && i < options->count; i++)
		if (strncmp(options->items[i], "--", 2) == 0)
			return options->items[i];
	return options->items[0];
}

bool spelling_is_word(const char *spelling)
{
	return spelling[0] == '-' && spelling[1] != '-' && spelling[1] != '\0' &&
	       spelling[2] != '\0';
}

bool spelling_has_words(const struct command *command)
{
	for (size_t i = 0; i < command->parameters.count; i++) {
		const struct strings *options = &command->parameters.items[i].options;

		for (size_t j = 0; j < options->count; j++)
			if (spelling_is_word(options->items[j]))
				return true;
	}
	return false;
}
