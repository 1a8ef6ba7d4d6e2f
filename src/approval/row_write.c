/* Rows are written here alone: one by one, each change an edge of the table. */
#include <errno.h>
#include <string.h>

#include "approval/row.h"

static int insert_content(struct approvals *approvals, const char *digest, const char *text)
{
	_cleanup_sql_ struct statement statement =
		sql(approvals, "INSERT OR IGNORE INTO contents VALUES(?, ?)");

	sql_text(&statement, digest);
	sql_bytes(&statement, text, strlen(text));
	return sql_step(&statement);
}

static void bind_new(
	struct statement *statement, const struct approval_entry *entry, const char *definition)
{
	sql_text(statement, entry->key);
	sql_number(statement, entry->kind);
	sql_number(statement, entry->state);
	sql_text(statement, entry->endpoint);
	sql_text(statement, entry->name);
	sql_strings(statement, row_words(entry));
	sql_text(statement, entry->digest);
	sql_text(statement, entry->rule);
	sql_text(statement, entry->interpreter);
	sql_text(statement, definition);
	sql_text(statement, entry->run_as);
	sql_text(statement, entry->act_as);
	sql_text(statement, entry->profile);
	sql_text(statement, entry->reason);
	sql_number(statement, entry->decided_by.self_approval);
	sql_number(statement, entry->decided_by.approvers);
	sql_strings(statement, &entry->decided_by.groups);
	sql_number(statement, entry->uid);
	sql_number(statement, entry->login_uid);
	sql_number(statement, person_identity(entry->uid, entry->login_uid));
	sql_text(statement, entry->user);
	sql_number(statement, entry->created);
}

int row_insert(struct approvals *approvals, struct approval_entry *entry, const char *definition,
	const char *text)
{
	_cleanup_sql_ struct statement statement = sql(approvals,
		"INSERT INTO entries(key, kind, state, endpoint, name, words, digest, rule, "
		"interpreter, definition, run_as, act_as, profile, reason, self_approval, "
		"approvers, approver_groups, uid, login_uid, owner, user, created, approved, "
		"decided, expires, tries, once, as_caller_only, seal) VALUES(?, ?, ?, ?, ?, ?, ?, "
		"?, "
		"?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, 0, 0, '')");

	if (text != NULL && insert_content(approvals, entry->digest, text) < 0)
		return -1;
	bind_new(&statement, entry, definition);
	if (sql_step(&statement) < 0)
		return -1;
	entry->number = (unsigned long)sqlite3_last_insert_rowid(approvals->db);
	return 0;
}

static int update(struct approvals *approvals, const struct approval_entry *entry)
{
	_cleanup_sql_ struct statement statement = sql(approvals,
		"UPDATE entries SET state = ?, approved = ?, decided = ?, expires = ?, tries = ?, "
		"once = ?, as_caller_only = ?, role = ?, decided_who = ?, decision = ?, seal = ? "
		"WHERE number = ?");
	char seal[65];

	if (row_seal(entry, seal) < 0)
		return store_fail(approvals, EIO, "SHA-256 is not available");
	sql_number(&statement, entry->state);
	sql_number(&statement, entry->approved);
	sql_number(&statement, entry->decided);
	sql_number(&statement, entry->expires);
	sql_number(&statement, (int64_t)entry->tries);
	sql_number(&statement, entry->once);
	sql_number(&statement, entry->as_caller_only);
	sql_text(&statement, entry->role);
	sql_text(&statement, entry->decided_who);
	sql_text(&statement, entry->decision);
	sql_text(&statement, seal);
	sql_number(&statement, (int64_t)entry->number);
	return sql_step(&statement);
}

static int note(struct approvals *approvals, const struct approval_entry *entry,
	enum approval_event event, const char *who, const char *reason)
{
	_cleanup_sql_ struct statement statement = sql(approvals,
		"INSERT INTO past SELECT ?1, coalesce(max(step), 0) + 1, ?2, ?3, ?4, ?5 FROM past "
		"WHERE number = ?1");

	sql_number(&statement, (int64_t)entry->number);
	sql_number(&statement, clock_seconds());
	sql_number(&statement, event);
	sql_text(&statement, who);
	sql_text(&statement, reason);
	return sql_step(&statement);
}

int row_edge(struct approvals *approvals, struct approval_entry *entry, enum approval_event event,
	const struct approval_person *person, const char *reason)
{
	enum approval_state before = entry->state, after = approval_next(before, event);

	if (after == APPROVAL_NONE)
		return store_fail(approvals, EINVAL, "number %lu is %s%s", entry->number,
			approval_state_name(before),
			approval_is_final(before) ? ", and that is final"
						  : " already: it can be revoked");
	entry->state = after;
	if (update(approvals, entry) < 0)
		return -1;
	if ((event != APPROVAL_REQUEST || before == APPROVAL_NONE) &&
		note(approvals, entry, event, person->name, reason) < 0)
		return -1;
	if (approvals->record != NULL &&
		approvals->record(approvals->context, entry, event, person) != 0)
		return store_fail(
			approvals, EIO, "no record of it could be written, so nothing was changed");
	return 0;
}

int row_add_asker(
	struct approvals *approvals, unsigned long number, const struct approval_person *person)
{
	_cleanup_sql_ struct statement statement =
		sql(approvals, "INSERT OR IGNORE INTO askers VALUES(?, ?, ?, ?)");

	sql_number(&statement, (int64_t)number);
	sql_number(&statement, person->uid);
	sql_number(&statement, person->login_uid);
	sql_text(&statement, person->name);
	return sql_step(&statement);
}

int row_add_voter(struct approvals *approvals, unsigned long number, const struct row_person *voter)
{
	_cleanup_sql_ struct statement statement =
		sql(approvals, "INSERT INTO votes VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)");

	sql_number(&statement, (int64_t)number);
	sql_number(&statement, person_identity(voter->uid, voter->login_uid));
	sql_number(&statement, voter->uid);
	sql_number(&statement, voter->login_uid);
	sql_text(&statement, voter->name);
	sql_number(&statement, voter->lasts);
	sql_number(&statement, voter->once);
	sql_number(&statement, voter->as_caller_only);
	sql_text(&statement, voter->role);
	return sql_step(&statement);
}
