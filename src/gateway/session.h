/*
 * One connection: a process of its own, forked by the listener (handoff.h). Identity and roles are fixed when
 * it opens; then it serves one request after the other until the client is gone.
 */
#ifndef ROLEGATE_SESSION_H
#define ROLEGATE_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "confine/support.h"
#include "gateway/limits.h"
#include "gateway/peer.h"
#include "gateway/refusals.h"
#include "gateway/sessions.h"
#include "policy/policy.h"
#include "policy/reason.h"
#include "policy/roles.h"
#include "protocol/protocol.h"
#include "record/record.h"
#include "spawn/account.h"

/* Which packets may come now; bits, for the verb table. */
enum session_state {
	SESSION_FIRST = 1 << 0,     /* no request yet */
	SESSION_BETWEEN = 1 << 1,   /* after a request: what crossed its end on the way is dropped */
	SESSION_PROMPTING = 1 << 2, /* PAM waits for a reply */
	SESSION_RUNNING = 1 << 3,
};

/* Why no further packet will be read. */
enum session_over {
	SESSION_OPEN = 0,
	SESSION_GONE,     /* the client closed, or can't be written to */
	SESSION_LATE,     /* a deadline passed */
	SESSION_PROTOCOL, /* malformed, or not allowed now */
	SESSION_STOP,     /* the gateway ends */
	SESSION_FAILED,   /* a start-up function did not end well */
	SESSION_LIMIT,    /* limits.passed: idle, or open, for as long as it may be */
	SESSION_TERMINATED, /* by an administrator */
	SESSION_RENEWED,  /* the client is to connect again */
};

/* Exit statuses that the listener puts into words. */
enum session_exit {
	SESSION_EXIT_OK = 0,
	SESSION_EXIT_HUNG = 3, /* the watchdog */
	SESSION_EXIT_SETUP = 4,
};

struct recorder_client;

struct session {
	int socket;  /* non-blocking */
	int signals; /* signalfd: SIGTERM, SIGCHLD, ORDER_SIGNAL */
	const struct policy *policy;
	const struct endpoint *endpoint; /* NULL: the configuration has none of this name any more */
	struct recorder *recorder;
	struct session_note *note;
	const struct session_order *order; /* NULL: nobody gives any */
	struct session_limits limits;
	struct arena *arena; /* lives as long as the session */
	const char *directory; /* of the configuration: an approved command is granted there */
	const volatile uint64_t *loads; /* of configurations, shared with the listener */
	uint64_t loaded;		/* the same, when this one was the newest */
	int64_t accepted;
	char id[SESSION_ID_SIZE]; /* of the table of sessions; "": it has none */
	bool has_login_uid; /* this kernel knows login uids */
	const struct support *support;

	struct peer peer;
	struct account operator;
	struct strings groups; /* their names, where the endpoint asks for any */
	struct role_set roles;
	struct strings role_names; /* of a denial's record; empty until there is one */
	enum reason refused; /* why nothing will be run for this peer, or REASON_PERMITTED */
	const char *refused_detail;
	bool authenticated;
	const struct command **started; /* start-up functions that have run */
	size_t started_count;
	bool start_failed; /* one of them did not end well: nothing else runs here */

	struct recorder_client *transcripts; /* its connection for those; NULL: none was needed yet */

	const struct refusals *refusals; /* NULL: every one is recorded */
	enum session_state state;
	enum session_over over;
	uint8_t *buffer; /* PACKET_MAX */
	struct packet packet;
	struct packet_writer writer;
	struct conversation *conversation; /* while SESSION_PROMPTING */
	struct relay *relay;               /* while SESSION_RUNNING */
};

struct session_start {
	const char *directory;
	int channel; /* that the connection will come through */
	const struct policy *policy;
	struct recorder *recorder;
	const struct refusals *refusals;
	struct session_note *notes; /* one for each slot of the table of sessions */
	const struct session_order *orders; /* the same */
	const volatile uint64_t *loads;
	uint64_t loaded;
	bool has_login_uid;
	const struct support *support;
};

/* Sets itself up, waits for a connection, serves it. */
_Noreturn void session_main(const struct session_start *start);

/* Identity, roles, login uid: fills in the second part of struct session. */
void session_identify(struct session *session);
/*
 * Group names, where the endpoint asks for any, and roles of a person. REASON_PERMITTED when there
 * is something that they may do here; else why not, with a sentence in *detail. Asks name services.
 */
enum reason identify_roles(struct arena *arena, const struct policy *policy,
	const struct endpoint *endpoint, const struct account *account, struct strings *groups,
	struct role_set *roles, const char **detail);

/*
 * Waits for one packet until `deadline` and hands it to its verb. 0, or -1 with session->over set.
 */
int session_receive(struct session *session, int64_t deadline);
/* The same for a socket that poll(2) found readable. */
int session_take(struct session *session);
/* Sends session->writer, waiting for a slow client for a while. 0, or -1 with session->over set. */
int session_send(struct session *session);
/* Reads session->signals empty: whether SIGTERM was among them. The others only wake. */
bool session_told_to_stop(struct session *session);
/* Whether another configuration has come into force since: it knows an older one. */
bool session_is_outdated(const struct session *session);
/* Whether the client still hears what became of its request. */
bool session_is_heard(const struct session *session);
/* The last words reach the client even when it has sent something that nobody will read. */
void session_hang_up(int socket);

#endif
