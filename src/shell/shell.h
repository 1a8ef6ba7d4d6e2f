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
#include "client/client.h"
#include "policy/line.h"
#include "shell/catalogue.h"
#include "shell/pipeline.h"

/* What a job tells whoever started it. */
struct job_report {
	bool lost;		       /* the session can't be used after it */
	bool busy;		       /* while it runs, it uses the session */
	struct client_refusal refusal; /* of it; code "": none */
	size_t stage;		       /* of a pipeline, that was refused; from 0 */
};

/* A command of the prompt, in a process group of its own. There is one session, so one at a time.
 */
struct job {
	pid_t pid;		   /* 0: none */
	struct job_report *report; /* shared with it */
	char *line;		   /* malloc'd: what was typed */
};

/* What `why` is about. */
struct refused {
	struct client_refusal refusal; /* code "": none yet */
	char *line;		       /* malloc'd: what was typed */
	bool fresh;		       /* it came since the last command began */
	size_t stage;
};

struct shell {
	const char *endpoint; /* as asked for; NULL: the default */
	const char *act_as;   /* whose roles are used; NULL: the operator's own */
	int socket;	      /* -1: no session */
	int status;	      /* of the last command */
	bool leaving;
	bool stop_on_failure; /* lines of standard input end with the first that fails */
	size_t line_number;   /* of standard input, from 1; 0: it is none of its lines */
	/* For the prompt. */
	struct arena *arena; /* of the session */
	struct catalogue *catalogue;
	const char *prompt_head; /* "user@host endpoint> " */
	pid_t group;
	struct termios modes; /* of the terminal, between commands */
	sigset_t signals;     /* the mask that we were started with */
	struct job job;
	struct refused refused;
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
 * the refusal is on record. `piped`: of a pipeline, of which it knows nothing: in our words.
 */
void shell_refuse_line(struct shell *shell, const char *line, size_t length,
	const struct line_error *error, bool piped);
/* A sentence for those who expect more than a gateway (file transfer, a shell), or NULL. */
const char *shell_advice(const char *word);

/* job.c. In memory that processes share; never NULL. */
struct job_report *job_new_report(void);
void job_free_report(struct job_report *report);
/* The status, 128 + SIGTSTP if it was stopped. `work` runs in the child. */
int job_start(struct shell *shell, const char *line,
	int (*work)(struct shell *, struct job_report *, void *), void *context);
int job_resume(struct shell *shell);
/* A job that is stopped is asked to end, or, by force, loses its session (the gateway ends it). */
int job_end(struct shell *shell, bool by_force);

/*
 * stages.c: the commands of a pipeline, each in a session of its own, connected by pipes. All are
 * asked about before one is started, and the last is started first, so that one that is refused
 * leaves nothing that has had data. The status of the last one; 126 or 125 if one was refused or
 * could not be started. Says so, and what the others ended with where that is worth a word. The last
 * one uses shell->socket, unless report->lost says that it can't be used any more. `report` is
 * job_new_report()'s.
 */
int stages_run(struct shell *shell, const struct pipeline *pipeline, struct job_report *report);

/* builtin.c. True if the words were one, which has been done. */
bool builtin_run(struct shell *shell, const struct strings *words);
/* For complete.h; the last one has no name. */
const struct builtin_word *builtin_words(void);

/* help.c */
int help_overview(struct shell *shell);
int help_command(struct shell *shell, const struct strings *words);
/* commands.c: lists what may be run; of what begins with `word`, unless that is NULL. */
int commands_list(struct shell *shell, const char *word);
/*
 * Outside the prompt: "help", "help COMMAND" and "commands [WORD]", with *status, where the roles
 * grant no command of that name. False: the words are for the gateway.
 */
bool help_line(struct shell *shell, const struct strings *words, int *status);

/* why.c: the last refusal, in plain words. */
int why_explain(struct shell *shell);
/* Keeps one for it. */
void why_remember(struct shell *shell, const struct client_refusal *refusal, const char *line,
	size_t length, size_t stage);
/* After a refusal, what could have been meant, if that is near. */
void why_suggest(struct shell *shell);

#endif
