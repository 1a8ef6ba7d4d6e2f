/* What recorder_packets.c has from recorder_client.c: 0, or -1 as recorder_client.h says. */
#ifndef ROLEGATE_RECORDER_PACKETS_H
#define ROLEGATE_RECORDER_PACKETS_H

#include "record/recorder_client.h"

/* There is a connection: the one that there was, or a new one. */
int recorder_client_connect(struct recorder_client *client);
/* client->writer, as one packet. */
int recorder_client_send(struct recorder_client *client);
/* What was asked has been done: the number of the answer. */
int recorder_client_taken(struct recorder_client *client, uint64_t *number);

#endif
