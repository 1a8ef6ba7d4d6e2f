#include "gateway/listener.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/message.h"
#include "confine/filter.h"
#include "gateway/activation.h"
#include "gateway/clock.h"
#include "gateway/drive.h"
#include "gateway/orders.h"
#include "gateway/privileges.h"
#include "spawn/account.h"
#include "spawn/pam.h"

enum { STOP_GRACE = 10 * 1000 /* ms that sessions have to end their runs */ };

/* Parsing nsswitch.conf and loading its modules is done once, here. */
static void preload_names(void)
{
	struct arena *arena = arena_new();
	struct strings groups = { .count = 0 };
	struct account account;
	const char *complaint = NULL;

	if (account_by_uid(arena, 0, &account, &complaint) != 0 ||
		account_group_names(arena, &account, &groups, &complaint) != 0)
		message_warning("account database: %s", complaint);
	arena_free(arena);
}

static int open_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, ORDER_SIGNAL); /* so that a session is born with it blocked */
	signal(SIGPIPE, SIG_IGN);
	if (sigprocmask(SIG_SETMASK, &set, NULL) != 0)
		return -1;
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* Nobody but root has been listened to yet: sessions and rolegatectl come after it. */
static int give_up_capabilities(struct listener *listener)
{
	static struct arena *arena; /* as long as the process */
	const struct policy *policy = listener->current.policy;
	const char *complaint;
	uint64_t listed = 0;

	for (size_t i = 0; i < policy->profile_count; i++)
		if (policy->profiles[i].restriction.has[RESTRICT_CAPABILITIES])
			listed |= policy->profiles[i].restriction.capabilities;
	arena = arena_new();
	complaint = privileges_trim(arena, listed);
	if (complaint != NULL) {
		message_error("%s", complaint);
		return -1;
	}
	listener->capabilities = privileges_held(arena);
	listener->support.capabilities = privileges_permitted();
	return 0;
}

int listener_open(struct listener *listener)
{
	listener->started = clock_now();
	listener->stop_deadline = CLOCK_NEVER;
	for (size_t i = 0; i < CONTROL_MAX; i++)
		listener->control[i].fd = -1;
	listener->signals = open_signals();
	if (listener->signals < 0 || sessions_open(&listener->sessions) != 0 ||
		refusals_open(&listener->refusals) != 0) {
		message_error("can't start: %m");
		return -1;
	}
	if (sockets_open_directory(&listener->sockets) != 0 && !listener->sockets.activated)
		return -1;
	if (reload_first(listener) != 0)
		return -1;
	if (give_up_capabilities(listener) != 0)
		return -1;
	preload_names();
	(void)filter_count_once(); /* so that no session has to ask */
	if (listener->sockets.count == 0) {
		message_error("no endpoint has a socket");
		return -1;
	}
	if (spare_start(listener) != 0)
		message_warning("no session could be started ahead: %m");
	return 0;
}

void listener_forget(struct listener *listener)
{
	sockets_close(&listener->sockets, false);
	fd_close(&listener->signals);
	spare_drop(listener);
	for (size_t i = 0; i < CONTROL_MAX; i++)
		fd_close(&listener->control[i].fd);
}

static void reap(struct listener *listener)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid == listener->loader.pid)
			reload_finish(listener, status);
		else if (pid == listener->spare.pid)
			spare_drop(listener);
		else if (pid == listener->keep)
			drive_kept(listener, status);
		else
			accept_ended(listener, pid, status);
	}
}

static void stop(struct listener *listener)
{
	if (listener->stop_deadline != CLOCK_NEVER)
		return;
	activation_notify("STOPPING=1");
	message_info("ending, with %zu sessions", listener->sessions.count);
	listener->stop_deadline = clock_now() + STOP_GRACE;
	sockets_close(&listener->sockets, true);
	spare_drop(listener);
	sessions_signal(&listener->sessions, SIGTERM);
}

static void load_by_signal(struct listener *listener, const struct signalfd_siginfo *signal)
{
	const struct asker asker = { .by = "signal",
		.peer = { .uid = signal->ssi_uid,
			.pid = (pid_t)signal->ssi_pid,
			.login_uid = (uid_t)-1,
			.audit_session = (unsigned)-1,
			.pidfd = -1 } };

	reload_start(listener, &asker);
}

static void take_signals(struct listener *listener)
{
	struct signalfd_siginfo signal;

	while (read(listener->signals, &signal, sizeof(signal)) == sizeof(signal)) {
		if (signal.ssi_signo == SIGHUP)
			load_by_signal(listener, &signal);
		else if (signal.ssi_signo == SIGTERM || signal.ssi_signo == SIGINT)
			stop(listener);
	}
	reap(listener);
}

static int next_timeout(struct listener *listener)
{
	int64_t deadline = control_expire(listener);

	deadline = clock_earlier(deadline, listener->refusals.deadline);
	deadline = clock_earlier(deadline, listener->keep_due);
	return clock_timeout(clock_earlier(deadline, listener->stop_deadline));
}

/* The order of the entries: signals, refusals, control socket, its connections, endpoints. */
static void turn(struct listener *listener)
{
	enum { SIGNALS, REFUSALS, CONTROL, FIRST_CONTROL, FIRST = FIRST_CONTROL + CONTROL_MAX };
	struct sockets *sockets = &listener->sockets;
	struct pollfd fds[FIRST + SOCKETS_MAX];
	size_t count = sockets->count;
	int timeout = next_timeout(listener), ready;

	fds[SIGNALS] = (struct pollfd){ .fd = listener->signals, .events = POLLIN };
	fds[REFUSALS] = (struct pollfd){ .fd = listener->refusals.event, .events = POLLIN };
	fds[CONTROL] = (struct pollfd){
		.fd = control_has_room(listener) ? sockets->control : -1, .events = POLLIN };
	for (size_t i = 0; i < CONTROL_MAX; i++)
		fds[FIRST_CONTROL + i] =
			(struct pollfd){ .fd = listener->control[i].fd, .events = POLLIN };
	for (size_t i = 0; i < count; i++)
		fds[FIRST + i] = (struct pollfd){ .fd = sockets->items[i].fd, .events = POLLIN };
	ready = poll(fds, FIRST + count, timeout);

	accept_refusals(listener, false);
	drive_keep(listener);
	if (ready <= 0)
		return;
	/* Last, since a new configuration changes the sockets. */
	for (size_t i = 0; i < count; i++)
		if (fds[FIRST + i].revents != 0)
			accept_sessions(listener, &sockets->items[i]);
	for (size_t i = 0; i < CONTROL_MAX; i++)
		if (fds[FIRST_CONTROL + i].revents != 0)
			control_serve(listener, &listener->control[i]);
	if (fds[CONTROL].revents != 0)
		control_accept(listener);
	if (fds[SIGNALS].revents != 0)
		take_signals(listener);
}

static bool is_over(const struct listener *listener)
{
	return listener->stop_deadline != CLOCK_NEVER && (listener->sessions.count == 0 ||
		clock_now() >= listener->stop_deadline);
}

void listener_run(struct listener *listener)
{
	activation_notify("READY=1");
	while (!is_over(listener))
		turn(listener);
	if (listener->sessions.count > 0)
		message_warning("%zu sessions did not end, and are killed",
			listener->sessions.count);
	sessions_signal(&listener->sessions, SIGKILL);
	accept_refusals(listener, true);
}
