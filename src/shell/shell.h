/* The operator's shell: what its files share. Unprivileged; it never starts a program itself. */
#ifndef ROLEGATE_SHELL_H
#define ROLEGATE_SHELL_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <termios.h>

#include "base/arena.h"
#include "base/strings.h"
#include "policy/line.h"
#include "shell/catalogue.h"

/* A command of the prompt, in a process group of its own. There is one session, so one at a time.
 */
struct job {
	pid_t pid;  /* 0: none */
	bool *lost; /* shared with it: the session can't be used after it */
	char *line; /* malloc'd: what was typed */
};

struct shell {
	const char *endpoint; /* as asked for; NULL: the default */
	const char *act_as;   /* whose roles are used; NULL: the operator's own */
	int socket;	      /* -1: no session */
	int status;	      /* of the last command */
	bool leaving;
	/* For the prompt. */
	struct arena *arena; /* of the session */
	struct catalogue *catalogue;
	const char *prompt_head; /* "user@host endpoint> " */
	pid_t group;
	struct termios modes; /* of the terminal, between commands */
	sigset_t signals;     /* the mask that we were started with */
	struct job job;
	bool warned; /* that leaving ends a stopped command */
};

/* One line without a prompt, in this process. The exit status. */
int shell_run_line(struct shell *shell, const char *line, size_t length);
/* Lines from standard input, until it ends. */
int shell_run_lines(struct shell *shell);
/* The prompt, until the person leaves. */
int shell_prompt(struct shell *shell);

/* Connects, unless there is a session. 0, or -1 with the reason on stderr. */
int shell_connect(struct shell *shell);
/* The session again after it was lost, with what may be run now. 0, or an exit status. */
int shell_begin_session(struct shell *shell);
void shell_end_session(struct shell *shell);
/*
 * The gateway says something between two commands: a notice is shown, a newer configuration is
 * begun with. False: the session is over.
 */
bool shell_hear(struct shell *shell);

/*
 * Says why the grammar refuses a line, on a terminal the place too; the gateway is told, so that
 * the refusal is on record.
 */
void shell_refuse_line(
	struct shell *shell, const char *line, size_t length, const struct line_error *error);
/* A sentence for those who expect more than a gateway (file transfer, a shell), or NULL. */
const char *shell_advice(const char *word);

/* job.c. The status, 128 + SIGTSTP if it was stopped. `work` runs in the child. */
int job_start(struct shell *shell, const char *line,
	int (*work)(struct shell *, bool *lost, void *), void *context);
int job_resume(struct shell *shell);
/* A job that is stopped is asked to end, or, by force, loses its session (the gateway ends it). */
int job_end(struct shell *shell, bool by_force);

/* builtin.c. True if the words were one, which has been done. */
bool builtin_run(struct shell *shell, const struct strings *words);
/* The name of each, NULL-terminated. */
const char *const *builtin_names(void);

/* help.c */
int help_overview(struct shell *shell);
int help_command(struct shell *shell, const struct strings *words);
int help_commands(struct shell *shell);
/*
 * Outside the prompt: "help", "help COMMAND" and "commands", with *status, where the roles grant no
 * command of that name. False: the words are for the gateway.
 */
bool help_line(struct shell *shell, const struct strings *words, int *status);

#endif
