/*
 * A FAKE gateway for tests: the test's process answers, packet by packet, what client_run() or
 * client_ask() in a child says. It decides nothing and runs nothing.
 */
#ifndef ROLEGATE_TESTS_CLIENT_FAKE_H
#define ROLEGATE_TESTS_CLIENT_FAKE_H

#include <stdbool.h>
#include <sys/types.h>

#include "client/client.h"
#include "protocol/protocol.h"

enum { FAKE_TEXT_MAX = 16 * 1024 };

struct fake {
	struct arena *arena;
	int socket;   /* the gateway's end */
	pid_t client; /* the child */
	int out, err; /* what it writes; -1 if it has a terminal */
	int terminal; /* the master of its terminal, or -1 */
	uint8_t *buffer;
	struct packet packet; /* the last received */
	char output[FAKE_TEXT_MAX], errors[FAKE_TEXT_MAX];
	bool *lost; /* shared with the child */
};

struct fake_client {
	struct client_options options;
	int ask;       /* a packet type for client_ask(); 0: client_run() */
	bool terminal; /* its streams are one */
	bool out_pipe; /* but stdout is a pipe */
	const char *const *words;
	size_t count;
};

void fake_start(struct fake *fake, const struct fake_client *client);
/* The next packet, which must be of this type. */
void fake_expect(struct fake *fake, enum packet_type type);
void fake_send(struct fake *fake, enum packet_type type, const char *format, ...);
void fake_refuse(struct fake *fake, const char *code, const char *detail, const char *json);
void fake_end(struct fake *fake, enum ended_kind kind, uint32_t value, const char *json);
void fake_send_raw(struct fake *fake, const void *bytes, size_t length);
/* Until there is something to receive, which stays. */
void fake_wait_unread(struct fake *fake);
void fake_hang_up(struct fake *fake);
/* Waits for the child; what it wrote is in `output` and `errors`. Its exit status, or -signal. */
int fake_finish(struct fake *fake);
/* Waits until the terminal shows `text` (all that it showed is in `output`). */
void fake_wait_for(struct fake *fake, const char *text);
void fake_type(struct fake *fake, const char *text);

#define FAKE_REQUEST "0123456789abcdef0123456789abcdef"

#endif
