#include "transaction/transaction.h"

#include <errno.h>

int transaction_open(struct arena *arena, const char *id, const struct strings *paths,
	struct transaction *transaction, const char **complaint)
{
	*transaction = (struct transaction){
		.arena = arena, .id = id, .paths = *paths, .directory = -1, .lock = -1};
	*complaint = "transactions are not supported yet";
	errno = ENOSYS;
	return -1;
}

int transaction_mount(const struct transaction *transaction)
{
	(void)transaction;
	errno = ENOSYS;
	return -1;
}

bool transaction_holds(const struct transaction *transaction)
{
	(void)transaction;
	return false;
}

int transaction_commit(struct transaction *transaction, transaction_report *report, void *context,
	const char **complaint)
{
	(void)transaction;
	(void)report;
	(void)context;
	*complaint = "transactions are not supported yet";
	return -1;
}

int transaction_discard(struct transaction *transaction, const char **complaint)
{
	(void)transaction;
	*complaint = NULL;
	return 0;
}

void transaction_close(struct transaction *transaction)
{
	(void)transaction;
}

int transaction_recover(
	struct arena *arena, transaction_told *told, void *context, const char **complaint)
{
	(void)arena;
	(void)told;
	(void)context;
	*complaint = NULL;
	return 0;
}
