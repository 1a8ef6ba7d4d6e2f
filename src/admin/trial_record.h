/* The audit records of a trial: that it is about to run something, and how that ended. */
#ifndef ROLEGATE_ADMIN_TRIAL_RECORD_H
#define ROLEGATE_ADMIN_TRIAL_RECORD_H

#include "admin/person.h"
#include "base/request_id.h"
#include "record/record.h"
#include "spawn/account.h"

struct trial_record {
	struct recorder *recorder;
	struct record record;
	bool optional; /* audit_failure = "continue" at the endpoint */
};

/*
 * op=trial, of who is logged in here. 0, or -1 after a message: no record, no run. `account` is
 * what it runs as.
 */
int trial_record_start(struct arena *arena, const struct person *person,
	const struct decision *decision, const struct account *account,
	const struct request_id *request, struct trial_record *record);

/* op=end. `status` as waitpid(2) gives it; -1: it was not started. A failure is a warning. */
void trial_record_end(struct trial_record *record, int status);

/* Who it is that runs this program, as a record says it. */
void trial_record_person(struct arena *arena, struct record *record);

/* The name of who is logged in, by the login uid, else of root. In `arena`. */
const char *trial_operator(struct arena *arena);

#endif
