/* The records of a session, as the audit level of its endpoint says. */
#ifndef ROLEGATE_REPORT_H
#define ROLEGATE_REPORT_H

#include "gateway/request.h"

struct run_end {
	int status; /* -1: none */
	int signal;
	bool timed_out;
	const char *ended_by; /* "client-gone", "client-signal", "timeout", "gateway", "protocol",
				 "terminated", "idle-limit", "session-limit", "recorder"; NULL: its
				 own end */
	pid_t child;	      /* 0: it did not start */
	const char *detail; /* why it did not start, or NULL */
	const char *result; /* of a function: outcome_result_name(); else NULL */
	const char *said;   /* what a function said of itself, escaped, bounded; NULL: nothing */
	const char *transaction; /* "committed", "rolled-back", "undone", "failed"; NULL: none */
};

/*
 * Both ways; of a dry run too, and of one that can't be recorded nothing is told. 0; or -1 when the record was wanted, could not be written, and the endpoint says that
 * nothing runs then.
 */
int report_decision(struct request *request);
/* Whether there is a record of the end: of all, or because the operator was referred to it. */
bool report_keeps_end(const struct request *request);
void report_end(struct request *request, const struct run_end *end);
/* One change that was committed, at `path`; or "rollback", the run of the function `detail`. */
void report_step(struct request *request, const char *step, const char *path, const char *detail,
	bool success);
/*
 * What was done to a file of a drive. 0; or -1 when the record was wanted, could not be written, and
 * the endpoint says that nothing runs then.
 */
int report_file(struct request *request, const struct record_file *file, bool success);
/* Whether one more refusal has a record of its own, or is counted with others (op=repeated). */
bool report_keeps_refusal(const struct session *session);
/* A session that ends without a decision. `reason`: REASON_PERMITTED for none. */
void report_session(struct session *session, enum reason reason, const char *detail);

#endif
