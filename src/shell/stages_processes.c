/*
 * The processes of a pipeline: one of ours speaks for each command, in one group, so that the
 * terminal's signals reach all of them; this one waits for them.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/message.h"
#include "client/client.h"
#include "protocol/protocol.h"
#include "shell/staging.h"

enum {
	GRACE = 2000,	 /* ms that those that have begun get to end, when another was refused */
	PATIENCE = 5000, /* ms that the gateway gets for each that did not */
};

int staging_catch_signals(struct stages *stages)
{
	static const int numbers[] = {SIGCHLD, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGCONT};
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		sigaddset(&set, numbers[i]);
	sigprocmask(SIG_BLOCK, &set, &stages->before);
	stages->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (stages->signals < 0)
		message_error("can't watch for signals: %m");
	return stages->signals < 0 ? -1 : 0;
}

/* The streams are the pipes' ends, and nothing else of the others is held. */
static int take_streams(struct stages *stages, size_t i, int *socket)
{
	struct stage *stage = &stages->items[i];

	if ((stage->input >= 0 && dup2(stage->input, STDIN_FILENO) < 0) ||
		(stage->output >= 0 && dup2(stage->output, STDOUT_FILENO) < 0))
		return -1;
	*socket = fd_take(&stage->socket);
	staging_close_all(stages);
	staging_close_fd(&stages->signals);
	staging_close_fd(&stages->shell->socket);
	return 0;
}

static void name_messages(const struct stages *stages, size_t i)
{
	const struct shell *shell = stages->shell;

	message_set_name(shell->line_number == 0
				 ? arena_printf(stages->arena, "rolegate: stage %zu", i + 1)
				 : arena_printf(stages->arena, "rolegate: line %zu: stage %zu",
					   shell->line_number, i + 1));
}

