/*
 * pending, approve, reject, revoke: the words of rolegatectl, carried out where the queue is. root
 * calls it from rolegatectl itself; anybody else asks the gateway, which calls it for them with the
 * identity that the kernel gives it.
 *
 *   pending [--all | --state STATE] [--before N] [--limit N]
 *   pending show N
 *   approve N [--for TIME] [--once] [--role ROLE] [--as-caller-only] --reason TEXT
 *   reject N --reason TEXT
 *   revoke N --reason TEXT
 *
 * and --json with each. TIME: 90s, 30m, 8h, 7d.
 */
#ifndef ROLEGATE_APPROVAL_VERB_H
#define ROLEGATE_APPROVAL_VERB_H

#include "approval/approval.h"

struct policy;

/*
 * What becomes of the roles' files when a command is approved for good, or such an approval is
 * revoked: grant.h. In two steps, with the edge of the queue between them; a crash leaves an
 * approval without its grant, never a grant without its approval.
 */
struct approval_grants {
	void *context;
	/*
	 * Inside the queue's transaction, for APPROVAL_APPROVE of a command without --for and
	 * --once, and for APPROVAL_REVOKE of any command. -1 with *complaint: nothing is decided.
	 */
	int (*prepare)(void *context, const struct approval_entry *entry, enum approval_event event,
		const struct approval_person *person, const char **complaint);
	/*
	 * After it, of a revocation just before it is committed: 1 with *news, a sentence or lines
	 * for the person, when the configuration was changed; 0: nothing was to be; -1 with
	 * *complaint: the decision stands all the same.
	 */
	int (*commit)(void *context, const char **news, const char **complaint);
	void (*close)(void *context); /* always, at the end */
};

/* Where the words are carried out, and for whom. */
struct approval_desk {
	struct arena *arena;
	struct approvals *approvals;	      /* NULL: there is none yet, nothing is pending */
	const struct policy *policy;	      /* who decides, by today's configuration */
	const struct approval_person *person; /* as the kernel says */
	/*
	 * The way in, whose required groups and authentication they passed: what was asked for at
	 * others is not there. NULL: root, at none; all are.
	 */
	const char *endpoint;
	const struct approval_grants *grants; /* NULL: what is approved stays in the queue */
	/* Told of each decision that was refused, with the entry as it stays. Or NULL. */
	void (*refused)(void *context, const struct approval_entry *entry,
		enum approval_event event, const struct approval_person *person,
		const char *complaint);
	void *refused_context;
};

struct approval_answer {
	int status; /* exit status of rolegatectl: 0; 1 not theirs, or not now; 2 wrong words */
	const char *text; /* or JSON; with a newline at its end; safe for a terminal (R32) */
	bool changed;	  /* the configuration was: it is to be loaded again */
	bool failed;	  /* `text` is a complaint, for stderr unless `json` */
};

/* Always fills `answer`. Whose words they are does not matter here but for `desk->person`. */
void approval_verb(const struct approval_desk *desk, const struct strings *words, bool json,
	struct approval_answer *answer);

#endif
