/* One connection of the gateway's: what it may send when, and what becomes of it (wire.h). */
#ifndef ROLEGATE_RECORDER_PEER_H
#define ROLEGATE_RECORDER_PEER_H

#include "recorder/transcript.h"
#include "recorder/wire.h"

/* What all connections share. */
struct peers {
	struct ledger *ledger;
	struct transcripts *transcripts;
	bool sync_always;
	struct packet_writer writer; /* one answer at a time */
	uint8_t *buffer;	     /* PACKET_MAX bytes: one packet at a time */
	bool quiet;		     /* events say it all, for the fuzzer */
	uint64_t failed;	     /* answers that were FAILED */
};

struct peer {
	int fd;
	pid_t pid;
	struct transcript *transcript; /* NULL: none is open */
	bool ended; /* its transcript has failed: what is still on its way is passed over */
};

/* Takes one packet. 0; 1: there is none; -1: the connection is over, with an event if it broke the
 * format. */
int peer_serve(struct peers *peers, struct peer *peer);
/* The same of a packet that is there, for the fuzzer. */
int peer_handle(struct peers *peers, struct peer *peer, struct arena *arena, struct packet *packet);
/* Ends its transcript, and closes it. */
void peer_close(struct peers *peers, struct peer *peer);
/* Whether the event may come from the gateway: NULL, or what is wrong. */
const char *peer_event_complaint(const char *object);

#endif
