/* Inside approve.c and its neighbours: one request's dealings with the queue of approvals. */
#ifndef ROLEGATE_GATEWAY_APPROVE_H
#define ROLEGATE_GATEWAY_APPROVE_H

#include "approval/approval.h"
#include "approval/edges.h"
#include "gateway/request.h"

/* What is asked of the queue for one request. Lives in the request's arena. */
struct asking {
	struct request *request;
	struct approval_subject subject;
	struct approval_person person;
	struct approval_edges edges;
	struct approvals *queue;     /* NULL: not open */
	struct approval_entry found; /* what it is approved by */
};

/* 0; or -1 and denied. A dry run finds no queue where there is none yet: 0, and queue NULL. */
int asking_open(struct asking *asking);
void asking_close(struct asking *asking);
/*
 * 0: it is approved, and request->approval says by which number, which is kept for
 * request_use_approval(). Else -1 and denied: what waits with `reason`, after "`detail`; ".
 */
int asking_decide(struct asking *asking, enum reason reason, const char *detail);

/*
 * Once everything else is done: the approval of that number still counts, and if it is good for one
 * run, it is this run's. 0, or -1 and denied: another one was faster, its time is over, or it was
 * revoked.
 */
int asking_use(struct asking *asking, unsigned long number);

/* Whether `run_as` is the operator's own account, by whatever name. */
bool is_own_account(const struct request *request, const char *run_as);

/* learn.c: a refusal that may have been approved, or goes to the queue. 0, or -1 and denied. */
bool learn_applies(const struct request *request);
int learn_check(struct request *request);

#endif
