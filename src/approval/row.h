/* Inside the library: an entry as a row of the database. */
#ifndef ROLEGATE_APPROVAL_ROW_H
#define ROLEGATE_APPROVAL_ROW_H

#include "approval/store.h"

/*
 * Each statement names its index: without statistics SQLite takes one of few states for one of few
 * entries, and reads all that are approved.
 */
#define ROW_COLUMNS                                                                                \
	"number, key, kind, state, endpoint, name, words, digest, rule, interpreter, run_as, "     \
	"act_as, profile, reason, self_approval, approvers, approver_groups, uid, login_uid, "     \
	"user, created, approved, decided, expires, tries, once, as_caller_only, role, "           \
	"decided_who, decision, seal"

/* key.c: "sha256:…" over all that a function's definition says of it, and no endpoint. */
int approval_definition(const struct approval_subject *subject, char key[APPROVAL_KEY_SIZE]);

/*
 * The next row of a statement that selects ROW_COLUMNS: 1, or 0 and entry->number 0 when there is
 * none. -1: failed, or the row is not as this library wrote it.
 */
int row_next(struct statement *statement, struct approval_entry *entry);
/* By number; as row_next(). */
int row_by_number(struct approvals *approvals, unsigned long number, struct approval_entry *entry);
/* The pending or approved one of the key; as row_next(). */
int row_alive(struct approvals *approvals, const char *key, struct approval_entry *entry);

/* The column "words": a command's words, a function's terms. */
const struct strings *row_words(const struct approval_entry *entry);

/* What the row's seal has to be. 0, or -1: no SHA-256. */
int row_seal(const struct approval_entry *entry, char seal[65]);

/*
 * A new one, as it is in `entry`, which gets its number; its state is APPROVAL_NONE until it takes
 * an edge. 0, or -1.
 */
int row_insert(struct approvals *approvals, struct approval_entry *entry, const char *definition,
	const char *text);

/*
 * Takes the edge, writes the row, notes it in the history, and tells the recorder. 0; or -1, also
 * when there is no such edge: the transaction is to be undone.
 */
int row_edge(struct approvals *approvals, struct approval_entry *entry, enum approval_event event,
	const struct approval_person *person, const char *reason);

/* What hangs on a row. 0, or -1. */
int row_asker_names(struct approvals *approvals, struct approval_entry *entry);
int row_votes(struct approvals *approvals, struct approval_entry *entry);
int row_details(struct approvals *approvals, struct approval_entry *entry);

/* A person who asked for it or agreed to it, as noted; lists in the arena. */
struct row_person {
	uid_t uid, login_uid;
	const char *name;
	time_t lasts; /* of a vote, and below */
	bool once, as_caller_only;
	const char *role;
};
struct row_persons {
	struct row_person *items;
	size_t count;
};
int row_askers(struct approvals *approvals, unsigned long number, struct row_persons *askers);
int row_voters(struct approvals *approvals, unsigned long number, struct row_persons *voters);
int row_add_asker(
	struct approvals *approvals, unsigned long number, const struct approval_person *person);
int row_add_voter(
	struct approvals *approvals, unsigned long number, const struct row_person *voter);

/* person.c: who is taken for the same. Pure. */
bool person_is_asker(const struct approval_person *person, const struct row_person *asker);
/* By the login uid, which outlives su(1) and sudo(8); by the uid where it is unset. */
uid_t person_identity(uid_t uid, uid_t login_uid);

#endif
