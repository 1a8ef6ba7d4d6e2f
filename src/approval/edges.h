/* Every edge of the queue is a record, before it is one: an approvals_record (R36). */
#ifndef ROLEGATE_APPROVAL_EDGES_H
#define ROLEGATE_APPROVAL_EDGES_H

#include "approval/approval.h"
#include "record/record.h"

/* Who writes: the context of approval_edge(). */
struct approval_edges {
	struct recorder *recorder; /* NULL: nothing can be recorded, and no edge is taken */
	const char *request;	   /* req=, or NULL */
	pid_t pid;		   /* of the person's process */
	unsigned audit_session;	   /* of it; (unsigned)-1: unset */
	const char *session;	   /* the gateway's; NULL: it is not one of the gateway's */
};

/* 0; or -1, said on stderr, when it could not be written. */
approvals_record approval_edge;

/* Somebody may not decide so: `entry` as it stays, and why. What can't be written is said on
 * stderr. */
void approval_edge_refused(const struct approval_edges *edges, const struct approval_entry *entry,
	enum approval_event event, const struct approval_person *person, const char *complaint);

#endif
