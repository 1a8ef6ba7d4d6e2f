/* The other way: words that read the same here and in a shell. */
#include <stdbool.h>
#include <string.h>

#include "policy/line.h"

/* "=" needs quotes in the first word alone, where it could be an assignment. */
static bool needs_quotes(const char *word, bool first)
{
	const char *plain =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@%+:,./_-=";

	return word[0] == '\0' || word[strspn(word, plain)] != '\0' ||
	       (first && strchr(word, '=') != NULL);
}

static size_t quoted_length(const char *word)
{
	size_t length = 2;

	for (; *word != '\0'; word++)
		length += *word == '\'' ? 4 : 1;
	return length;
}

static char *put_quoted(char *end, const char *word)
{
	*end++ = '\'';
	for (; *word != '\0'; word++) {
		if (*word == '\'')
			end = mempcpy(end, "'\\''", 4);
		else
			*end++ = *word;
	}
	*end++ = '\'';
	return end;
}

char *line_quote(struct arena *arena, const char *const *words, size_t count)
{
	size_t length = 1;
	char *line, *end;

	for (size_t i = 0; i < count; i++)
		length += quoted_length(words[i]) + 1;
	line = end = arena_alloc(arena, length);
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			*end++ = ' ';
		if (needs_quotes(words[i], i == 0))
			end = put_quoted(end, words[i]);
		else
			end = mempcpy(end, words[i], strlen(words[i]));
	}
	return line;
}
