/* A transaction from its opening to its end. */
#include "transaction/transaction.h"

#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/text.h"
#include "policy/restriction.h"
#include "transaction/parts.h"

static int64_t now(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void note_moment(struct transaction *transaction)
{
	transaction->opened = now(CLOCK_REALTIME);
	transaction->booted = now(CLOCK_BOOTTIME);
}

/* A clock that was set back would make changes of others look old. */
static void mend_moment(struct transaction *transaction)
{
	int64_t passed = now(CLOCK_BOOTTIME) - transaction->booted;
	int64_t expected = now(CLOCK_REALTIME) - passed;

	if (expected < transaction->opened)
		transaction->opened = expected;
}

static void clear(struct transaction *transaction, struct arena *arena, const char *id)
{
	*transaction = (struct transaction){.arena = arena, .id = id, .top = -1, .directory = -1};
}

static void add_area(struct transaction *transaction, const char *path)
{
	struct transaction_area area = {
		.path = path, .real = -1, .upper = -1, .work = -1, .mount = -1};
	size_t count = transaction->paths.count;

	transaction->areas = arena_grow(
		transaction->arena, transaction->areas, count, sizeof(*transaction->areas));
	transaction->areas[count] = area;
	strings_add(transaction->arena, &transaction->paths, path);
}

const char *transaction_complaint(struct arena *arena, const char *path)
{
	struct transaction transaction;
	const char *complaint = NULL;

	clear(&transaction, arena, "");
	add_area(&transaction, path);
	(void)area_open(&transaction, 0, &complaint);
	area_close(&transaction.areas[0]);
	return complaint;
}

static bool overlaps(const struct transaction *transaction, const char *path)
{
	for (size_t i = 0; i < transaction->paths.count; i++)
		if (restriction_path_below(path, transaction->paths.items[i]) ||
			restriction_path_below(transaction->paths.items[i], path))
			return true;
	return false;
}

/* One that nobody works on, has begun, and has a path of ours: it could not be finished. */
static bool is_in_the_way(struct transaction *transaction, const char *id)
{
	struct transaction other;
	const char *path;
	bool found = false;

	clear(&other, transaction->arena, id);
	other.top = transaction->top;
	if (state_take(&other) != 0)
		return false;
	for (size_t i = 0; other.begun && !found && (path = state_read_path(&other, i)) != NULL;
		i++)
		found = overlaps(transaction, path);
	fd_close(&other.directory);
	return found;
}

static int check_leftovers(struct transaction *transaction, const char **complaint)
{
	struct strings ids = {.count = 0};

	if (state_list(transaction->arena, transaction->top, &ids) != 0) {
		*complaint = "the transactions of before can't be listed";
		return -1;
	}
	for (size_t i = 0; i < ids.count; i++) {
		if (!is_in_the_way(transaction, ids.items[i]))
			continue;
		*complaint = arena_printf(transaction->arena,
			"transaction %s on the same directories was begun and could not be "
			"finished: its files in %s/transactions are waiting for the gateway's "
			"next start",
			ids.items[i], ROLEGATE_STATE_DIR);
		errno = EBUSY;
		return -1;
	}
	return 0;
}

static int lock_paths(struct transaction *transaction, const char **complaint)
{
	if (locks_take(transaction) == 0)
		return check_leftovers(transaction, complaint);
	if (errno == EWOULDBLOCK)
		errno = EBUSY;
	*complaint = errno == EBUSY ? "another transaction works on the same directories"
				    : arena_printf(transaction->arena, "locks of transactions: %s",
					      strerror(errno));
	return -1;
}

static int make_areas(struct transaction *transaction, const char **complaint)
{
	for (size_t i = 0; i < transaction->paths.count; i++) {
		struct transaction_area *area = &transaction->areas[i];

		if (state_make_area(transaction, i) != 0 ||
			attributes_copy(area->real, area->upper) != 0) {
			*complaint = arena_printf(transaction->arena,
				"no place for the changes of %s: %s", area->path,
				errno == EPERM
					? "its mode, owner or attributes can't be given to a copy"
					: strerror(errno));
			return -1;
		}
		if (overlay_open(transaction, area, complaint) != 0)
			return -1;
	}
	return 0;
}

static int open_parts(struct transaction *transaction, const char **complaint)
{
	for (size_t i = 0; i < transaction->paths.count; i++)
		if (area_open(transaction, i, complaint) != 0)
			return -1;
	if (lock_paths(transaction, complaint) != 0)
		return -1;
	if (state_create(transaction) != 0) {
		*complaint = arena_printf(transaction->arena, "%s/transactions: %s",
			ROLEGATE_STATE_DIR, strerror(errno));
		return -1;
	}
	return make_areas(transaction, complaint);
}

int transaction_open(struct arena *arena, const char *id, const struct strings *paths,
	struct transaction *transaction, const char **complaint)
{
	int error;

	*complaint = NULL;
	clear(transaction, arena, id);
	for (size_t i = 0; i < paths->count; i++)
		add_area(transaction, paths->items[i]);
	transaction->top = state_open(arena, complaint);
	if (transaction->top >= 0 && open_parts(transaction, complaint) == 0) {
		note_moment(transaction);
		return 0;
	}
	error = errno;
	transaction_close(transaction);
	errno = error;
	return -1;
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

static int apply(struct transaction *transaction, bool redo, transaction_report *report,
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
	return apply(transaction, false, report, context, complaint);
}

static int unstage(struct transaction *transaction, const char **complaint)
{
	struct tour tour = {.transaction = transaction,
		.visit = unstage_entry,
		.leave = unstage_directory,
		.undo = true};

	return transaction->staging && !transaction->done ? tour_all(&tour, complaint) : 0;
}

/* Mounts keep the directories in use. */
static void close_areas(struct transaction *transaction)
{
	for (size_t i = 0; i < transaction->paths.count; i++)
		area_close(&transaction->areas[i]);
}

int transaction_discard(struct transaction *transaction, const char **complaint)
{
	*complaint = NULL;
	if (transaction->begun || transaction->directory < 0)
		return 0;
	if (unstage(transaction, complaint) != 0)
		return -1;
	close_areas(transaction);
	if (state_remove(transaction) == 0)
		return 0;
	*complaint = arena_printf(transaction->arena, "%s/transactions/%s can't be removed: %s",
		ROLEGATE_STATE_DIR, transaction->id, strerror(errno));
	return -1;
}

void transaction_close(struct transaction *transaction)
{
	const char *complaint;

	(void)transaction_discard(transaction, &complaint);
	close_areas(transaction);
	fd_close(&transaction->directory);
	locks_release(transaction);
	fd_close(&transaction->top);
}

/* The directories of one whose process is gone, as it had them. */
static int reopen_areas(struct transaction *transaction, const char **complaint)
{
	for (size_t i = 0;; i++) {
		const char *path;
		int result;

		add_area(transaction, "");
		result = state_open_area(transaction, i);
		if (result != 0) {
			transaction->paths.count = i;
			return result > 0 ? 0 : -1;
		}
		path = transaction->areas[i].path;
		transaction->paths.items[i] = path;
		if (area_open(transaction, i, complaint) != 0)
			return -1;
		if (!state_knows(transaction, i)) {
			*complaint = arena_printf(
				transaction->arena, "%s is another directory by now", path);
			return -1;
		}
	}
}

static const char *finish(struct transaction *transaction, const char **complaint)
{
	if (transaction->done)
		return "committed";
	if (!transaction->staging && !transaction->begun)
		return "rolled-back";
	if (reopen_areas(transaction, complaint) != 0)
		return NULL;
	if (locks_take(transaction) != 0) {
		*complaint = "another transaction works on the same directories";
		return NULL;
	}
	if (!transaction->begun)
		return unstage(transaction, complaint) == 0 ? "rolled-back" : NULL;
	return apply(transaction, true, NULL, NULL, complaint) == 0 ? "committed" : NULL;
}

static int recover(struct transaction *transaction, transaction_told *told, void *context,
	const char **complaint)
{
	const char *what = finish(transaction, complaint), *left = NULL;

	if (what == NULL && *complaint == NULL)
		*complaint = strerror(errno);
	if (what == NULL) {
		*complaint = arena_printf(transaction->arena,
			"transaction %s can be neither finished nor undone, and is left in "
			"%s/transactions: %s",
			transaction->id, ROLEGATE_STATE_DIR, *complaint);
		/* Not even what transaction_close() would still try. */
		transaction->begun = true;
		return -1;
	}
	if (told != NULL && !transaction->empty)
		told(context, transaction->id, what);
	transaction->staging = false;
	return transaction_discard(transaction, &left);
}

int transaction_recover(
	struct arena *arena, transaction_told *told, void *context, const char **complaint)
{
	_cleanup_fd_ int top = state_open(arena, complaint);
	struct strings ids = {.count = 0};
	int result = 0;

	if (top < 0 || state_list(arena, top, &ids) != 0)
		return -1;
	for (size_t i = 0; i < ids.count; i++) {
		struct transaction transaction;
		const char *wrong = NULL;

		clear(&transaction, arena, ids.items[i]);
		transaction.top = fcntl(top, F_DUPFD_CLOEXEC, 3);
		if (state_take(&transaction) == 0 &&
			recover(&transaction, told, context, &wrong) != 0) {
			*complaint = wrong;
			result = -1;
		}
		transaction_close(&transaction);
	}
	return result;
}
