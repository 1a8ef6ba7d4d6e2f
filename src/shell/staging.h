/* One pipeline while it lasts: what stages.c and stages_processes.c share. */
#ifndef ROLEGATE_SHELL_STAGING_H
#define ROLEGATE_SHELL_STAGING_H

#include "base/request_id.h"
#include "shell/shell.h"

struct stage {
	const struct strings *words;
	int socket, input, output; /* pipe ends; -1: none, or not ours any more */
	pid_t pid;		   /* 0: not started, or ended */
	bool begun;		   /* it may have asked the gateway to run something */
	bool stopped;
	bool killed; /* by a signal, before it could end its request */
	int status;
};

struct stages {
	struct shell *shell;
	struct job_report *report;
	struct arena *arena;
	struct stage items[PIPELINE_STAGES_MAX];
	size_t count;
	struct request_id label; /* by which the records of all stages are found together */
	int signals;		 /* signalfd */
	sigset_t before;
};

/* The end of a pipe, or a session, if it is there. */
void staging_close_fd(int *fd);
void staging_close_all(struct stages *stages);
/* Where to say that the session can't be used any more: it is the prompt's for the last one alone.
 */
bool *staging_lost(struct stages *stages, size_t i);

/* stages_processes.c. 0, or -1 with the reason on stderr. */
int staging_catch_signals(struct stages *stages);
/*
 * The last first: it waits for what is to come, while the others may still be refused. 0 once all
 * programs run; else the status of the one that did not start, and those after it have ended.
 */
int staging_start_all(struct stages *stages);
/* Until all have ended; their statuses are in the stages. */
void staging_wait(struct stages *stages);

#endif
