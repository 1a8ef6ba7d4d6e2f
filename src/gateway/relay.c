#include "gateway/relay.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/message.h"
#include "gateway/clock.h"
#include "gateway/drive.h"
#include "gateway/function.h"
#include "gateway/verbs.h"
#include "spawn/spawn.h"
#include "spawn/terminal.h"

void relay_open(struct relay *relay, struct request *request, pid_t pid)
{
	const struct command *command = request->decision.command;
	unsigned timeout = request->decision.timeout;

	if (timeout == 0 && request->outer != NULL)
		timeout = NESTED_SECONDS;
	*relay = (struct relay){ .session = request->session,
		.request = request,
		.pid = pid,
		.master = request->master,
		.cgroup = &request->cgroup,
		.outlives_client = command->outlives_client,
		.regardless = request->regardless,
		.printed = request->printed,
		.deadline = CLOCK_NEVER,
		.end = { .status = -1, .child = pid } };
	if (timeout != 0)
		relay->deadline = clock_now() + (int64_t)timeout * 1000;
	if (relay->master >= 0) {
		(void)!fcntl(relay->master, F_SETFL, O_RDWR | O_NONBLOCK);
		packet_start(request->arena, &relay->out, PACKET_OUTPUT);
	}
	/* What the client says meanwhile is not for a run that it does not know of. */
	request->session->relay = request->outer == NULL ? relay : NULL;
}

/*
 * The group that has the terminal, which need not be the program's own. The terminal keeps the
 * number of one that has ended, and it may be anybody's by then: its leader must be of this
 * session.
 */
static void signal_foreground(const struct relay *relay, int number)
{
	pid_t group = relay->master < 0 ? -1 : tcgetpgrp(relay->master);

	if (relay->ended)
		return;
	if (group <= 1 || group == getpgrp() || getsid(group) != getsid(0))
		group = relay->pid;
	kill(-group, number);
}

void relay_begin_ending(struct relay *relay, int number, int grace, const char *by)
{
	if (relay->ending || relay->ended)
		return;
	relay->ending = true;
	relay->end.ended_by = by;
	relay->deadline = clock_now() + grace;
	signal_foreground(relay, number);
	kill(-relay->pid, number);
	kill(-relay->pid, SIGCONT);
	signal_foreground(relay, SIGCONT);
}

static void harder(struct relay *relay)
{
	if (!relay->ending) {
		relay->end.timed_out = true;
		relay_begin_ending(relay, SIGTERM, TIMEOUT_GRACE, "timeout");
		return;
	}
	relay->deadline = CLOCK_NEVER;
	kill(-relay->pid, SIGKILL);
	kill(relay->pid, SIGKILL);
	(void)cgroup_kill(relay->cgroup);
	if (!relay->outlives_client && spawn_kill_descendants(relay->pid) != 0)
		message_warning("what process %d started could not all be killed",
			(int)relay->pid);
}

static void reap(struct relay *relay)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG | WUNTRACED)) > 0) {
		if (pid != relay->pid)
			continue;
		if (WIFSTOPPED(status)) {
			relay->stopped = WSTOPSIG(status);
			continue;
		}
		relay->ended = true;
		relay->end.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
		relay->end.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
		if (relay->end.ended_by == NULL && relay->end.signal != 0 &&
			relay->end.signal == relay->client_signal)
			relay->end.ended_by = "client-signal";
	}
}

static void serve_client(struct relay *relay, short events)
{
	struct session *session = relay->session;

	if ((events & POLLOUT) != 0)
		relay_send_pending(relay);
	if ((events & ~POLLOUT) == 0 || session->over != SESSION_OPEN)
		return;
	if (relay->in_length == 0 && !relay->end_input)
		(void)session_take(session);
	else if ((events & (POLLHUP | POLLRDHUP | POLLERR)) != 0)
		session->over = SESSION_GONE;
}

static short client_events(struct relay *relay)
{
	bool due = relay->out_pending || relay->stopped != 0 || relay_has_message(relay) ||
		relay->session->limits.notice[0] != '\0';

	return (short)(POLLRDHUP | (relay->in_length == 0 && !relay->end_input ? POLLIN : 0) |
		       (due ? POLLOUT : 0));
}

static short terminal_events(const struct relay *relay)
{
	return (short)((relay->out_pending ? 0 : POLLIN) |
		       (relay->in_length != 0 || relay->end_input ? POLLOUT : 0));
}

