/*
 * One transcript: transcripts/UID/REQUEST.cast, and what the event log says of it. A file that
 * nobody may write to any more (mode 0400) has its op=transcript event; one with mode 0600 is open,
 * or was when the recorder ended.
 */
#ifndef ROLEGATE_TRANSCRIPT_H
#define ROLEGATE_TRANSCRIPT_H

#include <sys/types.h>

#include "recorder/cast.h"
#include "recorder/ledger.h"

#define TRANSCRIPT_DIRECTORY "transcripts"

enum {
	TRANSCRIPT_PATH = 96, /* transcripts/UID/REQUEST.cast */
	TRANSCRIPT_OPEN = 0600,
	TRANSCRIPT_CLOSED = 0400,
	TRANSCRIPT_GROWTH = 8,	     /* a file is at most so many times its limit of stream bytes */
	TRANSCRIPT_PART = 10 * 1000, /* ms between two op=transcript-part */
	TRANSCRIPT_ENDPOINT = 65,
};

struct transcript {
	char path[TRANSCRIPT_PATH], request[33], endpoint[TRANSCRIPT_ENDPOINT];
	uid_t uid;
	int file;
	off_t size, told; /* bytes; those of the last op=transcript-part */
	long long told_at;
	EVP_MD_CTX *hash; /* of the file's bytes */
	struct cast cast;
	uint64_t torn;	   /* bytes at its end that were no whole line, of one that is recovered */
	const char *state; /* how it ended before its CLOSE: "full", "failed"; NULL */
	struct transcript *next, **link; /* in transcripts.open; NULL: it is not in there */
};

/* What all of them share: the recorder's directory, its log, room for lines. */
struct transcripts {
	int directory;
	struct ledger *ledger;
	uint64_t limit; /* most bytes of streams in one */
	struct cast_lines lines;
	bool sync_always;
	uint64_t written; /* bytes of all that have ended, since somebody set it to 0 */
	struct transcript *open; /* those of this process; {0} at first */
};

/* transcripts/, made if it is not there. 0, or -1 and errno. */
int transcripts_prepare(int directory);
/*
 * A new file with that header, and its event. NULL with *why, in `arena`: an id or a header that is
 * none, a file that is there already, no room.
 */
struct transcript *transcript_open(struct transcripts *all, struct arena *arena,
	const char *request, uid_t uid, const char *header, uint64_t limit, const char **why);
/* Lines of the cast that are to be written. 0; -1 with *why: the transcript has ended. */
int transcript_write(struct transcripts *all, struct arena *arena, struct transcript *transcript,
	const char **why);
/* Whether its file is as long as it may get, whatever comes. */
bool transcript_is_long(const struct transcript *transcript);
/*
 * Ends it as "end", "cut", "failed" …, with the event. `text`, with room for 65 bytes, and *size:
 * the hash and length of the file. 0, or -1 with *why. Frees it in any case.
 */
int transcript_close(struct transcripts *all, struct arena *arena, struct transcript *transcript,
	const char *state, uint64_t microseconds, char *text, uint64_t *size, const char **why);
/* op=transcript-part, if it has grown since the last one. */
void transcript_tell(struct transcripts *all, struct arena *arena, struct transcript *transcript);
/* Whether the file is one that this process writes. */
bool transcripts_has_open(const struct transcripts *all, const char *path);
/* Below transcripts/ alone, by no link (R31). -1 and errno. */
int transcripts_openat(int directory, const char *path, int flags, mode_t mode);
/*
 * {"version":2,"width":…,"height":…,…} as one line of ASCII, with the endpoint's name or "" beside;
 * NULL: it is no such header.
 */
char *transcript_header(
	struct arena *arena, const char *header, char endpoint[TRANSCRIPT_ENDPOINT]);
/* The new file of made->uid and made->request: made->path, made->file. 0, or -1 and errno. */
int transcript_create(int directory, struct transcript *made);
/* Frees it, and leaves the file as it is. */
void transcript_drop(struct transcript *transcript);
json_t *transcript_open_event(struct arena *arena, const struct transcript *made);
/* The event of a transcript's end; "" for an endpoint that is not known. */
json_t *transcript_event(struct arena *arena, const struct transcript *transcript,
	const char *state, const char *sha256);
/* 64 digits of what was hashed so far; "" when that failed. */
void transcript_hash(const EVP_MD_CTX *hash, char text[CHAIN_HASH + 1]);

#endif
