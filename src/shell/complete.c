#include "shell/complete_search.h"

#include <stdlib.h>
#include <string.h>

#include "policy/line.h"
#include "shell/pipeline.h"

static bool has_prefix(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

void complete_offer(struct search *search, const char *word, const char *about)
{
	if (!has_prefix(word, search->partial))
		return;
	search->found =
		arena_grow(search->arena, search->found, search->count, sizeof(*search->found));
	search->found[search->count++] = (struct candidate){word, about};
}

/* The next word of every command whose name goes on from `words`. */
static void offer_names(struct search *search, const struct strings *words)
{
	for (size_t i = 0; i < search->catalogue->count; i++) {
		const struct catalogue_command *command = &search->catalogue->commands[i];
		const struct strings *name = &command->words;
		size_t same = 0;

		while (same < words->count && same < name->count &&
			strcmp(words->items[same], name->items[same]) == 0)
			same++;
		if (same == words->count && same < name->count)
			complete_offer(search, name->items[same],
				same + 1 == name->count ? command->description : "...");
	}
}

static int by_word(const void *left, const void *right)
{
	const struct candidate *a = left, *b = right;

	return strcmp(a->word, b->word);
}

static void take_sorted(struct search *search, struct completion *completion)
{
	struct strings *list = &completion->candidates;

	if (search->count > 0)
		qsort(search->found, search->count, sizeof(*search->found), by_word);
	completion->about =
		arena_array(search->arena, search->count + 1, sizeof(*completion->about));
	for (size_t i = 0; i < search->count; i++) {
		const struct candidate *candidate = &search->found[i];

		if (list->count > 0 && strcmp(list->items[list->count - 1], candidate->word) == 0) {
			/* The first word of several names is none of them. */
			if (strcmp(completion->about[list->count - 1], candidate->about) != 0)
				completion->about[list->count - 1] = "...";
			continue;
		}
		completion->about[list->count] = candidate->about;
		strings_add(search->arena, list, candidate->word);
	}
}

/* The words that could stand where the partial one is. */
static void find_words(struct search *search, bool first)
{
	const struct strings *words = search->words;
	const struct catalogue_command *command = catalogue_find(search->catalogue, words);
	const struct builtin_word *builtins = search->completer->builtins;

	offer_names(search, words);
	for (size_t i = 0; first && words->count == 0 && builtins[i].name != NULL; i++)
		complete_offer(search, builtins[i].name, builtins[i].about);
	if (words->count > 0 && strcmp(words->items[0], "help") == 0 && command == NULL) {
		const struct strings rest = {words->items + 1, words->count - 1};

		offer_names(search, &rest);
	}
	/* With single-role merging one name stands once for each role that grants it. */
	for (size_t i = 0; command != NULL && i < search->catalogue->count; i++)
		if (strcmp(search->catalogue->commands[i].name, command->name) == 0)
			complete_offer_arguments(search, &search->catalogue->commands[i]);
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

/* What all have in common replaces the word, or the only one and a blank. */
static void choose_insert(struct arena *arena, struct completion *completion, const char *partial,
	size_t words, size_t typed)
{
	const struct strings *candidates = &completion->candidates;
	size_t common = common_length(candidates);

	/* What is to be typed there is no option. */
	if (completion->expects != NULL && partial[0] == '\0')
		return;
	/* Dashes alone tell nobody anything: the list does. */
	if (candidates->count > 1 &&
		(common <= strlen(partial) || strspn(candidates->items[0], "-") >= common))
		return;
	completion->insert =
		quote(arena, arena_strndup(arena, candidates->items[0], common), words);
	completion->remove = typed;
	if (candidates->count == 1)
		completion->insert = arena_printf(arena, "%s ", completion->insert);
}

struct completion complete_line(
	struct arena *arena, const struct completer *completer, const char *line, size_t length)
{
	struct completion completion = {.insert = arena_strdup(arena, "")};
	size_t start = completer->catalogue->pipelines ? pipeline_last(arena, line, length) : 0;
	struct strings words = {0};
	struct search search = {.arena = arena,
		.completer = completer,
		.catalogue = completer->catalogue,
		.words = &words};
	char *partial;

	line += start;
	length -= start;
	if (line_split_partial(arena, line, length, &words, &partial) < 0)
		return completion;
	search.partial = partial;
	find_words(&search, start == 0);
	take_sorted(&search, &completion);
	if (search.expected != NULL)
		completion.expects =
			arena_printf(arena, "%s: %s", catalogue_label(arena, search.expected),
				catalogue_expects(arena, search.expected));
	if (completion.candidates.count > 0)
		choose_insert(arena, &completion, partial, words.count,
			length - word_start(line, length));
	return completion;
}
