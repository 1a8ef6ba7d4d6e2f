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
#include "client/inputs.h"
#include "client/run.h"
#include "shell/editor.h"
#include "shell/shell.h"
#include "shell/suggest.h"

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

static int run_words(struct shell *shell, struct job_report *report, void *context)
{
	struct strings *words = context;
	const struct client_options options = {.act_as = shell->act_as,
		.advice = shell_advice(words->items[0]),
		.refusal = &report->refusal,
		.alive = true,
		.lost = &report->lost};
	struct arena *arena = arena_new();
	int status = 0;

	if (is_function(shell, words))
		status = client_ask_inputs(shell->socket, &options, arena, words);
	if (status == 0)
		status = client_run(shell->socket, &options, words->items, words->count);
	arena_free(arena);
	return status;
}

static int run_stages(struct shell *shell, struct job_report *report, void *context)
{
	return stages_run(shell, context, report);
}

static void refuse_line(struct shell *shell, const char *line, const struct line_error *error)
{
	struct arena *arena = arena_new();
	bool piped = shell->catalogue->pipelines && pipeline_last(arena, line, strlen(line)) > 0;

	shell_refuse_line(shell, line, strlen(line), error, piped);
	shell->status = EXIT_REFUSED;
	/* It was told of the line, and was gone. */
	if (shell->socket < 0) {
		shell->status = EXIT_GATEWAY;
		shell->leaving = true;
	}
	arena_free(arena);
}

static void run_pipeline(struct shell *shell, const char *line, struct pipeline *pipeline)
{
	bool was_warned = shell->warned;

	shell->refused.fresh = false;
	if (pipeline->count > 1)
		shell->status = job_start(shell, line, run_stages, pipeline);
	else if (!builtin_run(shell, &pipeline->stages[0]))
		shell->status = job_start(shell, line, run_words, &pipeline->stages[0]);
	if (shell->refused.fresh && shell->catalogue != NULL)
		why_suggest(shell);
	/* Asked again only after something else was done. */
	shell->warned = shell->warned && !was_warned;
}

static int split(const struct shell *shell, struct arena *arena, const char *line,
	struct pipeline *pipeline, struct line_error *error)
{
	int result;

	if (shell->catalogue->pipelines)
		return pipeline_split(arena, line, strlen(line), pipeline, error);
	result = line_split(arena, line, strlen(line), &pipeline->stages[0], error);
	pipeline->count = result == 0 && pipeline->stages[0].count > 0;
	return result;
}

/* False: there was no command in it. */
static bool run_line(struct shell *shell, struct editor *editor, const char *line)
{
	struct arena *arena = arena_new();
	struct pipeline *pipeline = arena_alloc(arena, sizeof(*pipeline));
	struct line_error error = {0};
	bool bad = split(shell, arena, line, pipeline, &error) < 0;

	/* A blank in front keeps a line out of the history, as in other shells. */
	if (line[0] != ' ' && (bad || pipeline->count > 0) &&
		!suggest_line_is_secretive(arena, shell->catalogue, line))
		editor_remember(editor, line);
	if (bad)
		refuse_line(shell, line, &error);
	else if (pipeline->count > 0)
		run_pipeline(shell, line, pipeline);
	bad = bad || pipeline->count > 0;
	arena_free(arena);
	return bad;
}

/* "9", "126 refused", "130 INT"; nothing to read where all is well. */
static const char *status_text(struct arena *arena, int status)
{
	const char *word = status == EXIT_REFUSED     ? "refused"
			   : status == EXIT_TIMED_OUT ? "timed out"
			   : status == EXIT_GATEWAY   ? "gateway"
			   : status > 128	      ? sigabbrev_np(status - 128)
						      : NULL;

	return word == NULL ? arena_printf(arena, "%d", status)
			    : arena_printf(arena, "%d %s", status, word);
}

/* "[9] user@host endpoint> ", in colours where they are seen. */
static const char *make_prompt(struct shell *shell, struct arena *arena)
{
	const char *text = status_text(arena, shell->status), *head = shell->prompt_head;
	size_t name = strcspn(head, " ");

	if (!tty_wants_colour(STDOUT_FILENO))
		return shell->status == 0 ? head : arena_printf(arena, "[%s] %s", text, head);
	head = arena_printf(arena, "%c\033[32m%c%.*s%c\033[0m%c%s", EDITOR_UNSEEN, EDITOR_UNSEEN,
		(int)name, head, EDITOR_UNSEEN, EDITOR_UNSEEN, head + name);
	return shell->status == 0 ? head
				  : arena_printf(arena, "%c\033[31m%c[%s]%c\033[0m%c %s",
					    EDITOR_UNSEEN, EDITOR_UNSEEN, text, EDITOR_UNSEEN,
					    EDITOR_UNSEEN, head);
}

static void read_and_run(struct shell *shell, struct editor *editor)
{
	struct arena *arena = arena_new();
	const char *line;

	switch (editor_read(editor, make_prompt(shell, arena), &line)) {
	case EDITOR_LINE:
		/* Whoever interrupts or stops one of several lines means them all. */
		if (run_line(shell, editor, line) &&
			(shell->status == 128 + SIGINT || shell->status == 128 + SIGTSTP))
			(void)editor_drop(editor);
		break;
	case EDITOR_INTERRUPTED:
		(void)editor_drop(editor);
		shell->status = 128 + SIGINT;
		break;
	case EDITOR_END:
		(void)run_line(shell, editor, " exit");
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
	arena_free(arena);
}

/* What the endpoint has to say, as text and nothing else (R32). */
static void greet(const struct shell *shell)
{
	struct arena *arena = arena_new();
	const char *motd = client_safe_text(arena, shell->catalogue->motd);
	size_t length = strlen(motd);

	if (length > 0)
		printf("%s%s", motd, motd[length - 1] == '\n' ? "" : "\n");
	puts("Type help for help, exit to leave.");
	arena_free(arena);
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
		greet(shell);
	while (editor != NULL && !shell->leaving)
		read_and_run(shell, editor);
	editor_close(editor);
	/* Without its session a stopped command is ended by the gateway. */
	if (shell->job.pid != 0)
		kill(-shell->job.pid, SIGKILL);
	shell_end_session(shell);
	free(shell->refused.line);
	arena_free(arena);
	return shell->status;
}
