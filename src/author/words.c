#include "author/words.h"

#include <string.h>

struct parsing {
	struct arena *arena;
	const char *const *words;
	size_t count, at;
	const char **complaint;
};

static const struct word_option *find(const struct word_option *table, const char *word)
{
	size_t length = strcspn(word, "=");

	for (; table->name != NULL; table++)
		if (strlen(table->name) == length && memcmp(table->name, word, length) == 0)
			return table;
	return NULL;
}

static int complain(struct parsing *parsing, const char *format, const char *name)
{
	*parsing->complaint = arena_printf(parsing->arena, "%s %s", name, format);
	return -1;
}

static int set_value(struct parsing *parsing, const struct word_option *option, const char *value)
{
	if (option->list != NULL) {
		strings_add(parsing->arena, option->list, value);
		return 0;
	}
	if (*option->value != NULL)
		return complain(parsing, "is given twice", option->name);
	*option->value = value;
	return 0;
}

static int take_option(struct parsing *parsing, const struct word_option *table)
{
	const char *word = parsing->words[parsing->at];
	const struct word_option *option = find(table, word);
	const char *value = strchr(word, '=');

	if (option == NULL)
		return complain(parsing, "is no option here", word);
	if (option->flag != NULL) {
		if (value != NULL || *option->flag)
			return complain(parsing,
				value != NULL ? "takes no value" : "is given twice", option->name);
		*option->flag = true;
		return 0;
	}
	if (value != NULL)
		return set_value(parsing, option, value + 1);
	if (++parsing->at == parsing->count)
		return complain(parsing, "needs a value", option->name);
	return set_value(parsing, option, parsing->words[parsing->at]);
}

int words_parse(struct arena *arena, const char *const *words, size_t count,
	const struct word_option *table, struct strings *operands, const char **complaint)
{
	struct parsing parsing = {
		.arena = arena, .words = words, .count = count, .complaint = complaint};

	for (; parsing.at < count; parsing.at++) {
		const char *word = words[parsing.at];

		if (word[0] != '-' || word[1] == '\0')
			strings_add(arena, operands, word);
		else if (take_option(&parsing, table) < 0)
			return -1;
	}
	return 0;
}
