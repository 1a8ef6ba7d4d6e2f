/*
 * The hash chain of the event log: each line names the line before it, so that a changed, missing,
 * reordered or added byte shows. A line is a JSON object on one line whose last three members are,
 * in this order and form,
 *
 *     …,"seq":N,"prev":"HASH OF THE LINE BEFORE","hash":"HASH"}
 *
 * HASH is the SHA-256, 64 hexadecimal digits, of the line's bytes up to the comma before "hash".
 * As "prev" is among them, no line can be changed without changing all that come after it. The
 * first line of a chain has seq 1 and a prev of 64 zeros. The first line of every file is a
 * "op":"chain" one with the format's version and the chain's id; a file that follows another one
 * goes on where that ended.
 */
#ifndef ROLEGATE_CHAIN_H
#define ROLEGATE_CHAIN_H

#include <stdint.h>

#include "base/arena.h"

enum { CHAIN_FORMAT = 1, CHAIN_HASH = 64, /* digits */ CHAIN_SEALED_MAX = 256 /* bytes added */ };

/* Where a chain stands: what the next line has to say. */
struct chain {
	uint64_t next;		   /* its seq, from 1 */
	char last[CHAIN_HASH + 1]; /* hash of the line before it */
};

extern const struct chain chain_start;

enum chain_result {
	CHAIN_GOOD = 0,
	CHAIN_NOT_A_LINE, /* the three members are not at its end, in this form */
	CHAIN_CHANGED,	  /* its bytes do not have its hash */
	CHAIN_SEQUENCE,	  /* another seq than the next: lines are missing, added or reordered */
	CHAIN_BROKEN,	  /* the line before is not the one that it names */
	CHAIN_ERROR,	  /* no memory, no hash */
};

/* What a sealed line says at its end. */
struct chain_link {
	uint64_t sequence;
	char prev[CHAIN_HASH + 1], hash[CHAIN_HASH + 1];
	size_t body; /* bytes before `,"seq":` */
};

/*
 * `object` ("{…}", not empty, no line end) as the next line of the chain, with its line end, in
 * `arena`; the chain then stands after it. NULL when it is none, or on failure of the hash.
 */
char *chain_seal(struct arena *arena, struct chain *chain, const char *object);
/* A line without its line end, for itself: its members, whatever its hash is. */
enum chain_result chain_read(const char *line, size_t length, struct chain_link *link);
/* The hash that a line's bytes have, of one that chain_read() finds good. 0, or -1. */
int chain_hash(const char *line, size_t length, char text[CHAIN_HASH + 1]);
/*
 * The same, its hash, and whether it is the chain's next; the chain then stands after it. After
 * any other result it is as it was.
 */
enum chain_result chain_check(
	struct chain *chain, const char *line, size_t length, struct chain_link *link);
/* In words: "the line was changed", … */
const char *chain_result_text(enum chain_result result);

#endif
