/* The recorder at work: one process, one loop. */
#ifndef ROLEGATE_RECORDER_SERVICE_H
#define ROLEGATE_RECORDER_SERVICE_H

#include "recorder/peer.h"
#include "recorder/settings.h"

enum { SERVICE_PEERS = 1024 };

struct service {
	const struct settings *settings;
	int socket, signals;
	struct ledger ledger;
	struct transcripts transcripts;
	struct peers shared;
	struct peer peers[SERVICE_PEERS];
	size_t count;
	bool stopping;
	long long ticked; /* by event_ticks() */
};

/* The log, what an earlier recorder left open, the buffers. 0, or -1 with a message. */
int service_open(
	struct service *service, const struct settings *settings, int socket, int directory);
/* Until SIGTERM or SIGINT: then all transcripts are ended. */
void service_run(struct service *service);
/* What is done once a second. */
void service_tick(struct service *service);

#endif
