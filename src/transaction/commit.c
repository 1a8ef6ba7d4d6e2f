/*
 * The commit: all that may fail, then the decision, then what is only to be finished.
 */
#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "transaction/parts.h"

int64_t transaction_now(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	return time.tv_sec * 1000000000LL + time.tv_nsec;
}

/* A clock that was set back would make changes of others look old. */
static void mend_moment(struct transaction *transaction)
{
	int64_t passed = transaction_now(CLOCK_BOOTTIME) - transaction->booted;
	int64_t expected = transaction_now(CLOCK_REALTIME) - passed;

	if (expected < transaction->opened)
		transaction->opened = expected;
}

static int tour_all(struct tour *tour, const char **complaint)
{
	int result = tour_run(tour);

	if (result != 0)
		*complaint = tour->complaint;
	return result;
}

static int sync_areas(struct transaction *transaction, const char **complaint)
{
	for (size_t i = 0; i < transaction->paths.count; i++)
		if (syncfs(transaction->areas[i].real) != 0) {
			*complaint = arena_printf(transaction->arena, "%s: %s",
				transaction->areas[i].path, strerror(errno));
			return -1;
		}
	if (syncfs(transaction->directory) == 0)
		return 0;
	*complaint =
		arena_printf(transaction->arena, "%s: %s", ROLEGATE_STATE_DIR, strerror(errno));
	return -1;
}

static int mark(struct transaction *transaction, const char *name, const char **complaint)
{
	if (state_mark(transaction, name) == 0)
		return 0;
	*complaint = arena_printf(transaction->arena, "%s/transactions/%s: %s", ROLEGATE_STATE_DIR,
		transaction->id, strerror(errno));
	return -1;
}

static int seal(struct transaction *transaction, const char **complaint)
{
	for (size_t i = 0; i < transaction->paths.count; i++)
		if (overlay_seal(&transaction->areas[i]) != 0) {
			*complaint = arena_printf(transaction->arena,
				errno == EBUSY ? "a process outside of the run still has a file of "
						 "%s open for writing"
					       : "the overlay of %s can't be made read-only",
				transaction->areas[i].path);
			return -1;
		}
	return 0;
}

/* All that may fail, with nothing changed. */
static int prepare(struct transaction *transaction, const char **complaint)
{
	struct tour look = {.transaction = transaction,
			    .visit = examine_entry,
			    .enter = examine_directory},
		    last = look, stage = {.transaction = transaction, .visit = stage_entry};

	mend_moment(transaction);
	if (seal(transaction, complaint) != 0)
		return -1;
	transaction->staging = true;
	if (mark(transaction, "staging", complaint) != 0 || tour_all(&look, complaint) != 0 ||
		tour_all(&stage, complaint) != 0 || sync_areas(transaction, complaint) != 0)
		return -1;
	last.again = true;
	return tour_all(&last, complaint);
}

int commit_apply(struct transaction *transaction, bool redo, transaction_report *report,
	void *context, const char **complaint)
{
	struct tour tour = {.transaction = transaction,
		.visit = apply_entry,
		.enter = apply_directory,
		.leave = apply_rest,
		.redo = redo,
		.report = report,
		.context = context};

	if (tour_all(&tour, complaint) != 0 || sync_areas(transaction, complaint) != 0)
		return -1;
	if (state_finish(transaction) == 0)
		return 0;
	*complaint = "the end of the commit can't be noted";
	return -1;
}

int transaction_commit(struct transaction *transaction, transaction_report *report, void *context,
	const char **complaint)
{
	*complaint = NULL;
	if (prepare(transaction, complaint) != 0)
		return -1;
	/* Whether it is there when it could not be made sure of is for the next start to see. */
	transaction->begun = true;
	if (mark(transaction, "commit", complaint) != 0)
		return -1;
	return commit_apply(transaction, false, report, context, complaint);
}

int commit_undo(struct transaction *transaction, const char **complaint)
{
	struct tour tour = {.transaction = transaction,
		.visit = unstage_entry,
		.leave = unstage_directory,
		.undo = true};

	return transaction->staging && !transaction->done ? tour_all(&tour, complaint) : 0;
}
