/* One question to a running gateway, over its control socket (root only). */
#ifndef ROLEGATE_ADMIN_CONTROL_H
#define ROLEGATE_ADMIN_CONTROL_H

#include "admin/options.h"
#include "base/arena.h"
#include "protocol/protocol.h"

/* Asks, prints the answer, and gives the exit status: the gateway's, or ADMIN_FOUND after a
 * message. */
int control_run(const struct options *options, enum packet_type type);

/*
 * The same over a connected socket. The answer's text, in `arena`, and *status; or NULL with
 * *complaint.
 */
char *control_ask(struct arena *arena, int socket, enum packet_type type, unsigned flags,
	int *status, const char **complaint);

#endif
