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

static int run_words(struct shell *shell, const struct strings *words)
{
	bool lost = false;
	const struct client_options options = {
		.advice = shell_advice(words->items[0]), .act_as = shell->act_as, .lost = &lost};
	int status;

	if (help_line(shell, words, &status))
		return status;
	if (shell_connect(shell) < 0)
		return EXIT_GATEWAY;
	status = client_run(shell->socket, &options, words->items, words->count);
	if (lost)
		fd_close(&shell->socket);
	return status;
}

int shell_run_line(struct shell *shell, const char *line, size_t length)
{
	struct arena *arena = arena_new();
	struct strings words = {0};
	struct line_error error = {0};
	int status = shell->status;

	if (line_split(arena, line, length, &words, &error) < 0) {
		shell_refuse_line(shell, line, length, &error, false);
		status = EXIT_REFUSED;
	} else if (words.count > 0) {
		status = run_words(shell, &words);
	}
	arena_free(arena);
	return status;
}

static int run_pipeline(struct shell *shell, const char *line, size_t length)
{
	struct arena *arena = arena_new();
	struct job_report *report = job_new_report();
	struct pipeline pipeline;
	struct line_error error;
	int status = EXIT_REFUSED;

	if (pipeline_split(arena, line, length, &pipeline, &error) < 0)
		shell_refuse_line(shell, line, length, &error, true);
	else
		status = stages_run(shell, &pipeline, report);
	if (report->lost)
		fd_close(&shell->socket);
	job_free_report(report);
	arena_free(arena);
	return status;
}

/* "set -e", "set +e" and "exit", as a script may say them: what may be a line to ourselves. */
static bool is_own(const struct strings *words)
{
	if (words->count == 1)
		return strcmp(words->items[0], "exit") == 0;
	return words->count > 1 && strcmp(words->items[0], "set") == 0 &&
	       (words->items[1][0] == '-' || words->items[1][0] == '+');
}

/* What asks for another option was written for lines that stop where these would not. */
static void run_own(struct shell *shell, const struct strings *words)
{
	const char *option = words->count == 2 ? words->items[1] : "";

	if (words->count == 1) {
		shell->leaving = true;
	} else if (strcmp(option, "-e") == 0 || strcmp(option, "+e") == 0) {
		shell->stop_on_failure = option[0] == '-';
		shell->status = EXIT_SUCCESS;
	} else {
		message_error("set: \"set -e\" and \"set +e\" are all that is known here; "
			      "the lines after it are not run");
		shell->status = EXIT_REFUSED;
		shell->leaving = true;
	}
}

/* A shell reads nothing of it either. */
static bool is_comment(const char *line, size_t length)
{
	size_t start = 0;

	while (start < length && line[start] == ' ')
		start++;
	return start < length && line[start] == '#';
}

/* What is a line of its own here; else it is a line as any. Asks what may be run, but only once. */
static void run_special(struct shell *shell, const char *line, size_t length, bool piped,
	const struct strings *words)
{
	int status = shell->catalogue == NULL ? shell_begin_session(shell) : 0;

	if (status != 0)
		shell->status = status;
	else if (piped && shell->catalogue->pipelines)
		shell->status = run_pipeline(shell, line, length);
	else if (!piped && catalogue_find(shell->catalogue, words) == NULL)
		run_own(shell, words);
	else
		shell->status = shell_run_line(shell, line, length);
}

static void run_input_line(struct shell *shell, const char *line, size_t length)
{
	struct arena *arena = arena_new();
	bool piped = pipeline_last(arena, line, length) > 0;
	struct strings words = {0};
	struct line_error error;

	message_set_name(arena_printf(arena, "rolegate: line %zu", shell->line_number));
	if (!is_comment(line, length)) {
		if (piped ||
			(line_split(arena, line, length, &words, &error) == 0 && is_own(&words)))
			run_special(shell, line, length, piped, &words);
		else
			shell->status = shell_run_line(shell, line, length);
	}
	message_set_name("rolegate");
	arena_free(arena);
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

/* Without the gateway the lines that follow would only fail one by one. */
static bool goes_on(const struct shell *shell)
{
	return !shell->leaving && !(shell->status == EXIT_GATEWAY && shell->socket < 0) &&
	       !(shell->status != 0 && shell->stop_on_failure);
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
	while (goes_on(shell) && read_line(file, line, &length)) {
		shell->line_number++;
		run_input_line(shell, line, length);
	}
	fclose(file);
	free(line);
	return shell->status;
}
