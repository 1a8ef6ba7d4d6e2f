/*
 * Entries as rows. Each has a seal, a digest over all that matters in it: what another program (or
 * a failing disk) has changed is found when it is read, and is no approval. It is no secret, and no
 * protection against root.
 */
#include "approval/row.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "config/digest.h"
#include "policy/line.h"

static void seal_text(struct digest *digest, const char *text)
{
	digest_file(digest, text != NULL ? "text" : "null", text != NULL ? text : "",
		text != NULL ? strlen(text) : 0);
}

static void seal_number(struct digest *digest, int64_t number)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRId64, number);
	seal_text(digest, text);
}

static void seal_strings(struct digest *digest, const struct strings *list)
{
	seal_number(digest, (int64_t)list->count);
	for (size_t i = 0; i < list->count; i++)
		seal_text(digest, list->items[i]);
}

const struct strings *row_words(const struct approval_entry *entry)
{
	return entry->kind == APPROVAL_FUNCTION ? &entry->terms : &entry->argv;
}

int row_seal(const struct approval_entry *entry, char seal[65])
{
	const char *const texts[] = {entry->key, entry->endpoint, entry->name, entry->digest,
		entry->rule, entry->interpreter, entry->run_as, entry->act_as, entry->profile,
		entry->reason, entry->user, entry->role, entry->decided_who, entry->decision};
	const int64_t numbers[] = {(int64_t)entry->number, entry->kind, entry->state,
		entry->decided_by.self_approval, entry->decided_by.approvers, entry->uid,
		entry->login_uid, entry->created, entry->approved, entry->decided, entry->expires,
		entry->once, entry->as_caller_only};
	struct digest digest;

	digest_begin(&digest);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		seal_text(&digest, texts[i]);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		seal_number(&digest, numbers[i]);
	seal_strings(&digest, row_words(entry));
	seal_strings(&digest, &entry->decided_by.groups);
	return digest_end(&digest, seal);
}

static void read_subject(struct statement *statement, struct approval_entry *entry)
{
	struct strings words;

	entry->number = (unsigned long)sql_get_number(statement);
	entry->key = sql_get_text(statement);
	entry->kind = (enum approval_kind)sql_get_number(statement);
	entry->state = (enum approval_state)sql_get_number(statement);
	entry->endpoint = sql_get_text(statement);
	entry->name = sql_get_text(statement);
	words = sql_get_strings(statement);
	if (entry->kind == APPROVAL_FUNCTION)
		entry->terms = words;
	else
		entry->argv = words;
	entry->digest = sql_get_text(statement);
	entry->rule = sql_get_text(statement);
	entry->interpreter = sql_get_text(statement);
	entry->run_as = sql_get_text(statement);
	entry->act_as = sql_get_text(statement);
	entry->profile = sql_get_text(statement);
	entry->reason = sql_get_text(statement);
}

static void read_rest(struct statement *statement, struct approval_entry *entry)
{
	entry->decided_by.self_approval = sql_get_number(statement) == 1;
	entry->decided_by.approvers = (unsigned)sql_get_number(statement);
	entry->decided_by.groups = sql_get_strings(statement);
	entry->uid = (uid_t)sql_get_number(statement);
	entry->login_uid = (uid_t)sql_get_number(statement);
	entry->user = sql_get_text(statement);
	entry->created = sql_get_number(statement);
	entry->approved = sql_get_number(statement);
	entry->decided = sql_get_number(statement);
	entry->expires = sql_get_number(statement);
	entry->tries = (unsigned long)sql_get_number(statement);
	entry->once = sql_get_number(statement) == 1;
	entry->as_caller_only = sql_get_number(statement) == 1;
	entry->role = sql_get_text(statement);
	entry->decided_who = sql_get_text(statement);
	entry->decision = sql_get_text(statement);
}

int row_next(struct statement *statement, struct approval_entry *entry)
{
	struct approvals *approvals = statement->approvals;
	char seal[65];
	const char *written;
	int row = sql_step(statement);

	*entry = (struct approval_entry){0};
	if (row != 1)
		return row;
	read_subject(statement, entry);
	read_rest(statement, entry);
	written = sql_get_text(statement);
	if (row_seal(entry, seal) < 0)
		return store_fail(approvals, EIO, "SHA-256 is not available");
	if (written == NULL || strcmp(seal, written) != 0)
		return store_fail(approvals, EBADMSG,
			"%s: number %lu was changed by something else than rolegate",
			approvals->path, entry->number);
	entry->words = line_quote(approvals->arena, entry->argv.items, entry->argv.count);
	return 1;
}

int row_by_number(struct approvals *approvals, unsigned long number, struct approval_entry *entry)
{
	_cleanup_sql_ struct statement statement =
		sql(approvals, "SELECT " ROW_COLUMNS " FROM entries WHERE number = ?");

	sql_number(&statement, (int64_t)number);
	return row_next(&statement, entry);
}

int row_alive(struct approvals *approvals, const char *key, struct approval_entry *entry)
{
	_cleanup_sql_ struct statement statement = sql(approvals,
		"SELECT " ROW_COLUMNS " FROM entries INDEXED BY alive WHERE key = ? AND "
		"state IN (1, 2)");

	sql_text(&statement, key);
	return row_next(&statement, entry);
}
