/*
 * pending, approve, reject, revoke: the words of rolegatectl, carried out where the queue is. root
 * calls it from rolegatectl itself; anybody else asks the gateway, which calls it for them with the
 * identity that the kernel gives it.
 */
#ifndef ROLEGATE_APPROVAL_VERB_H
#define ROLEGATE_APPROVAL_VERB_H

#include "approval/approval.h"

struct policy;

struct approval_answer {
	int status;	  /* exit status of rolegatectl */
	const char *text; /* or JSON; safe for a terminal (R32) */
	bool changed;	  /* the configuration was: it is to be loaded again */
};

/*
 * `words`: "pending", or "pending show 3", "approve 3 --for 8h --reason TEXT", …. `policy` is what
 * approved commands are checked against; `directory` the configuration that a grant is written to.
 */
void approval_verb(struct arena *arena, struct approvals *approvals, const struct policy *policy,
	const char *directory, const struct approval_person *person, const struct strings *words,
	bool json, struct approval_answer *answer);

#endif
