#include "sample.h"

#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "policy/arguments.h"
#include "policy/spelling.h"
#include "policy/validate.h"

static const struct parameter defaults = {.repeat = 1, .max_length = ARGUMENT_LENGTH_MAX};

static struct parameter *add(struct arena *arena, struct command *command, const char *name,
	enum parameter_type type, const char *option, const char *second)
{
	struct parameters *parameters = &command->parameters;
	struct parameter *parameter = &parameters->items[parameters->count];

	*parameter = defaults;
	parameter->name = name;
	parameter->type = type;
	parameter->index = parameters->count++;
	if (option != NULL)
		strings_add(arena, &parameter->options, option);
	if (second != NULL)
		strings_add(arena, &parameter->options, second);
	if (type == PARAMETER_STRING)
		parameter->validate = validator_find("none");
	return parameter;
}

static void set_bounds(struct parameter *parameter, int64_t minimum, int64_t maximum)
{
	parameter->has_minimum = parameter->has_maximum = true;
	parameter->minimum = minimum;
	parameter->maximum = maximum;
}

static void add_options(struct arena *arena, struct command *command, unsigned variant)
{
	struct parameter *parameter;
	size_t offset;

	set_bounds(add(arena, command, "lines", PARAMETER_INTEGER, "-n", "--lines"), 1, 10000);
	add(arena, command, "follow", PARAMETER_FLAG, "-f", "--follow")->repeat = 3;
	add(arena, command, "all", PARAMETER_FLAG, "-a", NULL);
	parameter = add(arena, command, "unit", PARAMETER_STRING, "-u", "--unit");
	parameter->validate = validator_find("systemd-unit");
	parameter->repeat = 2;
	add(arena, command, "password", PARAMETER_STRING, "-p", NULL)->secret = true;
	set_bounds(add(arena, command, "priority", PARAMETER_INTEGER, "--priority", NULL), -20, 19);
	parameter = add(arena, command, "raw", PARAMETER_STRING, "-r", NULL);
	parameter->leading_dash = true;
	parameter->repeat = 3;
	parameter = add(arena, command, "mode", PARAMETER_CHOICE, "--mode", NULL);
	strings_add(arena, &parameter->choices, "fast");
	strings_add(arena, &parameter->choices, "slow and safe");
	parameter->default_value = "fast";
	add(arena, command, "label", PARAMETER_STRING, NULL, NULL);
	parameter = add(arena, command, "word", PARAMETER_STRING, "-x",
		variant & SAMPLE_WORDS ? "-name" : NULL);
	parameter->has_pattern = true;
	pattern_compile(arena, "[a-z]+( [a-z]+)?", &parameter->pattern, &offset);
}

static void add_operands(struct arena *arena, struct command *command)
{
	struct parameter *parameter;

	add(arena, command, "both", PARAMETER_STRING, "--both", NULL)->position = 1;
	parameter = add(arena, command, "source", PARAMETER_PATH, NULL, NULL);
	parameter->position = 2;
	strings_add(arena, &parameter->under, "/srv/data");
	parameter = add(arena, command, "rest", PARAMETER_STRING, NULL, NULL);
	parameter->position = 3;
	parameter->repeat = 4;
	command->parameters.positions = 3;
}

struct command *sample_command(struct arena *arena, unsigned variant)
{
	struct command *command = arena_alloc(arena, sizeof(*command));

	command->name = "deploy";
	command->word_count = 1;
	command->program = "/usr/bin/deploy";
	command->enabled = true;
	command->end_of_options = !(variant & SAMPLE_NO_DASHES);
	command->emit = variant & SAMPLE_SEPARATE ? EMIT_SEPARATE : EMIT_JOINED;
	strings_add(arena, &command->arguments, "--batch");
	command->parameters.items =
		arena_array(arena, SAMPLE_PARAMETERS, sizeof(*command->parameters.items));
	add_options(arena, command, variant);
	add_operands(arena, command);
	return command;
}

/* A refusal names a word that was given, and says why in clean text. */
static const char *check_refusal(const struct refusal *refusal, size_t count)
{
	switch (refusal->reason) {
	case REASON_PARAMETER_NOT_ALLOWED:
		if (refusal->parameter != NULL)
			return "R24: the refusal tells which parameter there is";
		break;
	case REASON_INVALID_VALUE:
	case REASON_MISSING_PARAMETER:
		break;
	default:
		return "an unexpected reason";
	}
	if (refusal->word != SIZE_MAX && refusal->word >= count)
		return "a refusal of a word that was not given";
	if (refusal->detail == NULL ||
		text_refused(refusal->detail, strlen(refusal->detail)) != strlen(refusal->detail))
		return "R32: a refusal without a clean reason";
	return NULL;
}

