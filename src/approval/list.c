/* To look at the queue, which changes nothing. */
#include <errno.h>

#include "approval/row.h"

struct listing {
	enum approval_state state;
	unsigned long before;
	size_t limit, count;
	struct approval_entry *entries;
};

struct finding {
	unsigned long number;
	const struct approval_entry *entry;
	bool rejected;
	struct approval_entry *found;
};

static int read_list(struct approvals *approvals, void *argument)
{
	struct listing *listing = argument;
	_cleanup_sql_ struct statement statement =
		sql(approvals, listing->state == APPROVAL_NONE
				       ? "SELECT " ROW_COLUMNS " FROM entries WHERE number < ? "
					 "ORDER BY number DESC LIMIT ?"
				       : "SELECT " ROW_COLUMNS
					 " FROM entries INDEXED BY states WHERE number < ? AND "
					 "state = ?3 "
					 "ORDER BY number DESC LIMIT ?2");
	int row = 1;

	sql_number(&statement, listing->before > 0 ? (int64_t)listing->before : INT64_MAX);
	sql_number(&statement, (int64_t)listing->limit);
	if (listing->state != APPROVAL_NONE)
		sql_number(&statement, listing->state);
	while (row == 1) {
		listing->entries = arena_grow(approvals->arena, listing->entries, listing->count,
			sizeof(*listing->entries));
		row = row_next(&statement, &listing->entries[listing->count]);
		if (row != 1)
			break;
		if (row_votes(approvals, &listing->entries[listing->count]) < 0 ||
			row_asker_names(approvals, &listing->entries[listing->count]) < 0)
			return -1;
		listing->count++;
	}
	return row;
}

int approvals_list(struct approvals *approvals, enum approval_state state, unsigned long before,
	size_t limit, struct approval_entry **entries, size_t *count, const char **complaint)
{
	struct listing listing = {.state = state, .before = before, .limit = limit};
	int result = store_begin(approvals, complaint);

	if (result == 0)
		result = store_in_snapshot(approvals, read_list, &listing);
	*entries = listing.entries;
	*count = result == 0 ? listing.count : 0;
	return store_return(approvals, result, complaint);
}

static int find_number(struct approvals *approvals, void *argument)
{
	const struct finding *finding = argument;
	int row = row_by_number(approvals, finding->number, finding->found);

	if (row == 0)
		return store_fail(
			approvals, ENOENT, "there is no number %lu in the queue", finding->number);
	return row < 0 ? -1 : row_details(approvals, finding->found);
}

int approvals_get(struct approvals *approvals, unsigned long number, struct approval_entry *entry,
	const char **complaint)
{
	struct finding finding = {.number = number, .found = entry};
	int result = store_begin(approvals, complaint);

	*entry = (struct approval_entry){0};
	if (result == 0)
		result = store_in_snapshot(approvals, find_number, &finding);
	return store_return(approvals, result, complaint);
}

static int find_former(struct approvals *approvals, void *argument)
{
	const struct finding *finding = argument;
	const struct approval_entry *entry = finding->entry;
	bool named = entry->kind == APPROVAL_FUNCTION && !finding->rejected;
	_cleanup_sql_ struct statement statement = sql(approvals,
		named ? "SELECT " ROW_COLUMNS " FROM entries INDEXED BY formers WHERE name = ? AND "
			"number <> ? AND "
			"kind = 1 AND approved > 0 ORDER BY approved DESC, number DESC LIMIT 1"
		: finding->rejected
			? "SELECT " ROW_COLUMNS " FROM entries INDEXED BY keys WHERE key = ? AND "
			  "number <> ? AND "
			  "state = 3 ORDER BY number DESC LIMIT 1"
			: "SELECT " ROW_COLUMNS " FROM entries INDEXED BY keys WHERE key = ? AND "
			  "number <> ? AND "
			  "approved > 0 ORDER BY number DESC LIMIT 1");
	int row;

	sql_text(&statement, named ? entry->name : entry->key);
	sql_number(&statement, (int64_t)entry->number);
	row = row_next(&statement, finding->found);
	if (row == 1 && row_details(approvals, finding->found) < 0)
		return -1;
	return row < 0 ? -1 : row == 0;
}

int approvals_former(struct approvals *approvals, const struct approval_entry *entry, bool rejected,
	struct approval_entry *former, const char **complaint)
{
	struct finding finding = {.entry = entry, .rejected = rejected, .found = former};
	int result = store_begin(approvals, complaint);

	*former = (struct approval_entry){0};
	if (result == 0)
		result = store_in_snapshot(approvals, find_former, &finding);
	return store_return(approvals, result, complaint);
}