static _Noreturn void be_stage(struct stages *stages, size_t i, int started, pid_t leader)
{
	const struct strings *words = stages->items[i].words;
	const struct client_options options = {.act_as = stages->shell->act_as,
		.pipeline = stages->label.text,
		.advice = shell_advice(words->items[0]),
		.refusal = &stages->report->refusal,
		.started = started,
		.alone = true,
		.lost = staging_lost(stages, i)};
	int socket = -1, status = EXIT_GATEWAY;

	/* Without its leader nobody would continue or end it. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0 || getppid() != leader)
		_exit(EXIT_GATEWAY);
	name_messages(stages, i);
	stages->report->stage = i;
	if (take_streams(stages, i, &socket) < 0)
		message_error("can't connect it to its pipe: %m");
	sigprocmask(SIG_SETMASK, &stages->before, NULL);
	if (socket >= 0)
		status = client_run(socket, &options, words->items, words->count);
	_exit(status);
}

static void signal_all(const struct stages *stages, int number)
{
	for (size_t i = 0; i < stages->count; i++)
		if (stages->items[i].pid != 0)
			kill(stages->items[i].pid, number);
}

static void look_after(struct stage *stage)
{
	int status;

	while (stage->pid != 0 &&
		waitpid(stage->pid, &status, WNOHANG | WUNTRACED | WCONTINUED) > 0) {
		stage->stopped = WIFSTOPPED(status);
		if (!WIFEXITED(status) && !WIFSIGNALED(status))
			continue;
		stage->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
		stage->killed = WIFSIGNALED(status);
		stage->pid = 0;
	}
}

static size_t living(const struct stages *stages, bool stopped)
{
	size_t count = 0;

	for (size_t i = 0; i < stages->count; i++)
		count += stages->items[i].pid != 0 && (stages->items[i].stopped || !stopped);
	return count;
}

/* The terminal has sent it to all of us; one that is stopped must go on to hear of it. */
static void take_signal(struct stages *stages, int number)
{
	if (number == SIGHUP || number == SIGTERM)
		signal_all(stages, number);
	if (number == SIGHUP || number == SIGTERM || number == SIGINT || number == SIGQUIT ||
		number == SIGCONT)
		signal_all(stages, SIGCONT);
}

/* Waits for something to happen to them, or for `fd`, for `timeout` ms. */
static void turn(struct stages *stages, int fd, int timeout)
{
	struct pollfd items[] = {
		{.fd = stages->signals, .events = POLLIN}, {.fd = fd, .events = POLLIN}};
	struct signalfd_siginfo info;

	if (poll(items, 2, timeout) < 0)
		return;
	while (read(stages->signals, &info, sizeof(info)) == sizeof(info))
		take_signal(stages, (int)info.ssi_signo);
	for (size_t i = 0; i < stages->count; i++)
		look_after(&stages->items[i]);
	/* Whoever was killed left the session in the middle of something. */
	if (stages->items[stages->count - 1].killed)
		stages->report->lost = true;
	/* As one job: what is above us sees it stopped once all of it is. */
	if (living(stages, true) > 0 && living(stages, true) == living(stages, false)) {
		(void)raise(SIGSTOP);
		signal_all(stages, SIGCONT);
		for (size_t i = 0; i < stages->count; i++)
			stages->items[i].stopped = false;
	}
}

/* 0 once its program runs; -1: it ended without. */
static int wait_for_start(struct stages *stages, struct stage *stage, int fd)
{
	char byte;
	ssize_t got;

	for (;;) {
		struct pollfd item = {.fd = fd, .events = POLLIN};

		if (poll(&item, 1, 0) > 0)
			break;
		turn(stages, fd, -1);
	}
	got = read(fd, &byte, 1);
	while (got != 1 && stage->pid != 0)
		turn(stages, -1, -1);
	return got == 1 ? 0 : -1;
}

static int start_stage(struct stages *stages, size_t i)
{
	struct stage *stage = &stages->items[i];
	pid_t leader = getpid();
	int ends[2], result;

	stage->status = EXIT_GATEWAY;
	if (pipe2(ends, O_CLOEXEC) < 0 || (stage->pid = fork()) < 0) {
		stage->pid = 0;
		message_error("can't start a process: %m");
		return -1;
	}
	stage->begun = true;
	if (stage->pid == 0) {
		close(ends[0]);
		be_stage(stages, i, ends[1], leader);
	}
	close(ends[1]);
	result = wait_for_start(stages, stage, ends[0]);
	close(ends[0]);
	return result;
}

/*
 * Who speaks for them is gone; the gateway ends what it runs and then the connection, which is ours
 * as well. Before that, a pipe's end would look like the end of data.
 */
static void wait_for_gateway(struct stages *stages)
{
	static char rest[PACKET_MAX];

	for (size_t i = 0; i < stages->count; i++) {
		struct pollfd item = {.fd = stages->items[i].socket, .events = POLLIN};

		if (!stages->items[i].begun || item.fd < 0 || shutdown(item.fd, SHUT_WR) < 0)
			continue;
		while (poll(&item, 1, PATIENCE) > 0 &&
			recv(item.fd, rest, sizeof(rest), MSG_DONTWAIT) > 0)
			continue;
	}
}

/* Those after it have had no data yet, and get none: the pipes stay open until they have ended. */
static void abandon(struct stages *stages, size_t refused)
{
	signal_all(stages, SIGTERM);
	for (int left = GRACE; left > 0 && living(stages, false) > 0; left -= 50)
		turn(stages, -1, 50);
	if (living(stages, false) > 0) {
		signal_all(stages, SIGKILL);
		while (living(stages, false) > 0)
			turn(stages, -1, -1);
		stages->report->lost = true;
		wait_for_gateway(stages);
	}
	if (refused + 1 < stages->count)
		message_error("stage %zu did not start; those after it were ended before any data",
			refused + 1);
}

int staging_start_all(struct stages *stages)
{
	for (size_t i = stages->count; i-- > 0;) {
		if (start_stage(stages, i) == 0)
			continue;
		abandon(stages, i);
		return stages->items[i].status == 0 ? EXIT_GATEWAY : stages->items[i].status;
	}
	return 0;
}

void staging_wait(struct stages *stages)
{
	while (living(stages, false) > 0)
		turn(stages, -1, -1);
}
