#include "config/scan.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define DIGITS "0123456789"

static bool is_letter(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '*';
}

/* strspn(3) would build a set for each of a million names. */
static size_t name_length(const char *text)
{
	size_t length = 0;

	while (is_letter(text[length]) || (text[length] >= '0' && text[length] <= '9') ||
		text[length] == '_' || text[length] == '-')
		length++;
	return length;
}

struct key {
	const char *name;
	size_t length;
	unsigned line;
};

struct level {
	char bracket; /* '{', '(', '[', or 0 for the file */
	unsigned line;
	struct key *keys; /* of a group */
	size_t key_count;
};

struct lexer {
	struct scan *scan;
	char *next, *end;
	unsigned line;
	bool fatal;
	struct level levels[SCAN_DEPTH_MAX + 1];
	size_t depth;
	char last; /* the kind of the last token: its character, '"', 'n' (a name) or 'v' (a value)
		    */
	unsigned last_line;
	char *last_name;
	size_t last_length;
};

#define report(lexer, at, ...)                                                                     \
	problem_add((lexer)->scan->problems, PROBLEM_ERROR,                                        \
		(struct source){(lexer)->scan->file, (at)}, __VA_ARGS__)

/* Ends the scan: what follows could only be misread. */
#define give_up(lexer, at, ...)                                                                    \
	do {                                                                                       \
		report(lexer, at, __VA_ARGS__);                                                    \
		(lexer)->fatal = true;                                                             \
		(lexer)->next = (lexer)->end;                                                      \
	} while (0)

static void token(struct lexer *lexer, char kind)
{
	lexer->last = kind;
	lexer->last_line = lexer->line;
}

static bool starts(const struct lexer *lexer, const char *text)
{
	size_t length = strlen(text);

	return (size_t)(lexer->end - lexer->next) >= length &&
	       memcmp(lexer->next, text, length) == 0;
}

static void skip_line(struct lexer *lexer)
{
	char *stop = memchr(lexer->next, '\n', (size_t)(lexer->end - lexer->next));

	lexer->next = stop == NULL ? lexer->end : stop;
}

static void skip_comment(struct lexer *lexer)
{
	unsigned begin = lexer->line;

	for (lexer->next += 2; !starts(lexer, "*/"); lexer->next++) {
		if (lexer->next == lexer->end) {
			give_up(lexer, begin, "this comment has no end; expected */");
			return;
		}
		lexer->line += *lexer->next == '\n';
	}
	lexer->next += 2;
}

static void note_string(struct lexer *lexer)
{
	struct scan *scan = lexer->scan;

	if (lexer->last == '"')
		return; /* libconfig joins adjacent strings */
	scan->string_lines = arena_grow(
		scan->arena, scan->string_lines, scan->string_count, sizeof(*scan->string_lines));
	scan->string_lines[scan->string_count++] = lexer->line;
}

static void read_string(struct lexer *lexer)
{
	unsigned begin = lexer->line;

	note_string(lexer);
	for (lexer->next++; lexer->next < lexer->end && *lexer->next != '"'; lexer->next++) {
		if (starts(lexer, "\\x00") || starts(lexer, "\\X00"))
			report(lexer, lexer->line, "a string can't hold a NUL byte");
		if (*lexer->next == '\n') {
			give_up(lexer, begin, "this string has no end on its line; expected \"");
			return;
		}
		lexer->next += (starts(lexer, "\\\\") || starts(lexer, "\\\""));
	}
	if (lexer->next >= lexer->end) {
		give_up(lexer, begin, "this string has no end; expected \"");
		return;
	}
	lexer->next++;
	token(lexer, '"');
}

static bool in_list(const struct lexer *lexer)
{
	return lexer->levels[lexer->depth].bracket == '(' ||
	       lexer->levels[lexer->depth].bracket == '[';
}

static void open_bracket(struct lexer *lexer, char bracket)
{
	if (lexer->depth == SCAN_DEPTH_MAX) {
		give_up(lexer, lexer->line, "more than %d brackets in each other", SCAN_DEPTH_MAX);
		return;
	}
	lexer->levels[++lexer->depth] = (struct level){.bracket = bracket, .line = lexer->line};
}

static void close_bracket(struct lexer *lexer, char bracket)
{
	struct level *level = &lexer->levels[lexer->depth];
	char wanted = level->bracket == '{' ? '}' : level->bracket == '(' ? ')' : ']';

	if (lexer->depth == 0)
		give_up(lexer, lexer->line, "\"%c\" closes nothing", bracket);
	else if (bracket != wanted)
		give_up(lexer, lexer->line, "\"%c\" where \"%c\" was expected, to close line %u",
			bracket, wanted, level->line);
	else if (lexer->last == ',' && bracket != '}')
		give_up(lexer, lexer->last_line, "a comma after the last element of a list");
	else
		lexer->depth--;
}

static bool is_duplicate(struct lexer *lexer, struct level *level)
{
	for (size_t i = 0; i < level->key_count; i++) {
		struct key *key = &level->keys[i];

		if (key->length == lexer->last_length &&
			memcmp(key->name, lexer->last_name, key->length) == 0) {
			report(lexer, lexer->last_line,
				"\"%.*s\" is given twice; it is already on line %u",
				(int)key->length, key->name, key->line);
			return true;
		}
	}
	return false;
}