static const char *check_values(struct arena *arena, const struct command *command,
	const bool *allowed, const struct arguments *arguments)
{
	for (size_t i = 0; i < command->parameters.count; i++) {
		const struct parameter *parameter = &command->parameters.items[i];
		const struct argument *argument = &arguments->items[i];

		if (argument->count > parameter->repeat)
			return "a parameter given more often than it may be";
		for (size_t j = 0; j < argument->count; j++) {
			const char *text = argument->values[j].text;

			if (allowed != NULL && !allowed[i] && argument->values[j].word != SIZE_MAX)
				return "R24: a value of a parameter that is not allowed";
			if (validate_value(arena, parameter, text) != NULL)
				return "a value that its definition refuses";
			if (text[0] == '-' && !parameter->leading_dash && i != SAMPLE_PRIORITY)
				return "R39: a value that looks like an option";
		}
	}
	return NULL;
}

/* The last words are the operands, and only they stand behind "--". */
static const char *check_operands(const struct command *command, const struct arguments *arguments,
	const struct strings *argv)
{
	size_t count = 0, at;

	for (size_t i = 0; i < command->parameters.count; i++)
		if (spelling_is_operand(&command->parameters.items[i]))
			count += arguments->items[i].count;
	if (argv->count < count + (count > 0 && command->end_of_options))
		return "fewer words than operands";
	at = argv->count - count;
	if (count > 0 && command->end_of_options && strcmp(argv->items[at - 1], "--") != 0)
		return "R39: an operand before \"--\"";
	for (unsigned position = 1; position <= command->parameters.positions; position++)
		for (size_t i = 0; i < command->parameters.count; i++) {
			const struct parameter *parameter = &command->parameters.items[i];

			if (parameter->position != position || !spelling_is_operand(parameter))
				continue;
			for (size_t j = 0; j < arguments->items[i].count; j++)
				if (strcmp(argv->items[at++], arguments->items[i].values[j].text) !=
					0)
					return "R1: an operand out of its place";
		}
	return NULL;
}

static bool same_values(
	const struct command *command, const struct arguments *left, const struct arguments *right)
{
	for (size_t i = 0; i < command->parameters.count; i++) {
		if (left->items[i].count != right->items[i].count)
			return false;
		for (size_t j = 0; j < left->items[i].count; j++)
			if (strcmp(left->items[i].values[j].text, right->items[i].values[j].text) !=
				0)
				return false;
	}
	return true;
}

static const char *check_again(struct arena *arena, const struct command *command,
	const struct arguments *arguments, const struct strings *argv)
{
	size_t fixed = 1 + command->arguments.count;
	struct arguments again;
	struct refusal refusal;
	struct strings rebuilt, shown;

	if (arguments_parse(arena, command, NULL, argv->items + fixed, argv->count - fixed, &again,
		    &refusal) < 0)
		return "R1: the rebuilt argv does not parse";
	if (!same_values(command, arguments, &again))
		return "R1: the rebuilt argv parses to other values";
	if (arguments_validate(arena, command, &again, &refusal) < 0)
		return "R1: the rebuilt argv is not valid";
	arguments_build(arena, command, &again, &rebuilt, &shown);
	return strings_equal(argv, &rebuilt) ? NULL : "R1: the rebuilt argv is not canonical";
}

static const char *check_shown(const struct command *command, const struct arguments *arguments,
	const struct strings *argv, const struct strings *shown)
{
	size_t hidden = 0, secrets = 0;

	for (size_t i = 0; i < command->parameters.count; i++)
		if (command->parameters.items[i].secret)
			for (size_t j = 0; j < arguments->items[i].count; j++)
				secrets +=
					strcmp(arguments->items[i].values[j].text, "<secret>") != 0;
	if (argv->count != shown->count)
		return "what is shown has other words";
	for (size_t i = 0; i < argv->count; i++) {
		if (strcmp(argv->items[i], shown->items[i]) == 0)
			continue;
		hidden++;
		if (strstr(shown->items[i], "<secret>") == NULL)
			return "what is shown differs in a word that is no secret";
	}
	return hidden == secrets ? NULL : "a secret is shown";
}

const char *sample_check(struct arena *arena, const struct command *command, const bool *allowed,
	const char *const *words, size_t count, bool *accepted)
{
	struct arguments arguments;
	struct refusal refusal;
	struct strings argv, shown;
	const char *problem;

	*accepted = false;
	if (arguments_parse(arena, command, allowed, words, count, &arguments, &refusal) < 0 ||
		arguments_validate(arena, command, &arguments, &refusal) < 0)
		return check_refusal(&refusal, count);
	*accepted = true;
	arguments_build(arena, command, &arguments, &argv, &shown);
	if (strcmp(argv.items[0], command->program) != 0 ||
		strcmp(argv.items[1], command->arguments.items[0]) != 0)
		return "R12: another program, or other fixed arguments";
	problem = check_values(arena, command, allowed, &arguments);
	if (problem == NULL)
		problem = check_operands(command, &arguments, &argv);
	if (problem == NULL)
		problem = check_again(arena, command, &arguments, &argv);
	return problem != NULL ? problem : check_shown(command, &arguments, &argv, &shown);
}
