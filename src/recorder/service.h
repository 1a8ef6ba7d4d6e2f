/* The recorder at work: one process, one loop. */
#ifndef ROLEGATE_RECORDER_SERVICE_H
#define ROLEGATE_RECORDER_SERVICE_H

#include "recorder/forward.h"
#include "recorder/peer.h"
#include "recorder/proof.h"
#include "recorder/settings.h"
#include "recorder/sweep.h"

/* Two for each session that the gateway can have at once: one for events, one for a transcript. */
enum { SERVICE_PEERS = 2 * (1024 + 128) };

struct service {
	const struct settings *settings;
	int socket, signals;
	struct ledger ledger;
	struct transcripts transcripts;
	struct proof proof;
	struct forward forward;
	struct peers shared;
	struct peer peers[SERVICE_PEERS];
	size_t count;
	bool stopping;
	long long ticked, expired, swept; /* last times, by event_ticks() */
	long long rotate_after;		  /* a rotation has failed: the next try */
	struct sweep sweep;
};

/* The log, what an earlier recorder left open, the buffers. 0, or -1 with a message. */
int service_open(struct service *service, const struct settings *settings, int socket,
	int directory, const struct proof_key *key);
/*
 * Until SIGTERM or SIGINT: then all transcripts are ended, and the log's head is signed and
 * anchored. SIGHUP: a new file of the log.
 */
void service_run(struct service *service);
/* Ends what an earlier recorder left open, as far as that gets in a moment. How many those were. */
unsigned service_recover(struct service *service);
/* What is done after each packet (maintain.c), between packets while there is more of it, and once
 * a second. */
void service_turn(struct service *service);
bool service_slice(struct service *service);
void service_tick(struct service *service);
void service_rotate(struct service *service, struct arena *arena);

#endif
