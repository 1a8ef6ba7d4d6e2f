/*
 * Whether an event log is what was written (R29): the chain over all its files, signatures, the
 * transcripts that it names, and its head as other places have it. rolegate-records(5) describes
 * what is checked; contrib/verify-log.py does the same from that description alone.
 */
#ifndef ROLEGATE_LOG_VERIFY_H
#define ROLEGATE_LOG_VERIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/strings.h"
#include "log/log.h"
#include "record/chain.h"

/* What somebody else knows of the chain. */
struct verify_head {
	const char *source; /* "the audit log", "--since-head": where it is known from */
	const char *chain;  /* its id; NULL: not known */
	uint64_t sequence;
	char hash[CHAIN_HASH + 1];
};

struct verify_heads {
	struct verify_head *items;
	size_t count;
};

struct verify_question {
	const char *path;    /* directory or file; NULL: ROLEGATE_LOG_DIR */
	struct strings keys; /* PEM files of public keys */
	struct verify_heads heads;
	bool transcripts;
	/* Something is wrong: "FILE", or "FILE:LINE", seq or 0, and what. */
	void (*found)(void *context, const char *place, uint64_t sequence, const char *what);
	/* Something that is not wrong and should be known. */
	void (*note)(void *context, const char *what);
	void (*progress)(void *context, const char *what, uint64_t done, uint64_t total);
	void *context;
};

struct verify_result {
	uint64_t findings;
	uint64_t files, lines, bytes;
	uint64_t first, last; /* seq */
	char chain[33], head[CHAIN_HASH + 1];
	uint64_t signatures, signed_to; /* good ones; the last line that one of them covers */
	uint64_t transcripts, transcripts_open;
	uint64_t heads; /* that agree */
};

/* 0; -1 with *complaint when it could not be checked. Whether it is good say the findings. */
int verify_log(struct arena *arena, const struct verify_question *question,
	struct verify_result *result, const char **complaint);

/*
 * Heads that the audit log in `path` has, as records of type USYS_CONFIG with op=log-head. 0, or -1
 * with *complaint.
 */
int verify_read_heads(
	struct arena *arena, const char *path, struct verify_heads *heads, const char **complaint);
void verify_add_head(
	struct arena *arena, struct verify_heads *heads, const struct verify_head *head);

#endif
