#include "gateway/relay.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>

#include "gateway/clock.h"
#include "gateway/drive.h"
#include "gateway/function.h"
#include "gateway/verbs.h"

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
	relay_check_deadline(relay);
	if (ready <= 0)
		return;
	relay_record_turn(relay, fds + RECORD);
	relay_hear(relay, fds[5].revents != 0, fds[6].revents != 0);
	if (fds[1].revents != 0) {
		if (session_told_to_stop(session))
			session->over = SESSION_STOP;
		relay_reap(relay);
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

void relay_until_end(struct relay *relay)
{
	while (!relay->ended) { /* the client may be gone before the first turn */
		relay_check_end(relay);
		turn(relay);
	}
	relay_record_settle(relay); /* the recorder works while descendants are looked for */
	if (!relay->outlives_client)
		relay_end_descendants(relay);
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
