/*
 * A file of the event log as a writer finds it: where its chain stands, and what of it was left
 * half written by a process or a host that ended at the wrong moment.
 */
#ifndef ROLEGATE_CHAIN_FILE_H
#define ROLEGATE_CHAIN_FILE_H

#include <sys/types.h>

#include "base/arena.h"
#include "record/chain.h"

enum { CHAIN_ID = 32 /* digits */ };

enum chain_file_state {
	CHAIN_FILE_EMPTY,   /* nothing is in it */
	CHAIN_FILE_GOOD,    /* its last line is whole */
	CHAIN_FILE_TORN,    /* bytes from `good` on are no line of the chain */
	CHAIN_FILE_FOREIGN, /* there is no chain in it, or one of another format */
};

struct chain_file {
	enum chain_file_state state;
	struct chain chain;    /* after its last whole line */
	uint64_t first;	       /* seq of its first line; 0: it has none */
	char id[CHAIN_ID + 1]; /* of the chain, "" without a first line */
	long long opened;      /* when its first line was written, in ms since 1970 */
	off_t good, size;
};

/* 0, or -1 and errno. Looks at the first line and the last ones alone. */
int chain_file_read(int fd, struct chain_file *found);
/* A new chain's id, random. 0, or -1 and errno. */
int chain_file_new_id(char id[CHAIN_ID + 1]);
/*
 * The object of a file's first line; `after`: the name of the file before it, or NULL. NULL: no
 * memory.
 */
char *chain_file_header(
	struct arena *arena, const char *id, const char *after, long long milliseconds);

#endif
