/* What a person at the prompt can ask. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fd.h"
#include "base/message.h"
#include "base/text.h"
#include "client/client.h"
#include "client/run.h"
#include "client/tree.h"
#include "protocol/protocol.h"
#include "shell/shell.h"

static const char overview[] =
	"You are at a gateway: it runs the approved commands of your roles, and records\n"
	"each.\n"
	"\n"
	"  commands [WORD] what you may run here, or what of it begins so\n"
	"  help COMMAND    its parameters, the values that you may give, and examples\n"
	"  why             explain the last refusal\n"
	"  fg              resume the command that ^Z stopped\n"
	"  kill [-9]       end it\n"
	"  exit            leave (^D as well)\n"
	"\n"
	"Tab completes commands, options and values; once more, and it says what each\n"
	"is. ^R searches the history. Put ' or \" round a word that holds blanks or\n"
	"special characters.\n";

static const char with_pipelines[] =
	"COMMAND | COMMAND gives the output of one to the next: each is decided on and\n"
	"recorded by itself, and none reads the keyboard. Nothing else of a shell is\n"
	"known here: a line with a redirection, a variable or a pattern is refused.\n";

static const char without_pipelines[] =
	"A line is one command and its words. Nothing else of a shell is known here: a\n"
	"line with a pipe, a redirection, a variable or a pattern is refused.\n";

static const char overview_of_lines[] =
	"This is a gateway: it runs the approved commands of your roles, and records\n"
	"each.\n"
	"\n"
	"  commands [WORD] what you may run here, or what of it begins so\n"
	"  help COMMAND    its parameters, the values that you may give, and examples\n"
	"\n"
	"A login without a command has a prompt, with history and completion. A line is\n"
	"one command and its words; nothing of a shell is known but quotes.\n";

enum { EXAMPLES_SHOWN = 3, EXAMPLES_ASKED = 8 /* commands, at most */ };

static bool show_drive(const struct shell *shell)
{
	const char *drive = shell->catalogue->drive;

	return drive[0] == '\0' ||
	       printf("Your drive, for sftp and scp: %s\n", drive) >= 0;
}

/* The simplest example of a command, as it is typed; NULL where there is none. */
static char *read_example(struct arena *arena, const char *json)
{
	const struct tree *tree = json == NULL ? NULL : tree_read(arena, json);
	const struct tree *alternatives = tree == NULL ? NULL : tree_member(tree, "alternatives");
	const struct tree *examples;
	struct strings words;

	if (alternatives != NULL)
		tree = alternatives->first;
	examples = tree == NULL ? NULL : tree_member(tree, "examples");
	words = tree_strings(arena, examples == NULL ? NULL : examples->first);
	return words.count == 0 ? NULL : line_quote(arena, words.items, words.count);
}

/* Of "systemctl start", "systemctl stop" and so on one is enough. */
static bool is_of_kind(const char *last, const char *const *words)
{
	return words == NULL || (last != NULL && strcmp(words[0], last) == 0);
}

/* Some calls that would be allowed. */
static int show_examples(struct shell *shell, struct job_report *report, void *context)
{
	const struct client_options options = {
		.act_as = shell->act_as, .json = true, .quiet = true, .lost = &report->lost};
	const struct catalogue *catalogue = shell->catalogue;
	struct arena *arena = arena_new();
	const char *last = NULL;
	size_t shown = 0, asked = 0;

	(void)context;
	for (size_t i = 0; i < catalogue->count && shown < EXAMPLES_SHOWN; i++) {
		const struct catalogue_command *command = &catalogue->commands[i];
		const char *line;
		char *json;
		int status;

		if (command->alias_of != NULL || !command->enabled ||
			is_of_kind(last, command->words.items))
			continue;
		if (report->lost || asked++ == EXAMPLES_ASKED)
			break;
		json = client_ask(shell->socket, PACKET_DESCRIBE, &options, command->words.items,
			command->words.count, &status);
		line = read_example(arena, json);
		free(json);
		if (line == NULL)
			continue;
		last = command->words.items[0];
		if (shown++ == 0)
			puts("\nFor example:\n");
		printf("  %s\n", text_escape(arena, line, strlen(line)));
	}
	arena_free(arena);
	return EXIT_SUCCESS;
}

int help_overview(struct shell *shell)
{
	fputs(overview, stdout);
	fputs(shell->catalogue->pipelines ? with_pipelines : without_pipelines, stdout);
	(void)show_drive(shell);
	/* The session is another's while a command is stopped. */
	return shell->job.pid != 0 ? EXIT_SUCCESS : job_start(shell, "help", show_examples, NULL);
}

static int describe(struct shell *shell, struct job_report *report, void *context)
{
	const struct strings *words = context;
	const struct client_options options = {.act_as = shell->act_as,
		.refusal = &report->refusal,
		.lost = &report->lost};
	struct arena *arena = arena_new();
	int status;
	char *text = client_ask(
		shell->socket, PACKET_DESCRIBE, &options, words->items, words->count, &status);

	if (text != NULL) {
		char *safe = client_safe_text(arena, text);
		size_t length = strlen(safe);

		printf("%s%s", safe, length > 0 && safe[length - 1] == '\n' ? "" : "\n");
	}
	free(text);
	arena_free(arena);
	return status;
}

int help_command(struct shell *shell, const struct strings *words)
{
	struct arena *arena = arena_new();
	const char *line = line_quote(arena, words->items, words->count);
	int status = job_start(shell, line, describe, (void *)(uintptr_t)words);

	arena_free(arena);
	return status;
}

bool help_line(struct shell *shell, const struct strings *words, int *status)
{
	const struct strings rest = {words->items + 1, words->count - 1};
	bool help = strcmp(words->items[0], "help") == 0;
	struct job_report report = {.lost = false};

	if (!help && (strcmp(words->items[0], "commands") != 0 || words->count > 2))
		return false;
	*status = shell->catalogue == NULL ? shell_begin_session(shell) : shell_connect(shell);
	if (*status != 0) {
		*status = *status < 0 ? EXIT_GATEWAY : *status;
		return true;
	}
	if (catalogue_has_word(shell->catalogue, words->items[0]))
		return false;
	if (!help)
		*status = commands_list(shell, words->count > 1 ? words->items[1] : NULL);
	else if (rest.count > 0)
		*status = describe(shell, &report, (void *)(uintptr_t)&rest);
	else if (fputs(overview_of_lines, stdout) < 0 || !show_drive(shell))
		*status = EXIT_GATEWAY;
	else
		*status = show_examples(shell, &report, NULL);
	if (report.lost)
		fd_close(&shell->socket);
	if (fflush(stdout) != 0)
		*status = EXIT_GATEWAY;
	return true;
}
