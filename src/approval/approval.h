/*
 * The approval queue on disk: what was refused and may be approved. One SQLite database,
 * STATEDIR/approvals/queue.db, of which every change is one transaction (BEGIN IMMEDIATE) that
 * checks an edge of approval_next(): whoever writes, there is one writer at a time (R36).
 * Look-ups are by an indexed key, so that they don't grow with the queue.
 *
 * What is returned is in the arena that approvals_open() was given. A complaint is one sentence
 * for a person, without a full stop; it may hold bytes that were read, so it is shown escaped.
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
	APPROVAL_REASON_MAX = 1000,	 /* bytes */
	APPROVAL_TEXT_MAX = 1024 * 1024, /* of a script, of all words of a command, of a rule */
	APPROVAL_LASTS_MAX = 366 * 24 * 3600, /* seconds */
	APPROVAL_KEY_SIZE = 72,		      /* "sha256:", 64 hexadecimal digits, NUL */
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
 * What is to be approved. Its key is the SHA-256 over the fields marked with K, each with its name
 * and length; of commands also over the uid and login uid of who asks. Strings that are NULL are as
 * empty ones.
 */
struct approval_subject {
	enum approval_kind kind; /* K */
	const char *endpoint;	 /* K */
	const char *name; /* K: the function's name; of a command as it is defined, or NULL */
	const struct strings *words; /* K, APPROVAL_COMMAND: as asked for */
	const char *text;	 /* APPROVAL_FUNCTION: the script's bytes; for a request alone */
	const char *digest;	 /* K: of them, 64 hexadecimal digits */
	const char *rule;	 /* K: function_rule() */
	const char *interpreter; /* K */
	const char *run_as;	 /* K */
	const char *act_as;	 /* K: whose rights are used, if not the asker's own */
	const char *profile;	 /* K, APPROVAL_FUNCTION; this and what follows */
	const struct strings *transaction; /* K: the directories; NULL: none */
	const char *rollback;		   /* K: the function's name */
	unsigned timeout;		   /* K: seconds, of its definition; 0: none */
	const char *reason;		 /* code of the refusal */
	struct approval_rule decided_by; /* as the configuration has it now */
	bool outdated; /* what is known of the function may be old: no other approval is over by it
			*/
	bool own_account; /* it would run as the person: else an --as-caller-only approval is none
			   */
};

/* One edge that an entry took; the requests after the first are only counted. */
struct approval_past {
	time_t when;
	enum approval_event event;
	const char *who, *reason; /* the reason: NULL where nobody gave one */
};

struct approval_entry {
	unsigned long number; /* from 1, never used again */
	enum approval_kind kind;
	enum approval_state state;
	const char *key; /* "sha256:…"; one of another algorithm is never found (R35) */
	const char *endpoint, *name;
	struct strings argv; /* APPROVAL_COMMAND: the words, byte for byte */
	struct strings terms; /* APPROVAL_FUNCTION: "transaction=…", "rollback=…", "timeout=…" */
	const char *words;   /* the same as line_quote() writes them */
	const char *text;    /* APPROVAL_FUNCTION; only from approvals_get() */
	const char *digest, *rule, *interpreter, *run_as, *act_as, *profile, *reason;
	struct approval_rule decided_by; /* as the configuration had it when it was asked for */
	uid_t uid, login_uid;		 /* the first who asked */
	const char *user;
	time_t created, approved, decided, expires; /* 0: not; expires: never */
	unsigned long tries;
	bool once, as_caller_only;
	const char *role;		    /* --role, or NULL */
	const char *decided_who, *decision; /* the last person's decision, and the reason given */
	struct strings votes;		    /* names of who agreed so far */
	struct strings askers;		    /* names of all who asked; from approvals_get(), _list() */
	struct approval_past *past;	    /* only from approvals_get() */
	size_t past_count;
};

struct approvals;

/*
 * Opens the database, making it if `create`; its directory must be root's alone (R28). NULL with
 * *complaint and errno: ENOENT there is none yet, ENOSPC, EROFS, EPERM owner, mode or link, EBADMSG
 * tampered with, truncated or no database of ours. Nothing is approved then, and what is there is
 * left as it is. Good for this process only: a child opens its own.
 */
struct approvals *approvals_open(struct arena *arena, bool create, const char **complaint);
void approvals_close(struct approvals *approvals); /* NULL: nothing */

