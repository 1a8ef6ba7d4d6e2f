/*
 * The transcript of one run: what the program shows (and reads, where that is asked for) goes to
 * rolegate-recorder(8) first and then on. Where a transcript is required, nothing runs without one,
 * and what can't be written down any more goes nowhere and is ended.
 */
#ifndef ROLEGATE_RECORDING_H
#define ROLEGATE_RECORDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/pump.h"
#include "policy/transcript.h"
#include "record/recorder_client.h"

struct relay;
struct request;

enum recording_state {
	RECORDING_NONE = 0, /* there is none */
	RECORDING_ASKED,    /* the recorder has not answered yet */
	RECORDING_OPEN,
	RECORDING_FULL,	   /* it takes no more, but counts */
	RECORDING_CLOSING, /* nothing more comes, which it has not acknowledged yet */
	RECORDING_ENDED,
	RECORDING_FAILED,
};

enum {
	RECORDING_STREAMS = 3, /* 'i', 'o', 'e' */
	RECORDING_HELD = 4096, /* bytes of what was typed */
	RECORDING_HOLD = 100,  /* ms that they are held */
};

struct recording {
	enum recording_state state;
	struct transcript_rule rule;
	struct recorder_client *client; /* the session's; NULL: none */
	uint64_t started;		/* microseconds */
	uint64_t left;			/* bytes that are still taken */
	uint64_t lost[RECORDING_STREAMS];
	uint64_t lost_since;		      /* told of last, in microseconds since it started */
	const char *complaint;		      /* why it failed */
	struct pump pumps[RECORDING_STREAMS]; /* by the program's descriptor */
	/* Typed after the end of a line that came with it: whether it is seen shows later. */
	uint8_t held[RECORDING_HELD];
	size_t held_length;
	uint64_t held_at; /* microseconds since it started */
};

/* Before anything is known of it. */
void recording_init(struct recording *recording);
/* Steps of prepare.c: asks for it, with the pipes that it needs; waits. 0, or -1 and denied. */
int request_open_recording(struct request *request);
int request_await_recording(struct request *request);

/* Whether bytes are wanted, or only their number. */
bool recording_wants(const struct recording *recording);
/* Writes them down (NULL: counts them). False: they may not go on. */
bool recording_take(struct recording *recording, uint8_t code, const void *bytes, size_t length);
void recording_window(struct recording *recording, uint16_t columns, uint16_t rows);
/* Where the recorder speaks unasked, only to say that it has failed; -1. */
int recording_socket(const struct recording *recording);
void recording_spoke(struct recording *recording);
/* Whether what runs must be ended for want of a transcript. */
bool recording_must_end(const struct recording *recording);
/*
 * Nothing more comes; `reason` of recorder/wire.h. Without one that is open it does nothing.
 * recording_end() waits until that is taken; the other may come before it, and does not wait.
 */
void recording_finish(struct recording *recording, const char *reason);
void recording_end(struct recording *recording, const char *reason);
/* All that was opened for it: an idle session keeps none of the recorder's connections. */
void recording_close(struct recording *recording);
/* "required", "best-effort", "failed"; NULL: there is no transcript. For the records. */
const char *recording_word(const struct recording *recording);
/* Microseconds since it started. */
uint64_t recording_time(const struct recording *recording);

/*
 * recording_input.c: what was typed on the pty `master`, as far as it is shown there: `shown` is
 * what recording_shows() said before. What came after a line's end in one packet waits for what the
 * program makes of that line: recording_typed_later().
 */
bool recording_shows(const struct recording *recording, int master);
void recording_typed(
	struct recording *recording, int master, bool shown, const uint8_t *bytes, size_t length);
/* `final`: nothing more can be typed. */
void recording_typed_later(struct recording *recording, int master, bool final);

/* recording_header.c: the asciicast's header, in the request's arena; NULL: no memory. */
const char *recording_header(const struct request *request);

/* relay_record.c: one element for each descriptor that is to be polled. */
enum { RECORDING_FDS = 2 * RECORDING_STREAMS + 1 };
struct pollfd;
void relay_record_poll(const struct relay *relay, struct pollfd *fds);
void relay_record_turn(struct relay *relay, const struct pollfd *fds);
/* Of a run without its recorder too: whether bytes have still to be passed on. */
bool relay_record_pending(const struct relay *relay);
/* The program has ended, perhaps not all that it started: whether its streams are over shows. */
void relay_record_settle(struct relay *relay);
/* All has ended: what is left of its streams, then the transcript's end. */
void relay_record_rest(struct relay *relay);

#endif
