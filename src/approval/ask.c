/*
 * May this run? A look at the database, which changes it only when there is something to change: an
 * approval that is good for once, one whose time is over, one whose script is another by now.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "approval/row.h"

struct asking {
	const struct approval_subject *subject;
	const struct approval_person *person;
	char key[APPROVAL_KEY_SIZE], definition[APPROVAL_KEY_SIZE];
	bool use, must_write;
	time_t now;
	struct approval_entry entry;
};

static int read_last(struct approvals *approvals, struct asking *asking)
{
	_cleanup_sql_ struct statement statement =
		sql(approvals, "SELECT " ROW_COLUMNS " FROM entries INDEXED BY keys WHERE key = ? "
			       "ORDER BY number DESC LIMIT 1");
	int row = row_alive(approvals, asking->key, &asking->entry);

	if (row != 0)
		return row;
	sql_text(&statement, asking->key);
	return row_next(&statement, &asking->entry);
}

/* The next approval of the name that is for something else; as row_next(). */
static int read_changed(
	struct approvals *approvals, const struct asking *asking, struct approval_entry *entry)
{
	_cleanup_sql_ struct statement statement = sql(approvals,
		"SELECT " ROW_COLUMNS " FROM entries INDEXED BY names WHERE name = ? AND "
		"kind = 1 AND state = 2 AND "
		"definition <> ? LIMIT 1");

	*entry = (struct approval_entry){0};
	if (asking->subject->kind != APPROVAL_FUNCTION || asking->subject->outdated)
		return 0;
	sql_text(&statement, asking->subject->name);
	sql_text(&statement, asking->definition);
	return row_next(&statement, entry);
}

static int check_clock(struct approvals *approvals, struct asking *asking)
{
	const struct approval_entry *entry = &asking->entry;
	int64_t seen;

	if (entry->approved > asking->now)
		return store_fail(approvals, ESTALE,
			"the clock was set back: number %lu was approved at a time that is still "
			"to "
			"come; revoke it, and it can be asked for again",
			entry->number);
	if (entry->expires == 0)
		return 0;
	seen = clock_seen(approvals);
	if (seen < 0)
		return -1;
	if (asking->now + STORE_CLOCK_SLACK < seen)
		return store_fail(approvals, ESTALE,
			"the clock was set back, by %" PRId64 " seconds: approvals that end don't "
			"count until it is right, or something else is approved by it",
			seen - asking->now);
	asking->must_write |= asking->now > seen + STORE_CLOCK_SLACK / 2;
	return 0;
}

/* What is approved: whether it is good now, and what there is to write. */
static int judge(struct approvals *approvals, struct asking *asking)
{
	const struct approval_entry *entry = &asking->entry;

	if (entry->state != APPROVAL_APPROVED)
		return 0;
	if (check_clock(approvals, asking) < 0)
		return -1;
	if (entry->expires != 0 && entry->expires <= asking->now) {
		asking->must_write = true;
		return 0;
	}
	if (entry->as_caller_only && !asking->subject->own_account)
		return store_fail(approvals, EPERM,
			"number %lu is approved for the caller's own account only", entry->number);
	asking->must_write |= asking->use && entry->once;
	return 0;
}

static int look(struct approvals *approvals, void *argument)
{
	struct asking *asking = argument;
	struct approval_entry changed;
	int row = read_changed(approvals, asking, &changed);

	asking->must_write = row == 1;
	if (row < 0 || read_last(approvals, asking) < 0)
		return -1;
	return judge(approvals, asking);
}

static int revoke_changed(struct approvals *approvals, struct asking *asking)
{
	struct approval_entry changed;
	int row;

	while ((row = read_changed(approvals, asking, &changed)) == 1)
		if (row_edge(approvals, &changed, APPROVAL_CHANGE, asking->person,
			    "the function is another one now") < 0)
			return -1;
	return row;
}

static int change(struct approvals *approvals, void *argument)
{
	struct asking *asking = argument;
	struct approval_entry *entry = &asking->entry;

	if (revoke_changed(approvals, asking) < 0 || read_last(approvals, asking) < 0)
		return -1;
	if (judge(approvals, asking) < 0 || clock_note(approvals, asking->now) < 0)
		return -1;
	if (entry->state != APPROVAL_APPROVED)
		return 0;
	if (entry->expires != 0 && entry->expires <= asking->now)
		return row_edge(approvals, entry, APPROVAL_EXPIRE, asking->person, NULL);
	if (!asking->use || !entry->once)
		return 0;
	return row_edge(approvals, entry, APPROVAL_USE, asking->person, NULL) < 0 ? -1 : 1;
}

/*
 * What other changes came to light is written, although this call has to fail: an approval for
 * other content is over, whatever the clock says.
 */
static int revoke_alone(struct approvals *approvals, void *argument)
{
	return revoke_changed(approvals, argument);
}

static int ask(struct approvals *approvals, struct asking *asking)
{
	int result = store_in_snapshot(approvals, look, asking);

	if (asking->must_write && result == 0)
		result = store_in_transaction(approvals, change, asking);
	else if (asking->must_write && result < 0) {
		const char *complaint = approvals->complaint;
		int error = approvals->error;

		if (store_in_transaction(approvals, revoke_alone, asking) == 0)
			store_fail(approvals, error, "%s", complaint);
	}
	if (result < 0)
		return -1;
	return result == 1 ? APPROVAL_APPROVED : (int)asking->entry.state;
}

int approvals_ask(struct approvals *approvals, const struct approval_subject *subject,
	const struct approval_person *person, bool use, struct approval_entry *entry,
	const char **complaint)
{
	struct asking asking = {
		.subject = subject, .person = person, .use = use, .now = clock_seconds()};
	int result;

	*entry = (struct approval_entry){0};
	if (store_begin(approvals, complaint) < 0)
		return -1;
	if (approval_key(subject, person, asking.key) < 0 ||
		approval_definition(subject, asking.definition) < 0)
		result = store_fail(approvals, EIO, "SHA-256 is not available");
	else
		result = ask(approvals, &asking);
	*entry = asking.entry;
	return store_return(approvals, result, complaint);
}
