/*
 * One question to the gateway: has this person a role at one of these endpoints? The protocol is
 * src/protocol/protocol.h's, but nothing of the gateway's code is linked into the processes that
 * load this module: there is no allocation, no state, and no way to end the process.
 */
#ifndef PAM_ROLEGATE_GATEWAY_H
#define PAM_ROLEGATE_GATEWAY_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "options.h"
#include "protocol/protocol.h"

struct gateway_answer {
	enum permitted permitted;
	char why[256]; /* printable ASCII, for the log */
};

/* Milliseconds of CLOCK_MONOTONIC. */
int64_t gateway_now(void);

/*
 * Asks at the socket `path`, whose owner's process must have the uid `owner`, and waits until
 * `deadline` (gateway_now()) at the latest, for the connection too. 0; or -1 with a sentence in
 * *why. `user` is at most 256 bytes long.
 */
int gateway_ask(const char *path, uid_t owner, const char *user, const struct names *endpoints,
	int64_t deadline, struct gateway_answer *answer, const char **why);

/* A whole packet: 0, or -1 when it is not an answer to this question. */
int gateway_parse(const uint8_t *bytes, size_t length, struct gateway_answer *answer);

#endif
