/* One request while it lasts: what run.c, relay.c and conversation.c share. */
#ifndef ROLEGATE_CLIENT_RUN_H
#define ROLEGATE_CLIENT_RUN_H

#include <stdint.h>

#include "client/client.h"
#include "client/tty.h"
#include "protocol/protocol.h"

enum { INPUT_CHUNK = 4096 };

struct run {
	int socket;
	const struct client_options *options;
	struct arena *arena;
	uint8_t *buffer; /* the packet being received */

	bool started, over;
	int status;	     /* once it is over */
	const char *request; /* "" until known */
	const char *const *words;
	size_t count;
	unsigned renewals;

	int wake;	  /* readable when a signal came */
	uint64_t signals; /* to be passed on */

	struct tty tty; /* the terminal that is read, or fd -1 */
	int screen;	/* the terminal that shows the pty's output, or -1: there is no pty */
	bool window_changed, continue_due;

	struct packet_writer writer;
	struct {
		bool possible;	/* it may be shown at all in this run */
		bool shown;	/* it stands on the screen now */
		bool at_start;	/* of a line is where the program left the cursor */
		int64_t silent; /* since then, in ms of CLOCK_MONOTONIC */
		int64_t begun;	/* the run, in the same */
		int64_t next;	/* when it is due */
	} alive;

	bool unsent; /* `writer` holds a packet that found no room */
	bool deaf;   /* the gateway reads no more */

	uint8_t *input; /* typed, INPUT_CHUNK bytes */
	size_t input_length;
	const uint8_t
		*output; /* to be shown: points into `buffer`, so nothing is received meanwhile */
	size_t output_length;
};

/* Ends the run: the terminal is given back first, so that a message starts on a line of its own. */
void run_end(struct run *run, int status);
/* Ends it, and the session with it, with exit status `status`. */
void run_lose(struct run *run, int status);
/* The same with status 125 and the reason on stderr. */
void run_fail(struct run *run, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Which streams the program gets from us, as PACKET_RUN says, and their descriptors. */
struct run_streams {
	uint8_t passed;
	int descriptors[3];
	size_t count;
	int nothing; /* /dev/null, if it stands in for a terminal; -1 */
};
int run_choose_streams(struct run *run, struct run_streams *streams);

/*
 * Waits until something can be done, and does it: signals, typed input, output, what is due to the
 * gateway. True when the gateway has something to say and there is room for it.
 */
bool relay_turn(struct run *run);
/* The program was stopped: so are we, until somebody continues us. */
void relay_stop(struct run *run);

/*
 * alive.c: a line on a terminal that has been silent for a while, which says that the command still
 * runs, and is gone before anything else is written there. Only where options->alive asks for it, on
 * a terminal that can erase a line; never once the program has moved the cursor by itself, or left
 * it behind some text.
 */
void alive_start(struct run *run);
/* The program's output is to come, or ours: it must not stand there. */
void alive_erase(struct run *run);
/* What the program has shown. */
void alive_saw(struct run *run, const uint8_t *bytes, size_t length);
/* The person is at work: no silence. */
void alive_quiet_since_now(struct run *run);
/* How long poll(2) may wait for something else, in ms; -1: for ever. */
int alive_timeout(const struct run *run);
/* Shows it if it is due. */
void alive_show(struct run *run);

/* PACKET_PROMPT: shows a message, or asks and replies. 0, or -1: it is malformed. */
int conversation_take(struct run *run, struct packet *packet);

/* One line of the gateway's own on stderr. */
void notice_show(struct run *run, const char *text);
/* One line of a function's (enum message_type): a success on stdout, all else on stderr. */
void said_show(struct run *run, int type, const char *input, const char *text);

/* packet_send() that waits for room. 0, or -1 and errno. */
int client_send(
	int socket, const struct packet_writer *writer, const int *descriptors, size_t count);
/*
 * packet_receive(), where a packet with descriptors is malformed (none belongs in this direction),
 * and a peer that left with something unread is no error before its last words are read.
 */
int client_receive(int socket, uint8_t *buffer, struct packet *packet);
/* The text of a PACKET_NOTICE, in `arena`, safe for a terminal; NULL: malformed. */
const char *client_notice(struct arena *arena, struct packet *packet);
/* How often one request is begun anew before that is an error. */
enum { RENEWALS_MAX = 3 };
/* Says a PACKET_REFUSED on stderr; its JSON, in `arena`, if it has any. NULL: malformed. */
const char *client_refused(
	struct arena *arena, const struct client_options *options, struct packet *packet);
/*
 * The one line of a refusal on stderr, "detail (code, request ID)"; request "": there is none. On a
 * terminal it is broken at words. All of it is safe to show.
 */
void client_say_refusal(const char *detail, const char *code, const char *request);
/*
 * `text` and `tail` in lines of `columns`, all but the first indented by two, where `taken` columns
 * of the first are not free; in `arena`. The tail is in one piece if a line takes it.
 */
char *client_wrap(
	struct arena *arena, size_t taken, size_t columns, const char *text, const char *tail);
/* Text from elsewhere, line by line, safe for a terminal (R32). */
char *client_safe_text(struct arena *arena, const char *text);

#endif
