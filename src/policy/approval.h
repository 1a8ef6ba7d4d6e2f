/*
 * Approvals (after Jenkins' script approval): the states of an entry of the queue and the edges
 * between them, as a table, and nothing else (R36). Pure.
 */
#ifndef ROLEGATE_POLICY_APPROVAL_H
#define ROLEGATE_POLICY_APPROVAL_H

#include <stdbool.h>

#include "base/strings.h"

/* What an endpoint or a function says about approval. */
struct approval_rule {
	bool required; /* approval = "required" */
	bool learn;    /* of an endpoint: what is refused goes to the queue */
	bool self_approval;
	unsigned approvers;    /* how many, at least 1 */
	struct strings groups; /* who may approve, besides root; empty: nobody besides */
};

enum approval_state {
	APPROVAL_NONE = 0, /* there is no entry: nothing runs */
	APPROVAL_PENDING,
	APPROVAL_APPROVED,
	/* final: */
	APPROVAL_REJECTED,
	APPROVAL_REVOKED, /* by a person, or because what was approved has changed */
	APPROVAL_EXPIRED, /* its time is over */
	APPROVAL_USED,	  /* --once, and it was */
	APPROVAL_STATES
};

enum approval_event {
	APPROVAL_REQUEST, /* it was refused, and goes to the queue */
	APPROVAL_VOTE,	  /* one of several approvers agrees */
	APPROVAL_APPROVE, /* the last of them */
	APPROVAL_REJECT,
	APPROVAL_REVOKE,
	APPROVAL_CHANGE, /* other content was seen under the name */
	APPROVAL_EXPIRE,
	APPROVAL_USE, /* a run of an approval that is good for one */
	APPROVAL_EVENTS
};

/* The state after `event`; APPROVAL_NONE: there is no such edge, and nothing changes. */
enum approval_state approval_next(enum approval_state state, enum approval_event event);
bool approval_is_final(enum approval_state state);
/* "pending", "approved", … */
const char *approval_state_name(enum approval_state state);
const char *approval_event_name(enum approval_event event);

#endif
