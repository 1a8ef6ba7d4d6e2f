/* A queue of its own in a directory that is root's alone, and persons to use it. */
#ifndef ROLEGATE_QUEUE_FIXTURE_H
#define ROLEGATE_QUEUE_FIXTURE_H

#include "approval/approval.h"

enum queue_who { DANA, ERIN, FRANK, GRACE, ROOT_ERIN, QUEUE_PERSONS };

struct queue_fixture {
	struct arena *arena;
	struct approvals *approvals;
	char base[64], directory[96]; /* base/state/approvals */
	const char *complaint;
	struct approval_person persons[QUEUE_PERSONS]; /* all but dana are of "reviewers" */
};

/* cmocka's set-up and tear-down; a test is skipped without root, or where no place is root's. */
int queue_set_up(void **state);
int queue_tear_down(void **state);

/* As approvals_open(), and the former is closed; it must work. */
void queue_open(struct queue_fixture *fixture);
/* Bytes of the database. */
char *queue_read(struct queue_fixture *fixture, size_t *length);
void queue_write(struct queue_fixture *fixture, const char *bytes, size_t length);
/* SQL on the database by a connection of its own; 0 or SQLite's result code. */
int queue_sql(struct queue_fixture *fixture, const char *text);

/* A function of that name with that script, whose SHA-256 is set; one approver of "reviewers". */
struct approval_subject queue_function(
	struct queue_fixture *fixture, const char *name, const char *text);
/* A command of words separated by blanks. */
struct approval_subject queue_command(struct queue_fixture *fixture, const char *words);

/* The calls, with the fixture's complaint. */
int queue_ask(struct queue_fixture *fixture, const struct approval_subject *subject,
	enum queue_who who, bool use, struct approval_entry *entry);
/* The number; 0: refused. */
unsigned long queue_request(
	struct queue_fixture *fixture, const struct approval_subject *subject, enum queue_who who);
int queue_decide(struct queue_fixture *fixture, const struct approval_decision *decision,
	enum queue_who who);
int queue_approve(struct queue_fixture *fixture, unsigned long number, enum queue_who who);
enum approval_state queue_state(struct queue_fixture *fixture, unsigned long number);

/* The clock of the tests stands, so that none of them depends on how fast it is; and is set by
 * this. */
extern time_t queue_clock_offset;
time_t queue_now(void);
extern const struct approval_rule queue_rule;

#endif
