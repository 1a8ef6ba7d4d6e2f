/*
 * One pass over bytes that are known to be clean UTF-8: every byte that means something here is
 * ASCII, so continuation bytes are always plain text. Words are written into one buffer, which
 * can't be too small: a word and its NUL take no more than its bytes and the blank after it.
 */
#include "policy/line.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

struct splitter {
	struct arena *arena;
	const char *line;
	size_t length, at;
	struct strings *words;
	char *word, *end;   /* of the word being read, in the buffer */
	bool in_word;	    /* also after '' */
	bool quoted;	    /* some of the word was */
	char before;	    /* the unquoted byte before `at` in this word, or 0 */
	char quote;	    /* that is open: ' or " or \, or 0 */
	size_t quote_start; /* offset */
	struct line_error *error;
};

#define QUOTE_IT "; quote it to pass it on as text"
#define SINGLE_QUOTE_IT "; put it in single quotes to pass it on as text"

static const struct {
	const char *bytes, *meaning;
} meanings[] = {
	{"|", "\"|\" would start a pipe in a shell" QUOTE_IT},
	{"&", "\"&\" would start a command in the background in a shell" QUOTE_IT},
	{";", "\";\" would start another command in a shell" QUOTE_IT},
	{"<", "\"<\" would redirect input in a shell" QUOTE_IT},
	{">", "\">\" would redirect output in a shell" QUOTE_IT},
	{"()", "a parenthesis would start a subshell in a shell" QUOTE_IT},
	{"$", "\"$\" would be expanded by a shell" SINGLE_QUOTE_IT},
	{"`", "a backquote would run a command in a shell" SINGLE_QUOTE_IT},
	{"*?[]", "\"*\", \"?\", \"[\" and \"]\" would match file names in a shell" QUOTE_IT},
	{"{}", "a brace would be expanded by a shell" QUOTE_IT},
	{"!", "\"!\" would recall an earlier command in a shell" SINGLE_QUOTE_IT},
};

static const char *meaning_unquoted(char byte)
{
	for (size_t i = 0; i < sizeof(meanings) / sizeof(*meanings); i++)
		if (strchr(meanings[i].bytes, byte) != NULL)
			return meanings[i].meaning;
	return NULL;
}

/* Inside double quotes; a shell at a terminal expands "!" there as well. */
static const char *meaning_in_double_quotes(char byte)
{
	return byte == '$' || byte == '`' || byte == '!' ? meaning_unquoted(byte) : NULL;
}

/* NAME= or NAME+= at the start of the first word, none of it quoted. */
static bool is_assignment(const struct splitter *splitter)
{
	size_t length = (size_t)(splitter->end - splitter->word);

	if (splitter->words->count > 0 || splitter->quoted || length == 0)
		return false;
	if (splitter->word[length - 1] == '+')
		length--;
	return length > 0 && strchr(DIGITS, splitter->word[0]) == NULL &&
	       strspn(splitter->word, LETTERS DIGITS "_") == length;
}

/* Bytes that mean something only where they stand. */
static const char *meaning_in_place(const struct splitter *splitter, char byte)
{
	bool first = splitter->words->count == 0;

	if (byte == '#' && !splitter->in_word)
		return "\"#\" would start a comment in a shell" QUOTE_IT;
	if (byte == '~' &&
		(!splitter->in_word || splitter->before == '=' || splitter->before == ':'))
		return "\"~\" would become a home directory in a shell" QUOTE_IT;
	if (byte == '^' && first && !splitter->in_word)
		return "\"^\" would recall an earlier command in a shell" QUOTE_IT;
	if (byte == '=' && is_assignment(splitter))
		return "NAME=value before a command would set a variable in a shell" QUOTE_IT;
	return NULL;
}

/* The column is counted here, once, and not for every byte. */
static int fail(struct splitter *splitter, size_t offset, const char *reason)
{
	splitter->error->offset = offset;
	splitter->error->column = 1;
	splitter->error->reason = reason;
	for (size_t i = 0; i < offset; i++)
		splitter->error->column += ((unsigned char)splitter->line[i] & 0xc0) != 0x80;
	return -1;
}

static int fail_limit(struct splitter *splitter, size_t offset, const char *reason)
{
	splitter->error->limit = 1;
	return fail(splitter, offset, reason);
}

static void put(struct splitter *splitter, char byte)
{
	*splitter->end++ = byte;
	splitter->in_word = true;
}

static void open_quote(struct splitter *splitter, char quote)
{
	splitter->quote = quote;
	splitter->quote_start = splitter->at;
	splitter->in_word = true;
	splitter->quoted = true;
	splitter->before = '\0';
}