/*
 * Every edge that a change takes is told inside its transaction, with the entry as it will be; not
 * 0: all of the change is undone. `person`: who decided, or whose request brought it to light.
 */
typedef int approvals_record(void *context, const struct approval_entry *entry,
	enum approval_event event, const struct approval_person *person);
void approvals_recorder(struct approvals *approvals, approvals_record *record, void *context);

/* 0, or -1: no SHA-256. */
int approval_key(const struct approval_subject *subject, const struct approval_person *person,
	char key[APPROVAL_KEY_SIZE]);

/*
 * Whether this may run now: APPROVAL_APPROVED with *entry; with `use`, an approval that is good for
 * one run becomes used, and no other caller gets it. Any other state: it may not; *entry is the
 * last of its key (number 0: none). Approved functions of that name with another script, rule,
 * interpreter, transaction, rollback or timeout are revoked for good (APPROVAL_CHANGE) unless
 * `outdated`, and an approval whose time is over expires.
 *
 * -1 with *complaint and errno: EPERM it is approved as-caller-only, and this is another account;
 * ESTALE the clock was set back, before the approval was given or before a time that the queue has
 * seen; else the queue can't be read or written. Nothing may run then.
 */
int approvals_ask(struct approvals *approvals, const struct approval_subject *subject,
	const struct approval_person *person, bool use, struct approval_entry *entry,
	const char **complaint);

/*
 * Goes to the queue, once however often it is asked for: *entry is the pending one (or the approved
 * one, if somebody was faster). What was rejected, revoked, used or has expired gets a new number.
 * 0; or -1 with *complaint and errno: EDQUOT the person's bound or the queue's, E2BIG, EINVAL the
 * text is not what its digest says, ENOSPC, else the failed call's.
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
	/*
	 * What the configuration says today of who decides: verb_rule_now(). The stricter of it
	 * and the entry's own holds. NULL: nothing any more, and it can't be approved.
	 */
	const struct approval_rule *now;
	/*
	 * Called before an approval or a revocation is told and committed, with the entry as it
	 * will be; not 0: it is undone. Or NULL.
	 */
	int (*prepare)(void *context, const struct approval_entry *entry, enum approval_event event,
		const char **complaint);
	/*
	 * Called when a revocation is told and nothing but the commit is left, and before that:
	 * what it takes away is gone before the entry is final, so that a crash leaves less, never
	 * more. Or NULL.
	 */
	void (*withdraw)(void *context, const struct approval_entry *entry);
	void *context;
};

/*
 * Votes are one a person (by login uid, else by uid); of several, the strictest --for, --once and
 * --as-caller-only hold. 0 with *entry as it is now: still pending when more have to agree. -1 with
 * *complaint and errno: ENOENT no such number; EPERM not theirs to decide (they asked for it, or
 * are not of the groups); EALREADY they have agreed before; EINVAL no such edge; ESTALE asked for
 * under a key of another algorithm.
 */
int approvals_decide(struct approvals *approvals, const struct approval_decision *decision,
	const struct approval_person *person, struct approval_entry *entry, const char **complaint);

/* 0, or -1 with *complaint and errno: ENOENT. */
int approvals_get(struct approvals *approvals, unsigned long number, struct approval_entry *entry,
	const char **complaint);
/*
 * Entries in `state` (APPROVAL_NONE: all), newest first; at most `limit` with a number below
 * `before` (0: from the newest).
 */
int approvals_list(struct approvals *approvals, enum approval_state state, unsigned long before,
	size_t limit, struct approval_entry **entries, size_t *count, const char **complaint);
/*
 * The last one with the function's name, or the command's key, that was ever approved, with its
 * text; or, if `rejected`, that was rejected. 0; 1: none; -1 with *complaint.
 */
int approvals_former(struct approvals *approvals, const struct approval_entry *entry, bool rejected,
	struct approval_entry *former, const char **complaint);

/*
 * Who decides: the endpoint's rule where it requires approval or learns, the function's where it
 * requires approval, of both the stricter in each point; a function that names no groups has the
 * endpoint's. `endpoint` or `function` may be NULL.
 */
struct approval_rule approval_rule_for(struct arena *arena, const struct approval_rule *endpoint,
	const struct approval_rule *function);

/* For tests: another path than STATEDIR/approvals, and another clock than CLOCK_REALTIME. */
void approvals_set_directory(const char *directory);
void approvals_set_clock(time_t (*clock)(void));

#endif
