/* What hangs on an entry: who asked, who agreed, what became of it, and the script's text. */
#include <errno.h>
#include <string.h>

#include "approval/row.h"
#include "config/digest.h"

static struct row_person *next_person(struct approvals *approvals, struct row_persons *list)
{
	list->items = arena_grow(approvals->arena, list->items, list->count, sizeof(*list->items));
	return &list->items[list->count++];
}

int row_askers(struct approvals *approvals, unsigned long number, struct row_persons *askers)
{
	_cleanup_sql_ struct statement statement =
		sql(approvals, "SELECT uid, login_uid, name FROM askers WHERE number = ?");
	int row;

	*askers = (struct row_persons){0};
	sql_number(&statement, (int64_t)number);
	while ((row = sql_step(&statement)) == 1) {
		struct row_person *person = next_person(approvals, askers);

		person->uid = (uid_t)sql_get_number(&statement);
		person->login_uid = (uid_t)sql_get_number(&statement);
		person->name = sql_get_text(&statement);
	}
	return row;
}

int row_voters(struct approvals *approvals, unsigned long number, struct row_persons *voters)
{
	_cleanup_sql_ struct statement statement = sql(approvals,
		"SELECT uid, login_uid, name, lasts, once, as_caller_only, role FROM votes "
		"WHERE number = ?");
	int row;

	*voters = (struct row_persons){0};
	sql_number(&statement, (int64_t)number);
	while ((row = sql_step(&statement)) == 1) {
		struct row_person *person = next_person(approvals, voters);

		person->uid = (uid_t)sql_get_number(&statement);
		person->login_uid = (uid_t)sql_get_number(&statement);
		person->name = sql_get_text(&statement);
		person->lasts = sql_get_number(&statement);
		person->once = sql_get_number(&statement) == 1;
		person->as_caller_only = sql_get_number(&statement) == 1;
		person->role = sql_get_text(&statement);
	}
	return row;
}

int row_votes(struct approvals *approvals, struct approval_entry *entry)
{
	struct row_persons voters;

	entry->votes = (struct strings){0};
	if (row_voters(approvals, entry->number, &voters) < 0)
		return -1;
	for (size_t i = 0; i < voters.count; i++)
		strings_add(approvals->arena, &entry->votes, voters.items[i].name);
	return 0;
}

int row_asker_names(struct approvals *approvals, struct approval_entry *entry)
{
	struct row_persons askers;

	entry->askers = (struct strings){0};
	if (row_askers(approvals, entry->number, &askers) < 0)
		return -1;
	for (size_t i = 0; i < askers.count; i++)
		strings_add(approvals->arena, &entry->askers, askers.items[i].name);
	return 0;
}

static int read_past(struct approvals *approvals, struct approval_entry *entry)
{
	_cleanup_sql_ struct statement statement = sql(approvals,
		"SELECT time, event, who, reason FROM past WHERE number = ? ORDER BY step");
	int row;

	sql_number(&statement, (int64_t)entry->number);
	while ((row = sql_step(&statement)) == 1) {
		struct approval_past *past;

		entry->past = arena_grow(
			approvals->arena, entry->past, entry->past_count, sizeof(*entry->past));
		past = &entry->past[entry->past_count++];
		past->when = sql_get_number(&statement);
		past->event = (enum approval_event)sql_get_number(&statement);
		past->who = sql_get_text(&statement);
		past->reason = sql_get_text(&statement);
	}
	return row;
}

/* What is shown is what was hashed, or nothing is. */
static int read_text(struct approvals *approvals, struct approval_entry *entry)
{
	_cleanup_sql_ struct statement statement =
		sql(approvals, "SELECT text FROM contents WHERE digest = ?");
	struct digest digest;
	char hash[65];
	int row;

	sql_text(&statement, entry->digest);
	row = sql_step(&statement);
	if (row == 1)
		entry->text = sql_get_text(&statement);
	if (row < 0)
		return -1;
	digest_begin(&digest);
	if (entry->text != NULL)
		digest_bytes(&digest, entry->text, strlen(entry->text));
	if (digest_end(&digest, hash) < 0 || entry->text == NULL ||
		strcmp(hash, entry->digest) != 0)
		return store_fail(approvals, EBADMSG,
			"%s: the text of number %lu is not the one that was asked for",
			approvals->path, entry->number);
	return 0;
}

int row_details(struct approvals *approvals, struct approval_entry *entry)
{
	if (row_votes(approvals, entry) < 0 || row_asker_names(approvals, entry) < 0 ||
		read_past(approvals, entry) < 0)
		return -1;
	return entry->kind == APPROVAL_FUNCTION ? read_text(approvals, entry) : 0;
}
