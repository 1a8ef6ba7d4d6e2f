/*
 * Choices that another function computes are computed for every request anew, once for each input:
 * nothing is kept that could be old, and one person's are not another's.
 */
#include "gateway/choices.h"

#include <string.h>

#include "base/text.h"
#include "gateway/function.h"

enum { CHOICES_NAMED = 20 /* in a refusal */ };

static const struct argument *input_named(
	const struct command *command, const struct arguments *inputs, const char *name)
{
	for (size_t i = 0; i < command->parameters.count; i++)
		if (strcmp(command->parameters.items[i].name, name) == 0)
			return &inputs->items[i];
	return NULL;
}

static void add_name(struct arena *arena, struct strings *words, const char *name)
{
	for (; *name != '\0'; name += strspn(name, " ")) {
		size_t length = strcspn(name, " ");

		strings_add(arena, words, arena_strndup(arena, name, length));
		name += length;
	}
}

/* What was opened for one call is none of another's. */
static const struct argument *as_given(struct arena *arena, const struct argument *argument)
{
	struct argument *given = arena_alloc(arena, sizeof(*given));

	given->count = argument->count;
	given->values = arena_array(arena, argument->count, sizeof(*given->values));
	for (size_t i = 0; i < argument->count; i++) {
		given->values[i] = argument->values[i];
		if (given->values[i].file != NULL)
			given->values[i].text = given->values[i].file;
	}
	return given;
}

struct strings nested_words(struct arena *arena, const struct command *function,
	const struct command *command, const struct arguments *inputs)
{
	const struct parameters *declared = &function->parameters;
	struct arguments passed = {
		.items = arena_array(arena, declared->count, sizeof(*passed.items))};
	struct strings words = {.count = 0}, argv = {.count = 0}, shown = {.count = 0};

	for (size_t i = 0; i < declared->count; i++) {
		const struct argument *same = input_named(command, inputs, declared->items[i].name);

		if (same != NULL)
			passed.items[i] = *as_given(arena, same);
	}
	arguments_build(arena, function, &passed, &argv, &shown);
	add_name(arena, &words, function->name);
	for (size_t i = 1; i < argv.count; i++)
		strings_add(arena, &words, argv.items[i]);
	return words;
}

/* A choice a line. -1: one of them could not be a value. */
static int split_lines(struct arena *arena, const struct nested *nested, struct strings *choices)
{
	const char *line = nested->output, *end = nested->output + nested->length;

	while (line < end) {
		size_t length = strcspn(line, "\n");

		if (line + length != end && line[length] != '\n')
			return -1;
		if (text_refused(line, length) != length)
			return -1;
		if (length > 0)
			strings_add(arena, choices, arena_strndup(arena, line, length));
		line += length + 1;
	}
	return 0;
}

int choices_compute(struct request *request, const struct command *command,
	const struct parameter *parameter, const struct arguments *inputs, struct strings *choices)
{
	const struct command *function = parameter->choices_from;
	struct strings words = nested_words(request->arena, function, command, inputs);
	struct nested nested = {.regardless = false};
	int result = request_nested(request, function, &words, &nested);

	*choices = (struct strings){.count = 0};
	if (result == 0 && split_lines(request->arena, &nested, choices) == 0)
		return 0;
	request_deny(request, REASON_GATEWAY_ERROR,
		"the choices of \"%s\" can't be computed: %s: %s", parameter->name, function->name,
		result == 0 ? "it printed a line that is no text" : nested.complaint);
	return -1;
}

/* What may be given instead, as far as it fits a sentence. */
static const char *named(struct arena *arena, const struct strings *choices)
{
	struct strings shown = *choices;

	if (shown.count == 0)
		return "a choice, and there are none now";
	if (shown.count > CHOICES_NAMED)
		shown.count = CHOICES_NAMED;
	return arena_printf(arena, "one of: %s%s", strings_join(arena, &shown, ", "),
		shown.count < choices->count ? ", ..." : "");
}

static int check_values(struct request *request, const struct parameter *parameter,
	const struct argument *argument, const struct strings *choices)
{
	for (size_t i = 0; i < argument->count; i++) {
		const char *value = argument->values[i].text, *instead;

		if (strings_contain(choices, value))
			continue;
		instead = parameter->message != NULL ? parameter->message
						     : named(request->arena, choices);
		if (parameter->secret)
			request_deny(request, REASON_INVALID_VALUE,
				"%s: the value is refused; it is none of the choices",
				parameter->name);
		else
			request_deny(request, REASON_INVALID_VALUE,
				"%s: \"%s\" is refused; expected %s", parameter->name,
				text_escape(request->arena, value, strlen(value)), instead);
		request->decision.parameter = parameter;
		return -1;
	}
	return 0;
}

int request_check_choices(struct request *request)
{
	const struct command *command = request->decision.command;
	const struct arguments *inputs = &request->decision.inputs;
	struct strings choices;

	for (size_t i = 0; inputs->items != NULL && i < command->parameters.count; i++) {
		const struct parameter *parameter = &command->parameters.items[i];

		if (parameter->choices_from == NULL || inputs->items[i].count == 0)
			continue;
		if (choices_compute(request, command, parameter, inputs, &choices) != 0 ||
			check_values(request, parameter, &inputs->items[i], &choices) != 0)
			return -1;
	}
	return 0;
}
