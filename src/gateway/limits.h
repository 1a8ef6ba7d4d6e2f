/*
 * What ends a session or its run, or makes it look up, other than its client and its program: time
 * limits with their warnings, orders (orders.h), a newer configuration.
 */
#ifndef ROLEGATE_LIMITS_H
#define ROLEGATE_LIMITS_H

#include <stdbool.h>
#include <stdint.h>

#include "gateway/sessions.h"

struct session;
struct request;

struct session_limits {
	int64_t active; /* clock_now(): when it last was not idle */
	bool idle_warned, total_warned;
	const char *passed; /* "idle-limit", "session-limit"; NULL: none */
	uint32_t orders_seen;
	struct session_order order; /* the last one */
	char notice[512];	    /* that waits for room in the socket; "" */
};

/* Input or output: it is not idle. */
void limits_active(struct session *session);
/*
 * The earlier one of `deadline` (clock_now(), or CLOCK_NEVER) and the next moment at which
 * limits_check() has something to do. `idle`: a run that nobody waits for counts as idle too.
 */
int64_t limits_deadline(const struct session *session, int64_t deadline, bool idle);
/*
 * Does what is due: takes orders, warns, and sets session->over to SESSION_LIMIT or
 * SESSION_TERMINATED, which the operator is told.
 */
void limits_check(struct session *session, bool idle);
/* Whether the run of `request`, or of one that it is for, is ordered to end: once, and told. */
bool limits_end_run(struct session *session, const struct request *request);
/*
 * A session between two requests that has an older configuration: the client is told to connect
 * again, and what it may do is looked up anew. True, and session->over is set.
 */
bool limits_renew(struct session *session);

/* To the operator, as soon as there is room; a second one takes the place of one that waits. */
void limits_notice(struct session *session, const char *text);
/* The one that waits: sent now, if there is room now. */
void limits_send_notice(struct session *session);

#endif