/* After a name, '=' or ':' says that it is a key. */
static void read_equals(struct lexer *lexer)
{
	struct level *level = &lexer->levels[lexer->depth];

	if (lexer->last != 'n' || in_list(lexer))
		return; /* a syntax error, left to the parser */
	if (is_duplicate(lexer, level)) {
		*lexer->last_name = '*';
		lexer->scan->renamed = true;
		return;
	}
	if (level->key_count == SCAN_KEYS_MAX) {
		give_up(lexer, lexer->last_line, "more than %d keys in one group", SCAN_KEYS_MAX);
		return;
	}
	level->keys =
		arena_grow(lexer->scan->arena, level->keys, level->key_count, sizeof(*level->keys));
	level->keys[level->key_count++] =
		(struct key){lexer->last_name, lexer->last_length, lexer->last_line};
}

/* So that a number already reported is small and makes no second problem. */
static void blank_number(char *text, size_t length)
{
	memset(text, ' ', length);
	text[0] = '1';
}

/* strtoll() reads at most what strspn() found: the bytes end with a NUL. */
static void check_number(struct lexer *lexer, char *text, size_t length)
{
	bool hexadecimal = length > 2 && (text[1] == 'x' || text[1] == 'X');
	size_t digits = strspn(text + (hexadecimal ? 2 : text[0] == '-' || text[0] == '+'),
		hexadecimal ? DIGITS "abcdefABCDEF" : DIGITS);
	bool wide = memchr(text, 'L', length) != NULL;
	long long value;

	if (digits == 0 || memchr(text, '.', length) != NULL)
		return; /* not a whole number: left to the schema */
	errno = 0;
	value = strtoll(text, NULL, hexadecimal ? 16 : 10);
	if (errno == ERANGE)
		report(lexer, lexer->line, "the number %.*s is too large", (int)length, text);
	else if (!wide && (value < INT_MIN || value > INT_MAX))
		report(lexer, lexer->line,
			"the number %.*s needs more than 32 bits; expected an L behind it: %.*sL",
			(int)length, text, (int)length, text);
	else
		return;
	blank_number(text, length);
}

static void read_word(struct lexer *lexer)
{
	char *begin = lexer->next;
	size_t length;

	if (is_letter(*begin)) {
		length = name_length(begin);
		token(lexer, 'n');
		lexer->last_name = begin;
		lexer->last_length = length;
	} else {
		length = strspn(begin, DIGITS "+-.xXLabcdefABCDEF");
		if (length > 0)
			check_number(lexer, begin, length);
		token(lexer, 'v');
	}
	lexer->next += length == 0 ? 1 : length;
}

static void read_mark(struct lexer *lexer)
{
	char byte = *lexer->next;

	if (strchr("{[(", byte) != NULL)
		open_bracket(lexer, byte);
	else if (strchr("}])", byte) != NULL)
		close_bracket(lexer, byte);
	else if (byte == '=' || byte == ':')
		read_equals(lexer);
	lexer->next += lexer->next < lexer->end;
	token(lexer, byte);
}

static void read_token(struct lexer *lexer)
{
	if (*lexer->next == '"')
		read_string(lexer);
	else if (strchr("{[(}])=:;,", *lexer->next) != NULL)
		read_mark(lexer);
	else
		read_word(lexer);
}

static void check_include(struct lexer *lexer)
{
	const char *text = lexer->next + strspn(lexer->next, " \t");

	if (strncmp(text, "@include", 8) == 0)
		give_up(lexer, lexer->line,
			"@include is refused; expected everything that is read to be in its "
			"folder");
}

static void read_file(struct lexer *lexer)
{
	check_include(lexer);
	while (lexer->next < lexer->end) {
		if (*lexer->next == '\n') {
			lexer->line++;
			lexer->next++;
			check_include(lexer);
		} else if (strchr(" \t\r", *lexer->next) != NULL) {
			lexer->next++;
		} else if (*lexer->next == '#' || starts(lexer, "//")) {
			skip_line(lexer);
		} else if (starts(lexer, "/*")) {
			skip_comment(lexer);
		} else {
			read_token(lexer);
		}
	}
	if (!lexer->fatal && lexer->depth > 0)
		give_up(lexer, lexer->levels[lexer->depth].line, "\"%c\" is never closed",
			lexer->levels[lexer->depth].bracket);
}

/* Tabs and line ends are the only control bytes of a file that a person reads. */
static bool check_bytes(struct lexer *lexer)
{
	const char *line = lexer->next, *end = lexer->end;

	for (unsigned number = 1; line < end; number++) {
		const char *stop = memchr(line, '\n', (size_t)(end - line));
		size_t length = (size_t)((stop == NULL ? end : stop) - line);

		for (size_t i = 0; i < length;) {
			size_t bad = i + text_refused(line + i, length - i);

			if (bad < length && line[bad] != '\t' &&
				!(line[bad] == '\r' && bad + 1 == length)) {
				report(lexer, number,
					"a control character or invalid UTF-8 (byte 0x%02x, column "
					"%zu)",
					(unsigned char)line[bad], bad + 1);
				return false;
			}
			i = bad + 1;
		}
		line += length + 1;
	}
	return true;
}

bool scan_bytes(struct scan *scan, char *bytes, size_t length)
{
	struct lexer lexer = {.scan = scan, .next = bytes, .end = bytes + length, .line = 1};

	if (!check_bytes(&lexer))
		return false;
	read_file(&lexer);
	return !lexer.fatal;
}
