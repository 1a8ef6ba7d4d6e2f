#include "gateway/limits.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "gateway/clock.h"
#include "gateway/orders.h"
#include "gateway/request.h"

enum limit_kind { LIMIT_IDLE, LIMIT_TOTAL };

void limits_active(struct session *session)
{
	session->limits.active = clock_now();
	session->limits.idle_warned = false;
	if (session->note != NULL)
		session->note->active = session->limits.active;
}

static int64_t end_of(const struct session *session, enum limit_kind kind)
{
	const struct endpoint *endpoint = session->endpoint;
	unsigned seconds;

	if (endpoint == NULL)
		return CLOCK_NEVER;
	seconds = kind == LIMIT_IDLE ? endpoint->limits.idle_timeout
				     : endpoint->limits.session_timeout;
	if (seconds == 0)
		return CLOCK_NEVER;
	return (kind == LIMIT_IDLE ? session->limits.active : session->accepted) +
	       1000 * (int64_t)seconds;
}

/* When its warning is due, or, after that, when it ends the session. */
static int64_t next_of(const struct session *session, enum limit_kind kind)
{
	int64_t end = end_of(session, kind);
	bool warned =
		kind == LIMIT_IDLE ? session->limits.idle_warned : session->limits.total_warned;

	if (end == CLOCK_NEVER || warned || session->endpoint->limits.warning_time == 0)
		return end;
	return end - 1000 * (int64_t)session->endpoint->limits.warning_time;
}

int64_t limits_deadline(const struct session *session, int64_t deadline, bool idle)
{
	if (session->over != SESSION_OPEN)
		return deadline;
	if (idle)
		deadline = clock_earlier(deadline, next_of(session, LIMIT_IDLE));
	return clock_earlier(deadline, next_of(session, LIMIT_TOTAL));
}

static const char *time_text(char text[32], int64_t seconds)
{
	if (seconds >= 120)
		snprintf(text, 32, "%lld minutes", (long long)(seconds + 30) / 60);
	else
		snprintf(text, 32, "%lld second%s", (long long)seconds, seconds == 1 ? "" : "s");
	return text;
}

static void warn(struct session *session, enum limit_kind kind, int64_t left)
{
	char notice[sizeof(session->limits.notice)], text[32];

	snprintf(notice, sizeof(notice),
		kind == LIMIT_IDLE ? "nothing has happened for a while: this session ends in %s"
				   : "this session has a time limit: it ends in %s",
		time_text(text, (left + 999) / 1000));
	limits_notice(session, notice);
	if (kind == LIMIT_IDLE)
		session->limits.idle_warned = true;
	else
		session->limits.total_warned = true;
}

static void pass(struct session *session, enum limit_kind kind)
{
	char notice[sizeof(session->limits.notice)], text[32];

	snprintf(notice, sizeof(notice),
		kind == LIMIT_IDLE ? "this session is over: nothing happened for %s"
				   : "this session is over: it may last %s",
		time_text(text, kind == LIMIT_IDLE ? session->endpoint->limits.idle_timeout
						   : session->endpoint->limits.session_timeout));
	limits_notice(session, notice);
	session->limits.passed = kind == LIMIT_IDLE ? "idle-limit" : "session-limit";
	session->over = SESSION_LIMIT;
}

static void check_limit(struct session *session, enum limit_kind kind)
{
	int64_t now = clock_now(), end = end_of(session, kind), next = next_of(session, kind);

	if (session->over != SESSION_OPEN || end == CLOCK_NEVER || now < next)
		return;
	if (now < end)
		warn(session, kind, end - now);
	else
		pass(session, kind);
}

static void tell_order(struct session *session, const char *what)
{
	const char *reason = session->limits.order.reason;
	char notice[sizeof(session->limits.notice)];

	snprintf(notice, sizeof(notice), "an administrator ends this %s%s%s", what,
		reason[0] == '\0' ? "" : ": ", reason);
	limits_notice(session, notice);
}

static void take_order(struct session *session)
{
	struct session_limits *limits = &session->limits;

	if (session->order == NULL ||
		!order_take(session->order, &limits->orders_seen, &limits->order) ||
		!limits->order.end || session->over != SESSION_OPEN)
		return;
	tell_order(session, "session");
	session->over = SESSION_TERMINATED;
}

void limits_check(struct session *session, bool idle)
{
	limits_send_notice(session);
	take_order(session);
	if (idle)
		check_limit(session, LIMIT_IDLE);
	check_limit(session, LIMIT_TOTAL);
}

bool limits_end_run(struct session *session, const struct request *request)
{
	char *ordered = session->limits.order.request;

	while (request != NULL && strcmp(request->id.text, ordered) != 0)
		request = request->outer;
	if (request == NULL || ordered[0] == '\0')
		return false;
	ordered[0] = '\0';
	tell_order(session, "command");
	return true;
}

bool limits_renew(struct session *session)
{
	if (session->state != SESSION_BETWEEN || session->over != SESSION_OPEN ||
		!session_is_outdated(session))
		return false;
	packet_restart(&session->writer, PACKET_RENEW);
	(void)session_send(session);
	session->over = SESSION_RENEWED;
	return true;
}

void limits_notice(struct session *session, const char *text)
{
	session_note_set(session->limits.notice, text);
	limits_send_notice(session);
}

void limits_send_notice(struct session *session)
{
	uint8_t bytes[sizeof(session->limits.notice) + 16]; /* head and length */
	struct packet_writer writer = {.bytes = bytes};

	if (session->limits.notice[0] == '\0' || session->socket < 0)
		return;
	packet_restart(&writer, PACKET_NOTICE);
	packet_put_string(&writer, session->limits.notice);
	if (packet_send(session->socket, &writer, NULL, 0) == 0 || errno != EAGAIN)
		session->limits.notice[0] = '\0';
}
