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
 * The same for a question of more fields: begun with the flags, then the caller's, and the answer
 * either printed (the exit status), or in `arena`, or NULL after a message; *status then.
 */
void control_begin(struct arena *arena, const struct options *options, enum packet_type type,
	struct packet_writer *question);
int control_show(
	struct arena *arena, const struct options *options, const struct packet_writer *question);
char *control_question(struct arena *arena, const struct packet_writer *question, int *status);

/*
 * The same as control_run() over a connected socket. The answer's text, in `arena`, and *status; or
 * NULL with *complaint.
 */
char *control_ask(struct arena *arena, int socket, enum packet_type type, unsigned flags,
	int *status, const char **complaint);

enum control_outcome {
	CONTROL_UNKNOWN = 0, /* it was asked, and gave no answer that says what it did */
	CONTROL_ABSENT,	     /* no gateway is running */
	CONTROL_REFUSED,     /* it keeps the configuration that it has */
	CONTROL_LOADED,
};

/* Tells the gateway to load its configuration again. *text, in `arena`: what it says, or why not.
 */
enum control_outcome control_reload(struct arena *arena, const char **text);

#endif