static int end_word(struct splitter *splitter)
{
	if (!splitter->in_word)
		return 0;
	if (splitter->words->count == LINE_WORDS_MAX)
		return fail_limit(splitter, splitter->at, "the line has more than 1024 words");
	*splitter->end++ = '\0';
	strings_add(splitter->arena, splitter->words, splitter->word);
	splitter->word = splitter->end;
	splitter->in_word = splitter->quoted = false;
	splitter->before = '\0';
	return 0;
}

static int read_unquoted(struct splitter *splitter, char byte)
{
	const char *meaning;

	if (byte == ' ')
		return end_word(splitter);
	if (byte == '\'' || byte == '"' || byte == '\\') {
		open_quote(splitter, byte);
		return 0;
	}
	meaning = meaning_unquoted(byte);
	if (meaning == NULL)
		meaning = meaning_in_place(splitter, byte);
	if (meaning != NULL)
		return fail(splitter, splitter->at, meaning);
	put(splitter, byte);
	splitter->before = byte;
	return 0;
}

/* Here a backslash escapes four bytes and is itself before all others. */
static int read_double_quoted(struct splitter *splitter, char byte)
{
	bool more = splitter->at + 1 < splitter->length;
	const char *meaning = meaning_in_double_quotes(byte);

	if (meaning != NULL)
		return fail(splitter, splitter->at, meaning);
	if (byte == '"') {
		splitter->quote = '\0';
	} else if (byte == '\\' && more && strchr("$`\"\\", splitter->line[splitter->at + 1])) {
		put(splitter, splitter->line[++splitter->at]);
	} else {
		put(splitter, byte);
	}
	return 0;
}

static int read_byte(struct splitter *splitter)
{
	char byte = splitter->line[splitter->at];

	switch (splitter->quote) {
	case '\0':
		return read_unquoted(splitter, byte);
	case '"':
		return read_double_quoted(splitter, byte);
	case '\'':
		if (byte != '\'')
			put(splitter, byte);
		else
			splitter->quote = '\0';
		return 0;
	default: /* a backslash outside quotes */
		put(splitter, byte);
		splitter->quote = '\0';
		return 0;
	}
}

static const char *refused_byte(unsigned char byte)
{
	if (byte == '\t')
		return "a tab can't stand in a line; use blanks between words";
	if (byte == '\n')
		return "a line end can't stand in a line; one line is one command";
	if (byte == '\r')
		return "a carriage return can't stand in a line; some systems end each line with "
		       "one";
	if (byte < 0x20 || byte == 0x7f)
		return "a control character can't stand in a line";
	return "this is no valid UTF-8, or a control character, which can't stand in a line";
}

/* Up to the end of the line, or to the first error. Leaves the last word and quote open. */
static int read_line(struct splitter *splitter, struct arena *arena, const char *line,
	size_t length, struct strings *words, struct line_error *error)
{
	size_t clean;

	*words = (struct strings){0};
	*error = (struct line_error){0};
	*splitter = (struct splitter){
		.arena = arena, .line = line, .length = length, .words = words, .error = error};
	if (length > LINE_LENGTH_MAX)
		return fail_limit(splitter, LINE_LENGTH_MAX, "the line is longer than 65536 bytes");
	clean = text_refused(line, length);
	if (clean != length)
		return fail(splitter, clean, refused_byte((unsigned char)line[clean]));
	splitter->word = splitter->end = arena_alloc(arena, length + 1);
	for (; splitter->at < length; splitter->at++)
		if (read_byte(splitter) < 0)
			return -1;
	return 0;
}

int line_split(struct arena *arena, const char *line, size_t length, struct strings *words,
	struct line_error *error)
{
	struct splitter splitter;

	if (read_line(&splitter, arena, line, length, words, error) < 0)
		return -1;
	if (splitter.quote == '\\')
		return fail(&splitter, splitter.quote_start,
			"the backslash at the end escapes nothing; quote it to pass it on as text");
	if (splitter.quote != '\0')
		return fail(&splitter, splitter.quote_start, "this quote is not closed");
	return end_word(&splitter);
}

int line_split_partial(
	struct arena *arena, const char *line, size_t length, struct strings *words, char **partial)
{
	struct splitter splitter;
	struct line_error error;

	if (read_line(&splitter, arena, line, length, words, &error) < 0)
		return -1;
	*partial = arena_strndup(arena, splitter.word, (size_t)(splitter.end - splitter.word));
	return 0;
}
