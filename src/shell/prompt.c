/* The prompt: reads lines, runs them, until the person leaves. */
#include <errno.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/message.h"
#include "base/text.h"
#include "client/client.h"
#include "client/inputs.h"
#include "shell/editor.h"
#include "shell/shell.h"

static const char *user_name(void)
{
	const struct passwd *entry = getpwuid(getuid());

	return entry == NULL ? "?" : entry->pw_name;
}

/* "user@host endpoint> ", or "user as other@host endpoint> ": whose rights, and where. */
static char *make_prompt_head(struct arena *arena, const char *endpoint, const char *act_as)
{
	char host[256] = "?";
	const char *user = user_name();

	(void)!gethostname(host, sizeof(host) - 1);
	host[strcspn(host, ".")] = '\0';
	user = text_escape(arena, user, strlen(user));
	if (act_as != NULL)
		user = arena_printf(
			arena, "%s as %s", user, text_escape(arena, act_as, strlen(act_as)));
	return arena_printf(arena, "%s@%s %s> ", user,
		text_escape(arena, host, strlen(host)), client_endpoint_name(arena, endpoint));
}

/* As every shell with job control starts: in the foreground, in a group of its own. */
static void take_terminal(struct shell *shell)
{
	static const int ignored[] = {SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU};
	static const int blocked[] = {SIGINT, SIGWINCH, SIGHUP, SIGTERM, SIGCHLD};
	pid_t foreground;
	sigset_t mask;

	while ((foreground = tcgetpgrp(STDIN_FILENO)) > 0 && foreground != getpgrp())
		kill(0, SIGTTIN);
	for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
		signal(ignored[i], SIG_IGN);
	signal(SIGCHLD, SIG_DFL);
	sigemptyset(&mask);
	for (size_t i = 0; i < sizeof(blocked) / sizeof(blocked[0]); i++)
		sigaddset(&mask, blocked[i]);
	sigprocmask(SIG_BLOCK, &mask, &shell->signals);
	for (size_t i = 0; i < sizeof(blocked) / sizeof(blocked[0]); i++)
		sigdelset(&shell->signals, blocked[i]);
	setpgid(0, 0); /* fails for a session leader, which has one */
	shell->group = getpgrp();
	tcsetpgrp(STDIN_FILENO, shell->group);
	tcgetattr(STDIN_FILENO, &shell->modes);
}

static bool is_function(const struct shell *shell, const struct strings *words)
{
	const struct catalogue_command *command =
		shell->catalogue == NULL ? NULL : catalogue_find(shell->catalogue, words);

	return command != NULL && command->function;
}

static int run_words(struct shell *shell, bool *lost, void *context)
{
	struct strings *words = context;
	const struct client_options options = {.act_as = shell->act_as,
		.advice = shell_advice(words->items[0]),
		.lost = lost};
	struct arena *arena = arena_new();
	int status = 0;

	if (is_function(shell, words))
		status = client_ask_inputs(shell->socket, &options, arena, words);
	if (status == 0)
		status = client_run(shell->socket, &options, words->items, words->count);
	arena_free(arena);
	return status;
}

static bool holds_secret(const struct shell *shell, const struct strings *words)
{
	const struct catalogue_command *command =
		shell->catalogue == NULL ? NULL : catalogue_find(shell->catalogue, words);

	for (size_t i = 0; command != NULL && i < command->count; i++)
		if (command->parameters[i].secret)
			return true;
	return false;
}

static void run_line(struct shell *shell, struct editor *editor, const char *line)
{
	struct arena *arena = arena_new();
	struct strings words = {0};
	struct line_error error = {0};
	bool bad = line_split(arena, line, strlen(line), &words, &error) < 0;

	/* A blank in front keeps a line out of the history, as in other shells. */
	if (line[0] != ' ' && (bad || words.count > 0) && !holds_secret(shell, &words))
		editor_remember(editor, line);
	if (bad) {
		shell_refuse_line(shell, line, strlen(line), &error);
		shell->status = EXIT_REFUSED;
		/* It was told of the line, and was gone. */
		if (shell->socket < 0) {
			shell->status = EXIT_GATEWAY;
			shell->leaving = true;
		}
	} else if (words.count > 0) {
		bool was_warned = shell->warned;

		if (!builtin_run(shell, &words))
			shell->status = job_start(shell, line, run_words, &words);
		/* Asked again only after something else was done. */
		shell->warned = shell->warned && !was_warned;
	}
	arena_free(arena);
}

static void read_and_run(struct shell *shell, struct editor *editor)
{
	const char *line;
	char prompt[512];

	if (shell->status != 0)
		snprintf(prompt, sizeof(prompt), "[%d] %s", shell->status, shell->prompt_head);
	else
		snprintf(prompt, sizeof(prompt), "%s", shell->prompt_head);
	switch (editor_read(editor, prompt, &line)) {
	case EDITOR_LINE:
		run_line(shell, editor, line);
		break;
	case EDITOR_INTERRUPTED:
		shell->status = 128 + SIGINT;
		break;
	case EDITOR_END:
		run_line(shell, editor, " exit");
		break;
	case EDITOR_HANGUP:
		shell->status = 128 + SIGHUP;
		shell->leaving = true;
		break;
	case EDITOR_GATEWAY:
		message_error("the gateway closed the session");
		shell->status = EXIT_GATEWAY;
		shell->leaving = true;
		break;
	}
}

int shell_prompt(struct shell *shell)
{
	struct arena *arena = arena_new();
	struct editor *editor = NULL;

	shell->status = shell_begin_session(shell);
	if (shell->status == 0) {
		shell->prompt_head = make_prompt_head(arena, shell->endpoint, shell->act_as);
		take_terminal(shell);
		editor = editor_open(shell);
		if (editor == NULL) {
			message_error("can't use this terminal");
			shell->status = EXIT_GATEWAY;
		}
	}
	if (editor != NULL)
		puts("Type help for help, exit to leave.");
	while (editor != NULL && !shell->leaving)
		read_and_run(shell, editor);
	editor_close(editor);
	/* Without its session a stopped command is ended by the gateway. */
	if (shell->job.pid != 0)
		kill(-shell->job.pid, SIGKILL);
	shell_end_session(shell);
	arena_free(arena);
	return shell->status;
}
