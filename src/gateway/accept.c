/* Connections become sessions, within limits (R22); sessions end, and the unusual ends are told. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/message.h"
#include "confine/cgroup.h"
#include "gateway/clock.h"
#include "gateway/handoff.h"
#include "gateway/listener.h"
#include "gateway/recover.h"
#include "gateway/session.h"
#include "gateway/watchdog.h"

enum {
	ACCEPTS_MAX = 64, /* of one socket in a turn, so that the others have theirs */
	PER_USER_DEFAULT = 32,
	RECORD_INTERVAL = 1000, /* ms between records of a limit: a flood must not fill the log */
	NO_DESCRIPTOR_PAUSE = 20 * 1000, /* µs */
};

static void write_session_record(struct listener *listener, const struct session_slot *slot,
	enum reason reason, const char *detail)
{
	char request[sizeof(slot->note->request)], user[sizeof(slot->note->user)];
	struct record record = {
		.kind = RECORD_SESSION,
		.request = session_note_text(request, slot->note->request, sizeof(request)),
		.endpoint = slot->endpoint,
		.user = session_note_text(user, slot->note->user, sizeof(user)),
		.uid = slot->uid,
		.login_uid = (uid_t)-1,
		.audit_session = (unsigned)-1,
		.peer_pid = slot->peer_pid,
		.session = slot->id[0] == '\0' ? NULL : slot->id,
		.reason = reason_code(reason),
		.detail = detail,
		.status = -1,
	};
	const char *complaint = "there is no recorder";

	if (!request_id_is_valid(request))
		record.request = NULL;
	if (user[0] == '\0')
		record.user = NULL;
	message_warning("session of uid %u at %s: %s", (unsigned)slot->uid, slot->endpoint, detail);
	if (listener->recorder == NULL || record_write(listener->recorder, &record, &complaint) != 0)
		message_error("a record could not be written: %s", complaint);
}

static void write_repeated(void *context, uid_t login, const char *user, unsigned count)
{
	struct listener *listener = context;
	struct record record = {
		.kind = RECORD_REPEATED,
		.user = user[0] == '\0' ? NULL : user,
		.uid = login,
		.login_uid = (uid_t)-1,
		.audit_session = (unsigned)-1,
		.repeated = count,
		.status = -1,
	};
	const char *complaint = "there is no recorder";

	message_warning("login %u: %u more refusals, without a record each", (unsigned)login, count);
	if (listener->recorder == NULL || record_write(listener->recorder, &record, &complaint) != 0)
		message_error("a record could not be written: %s", complaint);
}

void accept_refusals(struct listener *listener, bool all)
{
	struct refusals *refusals = &listener->refusals;
	int64_t now = clock_now();
	uint64_t count;
	bool news = read(refusals->event, &count, sizeof(count)) == sizeof(count), left = news;

	if (all || (refusals->deadline != CLOCK_NEVER && refusals->deadline <= now)) {
		left = refusals_collect(refusals, now, all, write_repeated, listener);
		refusals->deadline = CLOCK_NEVER;
	}
	if (left && refusals->deadline == CLOCK_NEVER)
		refusals->deadline = now + REFUSALS_WINDOW;
}

static void refuse(int socket, enum reason reason, const char *detail)
{
	static uint8_t bytes[PACKET_MAX];
	struct packet_writer writer = { .bytes = bytes };

	packet_restart(&writer, PACKET_REFUSED);
	packet_put_string(&writer, reason_code(reason));
	packet_put_string(&writer, detail);
	packet_put_string(&writer, "");
	packet_put_string(&writer, "");
	(void)packet_send(socket, &writer, NULL, 0);
	session_hang_up(socket);
}

static void refuse_for_limit(struct listener *listener, int socket, const struct ucred *peer,
	const char *endpoint)
{
	struct session_note note = { .doing = "" };
	struct session_slot slot = { .uid = peer->uid, .peer_pid = peer->pid, .note = &note };
	int64_t now = clock_now();

	refuse(socket, REASON_LIMIT, "too many sessions are open");
	if (listener->sessions.limited++ > 0 && now - listener->limit_recorded < RECORD_INTERVAL)
		return;
	listener->limit_recorded = now;
	snprintf(slot.endpoint, sizeof(slot.endpoint), "%s", endpoint);
	write_session_record(listener, &slot, REASON_LIMIT, "too many sessions are open");
}

