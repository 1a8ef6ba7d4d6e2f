/* What root asks over the control socket: one question a connection, answered by a child. */
#ifndef ROLEGATE_GATEWAY_CONTROL_H
#define ROLEGATE_GATEWAY_CONTROL_H

#include "gateway/listener.h"
#include "protocol/protocol.h"

/* In a child of the listener's: the answer's text, in `arena`, and *status, which is 0 so far. */
typedef const char *control_writer(struct arena *arena, struct listener *listener,
	const struct control *control, const void *context, unsigned *status);

/*
 * Answers by a child, since that takes as long as what is asked for and its reader do. The
 * connection is closed here. 0; -1 after a message: there could be no child, and nothing is answered.
 */
int control_answer(struct listener *listener, struct control *control, control_writer *write,
	const void *context);

/*
 * Who asks, for a record. What the kernel says of a person behind sudo(8) is the login uid: it
 * differs from the uid.
 */
void control_identify(const struct control *control, struct peer *peer);

/* The questions, each with its fields after the flags: 0, or -1 for a malformed packet. */
int manage_sessions(struct listener *listener, struct control *control, struct packet *packet);
int manage_terminate(struct listener *listener, struct control *control, struct packet *packet);
int permitted_ask(struct listener *listener, struct control *control, struct packet *packet);

#endif
