#include "gateway/session.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/message.h"
#include "confine/cgroup.h"
#include "function/inputs.h"
#include "gateway/clock.h"
#include "gateway/handoff.h"
#include "gateway/orders.h"
#include "gateway/report.h"
#include "gateway/verbs.h"
#include "gateway/watchdog.h"
#include "spawn/pam.h"
#include "spawn/spawn.h"

enum { SEND_TIMEOUT = 30 * 1000 /* ms that a client may take to read one packet */ };

void session_hang_up(int socket)
{
	char byte;

	/* Closing over an unread packet would make the peer's next read an error, not our answer. */
	shutdown(socket, SHUT_RDWR);
	while (recv(socket, &byte, sizeof(byte), MSG_DONTWAIT) > 0)
		continue;
	close(socket);
}

static int session_end(struct session *session, enum session_over over)
{
	if (session->over == SESSION_OPEN)
		session->over = over;
	return -1;
}

int session_take(struct session *session)
{
	int got = packet_receive(session->socket, session->buffer, &session->packet);

	if (got < 0 && errno == EAGAIN)
		return 0;
	if (got < 0)
		return session_end(session, errno == EPROTO ? SESSION_PROTOCOL : SESSION_GONE);
	if (got == 0)
		return session_end(session, SESSION_GONE);
	if (session->relay == NULL) /* else it counts for what it says */
		limits_active(session);
	if (verb_dispatch(session) != 0)
		return session_end(session, SESSION_PROTOCOL);
	return session->over == SESSION_OPEN ? 0 : -1;
}

bool session_is_outdated(const struct session *session)
{
	return session->loads != NULL && *session->loads != session->loaded;
}

bool session_is_heard(const struct session *session)
{
	switch (session->over) {
	case SESSION_OPEN:
	case SESSION_LATE:
	case SESSION_LIMIT:
	case SESSION_TERMINATED:
		return true;
	default:
		return false;
	}
}

bool session_told_to_stop(struct session *session)
{
	struct signalfd_siginfo signal;

	while (read(session->signals, &signal, sizeof(signal)) == sizeof(signal))
		if (signal.ssi_signo == SIGTERM)
			return true;
	return false;
}

int session_receive(struct session *session, int64_t deadline)
{
	struct pollfd fds[] = { { .fd = session->socket, .events = POLLIN },
		{ .fd = session->signals, .events = POLLIN },
		{ .fd = session->peer.pidfd, .events = POLLIN } };

	for (;;) {
		int ready;

		limits_check(session, true);
		if (limits_renew(session) || session->over != SESSION_OPEN)
			return -1;
		ready = poll(fds, 3, clock_timeout(limits_deadline(session, deadline, true)));
		if (ready < 0 && errno != EINTR)
			return session_end(session, SESSION_GONE);
		if (ready == 0 && deadline != CLOCK_NEVER && clock_now() >= deadline)
			return session_end(session, SESSION_LATE);
		if (ready > 0 && fds[1].revents != 0 && session_told_to_stop(session))
			return session_end(session, SESSION_STOP);
		if (ready > 0 && fds[0].revents != 0)
			return session_take(session);
		if (ready > 0 && fds[2].revents != 0)
			return session_end(session, SESSION_GONE);
	}
}

int session_send(struct session *session)
{
	int64_t deadline = clock_now() + SEND_TIMEOUT;
	struct pollfd fd = { .fd = session->socket, .events = POLLOUT };

	while (packet_send(session->socket, &session->writer, NULL, 0) != 0) {
		if (errno != EAGAIN || (fd.revents & (POLLHUP | POLLERR)) != 0)
			return session_end(session, SESSION_GONE);
		if (poll(&fd, 1, clock_timeout(deadline)) == 0)
			return session_end(session, SESSION_GONE);
	}
	return 0;
}

static int open_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, ORDER_SIGNAL);
	if (sigprocmask(SIG_SETMASK, &set, NULL) != 0)
		return -1;
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void nothing(int number)
{
	(void)number;
}

/*
 * What a terminal that it leads may send it, and an order that comes while modules have their
 * time. Not ignored: helpers of PAM modules would inherit it.
 */
static void shrug_off_signals(void)
{
	static const int signals[] = { SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU, SIGPIPE,
		ORDER_SIGNAL };
	const struct sigaction action = { .sa_handler = nothing, .sa_flags = SA_RESTART };

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaction(signals[i], &action, NULL);
}

/*
 * A session of its own in the sense of setsid(2) too: it is to be the leader of the terminals that
 * its runs get, and a hang-up of one of those is not its own end.
 */