/* SIGTERM: should it have got its request by now, it ends that as it has to. */
static void make_room(struct listener *listener)
{
	struct session_slot *slot = sessions_in_the_way(&listener->sessions);
	int64_t now = clock_now();

	if (slot == NULL)
		return;
	kill(slot->pid, SIGTERM);
	sessions_dropped(&listener->sessions, slot);
	if (listener->sessions.dropped > 1 && now - listener->drop_recorded < RECORD_INTERVAL)
		return;
	listener->drop_recorded = now;
	write_session_record(listener, slot, REASON_LIMIT,
		"it sent no request, and others need its place");
}

static uid_t login_uid_of(int socket, int64_t accepted)
{
	struct arena *arena = arena_new();
	uid_t login_uid = peer_login_uid(arena, socket, accepted);

	arena_free(arena);
	return login_uid;
}

static void start_session(struct listener *listener, int socket, const struct ucred *peer,
	const char *endpoint)
{
	const struct endpoint *rules = policy_endpoint(listener->current.policy, endpoint);
	unsigned per_user = rules == NULL ? PER_USER_DEFAULT : rules->limits.sessions_per_user;
	struct handoff handoff = { .accepted = clock_now() };
	struct request_id id;
	struct session_slot *slot = sessions_reserve(&listener->sessions, peer->uid,
		login_uid_of(socket, handoff.accepted), per_user);
	pid_t pid;

	if (slot == NULL) {
		refuse_for_limit(listener, socket, peer, endpoint);
		return;
	}
	make_room(listener);
	slot->peer_pid = peer->pid;
	slot->started = handoff.accepted;
	snprintf(slot->endpoint, sizeof(slot->endpoint), "%s", endpoint);
	snprintf(handoff.endpoint, sizeof(handoff.endpoint), "%s", endpoint);
	handoff.slot = (size_t)(slot - listener->sessions.slots);
	/* Without randomness it has no name, and can be ended with the others of its person alone. */
	(void)request_id_new(&id);
	session_note_set(handoff.session, id.text);
	pid = spare_use(listener, &handoff, socket);
	if (pid < 0) {
		message_error("a session can't be started: %m");
		refuse(socket, REASON_GATEWAY_ERROR, "the gateway can't start another process");
		return;
	}
	sessions_started(&listener->sessions, slot, pid, handoff.session);
	close(socket);
	(void)spare_start(listener); /* if not now, then when it is needed */
}

void accept_sessions(struct listener *listener, const struct endpoint_socket *item)
{
	for (int i = 0; i < ACCEPTS_MAX; i++) {
		int socket = accept4(item->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
		struct ucred peer = { .uid = (uid_t)-1 };
		socklen_t size = sizeof(peer);

		if (socket < 0 && (errno == EMFILE || errno == ENFILE))
			usleep(NO_DESCRIPTOR_PAUSE);
		if (socket < 0)
			return;
		if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0)
			close(socket);
		else
			start_session(listener, socket, &peer, item->name);
	}
}

void accept_ended(struct listener *listener, pid_t pid, int status)
{
	const struct session_slot *slot = sessions_ended(&listener->sessions, pid);
	bool orderly = WIFEXITED(status) && WEXITSTATUS(status) == SESSION_EXIT_OK;
	char detail[128];

	cgroup_session_ended(&listener->support, pid, orderly);
	if (slot != NULL && !orderly)
		recover_in_background(listener);
	if (slot == NULL || slot->dropped || orderly)
		return;
	listener->sessions.died++;
	if (WIFSIGNALED(status))
		snprintf(detail, sizeof(detail), "the session process was ended by signal %d",
			WTERMSIG(status));
	else if (WEXITSTATUS(status) == SESSION_EXIT_HUNG)
		snprintf(detail, sizeof(detail),
			"an authentication or account service did not answer in time");
	else
		snprintf(detail, sizeof(detail), "the session process failed with status %d",
			WEXITSTATUS(status));
	write_session_record(listener, slot, REASON_GATEWAY_ERROR, detail);
}