/* What it wrote before it stopped comes first. */
static void tell_stop(struct relay *relay)
{
	if (relay->stopped == 0 || relay->out_pending)
		return;
	if (relay->master < 0 || !relay_read_output(relay))
		relay_send_pending(relay);
}

/* More than is taken ends it: it would wait for a reader that never comes. */
void relay_read_printed(struct relay *relay)
{
	size_t before = relay->printed->length;

	(void)collector_read(relay->printed);
	(void)recording_take(&relay->request->recording, 'o', relay->printed->bytes + before,
		relay->printed->length - before);
	if (relay->printed->too_much)
		relay_begin_ending(relay, SIGTERM, HANGUP_GRACE, "limit");
}

/* Of the next harder measure, the session's limits and the drive's next look. */
static int64_t soonest(const struct relay *relay)
{
	const struct drive_run *run = relay->request->drive;
	int64_t next = limits_deadline(relay->session, relay->deadline, relay->master >= 0);

	return run == NULL ? next : clock_earlier(next, run->rest_until);
}

enum { RECORD = 9 /* before them are the run's own descriptors */ };

/* Or until what was typed can be judged. */
static int patience(const struct relay *relay)
{
	int timeout = clock_timeout(soonest(relay));
	bool held = relay->request->recording.held_length > 0;

	return held && (timeout < 0 || timeout > RECORDING_HOLD) ? RECORDING_HOLD : timeout;
}

/* Whatever else it does by then, it does not go on writing. */
static void look_at_drive(struct relay *relay)
{
	if (relay->request->drive == NULL || !drive_look(relay))
		return;
	relay_begin_ending(relay, SIGKILL, TIMEOUT_GRACE,
		relay->request->drive->over ? "quota" : "record");
}

static void turn(struct relay *relay)
{
	struct session *session = relay->session;
	bool open = session->over == SESSION_OPEN;
	struct pollfd fds[RECORD + RECORDING_FDS] = {
		{ .fd = open ? session->socket : -1, .events = client_events(relay) },
		{ .fd = session->signals, .events = POLLIN },
		{ .fd = relay->master, .events = terminal_events(relay) },
		{ .fd = open ? session->peer.pidfd : -1, .events = POLLIN },
		{ .fd = relay->printed == NULL ? -1 : relay->printed->fd, .events = POLLIN },
		{ .fd = relay->request->typed, .events = POLLIN },
		{ .fd = relay->request->errors, .events = POLLIN },
		{ .fd = drive_watch_fd(relay->request->drive), .events = POLLIN },
		{ .fd = drive_transfers_fd(relay->request->drive), .events = POLLIN },
	};
	int ready;

	relay_record_poll(relay, fds + RECORD);
	ready = poll(fds, RECORD + RECORDING_FDS, patience(relay));
	if (!open) /* what waits for the client will never go */
		relay_send_pending(relay);
	look_at_drive(relay);
	recording_typed_later(&relay->request->recording, relay->master, false);
	/* A flood of output leaves no time in which nothing is ready. */
	if (relay->deadline != CLOCK_NEVER && clock_now() >= relay->deadline)
		harder(relay);
	if (ready <= 0)
		return;
	relay_record_turn(relay, fds + RECORD);
	relay_hear(relay, fds[5].revents != 0, fds[6].revents != 0);
	if (fds[1].revents != 0) {
		if (session_told_to_stop(session))
			session->over = SESSION_STOP;
		reap(relay);
	}
	if (fds[0].revents != 0)
		serve_client(relay, fds[0].revents);
	else if (fds[3].revents != 0 && session->over == SESSION_OPEN)
		session->over = SESSION_GONE; /* its socket may live on, sent to somebody */
	if ((fds[2].revents & POLLOUT) != 0)
		relay_write_input(relay);
	if ((fds[2].revents & POLLIN) != 0 && !relay->out_pending)
		relay_read_output(relay);
	if (fds[4].revents != 0)
		relay_read_printed(relay);
	tell_stop(relay);
}

/*
 * What forks and exits faster than it is found outlasts being killed one by one; its control group
 * goes all at once. Its own is killed first, the session's last, since that takes this process
 * elsewhere for a moment.
 */
static void end_descendants(const struct relay *relay)
{
	(void)cgroup_kill(relay->cgroup);
	if (spawn_kill_descendants(0) == 0 ||
		(cgroup_kill_session(relay->session->support) == 0 &&
			spawn_kill_descendants(0) == 0))
		return;
	message_warning("a run left processes behind that could not be killed");
}

