/* Without a prompt: -c LINE, SSH_ORIGINAL_COMMAND, or lines on standard input. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/message.h"
#include "client/client.h"
#include "shell/shell.h"

int shell_run_line(struct shell *shell, const char *line, size_t length)
{
	struct arena *arena = arena_new();
	struct client_options options = {0};
	struct strings words = {0};
	struct line_error error = {0};
	bool lost = false;
	int status = shell->status;

	if (line_split(arena, line, length, &words, &error) < 0) {
		shell_refuse_line(shell, line, length, &error);
		status = EXIT_REFUSED;
	} else if (words.count > 0 && help_line(shell, &words, &status)) {
		/* done */
	} else if (words.count > 0 && shell_connect(shell) < 0) {
		status = EXIT_GATEWAY;
	} else if (words.count > 0) {
		options.advice = shell_advice(words.items[0]);
		options.act_as = shell->act_as;
		options.lost = &lost;
		status = client_run(shell->socket, &options, words.items, words.count);
	}
	if (lost)
		fd_close(&shell->socket);
	arena_free(arena);
	return status;
}

/*
 * The next line of `file`, without its end: one byte more than a line may have is enough to
 * refuse it. False at the end.
 */
static bool read_line(FILE *file, char *line, size_t *length)
{
	int byte;

	*length = 0;
	while ((byte = getc(file)) != EOF && byte != '\n')
		if (*length <= LINE_LENGTH_MAX)
			line[(*length)++] = (char)byte;
	return byte != EOF || *length > 0;
}

/* The lines are ours alone: a command that reads would take those that follow it. */
static FILE *take_input(void)
{
	_cleanup_fd_ int lines = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
	_cleanup_fd_ int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
	FILE *file;

	if (lines < 0 || nothing < 0 || dup2(nothing, STDIN_FILENO) < 0)
		return NULL;
	file = fdopen(lines, "r");
	if (file != NULL)
		(void)fd_take(&lines);
	return file;
}

int shell_run_lines(struct shell *shell)
{
	char *line = malloc(LINE_LENGTH_MAX + 1);
	FILE *file = take_input();
	size_t length;

	if (line == NULL || file == NULL) {
		message_error("can't read standard input: %m");
		free(line);
		return EXIT_GATEWAY;
	}
	while (read_line(file, line, &length)) {
		shell->status = shell_run_line(shell, line, length);
		/* Without the gateway the lines that follow would only fail one by one. */
		if (shell->status == EXIT_GATEWAY && shell->socket < 0)
			break;
	}
	fclose(file);
	free(line);
	return shell->status;
}
