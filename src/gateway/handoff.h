/*
 * A session is forked before its connection comes: what it costs to start one is then paid while
 * nobody waits. The listener keeps one spare, hands it the connection, and forks the next.
 */
#ifndef ROLEGATE_HANDOFF_H
#define ROLEGATE_HANDOFF_H

#include <stddef.h>
#include <stdint.h>

#include "gateway/sessions.h"
#include "gateway/sockets.h"

struct handoff {
	int64_t accepted; /* clock_now() when the connection was taken */
	size_t slot;      /* of the table of sessions */
	char endpoint[SOCKET_NAME_MAX];
	char session[SESSION_ID_SIZE]; /* its id; "": there was no randomness for one */
};

/* 0, or -1 and errno. `socket` stays the caller's. */
int handoff_send(int channel, const struct handoff *handoff, int socket);
/* The socket; or -1: the listener is gone, or has no use for this spare any more. */
int handoff_receive(int channel, struct handoff *handoff);

#endif
