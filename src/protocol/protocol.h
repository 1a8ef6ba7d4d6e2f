/*
 * The wire format between a client and the gateway: one page, both directions.
 *
 * AF_UNIX SOCK_SEQPACKET, one message a packet, at most PACKET_MAX bytes. A packet is a 16-bit
 * version (PROTOCOL_VERSION), a 16-bit type, then the fields of that type in order, nothing after
 * them. Integers are little-endian; a string is a 32-bit byte count and the bytes, without NUL in
 * them. Counts and lengths are checked against the packet's real size before use. A wrong version,
 * an unknown type, a type that the state does not allow, a field too many or too few, a descriptor
 * where none belongs: the gateway ends the session with a record, the client exits 125.
 *
 * Client                                  Gateway
 *   -- one connection is one session: identity and roles are fixed when it opens --
 *   RUN (0 to 3 descriptors)          ->
 *                                     <-  PROMPT (PAM, none or more)    REPLY ->
 *                                     <-  REFUSED, or STARTED
 *   INPUT, INPUT_END, WINDOW, SIGNAL,
 *   CONTINUE                          ->
 *                                     <-  OUTPUT, STOPPED, MESSAGE
 *                                     <-  ENDED            (and the next request may come)
 *   LIST, DESCRIBE, CHECK, CHOICES,
 *   LINE, OVERSIZE, APPROVAL          ->
 *                                     <-  ANSWER (one or more), or REFUSED
 *                                     <-  NOTICE (at any time), RENEW (in the place of an answer)
 *
 * On the control socket (root only): STATUS, RELOAD, SESSIONS, TERMINATE, PERMITTED -> ANSWER.
 */
#ifndef ROLEGATE_PROTOCOL_H
#define ROLEGATE_PROTOCOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

enum {
	PROTOCOL_VERSION = 3, /* 2: act_as, CHOICES; 3: NOTICE, RENEW, pipeline */
	PACKET_MAX = 128 * 1024,     /* bytes, header included */
	PACKET_DATA_MAX = 32 * 1024, /* bytes of INPUT and OUTPUT */
	PACKET_WORDS_MAX = 1024,
	PACKET_DESCRIPTORS_MAX = 3,
};

enum packet_type {
	/* client -> gateway */
	PACKET_RUN = 1,       /* u32 flags; string account ("" for the command's own); u8 streams;
	                         string term; window; string act_as ("" for nobody else: whose rights
	                         they are); string pipeline ("", or 32 lower-case hexadecimal digits
	                         that the stages of one pipeline have in common: a label for the
	                         records, and no more); u32 count; count strings (the words).
	                         Bit N of streams: stream N (0, 1, 2) comes as a descriptor, in this
	                         order; the others are the gateway's pty. With streams 7 there is none */
	PACKET_REPLY = 2,     /* u8 answered (0: refused to answer); string */
	PACKET_INPUT = 3,     /* string: bytes typed */
	PACKET_INPUT_END = 4, /* - : no more input (the gateway types the pty's end-of-file) */
	PACKET_WINDOW = 5,    /* window: u16 rows; u16 columns; u16 x pixels; u16 y pixels */
	PACKET_SIGNAL = 6,    /* u32 number: one of HUP INT QUIT TERM USR1 USR2 TSTP CONT */
	PACKET_CONTINUE = 7,  /* - : after STOPPED */
	PACKET_LIST = 8,      /* u32 flags; string act_as: what may I run */
	PACKET_DESCRIBE = 9,  /* u32 flags; string act_as; u32 count; count strings: the command's
	                         name */
	PACKET_CHECK = 10,    /* u32 flags; string account; string act_as; string pipeline; u32 count;
	                         strings: --dry-run */
	PACKET_STATUS = 11,   /* u32 flags: control socket only */
	PACKET_RELOAD = 12,   /* u32 flags: control socket only */
	PACKET_LINE = 13,     /* u32 flags; string: a line that the grammar refused, so that it is on
	                         record. The gateway judges it anew: always REFUSED; a line that is
	                         none to refuse is malformed */
	PACKET_OVERSIZE = 14, /* u32 flags; u32 count of words; u32 bytes of all; string: the first
	                         word, cut: a request that no packet holds, so that it is on record.
	                         Always REFUSED */
	PACKET_CHOICES = 15,  /* u32 flags; string act_as; string input; u32 count; strings: a call of
	                         a function so far. The ANSWER is a JSON list: what that input may be
	                         now, by the function that computes it */
	PACKET_APPROVAL = 16, /* u32 flags; u32 count; strings: an approver's words, "approve" "3" …
	                         Asked of whom the endpoint knows as approver, with a role or without */
	PACKET_SESSIONS = 17, /* u32 flags: control socket only. The ANSWER is JSON */
	PACKET_TERMINATE = 18, /* u32 flags; u8 kind (enum terminate_kind); string what; string
	                         reason: control socket only. Answered when all of it has ended */
	PACKET_PERMITTED = 19, /* u32 flags; string user; u32 count; strings: endpoints. Control
	                         socket only. The ANSWER's status is enum permitted; its text says
	                         why, in printable ASCII, for a log */
	/* gateway -> client */
	PACKET_REFUSED = 64,  /* string code; string detail; string request; string json ("" unless
	                         asked for) */
	PACKET_STARTED = 65,  /* string request */
	PACKET_OUTPUT = 66,   /* string: bytes from the pty */
	PACKET_STOPPED = 67,  /* u32 signal */
	PACKET_ENDED = 68,    /* u32 kind (enum ended_kind); u32 value; string request; string json */
	PACKET_PROMPT = 69,   /* u8 style (enum prompt_style); string text */
	PACKET_ANSWER = 70,   /* u8 more; u32 status (exit status for the client, in the last one);
	                         string part: JSON or text, as asked; concatenate while `more` */
	PACKET_MESSAGE = 71,  /* u8 type (enum message_type); string input ("" unless it is invalid);
	                         string text: what a running function says; not with JSON */
	PACKET_NOTICE = 72,   /* string text: for the operator, from the gateway itself. Between any
	                         two packets */
	PACKET_RENEW = 73,    /* - : another configuration is in force. Nothing that was sent since the
	                         last ENDED, ANSWER or REFUSED is read, and no more will be: connect
	                         again, and ask again */
};

