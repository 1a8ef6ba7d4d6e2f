#include "shell/suggest.h"

#include <string.h>

#include "base/distance.h"
#include "shell/pipeline.h"

/* One slip in a short word, two in a longer one; a word of two letters is anything. */
static size_t allowed_slips(const char *word)
{
	size_t length = strlen(word);

	return length < 3 ? 0 : length < 6 ? 1 : 2;
}

struct nearest {
	const char *text; /* NULL: none yet */
	size_t slips;
};

static void consider(struct nearest *nearest, const char *typed, const char *candidate)
{
	size_t limit = allowed_slips(typed), slips;

	if (limit == 0 || strlen(typed) > DISTANCE_LENGTH_MAX ||
		strlen(candidate) > DISTANCE_LENGTH_MAX)
		return;
	slips = distance(typed, candidate, limit);
	if (slips == 0 || slips > limit || (nearest->text != NULL && slips >= nearest->slips))
		return;
	*nearest = (struct nearest){candidate, slips};
}

static char *with_word(
	struct arena *arena, const struct strings *words, size_t at, const char *word)
{
	struct strings copy = {0};

	for (size_t i = 0; i < words->count; i++)
		strings_add(arena, &copy, i == at ? word : words->items[i]);
	return line_quote(arena, copy.items, copy.count);
}

/* The words of `name` that `words` begin with. */
static size_t same_words(const struct strings *words, const struct strings *name)
{
	size_t same = 0;

	while (same < words->count && same < name->count &&
		strcmp(words->items[same], name->items[same]) == 0)
		same++;
	return same;
}

/* The word after the longest right beginning is the one that was mistyped. */
static char *nearest_name(struct arena *arena, const struct catalogue *catalogue,
	const struct strings *words, const struct catalogue_command **found)
{
	struct nearest nearest = {.text = NULL};
	size_t best = 0;

	for (size_t i = 0; i < catalogue->count; i++) {
		size_t same = same_words(words, &catalogue->commands[i].words);

		best = same > best ? same : best;
	}
	for (size_t i = 0; i < catalogue->count && best < words->count; i++) {
		const struct strings *name = &catalogue->commands[i].words;
		const char *before = nearest.text;

		if (same_words(words, name) != best || name->count <= best)
			continue;
		consider(&nearest, words->items[best], name->items[best]);
		if (nearest.text != before)
			*found = &catalogue->commands[i];
	}
	return nearest.text == NULL ? NULL : with_word(arena, words, best, nearest.text);
}

static bool is_option(const struct catalogue_command *command, const char *word)
{
	for (size_t i = 0; i < command->count; i++)
		if (strings_contain(&command->parameters[i].options, word))
			return true;
	return false;
}

static void consider_options(
	struct nearest *nearest, const struct catalogue_command *command, const char *typed)
{
	for (size_t i = 0; i < command->count; i++)
		for (size_t j = 0; j < command->parameters[i].options.count; j++)
			consider(nearest, typed, command->parameters[i].options.items[j]);
}

/* Only of those that can be listed. A secret's are not even here. */
static void consider_values(
	struct nearest *nearest, const struct catalogue_command *command, const char *typed)
{
	for (size_t i = 0; i < command->count; i++)
		for (size_t j = 0; j < command->parameters[i].values.count; j++)
			consider(nearest, typed, command->parameters[i].values.items[j]);
}

/* "--unt=x": what stands before the "=" is the option, after it the value. */
static char *nearest_argument(struct arena *arena, const struct catalogue_command *command,
	const struct strings *words, size_t at)
{
	const char *word = words->items[at];
	struct nearest nearest = {.text = NULL};
	size_t length = strncmp(word, "--", 2) == 0 ? strcspn(word, "=") : strlen(word);
	const char *head = arena_strndup(arena, word, length), *rest = word + length;

	if (word[0] != '-') {
		consider_values(&nearest, command, word);
		return nearest.text == NULL ? NULL : with_word(arena, words, at, nearest.text);
	}
	if (!is_option(command, head)) {
		consider_options(&nearest, command, head);
		return nearest.text == NULL
			       ? NULL
			       : with_word(arena, words, at,
					 arena_printf(arena, "%s%s", nearest.text, rest));
	}
	if (rest[0] == '=')
		consider_values(&nearest, command, rest + 1);
	return nearest.text == NULL ? NULL
				    : with_word(arena, words, at,
					      arena_printf(arena, "%s=%s", head, nearest.text));
}

char *suggest_line(
	struct arena *arena, const struct catalogue *catalogue, const struct strings *words)
{
	const struct catalogue_command *command = catalogue_find(catalogue, words), *found = NULL;

	if (command == NULL)
		return nearest_name(arena, catalogue, words, &found);
	for (size_t i = command->words.count; i < words->count; i++) {
		char *line = nearest_argument(arena, command, words, i);

		if (line != NULL)
			return line;
	}
	return NULL;
}

static bool has_secret(const struct catalogue_command *command)
{
	for (size_t i = 0; i < command->count; i++)
		if (command->parameters[i].secret)
			return true;
	return false;
}

/* The option of a secret, whatever command it was typed with. */
static bool names_secret(const struct catalogue_command *command, const struct strings *words)
{
	for (size_t i = 0; i < command->count; i++) {
		const struct strings *options = &command->parameters[i].options;

		for (size_t j = 0; command->parameters[i].secret && j < options->count; j++)
			for (size_t k = 0; k < words->count; k++)
				if (strncmp(words->items[k], options->items[j],
					    strlen(options->items[j])) == 0)
					return true;
	}
	return false;
}

bool suggest_is_secretive(
	struct arena *arena, const struct catalogue *catalogue, const struct strings *words)
{
	const struct catalogue_command *near = NULL;
	bool unknown = catalogue_find(catalogue, words) == NULL;

	for (size_t i = 0; i < catalogue->count; i++) {
		const struct catalogue_command *command = &catalogue->commands[i];

		if (!has_secret(command))
			continue;
		/* With single roles a name may stand there more than once. */
		if (same_words(words, &command->words) == command->words.count ||
			(unknown && names_secret(command, words)))
			return true;
	}
	if (!unknown)
		return false;
	(void)nearest_name(arena, catalogue, words, &near);
	return near != NULL && has_secret(near);
}

/* What a line that is no line could have been meant to be. */
static struct strings rough_words(struct arena *arena, const char *line)
{
	static const char between[] = " \t|&;<>()'\"\\`";
	struct strings words = {0};

	for (line += strspn(line, between); *line != '\0'; line += strspn(line, between)) {
		size_t length = strcspn(line, between);

		strings_add(arena, &words, arena_strndup(arena, line, length));
		line += length;
	}
	return words;
}

bool suggest_line_is_secretive(
	struct arena *arena, const struct catalogue *catalogue, const char *line)
{
	enum { ROUGH_WORDS_MAX = 64 };
	struct pipeline pipeline;
	struct line_error error;
	struct strings words;

	if (pipeline_split(arena, line, strlen(line), &pipeline, &error) == 0) {
		for (size_t i = 0; i < pipeline.count; i++)
			if (suggest_is_secretive(arena, catalogue, &pipeline.stages[i]))
				return true;
		return false;
	}
	words = rough_words(arena, line);
	for (; words.count > 0 && words.count <= ROUGH_WORDS_MAX; words.items++, words.count--)
		if (suggest_is_secretive(arena, catalogue, &words))
			return true;
	return words.count > 0;
}
