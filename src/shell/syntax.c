/* A line that the grammar refuses: what is wrong and where, and its way onto the record. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/message.h"
#include "base/text.h"
#include "client/run.h"
#include "protocol/protocol.h"
#include "shell/listing.h"
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
		to < length ? "..." : "", (int)(listing_width(before) + (from > 0 ? 3 : 0)), "");
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

static void say_locally(const struct line_error *error, const char *advice)
{
	if (error->limit)
		message_error("%s (limit)", error->reason);
	else if (advice != NULL)
		message_error("column %zu: %s; %s (syntax)", error->column, error->reason, advice);
	else
		message_error("column %zu: %s (syntax)", error->column, error->reason);
}

/* No packet holds a NUL; the byte that stands for it is refused at the same place. */
static const char *line_to_send(struct arena *arena, const char *line, size_t length)
{
	char *copy = arena_strndup(arena, line, length);

	for (size_t i = 0; i < length; i++)
		if (copy[i] == '\0')
			copy[i] = '\1';
	return copy;
}

/* The gateway refuses it anew and says so, unless it is `quiet`. False where it can't be asked now.
 */
static bool report_line(struct shell *shell, struct arena *arena, const char *line, size_t length,
	const char *advice, bool quiet, struct client_refusal *refusal)
{
	bool lost = false;
	const struct client_options options = {
		.advice = advice, .quiet = quiet, .refusal = refusal, .lost = &lost};
	const char *word;
	int status = EXIT_GATEWAY;

	if (shell->job.pid != 0 || shell_connect(shell) < 0)
		return false;
	word = line_to_send(arena, line, length);
	free(client_ask(shell->socket, PACKET_LINE, &options, &word, 1, &status));
	if (lost)
		fd_close(&shell->socket);
	return status == EXIT_REFUSED;
}

/* A line of -c or of ssh's is one command. Elsewhere the list of what may be run was asked for. */
static const char *advice_on(const struct shell *shell, struct arena *arena, const char *line,
	size_t length, const struct line_error *error)
{
	const char *advice = shell_advice(first_word(arena, line, length));

	if (advice == NULL && shell->catalogue == NULL && error->offset + 1 < length &&
		line[error->offset] == '|' && line[error->offset + 1] != '|')
		return "a pipeline is for the prompt, or for standard input";
	return advice;
}

void shell_refuse_line(struct shell *shell, const char *line, size_t length,
	const struct line_error *error, bool piped)
{
	struct arena *arena = arena_new();
	const char *advice = advice_on(shell, arena, line, length, error);
	struct client_refusal refusal = {.code = ""}, kept;
	const char *code = error->limit ? "limit" : "syntax", *detail;
	bool reported;

	if (isatty(STDERR_FILENO) && !error->limit)
		point_at(line, length, error->offset);
	reported = report_line(shell, arena, line, length, advice, piped, &refusal);
	detail = error->limit ? error->reason
			      : arena_printf(arena, "column %zu: %s", error->column, error->reason);
	if (!reported)
		say_locally(error, advice);
	else if (piped)
		client_say_refusal(detail, code, refusal.request);
	client_keep_refusal(&kept, code, detail, refusal.request);
	why_remember(shell, &kept, line, length, 0);
	arena_free(arena);
}