enum terminate_kind {
	TERMINATE_REQUEST = 1, /* what: 32 hexadecimal digits; its session lives on */
	TERMINATE_SESSION = 2, /* what: 16 hexadecimal digits */
	TERMINATE_USER = 3,    /* what: a uid, decimal: all sessions of it, and of its login uid */
};

enum permitted {
	PERMITTED_UNKNOWN = 0, /* it could not be found out */
	PERMITTED_NO = 1,      /* no role at any of the endpoints */
	PERMITTED_YES = 0x59,  /* far from the others (R43) */
};

/* In the text of PERMITTED_NO, before whom the person may ask; not always there. */
#define PERMITTED_CONTACT "; ask "

enum packet_flags {
	PACKET_FLAG_JSON = 1 << 0,      /* answers as one JSON object */
	PACKET_FLAG_NO_PROMPT = 1 << 1, /* -n: refuse rather than ask */
	PACKET_FLAG_ALL = PACKET_FLAG_JSON | PACKET_FLAG_NO_PROMPT,
};

enum ended_kind {
	ENDED_EXITED = 1,    /* value: exit status */
	ENDED_SIGNALLED = 2, /* value: signal number */
	ENDED_TIMED_OUT = 3, /* value: 0 */
};

enum prompt_style { PROMPT_ECHO_OFF = 1, PROMPT_ECHO_ON = 2, PROMPT_INFO = 3, PROMPT_ERROR = 4 };

enum message_type { MESSAGE_SUCCESS = 1, MESSAGE_WARNING, MESSAGE_ERROR, MESSAGE_INVALID };

struct packet_window {
	uint16_t rows, columns, x_pixels, y_pixels;
};

/* Building: start, put…, then packet_send(). Overflow is remembered and packet_send() says EMSGSIZE. */
struct packet_writer {
	uint8_t *bytes; /* PACKET_MAX of them, from the arena */
	size_t length;
	bool overflow;
};

void packet_start(struct arena *arena, struct packet_writer *writer, enum packet_type type);
/* Again in the memory of an earlier packet_start(): for what is sent many times. */
void packet_restart(struct packet_writer *writer, enum packet_type type);
void packet_put_u8(struct packet_writer *writer, uint8_t value);
void packet_put_u16(struct packet_writer *writer, uint16_t value);
void packet_put_u32(struct packet_writer *writer, uint32_t value);
void packet_put_bytes(struct packet_writer *writer, const void *bytes, size_t length); /* a string */
void packet_put_string(struct packet_writer *writer, const char *text); /* NULL is "" */
void packet_put_window(struct packet_writer *writer, const struct packet_window *window);
/* 0, or -1 and errno (EAGAIN on a full non-blocking socket). Never raises SIGPIPE. */
int packet_send(int socket, const struct packet_writer *writer, const int *descriptors,
	size_t descriptor_count);

/* Reading. After any failed get, `bad` stays set and further gets give zeros and "". */
struct packet {
	uint16_t type;
	const uint8_t *bytes; /* the fields */
	size_t length, offset;
	bool bad;
	int descriptors[PACKET_DESCRIPTORS_MAX]; /* close-on-exec; -1 where there is none */
	size_t descriptor_count;
};

/*
 * 1: a packet, its bytes in `buffer` (PACKET_MAX bytes, the caller's); 0: the peer is gone;
 * -1 and errno: EPROTO for a malformed one (truncated, bad version, too many descriptors, other
 * control data; whatever descriptors came are closed), else the failed call's.
 */
int packet_receive(int socket, uint8_t *buffer, struct packet *packet);
/* The same over bytes in memory, for the fuzzer. 0, or -1 if the header is bad. */
int packet_parse(const uint8_t *bytes, size_t length, struct packet *packet);
uint8_t packet_get_u8(struct packet *packet);
uint16_t packet_get_u16(struct packet *packet);
uint32_t packet_get_u32(struct packet *packet);
/* In `arena`, NUL-terminated. A string with a NUL in it is bad. */
char *packet_get_string(struct arena *arena, struct packet *packet);
/* Bytes, NUL allowed; points into the packet. */
const uint8_t *packet_get_bytes(struct packet *packet, size_t *length);
struct packet_window packet_get_window(struct packet *packet);
/* A count, then that many strings; at most PACKET_WORDS_MAX. */
char **packet_get_words(struct arena *arena, struct packet *packet, size_t *count);
/* True if everything was read, nothing is left, and nothing was bad. */
bool packet_done(const struct packet *packet);
void packet_close_descriptors(struct packet *packet);

#endif
