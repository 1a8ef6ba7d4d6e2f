/* From values to argv: one form for each set of values, whatever the person wrote (R1, R3). */
#include <string.h>

#include "policy/arguments.h"
#include "policy/spelling.h"

struct builder {
	struct arena *arena;
	const struct command *command;
	bool words; /* the command has options like "-name" */
	struct strings *argv, *shown;
};

static void add(struct builder *builder, const char *word)
{
	strings_add(builder->arena, builder->argv, word);
	strings_add(builder->arena, builder->shown, word);
}

static void add_value(struct builder *builder, const struct parameter *parameter,
	const char *before, const char *value)
{
	const char *shown = parameter->secret ? "<secret>" : value;

	strings_add(
		builder->arena, builder->argv, arena_printf(builder->arena, "%s%s", before, value));
	strings_add(builder->arena, builder->shown,
		arena_printf(builder->arena, "%s%s", before, shown));
}

/*
 * Whether "-nVALUE" can only be read as that. An empty value would make the next word the value,
 * and some parsers take a "=" away.
 */
static bool is_attachable(const struct builder *builder, const char *value)
{
	return value[0] != '\0' && value[0] != '=' && !builder->words;
}

static void add_option(
	struct builder *builder, const struct parameter *parameter, const char *value)
{
	const char *spelling =
		spelling_canonical(builder->arena, parameter, builder->command->emit);
	bool joined = builder->command->emit == EMIT_JOINED;

	if (parameter->type == PARAMETER_FLAG) {
		add(builder, spelling);
	} else if (joined && spelling[1] == '-') {
		add_value(builder, parameter, arena_printf(builder->arena, "%s=", spelling), value);
	} else if (joined && !spelling_is_word(spelling) && is_attachable(builder, value)) {
		add_value(builder, parameter, spelling, value);
	} else {
		add(builder, spelling);
		add_value(builder, parameter, "", value);
	}
}

static void add_options(struct builder *builder, const struct arguments *arguments)
{
	const struct parameters *parameters = &builder->command->parameters;

	for (size_t i = 0; i < parameters->count; i++) {
		const struct argument *argument = &arguments->items[i];

		for (size_t j = 0;
			!spelling_is_operand(&parameters->items[i]) && j < argument->count; j++)
			add_option(builder, &parameters->items[i], argument->values[j].text);
	}
}

static void add_operands_at(
	struct builder *builder, const struct arguments *arguments, unsigned position, bool *dashes)
{
	const struct parameters *parameters = &builder->command->parameters;

	for (size_t i = 0; i < parameters->count; i++) {
		const struct parameter *parameter = &parameters->items[i];

		if (parameter->position != position || !spelling_is_operand(parameter))
			continue;
		for (size_t j = 0; j < arguments->items[i].count; j++) {
			if (*dashes)
				add(builder, "--");
			*dashes = false;
			add_value(builder, parameter, "", arguments->items[i].values[j].text);
		}
	}
}

void arguments_build(struct arena *arena, const struct command *command,
	const struct arguments *arguments, struct strings *argv, struct strings *shown)
{
	struct builder builder = {
		.arena = arena,
		.command = command,
		.words = spelling_has_words(command),
		.argv = argv,
		.shown = shown,
	};
	bool dashes = command->end_of_options;

	*argv = *shown = (struct strings){0};
	add(&builder, command->program);
	for (size_t i = 0; i < command->arguments.count; i++)
		add(&builder, command->arguments.items[i]);
	add_options(&builder, arguments);
	for (unsigned position = 1; position <= command->parameters.positions; position++)
		add_operands_at(&builder, arguments, position, &dashes);
}
