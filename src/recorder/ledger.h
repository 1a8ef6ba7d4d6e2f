/*
 * The event log that the recorder writes: events.jsonl, and the older files that it was before it
 * grew too large or too old, one chain through all of them. This process alone writes there.
 */
#ifndef ROLEGATE_LEDGER_H
#define ROLEGATE_LEDGER_H

#include <stdbool.h>
#include <sys/types.h>

#include "record/chain_file.h"
#include "record/event_object.h"

#define LEDGER_NAME "events.jsonl"

/*
 * Room of the disk that is the log's ahead of its end, so that a full disk can be told of. What
 * only the recorder itself says may use it up.
 */
enum { LEDGER_AHEAD = 256 * 1024, LEDGER_RESERVE = 128 * 1024, LEDGER_FILE_NAME = 64 };

/* Of each line that is written, its line end apart. */
typedef void ledger_written(void *context, const char *line, size_t length);

struct ledger {
	int directory, file;
	struct chain chain;
	char id[CHAIN_ID + 1];
	uint64_t first;		  /* seq of the file's first line */
	long long opened, latest; /* when that was written, and the last one; ms since 1970 */
	off_t size, allocated;	  /* bytes that are the file's on the disk, at least */
	bool full;		  /* events are refused until there is room again */
	bool unsynced;
	ledger_written *written; /* may be NULL */
	void *context;
};

/*
 * In `directory`, which stays the caller's: goes on with the chain that is there, cuts off what was
 * left half written, gives a file without chain another name. 0, or -1 and errno.
 */
int ledger_open(struct ledger *ledger, int directory);
/* The same, and `written` hears of every line from the chain's first one on. */
int ledger_open_told(
	struct ledger *ledger, int directory, ledger_written *written, void *context);
void ledger_close(struct ledger *ledger);
/*
 * What the gateway says: refused when the disk is full but for the reserve. 0, or -1 and errno; the
 * first refusal has its own event, op=disk-full.
 */
int ledger_append(struct ledger *ledger, struct arena *arena, const char *object);
/* What the recorder says: takes the object. 0, or -1 and errno. */
int ledger_note(struct ledger *ledger, struct arena *arena, json_t *object);
/* op= … and pairs for json_pack(3); NULL when there is no memory. */
json_t *ledger_event(struct arena *arena, const char *operation, const char *format, ...);
/* events-SEQ.jsonl from now on, and a new file after it. 0, or -1 and errno, all as it was. */
int ledger_rotate(struct ledger *ledger, struct arena *arena);
/* Tries whether there is room again. */
void ledger_recheck(struct ledger *ledger, struct arena *arena);
int ledger_sync(struct ledger *ledger);
/* The seq of the last line, and whether its file is the one that is written. */
uint64_t ledger_last(const struct ledger *ledger);
/* That of the first line that is left: looks at the directory. */
uint64_t ledger_oldest(const struct ledger *ledger);
/* events-SEQ.jsonl: its SEQ, or 0. */
uint64_t ledger_sequence_of(const char *name);

#endif
