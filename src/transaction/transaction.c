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

static void note_moment(struct transaction *transaction)
{
	transaction->opened = transaction_now(CLOCK_REALTIME);
	transaction->booted = transaction_now(CLOCK_BOOTTIME);
}

void transaction_clear(struct transaction *transaction, struct arena *arena, const char *id)
{
	*transaction = (struct transaction){.arena = arena, .id = id, .top = -1, .directory = -1};
}

void transaction_add_area(struct transaction *transaction, const char *path)
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

	transaction_clear(&transaction, arena, "");
	transaction_add_area(&transaction, path);
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

	transaction_clear(&other, transaction->arena, id);
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
	transaction_clear(transaction, arena, id);
	for (size_t i = 0; i < paths->count; i++)
		transaction_add_area(transaction, paths->items[i]);
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
	if (commit_undo(transaction, complaint) != 0)
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
