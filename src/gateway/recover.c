#include "gateway/recover.h"

#include <unistd.h>

#include "base/message.h"
#include "transaction/transaction.h"

static void write_step(
	struct recorder *recorder, const char *id, const char *what, const char *detail)
{
	struct record record = {
		.kind = RECORD_STEP,
		.success = detail == NULL,
		.request = id,
		.uid = (uid_t)-1,
		.login_uid = (uid_t)-1,
		.audit_session = (unsigned)-1,
		.step = "recover",
		.transaction = what,
		.detail = detail,
		.status = -1,
	};
	const char *complaint = "there is no recorder";

	if (recorder == NULL || record_write(recorder, &record, &complaint) != 0)
		message_error("a record could not be written: %s", complaint);
}

static void tell(void *context, const char *id, const char *what)
{
	message_warning("transaction %s, which was interrupted, is %s", id, what);
	write_step(context, id, what, NULL);
}

void recover_transactions(struct recorder *recorder)
{
	struct arena *arena = arena_new();
	const char *complaint = NULL;

	if (transaction_recover(arena, tell, recorder, &complaint) != 0) {
		if (complaint == NULL)
			complaint = "the transactions of before can't be read";
		message_error("%s", complaint);
		write_step(recorder, NULL, "failed", complaint);
	}
	arena_free(arena);
}

void recover_in_background(struct listener *listener)
{
	pid_t pid = fork();

	if (pid < 0)
		message_error("interrupted transactions wait for the next start: %m");
	if (pid != 0)
		return;
	listener_forget(listener);
	if (listener->recorder != NULL && record_reopen(listener->recorder) != 0)
		listener->recorder = NULL;
	recover_transactions(listener->recorder);
	_exit(0);
}

static void check_function(const struct function *function)
{
	for (size_t i = 0; i < function->transaction.count; i++) {
		struct arena *arena = arena_new();
		const char *complaint =
			transaction_complaint(arena, function->transaction.items[i]);

		if (complaint != NULL)
			message_warning("the transaction of function \"%s\" can't be opened: %s",
				function->command->name, complaint);
		arena_free(arena);
	}
}

void recover_check_paths(const struct policy *policy)
{
	for (size_t i = 0; i < policy->command_count; i++)
		if (policy->commands[i]->function != NULL)
			check_function(policy->commands[i]->function);
}
