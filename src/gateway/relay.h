/*
 * A running program and its client: terminal data, signals, stops, the end. Output is read from the
 * pty only as fast as the client takes it, and input from the client only as fast as the pty does.
 */
#ifndef ROLEGATE_RELAY_H
#define ROLEGATE_RELAY_H

#include "confine/cgroup.h"
#include "gateway/collect.h"
#include "gateway/report.h"

enum {
	HANGUP_GRACE = 1000,  /* ms from SIGHUP to SIGKILL when the session ends (R16) */
	TIMEOUT_GRACE = 5000, /* ms from SIGTERM to SIGKILL after a timeout */
};

struct relay {
	struct session *session;
	struct request *request;
	pid_t pid;
	int master; /* non-blocking; -1: no pty */
	bool outlives_client;
	bool regardless; /* neither the client's end nor the gateway's ends it */
	struct collector *printed; /* its standard output, if that is not the client's; NULL */
	const struct cgroup *cgroup; /* the run's own, or without a directory */
	bool ended, ending;
	int64_t deadline; /* of the next harder measure */
	int client_signal; /* the last that the client passed on; 0: none */
	int stopped;      /* signal of a stop that the client is still to hear of; 0: none */
	struct packet_writer out;
	bool out_pending;  /* `out` waits for the client */
	const uint8_t *in; /* what waits for the pty; in session->buffer, so nothing is received */
	size_t in_length;
	bool end_input;
	uint8_t *rest; /* what was left in the pty, and written down, before it goes out */
	size_t rest_at, rest_length;
	size_t told; /* how many of a function's lines the client has, or never gets */
	struct run_end end;
};

void relay_open(struct relay *relay, struct request *request, pid_t pid);
/* Until the program has ended, with all that it started, unless it may outlive the client. */
void relay_until_end(struct relay *relay);
/* What is still in the pty goes to the client. */
void relay_drain(struct relay *relay);
/* What the program printed for the gateway itself, so far. */
void relay_read_printed(struct relay *relay);

/* How it is ended: relay_end.c. */
/* To the group that has the terminal, or to the program's own. */
void relay_signal_foreground(const struct relay *relay, int number);
/* Asks the program to end: by `number` now, by SIGKILL in `grace` ms; `by` is for the record. */
void relay_begin_ending(struct relay *relay, int number, int grace, const char *by);
/* Whether it has to end: the session's limits, its client, its transcript. */
void relay_check_end(struct relay *relay);
/* The next harder measure, when it is time. */
void relay_check_deadline(struct relay *relay);
/* Whatever has ended or stopped. */
void relay_reap(struct relay *relay);
void relay_end_descendants(const struct relay *relay);

/* The two halves of the terminal: relay_terminal.c. */
void relay_write_input(struct relay *relay);
/* False when there was nothing to read. */
bool relay_read_output(struct relay *relay);
void relay_send_pending(struct relay *relay);

/* What a function says besides: relay_said.c. */
void relay_hear(struct relay *relay, bool typed, bool errors);
/* The program has ended: what it had written before. */
void relay_hear_rest(struct relay *relay);
/* Lines that the client is still to hear of; the next one as a packet. */
bool relay_has_message(struct relay *relay);
void relay_put_message(struct relay *relay, struct packet_writer *writer);

#endif
