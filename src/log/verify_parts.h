/* What the files of verify share; verify*.c only. */
#ifndef ROLEGATE_LOG_VERIFY_PARTS_H
#define ROLEGATE_LOG_VERIFY_PARTS_H

#include <openssl/evp.h>
#include <pthread.h>

#include "base/table.h"
#include "config/signature.h"
#include "log/files.h"
#include "log/verify.h"

enum { VERIFY_KEY_NAME = 16 /* digits */, VERIFY_MESSAGE = 192, VERIFY_THREADS = 8 };

struct verify_key {
	const char *path;
	char name[VERIFY_KEY_NAME + 1];
	EVP_PKEY *key;
};

/* A signature that is to be checked. */
struct verify_signature {
	struct verify_signature *next; /* in the log */
	const struct verify_key *key;
	const char *place;
	uint64_t sequence; /* of its own line */
	char message[VERIFY_MESSAGE];
	size_t length;
	unsigned char bytes[SIGNATURE_SIZE];
	bool holds;
};

/* Signatures that are checked while the log is read on. */
struct verify_holds {
	struct verify_signature *first, *last, *next; /* `next`: that nobody has looked at */
	pthread_mutex_t lock;
	pthread_cond_t more;
	pthread_t thread[VERIFY_THREADS];
	size_t threads;
	bool complete; /* no more will come */
};

/* What the log says of a file beside it. */
struct verify_file {
	const char *name, *place; /* "transcripts/…"; where the log says it: "FILE:LINE" */
	uint64_t sequence;
	bool opened, closed, expired;
	uint64_t bytes, part_bytes;
	const char *sha256, *part_sha256; /* as written there; NULL: it doesn't say */
};

/* A line whose bytes don't have its hash: the next one tells more. */
struct verify_changed {
	bool waits;
	const char *place, *says;
	uint64_t sequence;
	char computed[CHAIN_HASH + 1], claimed[CHAIN_HASH + 1];
};

/* What op=expired says of files that are gone. */
struct verify_expired {
	uint64_t last;
	char hash[CHAIN_HASH + 1];
};

struct verify {
	struct arena *arena;
	const struct verify_question *question;
	struct verify_result *result;
	struct log_files files;
	struct log_lines lines;
	size_t file;   /* of `files`: the one that is read */
	uint64_t line; /* of it */
	struct chain chain;
	bool started;	   /* there was a line */
	bool prev_unknown; /* the line before was none */
	struct verify_changed changed;
	struct verify_key *keys;
	size_t key_count;
	struct verify_holds holds;
	struct verify_heads heads; /* by seq */
	size_t next_head;
	char start_prev[CHAIN_HASH + 1]; /* of the first line */
	struct verify_expired *expired;
	size_t expired_count;
	struct table by_name; /* -> struct verify_file */
	struct verify_file **beside;
	size_t beside_count;
	uint64_t done, total, reported; /* bytes */
};

/* "FILE:LINE" of where it reads. */
const char *verify_place(const struct verify *verify);
void verify_found(struct verify *verify, const char *place, uint64_t sequence, const char *format,
	...) __attribute__((format(printf, 4, 5)));
void verify_note(struct verify *verify, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void verify_progress(struct verify *verify, const char *what, uint64_t bytes);

/* One line, without its end. */
void verify_line(struct verify *verify, const char *text, size_t length);
/* What is only known when there is no more. */
void verify_chain_end(struct verify *verify);

int verify_keys_load(struct verify *verify, const char **complaint);
void verify_keys_free(struct verify *verify);
/* op=sign, of a line that is good: told of at the end. */
void verify_signature(
	struct verify *verify, const char *text, size_t length, const struct chain_link *link);
void verify_signatures_end(struct verify *verify);
/* verify_holds.c: has one looked at, of the verifier's arena. */
void verify_holds_add(struct verify_holds *all, struct verify_signature *signature);
/* All have been: the first of them, with `next` and `holds`; NULL: there was none. Again, too. */
const struct verify_signature *verify_holds_end(struct verify_holds *all);

void verify_heads_sort(struct verify *verify);
void verify_head_line(struct verify *verify, uint64_t sequence, const char *hash);
void verify_heads_end(struct verify *verify);

/* op=transcript-open, -part, transcript, expired, torn: what is said of a file. */
void verify_beside_line(struct verify *verify, const char *operation, const char *text,
	size_t length, uint64_t sequence);
/* The files themselves. 0, or -1 with *complaint. */
int verify_beside_end(struct verify *verify, const char **complaint);

#endif
