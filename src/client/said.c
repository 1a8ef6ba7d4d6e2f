/* What a function says of itself while it runs, for a person. */
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/message.h"
#include "base/text.h"
#include "client/run.h"

static const struct {
	const char *word, *colour; /* SGR parameters */
} looks[] = {
	[MESSAGE_SUCCESS] = {"success", "32"},
	[MESSAGE_WARNING] = {"warning", "33"},
	[MESSAGE_ERROR] = {"error", "31"},
	[MESSAGE_INVALID] = {"invalid", "31"},
};

static const char *head(struct arena *arena, int type, const char *input, bool colour)
{
	const char *word = looks[type].word;

	if (type == MESSAGE_INVALID)
		word = arena_printf(arena, "%s %s", word, text_escape(arena, input, strlen(input)));
	return colour ? arena_printf(arena, "\033[%sm%s:\033[0m", looks[type].colour, word)
		      : arena_printf(arena, "%s:", word);
}

void said_show(struct run *run, int type, const char *input, const char *text)
{
	int fd = type == MESSAGE_SUCCESS ? STDOUT_FILENO : STDERR_FILENO;
	/* A raw terminal doesn't go to the start of a line by itself. */
	bool raw = run->tty.raw && isatty(fd) == 1;
	const char *line =
		arena_printf(run->arena, "%s %s%s", head(run->arena, type, input, tty_wants_colour(fd)),
			text_escape(run->arena, text, strlen(text)), raw ? "\r\n" : "\n");

	if (fd_write_all(fd, line, strlen(line)) < 0)
		message_error("can't write a message of the function: %m");
}