static const char *ender(const struct session *session)
{
	switch (session->over) {
	case SESSION_STOP:
		return "gateway";
	case SESSION_PROTOCOL:
		return "protocol";
	case SESSION_LIMIT:
		return session->limits.passed;
	case SESSION_TERMINATED:
		return "terminated";
	default:
		return "client-gone";
	}
}

/* Nobody waits for what runs without a terminal, so that it can't be idle. */
static void attend(struct relay *relay)
{
	limits_check(relay->session, relay->master >= 0);
	if (!relay->regardless && limits_end_run(relay->session, relay->request))
		relay_begin_ending(relay, SIGHUP, HANGUP_GRACE, "terminated");
}

static void end_unrecorded(struct relay *relay)
{
	if (!relay->ending && !relay->ended)
		limits_notice(relay->session,
			"what runs is ended: its transcript can't be written any more");
	relay_begin_ending(relay, SIGTERM, TIMEOUT_GRACE, "recorder");
}

void relay_until_end(struct relay *relay)
{
	const struct session *session = relay->session;

	while (!relay->ended) { /* the client may be gone before the first turn */
		attend(relay);
		if (session->over != SESSION_OPEN && !relay->regardless &&
			(session->over != SESSION_GONE || !relay->outlives_client))
			relay_begin_ending(relay, SIGHUP, HANGUP_GRACE, ender(session));
		if (recording_must_end(&relay->request->recording))
			end_unrecorded(relay);
		turn(relay);
	}
	relay_record_settle(relay); /* the recorder works while descendants are looked for */
	if (!relay->outlives_client)
		end_descendants(relay);
	relay_hear_rest(relay);
	relay_record_rest(relay);
}

void relay_drain(struct relay *relay)
{
	struct session *session = relay->session;
	struct pollfd fds[3 + RECORDING_FDS];
	bool due;

	relay->in_length = 0;
	relay->end_input = false;
	relay->stopped = 0;
	for (limits_check(session, true); session->over == SESSION_OPEN;
		limits_check(session, true)) {
		if (!relay->out_pending && relay->master >= 0 && relay_read_output(relay))
			continue;
		due = relay->out_pending || relay_has_message(relay);
		if (!due && !relay_record_pending(relay))
			return;
		fds[0] = (struct pollfd){ .fd = session->socket,
			.events = (short)(POLLRDHUP | (due ? POLLOUT : 0)) };
		fds[1] = (struct pollfd){ .fd = session->signals, .events = POLLIN };
		fds[2] = (struct pollfd){ .fd = session->peer.pidfd, .events = POLLIN };
		relay_record_poll(relay, fds + 3);
		if (poll(fds, 3 + RECORDING_FDS,
			    clock_timeout(limits_deadline(session, CLOCK_NEVER, true))) < 0 &&
			errno != EINTR)
			return;
		relay_record_turn(relay, fds + 3);
		if (fds[1].revents != 0 && session_told_to_stop(session))
			session->over = SESSION_STOP;
		if ((fds[0].revents & (POLLHUP | POLLRDHUP | POLLERR)) != 0 || fds[2].revents != 0)
			session->over = SESSION_GONE;
		if ((fds[0].revents & POLLOUT) != 0)
			relay_send_pending(relay);
	}
}

int relay_window(struct session *session)
{
	struct packet_window window = packet_get_window(&session->packet);

	if (!packet_done(&session->packet))
		return -1;
	if (session->relay == NULL || session->relay->master < 0)
		return 0;
	(void)terminal_resize(session->relay->master, &window);
	recording_window(&session->relay->request->recording, window.columns, window.rows);
	return 0;
}

int relay_signal(struct session *session)
{
	static const uint32_t allowed[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2,
		SIGTSTP, SIGCONT };
	uint32_t number = packet_get_u32(&session->packet);
	struct relay *relay = session->relay;
	size_t i = 0;

	while (i < sizeof(allowed) / sizeof(allowed[0]) && allowed[i] != number)
		i++;
	if (!packet_done(&session->packet) || i == sizeof(allowed) / sizeof(allowed[0]))
		return -1;
	if (relay == NULL)
		return 0;
	/* Without a terminal its group counts as orphaned, and the kernel would drop SIGTSTP. */
	if (number == SIGTSTP && relay->master < 0)
		number = SIGSTOP;
	relay->client_signal = (int)number;
	limits_active(session);
	signal_foreground(relay, (int)number);
	return 0;
}

int relay_continue(struct session *session)
{
	if (!packet_done(&session->packet))
		return -1;
	limits_active(session);
	if (session->relay != NULL)
		signal_foreground(session->relay, SIGCONT);
	return 0;
}
