/*
 * Streams of a run as lines of asciicast v2 (docs.asciinema.org/manual/asciicast/v2): pure. "o",
 * "i" and "r" are the format's own; "e" is the standard error of pipes, which players pass over;
 * "m", a marker, is only ever the recorder's own word, while a mark in "o" could be printed by
 * anybody.
 *
 * Text stays text: a character that is split over two packets is one; bytes that are no UTF-8
 * become U+FFFD and are counted. A piece of a stream that is no text (BINARY_SHARE of it NUL bytes
 * or no UTF-8) is not kept, but counted and hashed, until text comes again; but where it is text
 * once its NUL bytes are left out, that text is kept too. Nothing is kept beyond `limit` bytes. Each of these shows in the recording, where it begins (R33).
 */
#ifndef ROLEGATE_CAST_H
#define ROLEGATE_CAST_H

#include <openssl/evp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	CAST_BINARY_LEAST = 64,	 /* bytes: less is always kept */
	CAST_BINARY_SHARE = 30,	 /* percent */
	CAST_PENDING = 3,	 /* bytes of a character that has not ended */
	CAST_ROOM = 1024 * 1024, /* what one packet can become, with all marks */
};

enum cast_stream_id { CAST_OUTPUT, CAST_INPUT, CAST_ERROR, CAST_STREAMS };

struct cast_stream {
	uint64_t bytes;	  /* given */
	uint64_t lost;	  /* not kept, because of the limit */
	uint64_t binary;  /* not kept, because it is no text */
	uint64_t invalid; /* kept as U+FFFD */
	uint64_t run;	  /* bytes of the binary piece that has not ended */
	EVP_MD_CTX *hash; /* of it */
	unsigned char pending[CAST_PENDING];
	size_t pending_length;
	bool lost_marked;
};

struct cast {
	uint64_t limit, kept; /* bytes of all streams */
	uint64_t last;	      /* microseconds: time never goes back */
	struct cast_stream streams[CAST_STREAMS];
};

/* Where lines go: cleared by the caller. */
struct cast_lines {
	char *bytes; /* CAST_ROOM of them, the caller's */
	size_t length;
	bool overflow; /* a bug: nothing of it may be written */
};

/* A line of its own: the header. */
void cast_put_line(struct cast_lines *lines, const char *text);
/* 'o', 'i', 'e', or -1. */
int cast_stream_of(uint8_t code);
void cast_start(struct cast *cast, uint64_t limit);
void cast_free(struct cast *cast);
void cast_data(struct cast *cast, struct cast_lines *lines, int stream, uint64_t microseconds,
	const unsigned char *bytes, size_t length);
/* Bytes that nobody gave. */
void cast_lost(struct cast *cast, struct cast_lines *lines, int stream, uint64_t microseconds,
	uint64_t bytes);
void cast_window(struct cast *cast, struct cast_lines *lines, uint64_t microseconds,
	unsigned columns, unsigned rows);
/* What is left over, and how much is missing; `why` is a marker of its own, or NULL. */
void cast_end(struct cast *cast, struct cast_lines *lines, uint64_t microseconds, const char *why);
/* A marker, and the same as visible output. */
void cast_mark(struct cast *cast, struct cast_lines *lines, int stream, const char *text);

#endif
