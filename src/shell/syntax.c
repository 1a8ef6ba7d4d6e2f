/* A line that is refused before it is sent: what is wrong, and where. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include "base/message.h"
#include "base/text.h"
#include "shell/shell.h"

enum { CONTEXT = 56 /* columns shown on either side of the place */ };

/* Bytes of the character at the start of `text`; 1 for what is none. */
static size_t character(const char *text, size_t length)
{
	size_t size = 1;

	while (size < length && size < 4 && (text[size] & 0xc0) == 0x80)
		size++;
	return text_is_utf8(text, size) ? size : 1;
}

/* Columns that `text` takes on a terminal. */
static size_t width_of(const char *text)
{
	size_t width = 0;
	mbstate_t state = { 0 };

	while (*text != '\0') {
		wchar_t wide = L'\0';
		size_t size = mbrtowc(&wide, text, strlen(text), &state);
		int columns;

		if (size == (size_t)-1 || size == (size_t)-2)
			return width + strlen(text);
		columns = wcwidth(wide);
		width += columns > 0 ? (size_t)columns : 0;
		text += size;
	}
	return width;
}

static size_t step_back(const char *line, size_t at)
{
	do
		at--;
	while (at > 0 && (line[at] & 0xc0) == 0x80);
	return at;
}

/* The line around the place, and a caret under it. */
static void point_at(const char *line, size_t length, size_t offset)
{
	struct arena *arena = arena_new();
	size_t from = offset < length ? offset : length, to = from;
	const char *before, *after;

	for (size_t i = 0; i < CONTEXT && from > 0; i++)
		from = step_back(line, from);
	for (size_t i = 0; i < CONTEXT / 4 && to < length; i++)
		to += character(line + to, length - to);
	offset = offset < length ? offset : length;
	before = text_escape(arena, line + from, offset - from);
	after = text_escape(arena, line + offset, to - offset);
	fprintf(stderr, "  %s%s%s%s\n  %*s^\n", from > 0 ? "..." : "", before, after,
		to < length ? "..." : "", (int)(width_of(before) + (from > 0 ? 3 : 0)), "");
	arena_free(arena);
}

static const char *first_word(struct arena *arena, const char *line, size_t length)
{
	size_t start = 0, end;

	while (start < length && line[start] == ' ')
		start++;
	for (end = start; end < length && line[end] != ' ';)
		end++;
	return arena_strndup(arena, line + start, end - start);
}

void shell_explain_syntax(const char *line, size_t length, const struct line_error *error)
{
	struct arena *arena = arena_new();
	const char *advice = shell_advice(first_word(arena, line, length));
	const char *code = error->limit ? "limit" : "syntax";

	if (isatty(STDERR_FILENO) && !error->limit)
		point_at(line, length, error->offset);
	if (error->limit)
		message_error("%s (%s)", error->reason, code);
	else if (advice != NULL)
		message_error("column %zu: %s; %s (%s)", error->column, error->reason, advice, code);
	else
		message_error("column %zu: %s (%s)", error->column, error->reason, code);
	arena_free(arena);
}
