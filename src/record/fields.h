/* What records are made of, for the files of this folder and their tests only. */
#ifndef ROLEGATE_FIELDS_H
#define ROLEGATE_FIELDS_H

#include "base/arena.h"
#include "record/chain_file.h"
#include "record/record.h"

struct field {
	const char *name;  /* as in both logs */
	const char *value; /* bytes as they came */
	bool number;	   /* a decimal number that is one in JSON too */
};

struct fields {
	struct field *items;
	size_t count;
};

/* The fields of `record` in their order, but `terminal` and `res`, which libaudit adds. */
struct fields fields_of(struct arena *arena, const struct record *record);

/* Bytes, before encoding; `detail`, which does not grow by that, may be longer. */
enum { AUDIT_COMMAND_MAX = 1500, AUDIT_VALUE_MAX = 512, AUDIT_DETAIL_MAX = 1600 };

/*
 * The texts of the audit messages of one record, without what libaudit adds: one, or, when cmd= is
 * longer than AUDIT_COMMAND_MAX, several that differ in cmd= and part=N/M. Other long values are
 * cut and end in "...".
 */
struct strings audit_texts(struct arena *arena, const struct fields *fields);

enum { AUDIT_CHECK_AGE = 1000 /* ms */ };

struct audit {
	int socket;	      /* netlink */
	int asked;	    /* sequence of a question that has not been answered; 0: none */
	long long asked_at; /* of the last one: ms of the monotonic clock */
	bool checked;	    /* audit was on then, and the rest is known */
	unsigned rate_limit, lost;
};

/* 0 and a socket; 0 and socket -1 where the kernel has no audit; -1 and errno. */
int audit_start(struct audit *audit);
/* Asks whether audit is on; audit_write() waits for the answer. 0, or -1 and errno. */
int audit_ask(struct audit *audit);
/* 0 when audit is on and the kernel acknowledged every text; -1 and *complaint. */
int audit_write(struct audit *audit, const struct record *record, const struct strings *texts,
	const char **complaint);

/* The event log's object, without the chain's members. `milliseconds` since 1970. */
char *events_line(struct arena *arena, const struct record *record, const struct fields *fields,
	const char *host, long long milliseconds);

/* An event log in a directory that R28 trusts, which every process of the gateway's writes. */
struct events {
	char *path;	  /* malloc'd */
	const char *name; /* in it: the last component */
	int directory, file;
	struct chain_file known; /* as this process left it: true while its size is the same */
};

int events_open(
	struct arena *arena, const char *path, struct events *events, const char **complaint);
void events_close(struct events *events);
/*
 * The object as the next line of the chain; all of it or nothing. A file without a chain is given
 * another name first; one that was rotated is followed. 0, or -1 and errno.
 */
int events_append(struct events *events, const char *object);

#endif
