/* --json where the gateway has no answer: who reads the last line finds an object all the same. */
#ifndef ROLEGATE_CLIENT_FAILURE_H
#define ROLEGATE_CLIENT_FAILURE_H

#include "client/client.h"

enum failure_kind {
	FAILURE_USAGE,	     /* the call was wrong; nobody was asked */
	FAILURE_UNREACHABLE, /* nobody listens, or not for us */
	FAILURE_LOST,	     /* the session ended, by a signal or by the gateway's end */
	FAILURE_REFUSED	     /* before the gateway had read a request */
};

/*
 * {request, decision, reason, message, error: "usage"|"unreachable"|"lost", status}, a line on
 * stdout; of a refusal there is neither error nor status, as in the gateway's own. The decision is
 * "allow" where the command had started: it may have done its work. The message is what
 * message_error() last said.
 */
void failure_say(enum failure_kind kind, const struct client_failure *failure, int status);

#endif
