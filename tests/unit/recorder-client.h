/* The gateway's side of src/recorder/wire.h, for tests. */
#ifndef ROLEGATE_TEST_RECORDER_CLIENT_H
#define ROLEGATE_TEST_RECORDER_CLIENT_H

#include <stdbool.h>

#include "recorder/wire.h"

struct recorder_client {
	int socket;
	struct arena *arena;
	struct packet_writer writer;
	uint8_t *buffer;
};

struct recorder_answer {
	bool taken;
	uint64_t number;
	uint16_t what;	  /* of a failure */
	const char *text; /* in the client's arena */
};

/* At a path; -1 socket and errno when nobody listens. */
struct recorder_client client_connect(const char *path);
struct recorder_client client_of(int socket);
void client_close(struct recorder_client *client);
/* Each sends a packet: 0, or -1 and errno. */
int client_event(struct recorder_client *client, const char *object);
int client_open(struct recorder_client *client, const char *request, uint32_t uid,
	const char *header, uint64_t limit);
int client_data(struct recorder_client *client, char code, uint64_t microseconds, const void *bytes,
	size_t length);
int client_lost(struct recorder_client *client, char code, uint64_t microseconds, uint64_t bytes);
int client_window(
	struct recorder_client *client, uint64_t microseconds, unsigned columns, unsigned rows);
int client_end(struct recorder_client *client, uint64_t microseconds, const char *reason);
/* The next answer: 0; -1: the recorder is gone, or said something else. */
int client_answer(struct recorder_client *client, struct recorder_answer *answer);

#endif
