/* rolegatectl test: what became of the cases of a file. */
#ifndef ROLEGATE_ADMIN_POLICY_TEST_H
#define ROLEGATE_ADMIN_POLICY_TEST_H

#include "author/cases.h"
#include "policy/decide.h"

struct case_result {
	const struct policy_case *policy_case;
	const char *title;
	const char *got;   /* "allow", or the reason's code; NULL: nothing was decided */
	const char *wrong; /* a sentence, or NULL: as expected */
	const struct command *command; /* that the words name, granted or not; or NULL */
};

/* A grant that no case has asked about. */
struct untested {
	const char *endpoint, *role;
	const struct command *command;
};

struct case_results {
	struct case_result *items;
	size_t count, failed;
	struct untested *untested;
	size_t untested_count;
	bool coverage; /* whether `untested` was asked for */
};

/* Decides every case by `policy`; `results` and what it refers to live in `arena`. */
void cases_run(struct arena *arena, const struct policy *policy, const struct policy_cases *cases,
	struct case_results *results);
/* Commands and functions that somebody has been given, and no case names. */
void cases_coverage(struct arena *arena, const struct policy *policy, struct case_results *results);

/* TAP 13, safe for a terminal; one JSON object on a line; JUnit's XML. In `arena`. */
char *cases_tap(struct arena *arena, const struct case_results *results);
char *cases_json(struct arena *arena, const struct case_results *results);
char *cases_junit(struct arena *arena, const struct case_results *results);

#endif
