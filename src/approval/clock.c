/*
 * Approvals end by the wall clock, which can be set back; so the latest time that was seen is kept
 * with the queue. It is noted with every change, and where an approval that ends is looked at.
 */
#include <time.h>

#include "approval/row.h"

static time_t (*test_clock)(void);

void approvals_set_clock(time_t (*clock)(void))
{
	test_clock = clock;
}

time_t clock_seconds(void)
{
	struct timespec now = {0};

	if (test_clock != NULL)
		return test_clock();
	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec;
}

int64_t clock_seen(struct approvals *approvals)
{
	_cleanup_sql_ struct statement statement =
		sql(approvals, "SELECT seen FROM facts WHERE id = 1");

	return sql_step(&statement) == 1 ? sql_get_number(&statement) : -1;
}

static int set_seen(struct approvals *approvals, const char *text, time_t now)
{
	_cleanup_sql_ struct statement statement = sql(approvals, text);

	sql_number(&statement, now);
	return sql_step(&statement);
}

int clock_note(struct approvals *approvals, time_t now)
{
	return set_seen(approvals, "UPDATE facts SET seen = max(seen, ?) WHERE id = 1", now);
}

/* The next approval that ends by then, but for `other`; as row_next(). */
static int read_due(
	struct approvals *approvals, time_t then, unsigned long other, struct approval_entry *entry)
{
	_cleanup_sql_ struct statement statement = sql(approvals,
		"SELECT " ROW_COLUMNS " FROM entries INDEXED BY times WHERE state = 2 AND "
		"expires > 0 AND expires <= ? AND number <> ? ORDER BY expires LIMIT 1");

	sql_number(&statement, then);
	sql_number(&statement, (int64_t)other);
	return row_next(&statement, entry);
}

static int expire(struct approvals *approvals, time_t then, unsigned long other,
	const struct approval_person *person)
{
	struct approval_entry entry;
	int row;

	while ((row = read_due(approvals, then, other, &entry)) == 1)
		if (row_edge(approvals, &entry, APPROVAL_EXPIRE, person, NULL) < 0)
			return -1;
	return row;
}

/*
 * Without an end to a clock that was once wrong and far ahead, no approval that ends could be given
 * until then. So who approves something vouches for the clock as it is now; what was approved to
 * end under the other one is over.
 */
int clock_decides(struct approvals *approvals, time_t now, const struct approval_entry *decided,
	const struct approval_person *person)
{
	int64_t seen = clock_seen(approvals);
	bool right = decided->state != APPROVAL_APPROVED || now + STORE_CLOCK_SLACK >= seen;

	if (seen < 0 || expire(approvals, right ? now : INT64_MAX, decided->number, person) < 0)
		return -1;
	return right ? clock_note(approvals, now)
		     : set_seen(approvals, "UPDATE facts SET seen = ? WHERE id = 1", now);
}
