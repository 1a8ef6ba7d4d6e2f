/* Answers to what runs nothing. */
#ifndef ROLEGATE_QUERY_H
#define ROLEGATE_QUERY_H

#include "gateway/session.h"

/* As many PACKET_ANSWER as it takes. */
void query_send_answer(struct session *session, const char *text, uint32_t status);

#endif
