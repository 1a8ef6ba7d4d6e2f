#include "trial/run.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"

enum { SAMPLE_INTERVAL = 20 /* ms between two looks at what is in use */ };

static uint64_t cpu_seconds(void)
{
	struct rusage usage = {0};

	(void)getrusage(RUSAGE_CHILDREN, &usage);
	return (uint64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + 1;
}

/* A trial has no job control: what stops goes on. */
static int wait_for_program(pid_t pid)
{
	int status = 0;

	for (;;) {
		pid_t ended = waitpid(pid, &status, WUNTRACED);

		if (ended < 0 && errno == EINTR)
			continue;
		if (ended != pid || !WIFSTOPPED(status))
			return status;
		(void)kill(-pid, SIGCONT);
	}
}

static void take_terminal_back(int terminal)
{
	sigset_t stop;

	if (terminal < 0)
		return;
	sigemptyset(&stop);
	sigaddset(&stop, SIGTTOU);
	(void)sigprocmask(SIG_BLOCK, &stop, NULL);
	(void)tcsetpgrp(terminal, getpgrp());
}

static void start_and_wait(const struct spawn *spawn, struct trial_end *end)
{
	pid_t pid;

	if (spawn_become_reaper() < 0) {
		end->failure = (struct spawn_failure){.step = "reaper", .error = errno};
		return;
	}
	if (spawn_start(spawn, &pid, &end->failure) < 0) {
		take_terminal_back(spawn->terminal);
		return;
	}
	end->failure.step = NULL;
	end->status = wait_for_program(pid);
	(void)spawn_kill_descendants(0);
	end->cpu_seconds = cpu_seconds();
	take_terminal_back(spawn->terminal);
}

/* The process between. It is observed too, which is why it can't be the one that watches. */
static _Noreturn void be_starter(
	const struct spawn *spawn, const int *numbers, size_t count, int socket)
{
	struct trial_end end = {.failure = {.step = "observation"}};
	int listener;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	listener = notify_install(numbers, count);
	if (listener < 0 || notify_send_listener(socket, listener) < 0) {
		end.failure.error = errno;
	} else {
		close(listener);
		start_and_wait(spawn, &end);
	}
	_exit(send(socket, &end, sizeof(end), MSG_NOSIGNAL) == (ssize_t)sizeof(end) ? EXIT_SUCCESS
										    : EXIT_FAILURE);
}

/* 1: it is over; 0: not yet; -1 and errno. The starter's own end waits for an answer too. */
static int look(struct watch *watch, int socket, struct trial_end *end, bool *told)
{
	struct pollfd ready[] = {
		{.fd = socket, .events = POLLIN}, {.fd = watch->listener, .events = POLLIN}};
	int count = poll(ready, 2, SAMPLE_INTERVAL);
	ssize_t length;

	if (count < 0)
		return errno == EINTR ? 0 : -1;
	if (count == 0) {
		watch_measure(watch);
		watch_tidy(watch);
	}
	if ((ready[1].revents & POLLIN) != 0)
		return watch_answer(watch);
	if (ready[0].revents == 0)
		return 0;
	length = recv(socket, end, sizeof(*end), 0);
	if (length == 0 && *told)
		return 1;
	*told = length == (ssize_t)sizeof(*end);
	if (*told)
		return 0;
	errno = length < 0 ? errno : EPROTO;
	return -1;
}

static int observe(struct watch *watch, int socket, struct trial_end *end)
{
	bool told = false;
	int result = 0;

	while (result == 0)
		result = look(watch, socket, end, &told);
	return result < 0 ? -1 : 0;
}

static int watch_starter(struct watch *watch, int socket, struct trial_end *end)
{
	_cleanup_fd_ int listener = notify_take_listener(socket);

	if (listener < 0) /* it says why instead */
		return recv(socket, end, sizeof(*end), MSG_DONTWAIT) == (ssize_t)sizeof(*end) ? 0
											      : -1;
	watch->listener = listener;
	if (observe(watch, socket, end) < 0)
		return -1;
	watch->seen->peaks.cpu_seconds = end->cpu_seconds;
	watch_finish(watch);
	return 0;
}

int trial_run(struct watch *watch, const struct spawn *spawn, const struct strings *denied,
	struct trial_end *end)
{
	_cleanup_fd_ int ours = -1, theirs = -1;
	int sockets[2], result, error;
	size_t count;
	int *numbers = watch_numbers(watch, denied, &count);

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) < 0)
		return -1;
	ours = sockets[0];
	theirs = sockets[1];
	watch->starter = fork();
	if (watch->starter < 0)
		return -1;
	if (watch->starter == 0)
		be_starter(spawn, numbers, count, theirs);
	fd_close(&theirs);
	result = watch_starter(watch, ours, end);
	error = errno;
	if (result < 0)
		(void)kill(watch->starter, SIGKILL);
	while (waitpid(watch->starter, NULL, 0) < 0 && errno == EINTR)
		;
	errno = error;
	return result;
}
