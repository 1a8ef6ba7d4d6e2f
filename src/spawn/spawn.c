/* fork, the steps one by one in the child, execveat; and what the parent hears of it. */
#include "spawn/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/message.h"
#include "spawn/steps.h"

enum { START_TIMEOUT = 10 * 1000 }; /* ms: a directory on a dead file server, for one */

static int step_exec(struct child *child)
{
	const struct spawn *spawn = child->spawn;

	return execveat(child->program, "", spawn->argv, spawn->envp, AT_EMPTY_PATH);
}

static bool holds_exec(const struct child *child)
{
	(void)child;
	return false; /* who can still ask was not replaced by the program */
}

static const struct step steps[] = {
	{ "session", step_session, holds_session },
	{ "terminal", step_terminal, holds_terminal },
	{ "cgroup", step_cgroup, holds_cgroup },
	{ "view", step_view, holds_view },
	{ "descriptors", step_descriptors, holds_descriptors },
	{ "signals", step_signals, holds_signals },
	{ "umask", step_umask, holds_umask },
	{ "scheduling", step_scheduling, holds_scheduling },
	{ "limits", step_limits, holds_limits },
	{ "oom-score", step_oom_score, holds_oom_score },
	{ "personality", step_personality, holds_personality },
	{ "keyring", step_keyring, holds_keyring },
	{ "login-uid", step_login_uid, holds_login_uid },
	{ "groups", step_groups, holds_groups },
	{ "bounding-set", step_bounding_set, holds_bounding_set },
	{ "ids", step_ids, holds_ids },
	{ "capabilities", step_capabilities, holds_capabilities },
	{ "no-new-privs", step_no_new_privs, holds_no_new_privs },
	{ "landlock", step_landlock, holds_landlock },
	{ "dumpable", step_dumpable, holds_dumpable },
	{ "parent-death", step_parent_death, holds_parent_death },
	{ "directory", step_directory, holds_directory },
	{ "filter", step_filter, holds_filter },
	{ "exec", step_exec, holds_exec },
};

enum { STEP_COUNT = sizeof(steps) / sizeof(*steps) };

struct report {
	int step; /* index */
	int error;
};

#ifdef FAULT_INJECTION
/* $ROLEGATE_TEST_FAULT: "NAME", the call fails; "NAME:lie", it is left out and said to be done. */
static bool fault(const struct step *step, int *result)
{
	const char *wanted = getenv("ROLEGATE_TEST_FAULT");
	size_t length = strlen(step->name);

	if (wanted == NULL || strncmp(wanted, step->name, length) != 0)
		return false;
	errno = EIO;
	*result = wanted[length] == '\0' ? -1 : 0;
	return wanted[length] == '\0' || strcmp(wanted + length, ":lie") == 0;
}
#endif

static int perform(const struct step *step, struct child *child)
{
#ifdef FAULT_INJECTION
	int result;

	if (fault(step, &result))
		return result;
#endif
	return step->set(child);
}

static _Noreturn void run_steps(struct child *child)
{
	struct report report = { .step = 0 };

	for (; report.step < STEP_COUNT; report.step++) {
		if (perform(&steps[report.step], child) < 0) {
			report.error = errno;
			break;
		}
		if (!steps[report.step].holds(child)) {
			report.error = 0;
			break;
		}
	}
	(void)fd_write_all(child->report, &report, sizeof(report));
	_exit(EXIT_GATEWAY);
}

/*
 * A script is handed to its interpreter as /dev/fd/3, so its descriptor must stay open; a program
 * must not see its own. A later swap of the path changes neither (R26).
 */
static bool is_script(int program)
{
	char start[2];

	return pread(program, start, sizeof(start), 0) == (ssize_t)sizeof(start) &&
		start[0] == '#' && start[1] == '!';
}

static int check_arguments(const struct spawn *spawn)
{
	if (spawn->argv == NULL || spawn->argv[0] == NULL || spawn->envp == NULL ||
		spawn->account == NULL || spawn->confinement == NULL || spawn->support == NULL || (spawn->directory != NULL && *spawn->directory != '/'))
		errno = EINVAL;
	else if (spawn->program < 0 || spawn->streams[0] < 0 || spawn->streams[1] < 0 ||
		spawn->streams[2] < 0)
		errno = EBADF;
	else
		return 0;
	return -1;
}

static pid_t start_child(const struct spawn *spawn, int report)
{
	struct child child = {
		.spawn = spawn,
		.parent = getpid(),
		.program = spawn->program,
		.report = report,
		.script = is_script(spawn->program),
	};
	sigset_t all, before;
	pid_t pid;
	int error;

	/* No handler of the gateway's may run in the child before it has put them away. */
	sigfillset(&all);
	if (sigprocmask(SIG_SETMASK, &all, &before) < 0)
		return -1;
	pid = cgroup_fork(spawn->cgroup);
	if (pid == 0)
		run_steps(&child);
	error = errno;
	(void)sigprocmask(SIG_SETMASK, &before, NULL);
	errno = error;
	return pid;
}

/* 0: executed, the pipe was closed; 1: a report; -1 and errno. */
static int wait_for_exec(int pipe, struct report *report)
{
	struct pollfd ready = { .fd = pipe, .events = POLLIN };
	ssize_t length;
	int count;

	do
		count = poll(&ready, 1, START_TIMEOUT);
	while (count < 0 && errno == EINTR);
	if (count == 0)
		errno = ETIMEDOUT;
	if (count <= 0)
		return -1;
	do
		length = read(pipe, report, sizeof(*report));
	while (length < 0 && errno == EINTR);
	if (length == 0 || length == (ssize_t)sizeof(*report))
		return length > 0;
	errno = EPROTO;
	return -1;
}

static void end_child(pid_t pid)
{
	kill(pid, SIGKILL); /* not yet waited for, so the number is still its own */
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

static int fail(struct spawn_failure *failure, const char *step, int error)
{
	failure->step = step;
	failure->error = error;
	return -1;
}

/* The child's own account of what went wrong, or ours; it is ended and reaped. */
static int fail_child(
	struct spawn_failure *failure, pid_t pid, int outcome, const struct report *report)
{
	int error = errno;

	end_child(pid);
	if (outcome > 0 && report->step >= 0 && report->step < STEP_COUNT)
		return fail(failure, steps[report->step].name, report->error);
	return fail(failure, "start", outcome > 0 ? EPROTO : error);
}

int spawn_start(const struct spawn *spawn, pid_t *pid, struct spawn_failure *failure)
{
	_cleanup_fd_ int heard = -1, said = -1;
	struct report report;
	int ends[2], outcome;
	pid_t child;

	if (check_arguments(spawn) < 0 || pipe2(ends, O_CLOEXEC) < 0)
		return fail(failure, "start", errno);
	heard = ends[0];
	said = ends[1];
	child = start_child(spawn, said);
	if (child < 0)
		return fail(failure, "start", errno);
	fd_close(&said);
	outcome = wait_for_exec(heard, &report);
	if (outcome != 0)
		return fail_child(failure, child, outcome, &report);
	*pid = child;
	return 0;
}
