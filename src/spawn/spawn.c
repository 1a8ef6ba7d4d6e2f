/* fork, the steps one by one in the child, execveat; and what the parent hears of it. */
#include "spawn/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/message.h"
#include "confine/filter.h"
#include "spawn/channel.h"
#include "spawn/steps.h"

static int step_exec(struct child *child)
{
	const struct spawn *spawn = child->spawn;

	return (int)syscall(SYS_execveat, child->program, "", spawn->argv, spawn->envp,
		AT_EMPTY_PATH, child->key);
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
	/* Before a view: it makes directories, and /proc may be read-only in it. */
	{ "umask", step_umask, holds_umask },
	{ "oom-score", step_oom_score, holds_oom_score },
	/* A view narrows what is there by then. */
	{ "transaction", step_transaction, holds_transaction },
	{ "view", step_view, holds_view },
	{ "descriptors", step_descriptors, holds_descriptors },
	{ "signals", step_signals, holds_signals },
	{ "scheduling", step_scheduling, holds_scheduling },
	{ "limits", step_limits, holds_limits },
	{ "personality", step_personality, holds_personality },
	{ "keyring", step_keyring, holds_keyring },
	{ "login-uid", step_login_uid, holds_login_uid },
	{ "groups", step_groups, holds_groups },
	{ "bounding-set", step_bounding_set, holds_bounding_set },
	{ "ids", step_ids, holds_ids },
	{ "dumpable", step_dumpable, holds_dumpable },
	{ "capabilities", step_capabilities, holds_capabilities },
	{ "no-new-privs", step_no_new_privs, holds_no_new_privs },
	{ "landlock", step_landlock, holds_landlock },
	{ "parent-death", step_parent_death, holds_parent_death },
	{ "directory", step_directory, holds_directory },
	{ "memory", step_memory, holds_memory },
	{ "gate", step_gate, holds_gate },
	{ "filter", step_filter, holds_filter },
	{ "exec", step_exec, holds_exec },
};

enum { STEP_COUNT = sizeof(steps) / sizeof(*steps) };

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
	(void)channel_send_report(child->report, &report);
	_exit(EXIT_GATEWAY);
}

static int check_arguments(const struct spawn *spawn)
{
	if ((spawn->extra != NULL && spawn->extra->file_count > SPAWN_FILES_MAX) ||
		spawn->argv == NULL || spawn->argv[0] == NULL || spawn->envp == NULL ||
		spawn->account == NULL || spawn->confinement == NULL ||
		spawn->support == NULL || (spawn->directory != NULL && *spawn->directory != '/'))
		errno = EINVAL;
	else if (spawn->program.image < 0 || spawn->streams[0] < 0 || spawn->streams[1] < 0 ||
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
		.program = spawn->program.image,
		.script = spawn->program.script,
		.report = report,
		.inputs = spawn->extra == NULL ? -1 : spawn->extra->inputs,
		.typed = spawn->extra == NULL ? -1 : spawn->extra->typed,
		.file_count = spawn->extra == NULL ? 0 : (int)spawn->extra->file_count,
		.filters = filter_is_needed(&spawn->confinement->restriction) ? filter_count_once()
									      : 0,
		.capabilities = privileges_kept(spawn),
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
	pid_t child;
	int outcome;

	if (check_arguments(spawn) < 0 || channel_open(&heard, &said) < 0)
		return fail(failure, "start", errno);
	child = start_child(spawn, said);
	if (child < 0)
		return fail(failure, "start", errno);
	fd_close(&said);
	outcome = channel_wait(heard, &report);
	if (outcome != 0)
		return fail_child(failure, child, outcome, &report);
	*pid = child;
	return 0;
}
