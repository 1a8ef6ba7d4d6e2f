/* A refusal on a terminal: broken at words, its code and request id in one piece where that fits.
 */
#include <string.h>
#include <unistd.h>

#include "base/message.h"
#include "client/run.h"

enum { INDENT = 2, COLUMNS_LEAST = 20 };

/* About: without a locale nobody says which characters are wide. */
static size_t columns_of(const char *text, size_t length)
{
	size_t columns = 0;

	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)text[i];

		columns += byte >= 0xe3 ? 2 : (byte & 0xc0) != 0x80;
	}
	return columns;
}

struct wrapping {
	char *end;
	size_t column, columns;
	bool begun; /* something stands in the line */
};

static void put(struct wrapping *wrapping, const char *piece, size_t length)
{
	size_t wide = columns_of(piece, length);

	if (wrapping->begun && wrapping->column + 1 + wide > wrapping->columns) {
		wrapping->end = stpcpy(wrapping->end, "\n  ");
		wrapping->column = INDENT;
	} else if (wrapping->begun) {
		*wrapping->end++ = ' ';
		wrapping->column++;
	}
	wrapping->end = mempcpy(wrapping->end, piece, length);
	wrapping->column += wide;
	wrapping->begun = true;
}

static void put_words(struct wrapping *wrapping, const char *text)
{
	for (text += strspn(text, " "); *text != '\0'; text += strspn(text, " ")) {
		size_t length = strcspn(text, " ");

		put(wrapping, text, length);
		text += length;
	}
}

/* Where it begins; 0: there is but one. */
static size_t last_word(const char *text)
{
	const char *blank = strrchr(text, ' ');

	return blank == NULL ? 0 : (size_t)(blank - text) + 1;
}

char *client_wrap(
	struct arena *arena, size_t taken, size_t columns, const char *text, const char *tail)
{
	size_t length = strlen(text), more = strlen(tail), split = 0;
	/* A word may cost a line's end and its indent, in place of a blank. */
	char *wrapped = arena_alloc(arena, (length + more + 2) * (INDENT + 1));
	struct wrapping wrapping = {.end = wrapped, .column = taken, .columns = columns};

	if (taken + columns_of(text, length) + 1 + columns_of(tail, more) <= columns)
		return arena_printf(arena, "%s %s", text, tail);
	put_words(&wrapping, text);
	/* Else in two: the last word is the id. */
	if (INDENT + columns_of(tail, more) > columns)
		split = last_word(tail);
	put(&wrapping, tail, split == 0 ? more : split - 1);
	if (split > 0)
		put(&wrapping, tail + split, more - split);
	*wrapping.end = '\0';
	return wrapped;
}

void client_say_refusal(const char *detail, const char *code, const char *request)
{
	struct arena *arena = arena_new();
	size_t columns = tty_window(STDERR_FILENO).columns;
	const char *tail = request[0] == '\0'
				   ? arena_printf(arena, "(%s)", code)
				   : arena_printf(arena, "(%s, request %s)", code, request);

	if (isatty(STDERR_FILENO) == 1 && columns >= COLUMNS_LEAST)
		message_error("%s",
			client_wrap(arena, strlen(message_name()) + 2, columns, detail, tail));
	else
		message_error("%s %s", detail, tail);
	arena_free(arena);
}
