/* The calls of the log by command, with the values that each parameter was given. */
#include <string.h>

#include "author/from_log_parts.h"
#include "config/check.h"
#include "policy/validate.h"

bool from_log_has_values(const struct parameter *parameter)
{
	return !parameter->secret && parameter->type != PARAMETER_DRIVE_FILE;
}

static void take_values(struct arena *arena, const struct logged_call *call, struct used *used)
{
	for (size_t i = 0; i < call->command->parameters.count; i++) {
		const struct argument *argument = &call->arguments.items[i];

		used->given[i] |= argument->count > 0;
		for (size_t j = 0; j < argument->count; j++)
			if (!strings_contain(&used->values[i], argument->values[j].text))
				strings_add(arena, &used->values[i], argument->values[j].text);
	}
}

static struct used *find_used(
	struct arena *arena, struct usage *usage, const struct logged_call *call)
{
	const char *name = call->command == NULL ? call->words.items[0] : call->command->name;
	struct used *used;

	for (size_t i = 0; i < usage->count; i++)
		if (strcmp(usage->items[i].name, name) == 0)
			return &usage->items[i];
	usage->items = arena_grow(arena, usage->items, usage->count, sizeof(*usage->items));
	used = &usage->items[usage->count++];
	used->command = call->command;
	used->name = name;
	if (call->command != NULL) {
		size_t count = call->command->parameters.count;

		used->values = arena_array(arena, count, sizeof(*used->values));
		used->given = arena_array(arena, count, sizeof(*used->given));
	}
	return used;
}

/* A value that the definition refuses by now makes no set. */
static const char *check_values(struct arena *arena, const struct logged_call *call)
{
	const struct parameters *parameters = &call->command->parameters;

	for (size_t i = 0; i < parameters->count; i++) {
		const struct argument *argument = &call->arguments.items[i];

		for (size_t j = 0;
			j < argument->count && from_log_has_values(&parameters->items[i]); j++) {
			const char *expected =
				parameters->items[i].type == PARAMETER_FLAG
					? NULL
					: validate_value(arena, &parameters->items[i],
						  argument->values[j].text);

			if (expected != NULL)
				return arena_printf(arena, "by its definition now: %s is not %s",
					parameters->items[i].name, expected);
		}
	}
	return NULL;
}

struct usage from_log_usage(struct from_log *log)
{
	struct usage usage = {0};

	for (size_t i = 0; i < log->call_count; i++) {
		struct logged_call *call = log->calls[i];
		struct used *used;

		if (call->why == NULL && call->command != NULL)
			call->why = check_values(log->arena, call);
		if (call->why == NULL && call->command == NULL &&
			check_external(call->words.items[0]) != NULL)
			call->why = "no role can name this path";
		if (call->why != NULL)
			continue;
		used = find_used(log->arena, &usage, call);
		used->count += call->count;
		if (used->last == NULL ||
			(call->last != NULL && strcmp(call->last, used->last) > 0))
			used->last = call->last;
		if (call->command != NULL)
			take_values(log->arena, call, used);
	}
	return usage;
}
