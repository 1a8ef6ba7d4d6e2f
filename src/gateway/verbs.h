/*
 * Every packet that a client may send, once: its type, the states in which it may come, and the
 * function that reads its fields. Anything else ends the session.
 */
#ifndef ROLEGATE_VERBS_H
#define ROLEGATE_VERBS_H

#include "gateway/session.h"

/*
 * Hands session->packet to its verb; 0, or -1 when it is not allowed now or malformed (R7).
 * Descriptors that no verb took are closed.
 */
int verb_dispatch(struct session *session);

/* The verbs: each reads its fields to the end before it acts; 0, or -1 for a malformed packet. */
int request_run(struct session *session);
int query_list(struct session *session);
int query_describe(struct session *session);
int query_check(struct session *session);
int query_choices(struct session *session);
int query_line(struct session *session);
int query_oversize(struct session *session);
int approver_ask(struct session *session);
int converse_reply(struct session *session);
int relay_input(struct session *session);
int relay_input_end(struct session *session);
int relay_window(struct session *session);
int relay_signal(struct session *session);
int relay_continue(struct session *session);

#endif
