/*
 * One connection to rolegate-recorder(8) (recorder/wire.h), for events or for one transcript after
 * the other. It is made when it is first needed, and anew when the recorder was started again in
 * between. Nothing waits longer than `patience`: a recorder that hangs has failed, and is not asked
 * again for RECORDER_PATIENCE, so that whoever has many events to write does not stand still.
 *
 * int: 0, or -1 with client->complaint, a sentence's end; the connection is closed then, and with
 * it its transcript has ended.
 */
#ifndef ROLEGATE_RECORDER_CLIENT_H
#define ROLEGATE_RECORDER_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "protocol/protocol.h"

enum { RECORDER_PATIENCE = 5000 /* ms */ };

struct recorder_client {
	const char *path; /* of the socket */
	int patience;	  /* ms: RECORDER_PATIENCE, unless somebody who can't wait says less */
	int socket;	  /* -1: none yet, or no more */
	struct arena *arena;
	struct packet_writer writer;
	uint8_t *buffer; /* PACKET_MAX */
	int64_t hung;	 /* until then it is not asked again; ms */
	char complaint[256];
};

/* What it takes of a transcript. */
struct recorder_opening {
	const char *request; /* its id (R31) */
	uid_t uid;	     /* the operator's (R23) */
	const char *header;  /* of the asciicast, a JSON object */
	uint64_t most;	     /* bytes of streams; 0: as many as the recorder's own limit */
};

/* `path` NULL: RECORDER_SOCKET. Allocates; connects to nothing. */
void recorder_client_init(struct recorder_client *client, const char *path);
/* Ends the connection, not the memory: it can be used again. */
void recorder_client_close(struct recorder_client *client);
/* All of it. */
void recorder_client_free(struct recorder_client *client);

/* One event, on record when this returns 0: a JSON object on one line, without a line end. */
int recorder_client_event(struct recorder_client *client, const char *object);

/* Asks for a transcript, and does not wait: recorder_client_opened() does. */
int recorder_client_open(struct recorder_client *client, const struct recorder_opening *opening);
/* It is open. *most: bytes of streams that it takes; UINT64_MAX: it said no limit. */
int recorder_client_opened(struct recorder_client *client, uint64_t *most);

/* `code` 'o', 'e' or 'i'; `time` in microseconds since the header; at most PACKET_DATA_MAX bytes.
 */
int recorder_client_data(struct recorder_client *client, uint8_t code, uint64_t time,
	const void *bytes, size_t length);
/* So many bytes of a stream that are not given. */
int recorder_client_lost(
	struct recorder_client *client, uint8_t code, uint64_t time, uint64_t bytes);
int recorder_client_window(
	struct recorder_client *client, uint64_t time, uint16_t columns, uint16_t rows);
/* It is complete; recorder_client_finished() waits until that is taken. */
int recorder_client_finish(struct recorder_client *client, uint64_t time, const char *reason);
int recorder_client_finished(struct recorder_client *client);
/* The socket is readable while nothing was asked: the transcript has failed. Always -1. */
int recorder_client_failed(struct recorder_client *client);

/* What the recorder says of itself. */
struct recorder_state {
	uint64_t oldest, newest; /* seqs of the lines that there are */
	uint64_t failed;	 /* events and transcripts that it did not take since it started */
	bool full;		 /* its disk */
};

/* Whether it answers, and what. */
int recorder_client_probe(struct recorder_client *client, struct recorder_state *state);

#endif
