/* The options, values and operands that a command takes where the cursor is. */
#include <string.h>

#include "shell/complete_search.h"

static bool has_prefix(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* How often each parameter was given, and what the next word is. */
struct position {
	size_t *given;				   /* by parameter */
	size_t operands;			   /* so far */
	bool only_operands;			   /* after "--" */
	const struct catalogue_parameter *expects; /* the option before wants its value */
};

static const struct catalogue_parameter *option_named(
	const struct catalogue_command *command, const char *word, size_t length)
{
	for (size_t i = 0; i < command->count; i++) {
		const struct strings *options = &command->parameters[i].options;

		for (size_t j = 0; j < options->count; j++)
			if (strlen(options->items[j]) == length &&
				strncmp(options->items[j], word, length) == 0)
				return &command->parameters[i];
	}
	return NULL;
}

static void pass_option(
	const struct catalogue_command *command, struct position *position, const char *word)
{
	size_t length = strcspn(word, "=");
	const struct catalogue_parameter *parameter = option_named(command, word, length);
	bool attached = word[length] == '=';

	/* -n5 */
	if (parameter == NULL && word[1] != '-' && strlen(word) > 2) {
		parameter = option_named(command, word, 2);
		attached = true;
	}
	if (parameter == NULL)
		return;
	position->given[parameter - command->parameters]++;
	if (!parameter->flag && !attached)
		position->expects = parameter;
}

static void pass_word(
	const struct catalogue_command *command, struct position *position, const char *word)
{
	if (position->expects != NULL)
		position->expects = NULL;
	else if (position->only_operands || word[0] != '-' || word[1] == '\0')
		position->operands++;
	else if (strcmp(word, "--") == 0)
		position->only_operands = true;
	else
		pass_option(command, position, word);
}

/* Those that are listed, or those that there are now. */
static struct strings values_of(struct search *search, const struct catalogue_parameter *parameter,
	const struct strings *words)
{
	if (!parameter->computed || parameter->values.count > 0)
		return parameter->values;
	if (search->completer->choices == NULL)
		return (struct strings){0};
	return search->completer->choices(search->completer->context, parameter, words);
}

static void offer_values(struct search *search, const struct catalogue_parameter *parameter,
	const struct strings *words)
{
	struct strings values = values_of(search, parameter, words);
	size_t before = search->count;

	for (size_t i = 0; i < values.count; i++)
		complete_offer(search, values.items[i], "");
	/* Of one that is computed nobody knows more. */
	if (search->count == before && !parameter->computed)
		search->expected = parameter;
}

static const char *option_about(struct search *search, const struct catalogue_parameter *parameter)
{
	return parameter->description[0] != '\0' ? parameter->description
						 : catalogue_expects(search->arena, parameter);
}

static void offer_options(struct search *search, const struct catalogue_command *command,
	const struct position *position)
{
	for (size_t i = 0; i < command->count; i++) {
		const struct catalogue_parameter *parameter = &command->parameters[i];

		if (position->given[i] >= parameter->repeat)
			continue;
		for (size_t j = 0; j < parameter->options.count; j++)
			complete_offer(search, parameter->options.items[j],
				option_about(search, parameter));
	}
}

/* --unit=ng: the values, each with the option before it. */
static void offer_attached(struct search *search, const struct catalogue_command *command)
{
	size_t length = strcspn(search->partial, "=");
	const struct catalogue_parameter *parameter =
		option_named(command, search->partial, length);

	struct strings values;

	if (parameter == NULL || parameter->flag)
		return;
	values = values_of(search, parameter, search->words);
	if (values.count == 0 && !parameter->computed)
		search->expected = parameter;
	for (size_t i = 0; i < values.count; i++)
		complete_offer(search,
			arena_printf(search->arena, "%.*s=%s", (int)length, search->partial,
				values.items[i]),
			"");
}

/* The operand that stands at the cursor; the last one may be repeated. */
static const struct catalogue_parameter *operand_at(
	const struct catalogue_command *command, size_t index)
{
	const struct catalogue_parameter *last = NULL;

	for (size_t i = 0; i < command->count; i++) {
		const struct catalogue_parameter *parameter = &command->parameters[i];

		if (parameter->position == index + 1)
			return parameter;
		if (parameter->position > (last == NULL ? 0 : last->position))
			last = parameter;
	}
	return last != NULL && index < last->position - 1 + last->repeat ? last : NULL;
}

void complete_offer_arguments(struct search *search, const struct catalogue_command *command)
{
	struct position position = {
		.given = arena_array(search->arena, command->count, sizeof(*position.given))};
	const struct catalogue_parameter *operand;
	size_t before = search->count;

	for (size_t i = command->words.count; i < search->words->count; i++)
		pass_word(command, &position, search->words->items[i]);
	if (position.expects != NULL) {
		const struct strings so_far = {search->words->items, search->words->count - 1};

		offer_values(search, position.expects, &so_far);
		return;
	}
	if (!position.only_operands && has_prefix(search->partial, "--") &&
		strchr(search->partial, '=') != NULL) {
		offer_attached(search, command);
		return;
	}
	operand = operand_at(command, position.operands);
	if (operand != NULL && (position.only_operands || search->partial[0] != '-'))
		offer_values(search, operand, search->words);
	if (!position.only_operands && (search->partial[0] == '-' || search->count == before))
		offer_options(search, command, &position);
}
