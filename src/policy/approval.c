#include "policy/approval.h"

static const enum approval_state edges[APPROVAL_STATES][APPROVAL_EVENTS] = {
	[APPROVAL_NONE] = {[APPROVAL_REQUEST] = APPROVAL_PENDING},
	[APPROVAL_PENDING] = {[APPROVAL_REQUEST] = APPROVAL_PENDING,
		[APPROVAL_VOTE] = APPROVAL_PENDING,
		[APPROVAL_APPROVE] = APPROVAL_APPROVED,
		[APPROVAL_REJECT] = APPROVAL_REJECTED},
	[APPROVAL_APPROVED] = {[APPROVAL_REVOKE] = APPROVAL_REVOKED,
		[APPROVAL_CHANGE] = APPROVAL_REVOKED,
		[APPROVAL_EXPIRE] = APPROVAL_EXPIRED,
		[APPROVAL_USE] = APPROVAL_USED},
};

enum approval_state approval_next(enum approval_state state, enum approval_event event)
{
	if ((unsigned)state >= APPROVAL_STATES || (unsigned)event >= APPROVAL_EVENTS)
		return APPROVAL_NONE;
	return edges[state][event];
}

bool approval_is_final(enum approval_state state)
{
	return state > APPROVAL_APPROVED && state < APPROVAL_STATES;
}

const char *approval_state_name(enum approval_state state)
{
	static const char *const names[APPROVAL_STATES] = {
		"none", "pending", "approved", "rejected", "revoked", "expired", "used"};

	return (unsigned)state < APPROVAL_STATES ? names[state] : "none";
}

const char *approval_event_name(enum approval_event event)
{
	static const char *const names[APPROVAL_EVENTS] = {
		"request", "vote", "approve", "reject", "revoke", "change", "expire", "use"};

	return (unsigned)event < APPROVAL_EVENTS ? names[event] : "none";
}
