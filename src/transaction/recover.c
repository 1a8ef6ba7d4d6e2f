/* What a process that is gone left: finished or undone by the next one. */
#include <errno.h>
#include <string.h>

#include "base/fd.h"
#include "transaction/parts.h"

/* The directories of one whose process is gone, as it had them. */
static int reopen_areas(struct transaction *transaction, const char **complaint)
{
	for (size_t i = 0;; i++) {
		const char *path;
		int result;

		transaction_add_area(transaction, "");
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
		return commit_undo(transaction, complaint) == 0 ? "rolled-back" : NULL;
	return commit_apply(transaction, true, NULL, NULL, complaint) == 0 ? "committed" : NULL;
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

		transaction_clear(&transaction, arena, ids.items[i]);
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
