/*
 * The approval queue on disk: what was refused and may be approved. One SQLite database,
 * STATEDIR/approvals/queue.db, of which every change is one transaction (BEGIN IMMEDIATE) that
 * checks an edge of approval_next(): whoever writes, there is one writer at a time (R36).
 * Look-ups are by an indexed key, so that they don't grow with the queue.
 */
#ifndef ROLEGATE_APPROVALS_H
#define ROLEGATE_APPROVALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "base/arena.h"
#include "base/strings.h"
#include "policy/approval.h"

enum {
	APPROVALS_PER_PERSON = 100, /* pending at once; more are refused with reason limit */
	APPROVALS_PENDING_MAX = 50000,
	APPROVAL_REASON_MAX = 1000, /* bytes */
};

enum approval_kind { APPROVAL_FUNCTION = 1, APPROVAL_COMMAND };

/* A person as the gateway or rolegatectl knows them from the kernel. */
struct approval_person {
	uid_t uid, login_uid; /* (uid_t)-1: unset */
	const char *name;
	struct strings groups;
	bool root; /* uid 0 */
};

/*
 * What is to be approved. Its key is the SHA-256 over kind, subject, content, rule, interpreter and
 * run_as (functions), or over kind, requester's uid, endpoint and words (commands).
 */
struct approval_subject {
	enum approval_kind kind;
	const char *endpoint;
	const char *name; /* the function's name; of a command its first words, if defined */
	const struct strings *words; /* APPROVAL_COMMAND: as asked for */
	const char *text;	     /* APPROVAL_FUNCTION: the script's bytes */
	const char *digest;	     /* of them */
	const char *rule;	     /* function_rule() */
	const char *interpreter;
	const char *run_as;
	const char *profile;
	const char *reason;		 /* code of the refusal */
	struct approval_rule decided_by; /* as the configuration had it when it was asked for */
};

struct approval_entry {
	unsigned long number;
	enum approval_kind kind;
	enum approval_state state;
	const char *key, *endpoint, *name, *words; /* words: line_quote()d */
	const char *text, *digest, *rule, *interpreter, *run_as, *profile, *reason;
	struct approval_rule decided_by;
	uid_t uid, login_uid; /* the first who asked */
	const char *user;
	time_t created, decided, expires; /* 0: not; never */
	unsigned long tries;
	bool once, as_caller_only;
	const char *role;		    /* --role, or NULL */
	const char *decided_who, *decision; /* by whom, and what they gave as the reason */
	struct strings votes;		    /* names of who agreed so far */
};

struct approvals;

/*
 * Opens the database, making it if `create`; its directory must be root's (R28). NULL with
 * *complaint: full, unwritable, tampered with, not a database: nothing is approved then.
 */
struct approvals *approvals_open(struct arena *arena, bool create, const char **complaint);
void approvals_close(struct approvals *approvals);

/* Every edge that a change takes is told before it is committed; not 0: it is undone. */
typedef int approvals_record(void *context, const struct approval_entry *entry,
	enum approval_event event, const struct approval_person *person);
void approvals_recorder(struct approvals *approvals, approvals_record *record, void *context);

/* The key of `subject`, 64 hexadecimal digits. */
int approval_key(
	const struct approval_subject *subject, const struct approval_person *person, char key[65]);

/*
 * Whether this may run now: APPROVAL_APPROVED with *entry; with `use`, an approval that is good for
 * one run becomes used, and no other caller gets it. An approved function of that name whose
 * content is another one is revoked (APPROVAL_CHANGE). An approval whose time is over, or that
 * began in the future (a clock set back), is none. -1 with *complaint: the queue can't be read.
 */
int approvals_ask(struct approvals *approvals, const struct approval_subject *subject,
	const struct approval_person *person, bool use, struct approval_entry *entry,
	const char **complaint);

/*
 * Goes to the queue, once however often it is asked for: *entry is the pending one. -1 with
 * *complaint and errno: EDQUOT the person's bound, ENOSPC, else the failed call's.
 */
int approvals_request(struct approvals *approvals, const struct approval_subject *subject,
	const struct approval_person *person, struct approval_entry *entry, const char **complaint);

struct approval_decision {
	bool reject, revoke; /* neither: approve */
	unsigned long number;
	const char *reason; /* never empty */
	time_t lasts;	    /* seconds; 0: for good */
	bool once, as_caller_only;
	const char *role; /* or NULL */
};

/*
 * -1 with *complaint and errno: ENOENT no such number; EPERM not theirs to decide (their own, or
 * not of the groups); EINVAL no such edge. Else *entry as it is now: still pending when more have
 * to agree.
 */
int approvals_decide(struct approvals *approvals, const struct approval_decision *decision,
	const struct approval_person *person, struct approval_entry *entry, const char **complaint);

int approvals_get(struct approvals *approvals, unsigned long number, struct approval_entry *entry,
	const char **complaint);
/* Entries in `state` (APPROVAL_NONE: all), newest first; at most `limit` from `offset`. */
int approvals_list(struct approvals *approvals, enum approval_state state, size_t offset,
	size_t limit, struct approval_entry **entries, size_t *count, const char **complaint);
/* The last text that was approved under the name before `number`; NULL: none. */
const char *approvals_former_text(struct approvals *approvals, const struct approval_entry *entry);

/* Tests give another path than STATEDIR/approvals. */
void approvals_set_directory(const char *directory);

#endif