static void session_open(struct session *session, const struct session_start *start)
{
	memset(session, 0, sizeof(*session));
	session->policy = start->policy;
	session->directory = start->directory;
	session->loads = start->loads;
	session->loaded = start->loaded;
	session->recorder = start->recorder;
	session->refusals = start->refusals;
	session->has_login_uid = start->has_login_uid;
	session->support = start->support;
	session->peer.pidfd = -1;
	session->state = SESSION_FIRST;
	session->arena = arena_new();
	session->buffer = arena_alloc(session->arena, PACKET_MAX);
	packet_start(session->arena, &session->writer, PACKET_ANSWER);
	shrug_off_signals();
	session->signals = open_signals();
	if (session->signals < 0 || setsid() < 0 || spawn_become_reaper() != 0)
		message_die(SESSION_EXIT_SETUP, "a session can't be set up: %m");
	if (cgroup_enter_session(session->support) != 0)
		message_warning("a session has no control group: %m");
	if (session->recorder == NULL || record_reopen(session->recorder) != 0)
		message_warning("a session has no way to write records");
}

/* Name services, PAM and the JSON library write to their memory, and the first write to a page copies it. */
static void warm_up(void)
{
	struct arena *arena = arena_new();
	struct strings names = { .count = 0 };
	const char *complaint;
	struct account root;

	if (account_by_uid(arena, 0, &root, &complaint) == 0)
		(void)account_group_names(arena, &root, &names, &complaint);
	arena_free(arena);
	inputs_prepare();
	(void)pam_preload();
}

static unsigned service_timeout(const struct session *session)
{
	return session->endpoint == NULL ? WATCHDOG_SECONDS
					 : session->endpoint->limits.service_timeout;
}

static void wait_for_connection(struct session *session, const struct session_start *start)
{
	struct handoff handoff;

	session->socket = handoff_receive(start->channel, &handoff);
	close(start->channel);
	if (session->socket < 0 || handoff.slot >= SESSION_SLOTS)
		_exit(SESSION_EXIT_OK);
	session->accepted = handoff.accepted;
	session->endpoint = policy_endpoint(session->policy, handoff.endpoint);
	session->note = &start->notes[handoff.slot];
	session->order = &start->orders[handoff.slot];
	memcpy(session->id, handoff.session, sizeof(session->id));
	session->limits.active = session->note->active = session->accepted;
	if (watchdog_open(session->socket, service_timeout(session)) != 0)
		message_die(SESSION_EXIT_SETUP, "a session can't be set up: %m");
	if (session->recorder != NULL)
		record_prepare(session->recorder);
}

static const char *over_text(const struct session *session)
{
	switch (session->over) {
	case SESSION_LATE:
		if (session->state == SESSION_FIRST)
			return "no request came in time";
		return session->refused == REASON_PERMITTED ? "no reply came in time" : NULL;
	case SESSION_PROTOCOL:
		return "the client does not keep to the protocol";
	case SESSION_LIMIT:
		return strcmp(session->limits.passed, "idle-limit") == 0
			       ? "it was idle for as long as a session may be"
			       : "it was open for as long as a session may be";
	default:
		return NULL;
	}
}

static unsigned handshake_timeout(const struct session *session)
{
	return session->endpoint == NULL ? 1 : session->endpoint->limits.handshake_timeout;
}

_Noreturn void session_main(const struct session_start *start)
{
	struct session session;
	int64_t deadline;

	session_open(&session, start);
	alarm(WATCHDOG_SECONDS); /* of no handler yet: a spare that hangs ends */
	warm_up();
	alarm(0);
	wait_for_connection(&session, start);
	deadline = session.accepted + 1000 * (int64_t)handshake_timeout(&session);
	watchdog_start("");
	session_identify(&session);
	watchdog_stop();
	/* Who is refused in person has no reason to stay, and holds a place of others' (R22). */
	while (session_receive(&session, deadline) == 0)
		if (session.state != SESSION_FIRST && session.refused == REASON_PERMITTED)
			deadline = CLOCK_NEVER;
	if (over_text(&session) != NULL) {
		message_warning("uid %u, process %d: %s", (unsigned)session.peer.uid,
			(int)session.peer.pid, over_text(&session));
		report_session(&session,
			session.over == SESSION_LIMIT ? REASON_LIMIT : REASON_PERMITTED,
			over_text(&session));
	}
	session_hang_up(session.socket);
	_exit(SESSION_EXIT_OK);
}
