/*
 * Options are read first, wherever they stand, as GNU getopt does; then what is left is bound to
 * positions. A parameter that has both and came as an option leaves its position out, so that the
 * canonical form, in which it is an option, parses to the same values.
 */
#include "policy/arguments.h"

#include <stdint.h>
#include <string.h>

#include "policy/refusal.h"
#include "policy/spelling.h"

struct parser {
	struct arena *arena;
	const struct command *command;
	const bool *allowed;
	const char *const *words;
	size_t count, at;
	struct arguments *arguments;
	size_t *operands; /* indexes of words */
	size_t operand_count;
	struct refusal *refusal;
};

/* The same whether there is no such parameter or not for this person: no `parameter` (R24). */
static int refuse_option(struct parser *parser, const char *spelling, size_t length)
{
	return refusal_set(parser->refusal, REASON_PARAMETER_NOT_ALLOWED, parser->at, NULL,
		arena_printf(parser->arena, "parameter \"%s\" is not allowed",
			refusal_show(parser->arena, spelling, length)));
}

static const struct parameter *find_option(
	const struct parser *parser, const char *spelling, size_t length)
{
	const struct parameters *parameters = &parser->command->parameters;

	for (size_t i = 0; i < parameters->count; i++)
		if ((parser->allowed == NULL || parser->allowed[i]) &&
			spelling_matches(&parameters->items[i], spelling, length))
			return &parameters->items[i];
	return NULL;
}

static int add_value(
	struct parser *parser, const struct parameter *parameter, const char *text, size_t word)
{
	struct argument *argument = &parser->arguments->items[parameter->index];

	if (argument->count >= parameter->repeat)
		return refusal_set(parser->refusal, REASON_INVALID_VALUE, word, parameter,
			parameter->repeat <= 1
				? arena_printf(parser->arena, "%s may be given only once",
					  parameter_usage(parser->arena, parameter))
				: arena_printf(parser->arena, "%s may be given at most %u times",
					  parameter_usage(parser->arena, parameter),
					  parameter->repeat));
	argument->values = arena_grow(
		parser->arena, argument->values, argument->count, sizeof(*argument->values));
	argument->values[argument->count++] =
		(struct argument_value){.text = arena_strdup(parser->arena, text), .word = word};
	return 0;
}

/* The next word is the value, whatever it looks like; validation is what refuses "-x" there. */
static int add_next_word(struct parser *parser, const struct parameter *parameter)
{
	if (parser->at + 1 >= parser->count)
		return refusal_set(parser->refusal, REASON_MISSING_PARAMETER, parser->at, parameter,
			arena_printf(parser->arena, "%s needs a value",
				parameter_usage(parser->arena, parameter)));
	parser->at++;
	return add_value(parser, parameter, parser->words[parser->at], parser->at);
}

static int add_option(struct parser *parser, const struct parameter *parameter)
{
	if (parameter->type == PARAMETER_FLAG)
		return add_value(parser, parameter, "", parser->at);
	return add_next_word(parser, parameter);
}

/* --name=value */
static int parse_long(struct parser *parser, const char *word)
{
	size_t length = strcspn(word, "=");
	const struct parameter *parameter = find_option(parser, word, length);

	if (parameter == NULL || word[length] == '\0')
		return refuse_option(parser, word, length);
	if (parameter->type == PARAMETER_FLAG)
		return refusal_set(parser->refusal, REASON_INVALID_VALUE, parser->at, parameter,
			arena_printf(parser->arena, "%s takes no value",
				parameter_usage(parser->arena, parameter)));
	return add_value(parser, parameter, word + length + 1, parser->at);
}

/* Bytes of the character at `text`, which is valid UTF-8: messages name whole ones. */
static size_t character_length(const char *text)
{
	size_t length = 1;

	while (((unsigned char)text[length] & 0xc0) == 0x80)
		length++;
	return length;
}

