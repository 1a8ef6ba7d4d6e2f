/* What peer.c and peer_transcript.c have in common; for these only. */
#ifndef ROLEGATE_RECORDER_PEER_PARTS_H
#define ROLEGATE_RECORDER_PEER_PARTS_H

#include "recorder/peer.h"

/* Answers. 0; -1: the connection is over, for who does not read its answers is let go. */
int peer_taken(struct peers *peers, struct peer *peer, uint64_t number, const char *text);
int peer_failed(struct peers *peers, struct peer *peer, unsigned what, const char *why);
/* Always -1, with an event. */
int peer_malformed(
	struct peers *peers, struct arena *arena, const struct peer *peer, const char *what);

/* Of the table of verbs: OPEN, DATA, LOST, WINDOW, CLOSE. */
int peer_open_transcript(
	struct peers *peers, struct peer *peer, struct arena *arena, struct packet *packet);
int peer_take_data(
	struct peers *peers, struct peer *peer, struct arena *arena, struct packet *packet);
int peer_take_lost(
	struct peers *peers, struct peer *peer, struct arena *arena, struct packet *packet);
int peer_take_window(
	struct peers *peers, struct peer *peer, struct arena *arena, struct packet *packet);
int peer_close_transcript(
	struct peers *peers, struct peer *peer, struct arena *arena, struct packet *packet);

#endif
