/*
 * A command of the prompt as a job of its own, so that ^Z works as in any shell: a child of ours
 * speaks for it on the session's socket, in a process group that gets the terminal.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/message.h"
#include "base/text.h"
#include "shell/shell.h"

enum { STOPPING = 200 /* ms in which a gateway that stops has ended the session as well */ };

struct job_report *job_new_report(void)
{
	void *page = mmap(NULL, sizeof(struct job_report), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED)
		message_die(EXIT_GATEWAY, "out of memory");
	return page;
}

void job_free_report(struct job_report *report)
{
	munmap(report, sizeof(*report));
}

static void forget(struct job *job)
{
	job_free_report(job->report);
	free(job->line);
	*job = (struct job){0};
}

static _Noreturn void be_job(
	struct shell *shell, int (*work)(struct shell *, struct job_report *, void *), void *context)
{
	static const int changed[] = {
		SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGTTIN, SIGTTOU, SIGWINCH};
	int status;

	setpgid(0, 0);
	/* While SIGTTOU is still ignored, as ours: we are in the background until this is done. */
	tcsetpgrp(STDIN_FILENO, getpid());
	for (size_t i = 0; i < sizeof(changed) / sizeof(changed[0]); i++)
		signal(changed[i], SIG_DFL);
	sigprocmask(SIG_SETMASK, &shell->signals, NULL);
	status = work(shell, shell->job.report, context);
	shell->job.report->busy = false;
	fflush(NULL);
	_exit(status);
}

static void take_terminal_back(struct shell *shell)
{
	tcsetpgrp(STDIN_FILENO, shell->group);
	tcsetattr(STDIN_FILENO, TCSADRAIN, &shell->modes);
}

/* The person or the system wants us gone: so must the command be. */
static void pass_hangup(struct shell *shell)
{
	kill(-shell->job.pid, SIGHUP);
	kill(-shell->job.pid, SIGCONT);
	shell->leaving = true;
}

static int wait_for_change(struct shell *shell)
{
	int status = 0;
	sigset_t awaited;

	sigemptyset(&awaited);
	sigaddset(&awaited, SIGCHLD);
	sigaddset(&awaited, SIGHUP);
	sigaddset(&awaited, SIGTERM);
	while (waitpid(shell->job.pid, &status, WNOHANG | WUNTRACED) == 0) {
		int number = sigwaitinfo(&awaited, NULL);

		if (number == SIGHUP || number == SIGTERM)
			pass_hangup(shell);
	}
	return status;
}

/*
 * A gateway that stops ends the command first, and the session at once after it: without a word of
 * this, the person would be shown a prompt that takes nothing any more.
 */
static bool gateway_stopped(const struct shell *shell, int status)
{
	struct pollfd item = {.fd = shell->socket, .events = POLLIN};
	char byte;

	if (status != 128 + SIGTERM && status != 128 + SIGKILL && status != 128 + SIGHUP)
		return false;
	return shell->socket >= 0 && poll(&item, 1, STOPPING) > 0 &&
	       recv(shell->socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

static int end_of_job(struct shell *shell, int status)
{
	const struct job_report *report = shell->job.report;
	/* Whoever killed it left a session in the middle of something. */
	const bool lost = report->lost || report->busy;
	int begun;

	status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	if (report->refusal.code[0] != '\0')
		why_remember(shell, &report->refusal, shell->job.line, strlen(shell->job.line),
			report->stage);
	forget(&shell->job);
	/* The terminal has shown ^C where the prompt would begin. */
	if (status == 128 + SIGINT)
		fputc('\n', stderr);
	if (!lost && gateway_stopped(shell, status)) {
		message_error("the gateway closed the session");
		shell->leaving = true;
		status = EXIT_GATEWAY;
	}
	if (!lost)
		return status;
	shell_end_session(shell);
	/* It has said that the gateway is gone. Otherwise it was interrupted, and we begin anew. */
	begun = status == EXIT_GATEWAY ? EXIT_GATEWAY : shell_begin_session(shell);
	shell->leaving = shell->leaving || begun != 0;
	return begun != 0 ? begun : status;
}

static int wait_for_job(struct shell *shell)
{
	int status = wait_for_change(shell);
	struct arena *arena;

	take_terminal_back(shell);
	if (!WIFSTOPPED(status))
		return end_of_job(shell, status);
	arena = arena_new();
	fprintf(stderr, "\nStopped: %s\nfg resumes it, kill ends it.\n",
		text_escape(arena, shell->job.line, strlen(shell->job.line)));
	arena_free(arena);
	return 128 + SIGTSTP;
}

int job_start(struct shell *shell, const char *line,
	int (*work)(struct shell *, struct job_report *, void *), void *context)
{
	struct job *job = &shell->job;

	if (job->pid != 0) {
		message_error("a stopped command keeps the session: fg resumes it, kill ends it");
		return EXIT_GATEWAY;
	}
	*job = (struct job){.report = job_new_report(), .line = strdup(line)};
	if (job->line == NULL)
		message_die(EXIT_GATEWAY, "out of memory");
	job->report->busy = true;
	fflush(stdout);
	job->pid = fork();
	if (job->pid == 0)
		be_job(shell, work, context);
	if (job->pid < 0) {
		message_error("can't start a process: %m");
		forget(job);
		return EXIT_GATEWAY;
	}
	setpgid(job->pid, job->pid);
	tcsetpgrp(STDIN_FILENO, job->pid);
	return wait_for_job(shell);
}

static int none_stopped(void)
{
	message_error("no command is stopped");
	return EXIT_FAILURE;
}

int job_resume(struct shell *shell)
{
	struct arena *arena;

	if (shell->job.pid == 0)
		return none_stopped();
	arena = arena_new();
	fprintf(stderr, "%s\n", text_escape(arena, shell->job.line, strlen(shell->job.line)));
	arena_free(arena);
	tcsetpgrp(STDIN_FILENO, shell->job.pid);
	kill(-shell->job.pid, SIGCONT);
	return wait_for_job(shell);
}

int job_end(struct shell *shell, bool by_force)
{
	if (shell->job.pid == 0)
		return none_stopped();
	kill(-shell->job.pid, by_force ? SIGKILL : SIGTERM);
	return job_resume(shell);
}