/* -abc, where the first that takes a value takes the rest of the word. */
static int parse_bundle(struct parser *parser, const char *word)
{
	size_t start = parser->at;

	for (const char *letter = word + 1; *letter != '\0'; letter++) {
		const char spelling[] = {'-', *letter, '\0'};
		const struct parameter *parameter = find_option(parser, spelling, 2);

		if (parameter == NULL)
			return refuse_option(parser,
				arena_printf(parser->arena, "-%.*s", (int)character_length(letter),
					letter),
				1 + character_length(letter));
		if (parameter->type != PARAMETER_FLAG && letter[1] != '\0')
			return add_value(parser, parameter, letter + 1, start);
		if (add_option(parser, parameter) < 0)
			return -1;
	}
	return 0;
}

/* An option that is spelled out wins over a bundle of letters that reads the same. */
static int parse_option(struct parser *parser, const char *word)
{
	const struct parameter *parameter = find_option(parser, word, strlen(word));

	if (parameter != NULL)
		return add_option(parser, parameter);
	return word[1] == '-' ? parse_long(parser, word) : parse_bundle(parser, word);
}

static int parse_options(struct parser *parser)
{
	bool ended = false;

	for (; parser->at < parser->count; parser->at++) {
		const char *word = parser->words[parser->at];

		if (ended || word[0] != '-' || word[1] == '\0')
			parser->operands[parser->operand_count++] = parser->at;
		else if (strcmp(word, "--") == 0)
			ended = true;
		else if (parse_option(parser, word) < 0)
			return -1;
	}
	return 0;
}

/* What stands at a position; NULL where nothing does, or it was given as an option. */
static const struct parameter *parameter_at(const struct command *command, unsigned position)
{
	for (size_t i = 0; i < command->parameters.count; i++)
		if (command->parameters.items[i].position == position)
			return &command->parameters.items[i];
	return NULL;
}

static bool is_taken(const struct arguments *options, const struct parameter *parameter)
{
	return options->items[parameter->index].count > 0;
}

static int refuse_operand(struct parser *parser, size_t index)
{
	return refusal_set(parser->refusal, REASON_PARAMETER_NOT_ALLOWED, parser->operands[index],
		NULL, arena_printf(parser->arena, "operand %zu is not allowed", index + 1));
}

/* Each position takes one operand, the last as many as it may be repeated. */
static int bind_operands(struct parser *parser)
{
	const struct command *command = parser->command;
	size_t next = 0;

	for (unsigned position = 1; position <= command->parameters.positions; position++) {
		const struct parameter *parameter = parameter_at(command, position);
		bool last = position == command->parameters.positions;
		size_t end = next + (parameter != NULL && last ? parameter->repeat : 1);

		if (parameter == NULL || is_taken(parser->arguments, parameter))
			continue;
		for (; next < parser->operand_count && next < end; next++) {
			size_t word = parser->operands[next];

			if (parser->allowed != NULL && !parser->allowed[parameter->index])
				return refuse_operand(parser, next);
			if (add_value(parser, parameter, parser->words[word], word) < 0)
				return -1;
		}
	}
	return next < parser->operand_count ? refuse_operand(parser, next) : 0;
}

int arguments_parse(struct arena *arena, const struct command *command, const bool *allowed,
	const char *const *words, size_t count, struct arguments *arguments,
	struct refusal *refusal)
{
	struct parser parser = {
		.arena = arena,
		.command = command,
		.allowed = allowed,
		.words = words,
		.count = count,
		.arguments = arguments,
		.operands = arena_array(arena, count, sizeof(*parser.operands)),
		.refusal = refusal,
	};

	*refusal = (struct refusal){.reason = REASON_PERMITTED, .word = SIZE_MAX};
	arguments->items = arena_array(arena, command->parameters.count, sizeof(*arguments->items));
	return parse_options(&parser) < 0 ? -1 : bind_operands(&parser);
}
