#include "shell/complete.h"

#include <stdlib.h>
#include <string.h>

#include "policy/line.h"

struct search {
	struct arena *arena;
	const struct catalogue *catalogue;
	const struct strings *words;
	const char *partial;
	struct strings found;
};

static bool has_prefix(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

static void offer(struct search *search, const char *word)
{
	if (has_prefix(word, search->partial))
		strings_add(search->arena, &search->found, word);
}

/* The next word of every command whose name goes on from `words`. */
static void offer_names(struct search *search, const struct strings *words)
{
	for (size_t i = 0; i < search->catalogue->count; i++) {
		const struct strings *name = &search->catalogue->commands[i].words;
		size_t same = 0;

		while (same < words->count && same < name->count &&
			strcmp(words->items[same], name->items[same]) == 0)
			same++;
		if (same == words->count && same < name->count)
			offer(search, name->items[same]);
	}
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

static void offer_values(struct search *search, const struct catalogue_parameter *parameter)
{
	for (size_t i = 0; i < parameter->values.count; i++)
		offer(search, parameter->values.items[i]);
}

static void offer_options(struct search *search, const struct catalogue_command *command,
	const struct position *position)
{
	for (size_t i = 0; i < command->count; i++) {
		const struct catalogue_parameter *parameter = &command->parameters[i];

		if (position->given[i] >= parameter->repeat)
			continue;
		for (size_t j = 0; j < parameter->options.count; j++)
			offer(search, parameter->options.items[j]);
	}
}

/* --unit=ng: the values, each with the option before it. */
static void offer_attached(struct search *search, const struct catalogue_command *command)
{
	size_t length = strcspn(search->partial, "=");
	const struct catalogue_parameter *parameter =
		option_named(command, search->partial, length);

	if (parameter == NULL || parameter->flag)
		return;
	for (size_t i = 0; i < parameter->values.count; i++)
		offer(search, arena_printf(search->arena, "%.*s=%s", (int)length, search->partial,
				      parameter->values.items[i]));
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

static void offer_arguments(struct search *search, const struct catalogue_command *command)
{
	struct position position = {
		.given = arena_array(search->arena, command->count, sizeof(*position.given))};
	const struct catalogue_parameter *operand;
	size_t before = search->found.count;

	for (size_t i = command->words.count; i < search->words->count; i++)
		pass_word(command, &position, search->words->items[i]);
	if (position.expects != NULL) {
		offer_values(search, position.expects);
		return;
	}
	if (!position.only_operands && has_prefix(search->partial, "--") &&
		strchr(search->partial, '=') != NULL) {
		offer_attached(search, command);
		return;
	}
	operand = operand_at(command, position.operands);
	if (operand != NULL)
		offer_values(search, operand);
	if (!position.only_operands && (search->partial[0] == '-' || search->found.count == before))
		offer_options(search, command, &position);
}

static int by_text(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static void sort_once(struct strings *list)
{
	size_t kept = 0;

	if (list->count > 0)
		qsort(list->items, list->count, sizeof(*list->items), by_text);
	for (size_t i = 0; i < list->count; i++)
		if (kept == 0 || strcmp(list->items[i], list->items[kept - 1]) != 0)
			list->items[kept++] = list->items[i];
	list->count = kept;
}

struct strings complete_words(struct arena *arena, const struct catalogue *catalogue,
	const char *const *builtins, const struct strings *words, const char *partial)
{
	struct search search = {
		.arena = arena, .catalogue = catalogue, .words = words, .partial = partial};
	const struct catalogue_command *command = catalogue_find(catalogue, words);

	offer_names(&search, words);
	for (size_t i = 0; words->count == 0 && builtins[i] != NULL; i++)
		offer(&search, builtins[i]);
	if (words->count > 0 && strcmp(words->items[0], "help") == 0 && command == NULL) {
		const struct strings rest = {words->items + 1, words->count - 1};

		offer_names(&search, &rest);
	}
	/* With single-role merging one name stands once for each role that grants it. */
	for (size_t i = 0; command != NULL && i < catalogue->count; i++)
		if (strcmp(catalogue->commands[i].name, command->name) == 0)
			offer_arguments(&search, &catalogue->commands[i]);
	sort_once(&search.found);
	return search.found;
}

/* Where the word at the end of the line begins: after the last blank that is not quoted. */
static size_t word_start(const char *line, size_t length)
{
	char quote = '\0';
	size_t start = 0;

	for (size_t i = 0; i < length; i++) {
		if (line[i] == '\\' && quote != '\'')
			i++;
		else if (quote != '\0')
			quote = line[i] == quote ? '\0' : quote;
		else if (line[i] == '\'' || line[i] == '"')
			quote = line[i];
		else if (line[i] == ' ')
			start = i + 1;
	}
	return start;
}

/* Bytes that all begin with, whole characters of them. */
static size_t common_length(const struct strings *list)
{
	const char *first = list->items[0];
	size_t length = strlen(first);

	for (size_t i = 1; i < list->count; i++) {
		size_t same = 0;

		while (same < length && first[same] == list->items[i][same])
			same++;
		length = same;
	}
	while (length > 0 && (first[length] & 0xc0) == 0x80)
		length--;
	return length;
}

/* A "=" needs its quotes only in the first word of a line. */
static char *quote(struct arena *arena, const char *word, size_t before)
{
	const char *const words[] = {"x", word};

	return before == 0 ? line_quote(arena, &word, 1) : line_quote(arena, words, 2) + 2;
}

struct completion complete_line(struct arena *arena, const struct catalogue *catalogue,
	const char *const *builtins, const char *line, size_t length)
{
	struct completion completion = {.insert = arena_strdup(arena, "")};
	struct strings words = {0};
	size_t start = word_start(line, length), common;
	char *partial;

	if (line_split_partial(arena, line, length, &words, &partial) < 0)
		return completion;
	completion.candidates = complete_words(arena, catalogue, builtins, &words, partial);
	if (completion.candidates.count == 0)
		return completion;
	common = common_length(&completion.candidates);
	/* Dashes alone tell nobody anything: the list does. */
	if (completion.candidates.count > 1 &&
		(common <= strlen(partial) ||
			strspn(completion.candidates.items[0], "-") >= common))
		return completion;
	completion.insert = quote(
		arena, arena_strndup(arena, completion.candidates.items[0], common), words.count);
	completion.remove = length - start;
	if (completion.candidates.count == 1)
		completion.insert = arena_printf(arena, "%s ", completion.insert);
	return completion;
}
