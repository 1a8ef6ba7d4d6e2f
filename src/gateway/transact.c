/*
 * A function's transaction, from the request's side. It is opened before the program is started and
 * over when the end is known; what a crash leaves is recover.c's.
 */
#include <errno.h>
#include <string.h>

#include "base/message.h"
#include "base/text.h"
#include "gateway/function.h"
#include "spawn/spawn.h"
#include "transaction/transaction.h"

int request_open_transaction(struct request *request)
{
	const struct command *command = request->decision.command;
	struct transaction *transaction;
	const char *complaint = NULL;

	if (command->function == NULL || command->function->transaction.count == 0)
		return 0;
	if (command->outlives_client || !request->session->support->mounts) {
		request_deny(request, REASON_GATEWAY_ERROR, "%s",
			command->outlives_client
				? "a transaction ends with its client, and this function does not"
				: "this gateway can't mount, which a transaction needs");
		return -1;
	}
	transaction = arena_alloc(request->arena, sizeof(*transaction));
	if (transaction_open(request->arena, request->id.text, &command->function->transaction,
		    transaction, &complaint) == 0) {
		request->transaction = transaction;
		return 0;
	}
	request_deny(
		request, errno == EBUSY ? REASON_LIMIT : REASON_GATEWAY_ERROR, "%s", complaint);
	return -1;
}

void request_close_transaction(struct request *request)
{
	if (request->transaction != NULL)
		transaction_close(request->transaction);
	request->transaction = NULL;
}

static void note_step(void *context, const struct transaction_step *step)
{
	struct request *request = context;

	request->changes++;
	if (request->decision.command->function->audit_steps)
		report_step(request, step->action, step->path, NULL, true);
}

/* With nothing of the run left that could still change it. NULL, or why not. */
static const char *commit(struct request *request)
{
	const char *complaint = NULL;

	if (spawn_kill_descendants(0) != 0)
		return "what it started could not be ended";
	return transaction_commit(request->transaction, note_step, request, &complaint) == 0
		       ? NULL
		       : complaint;
}

/* Its changes, with success; NULL, or why they could not be. */
static const char *settle(struct request *request, bool success)
{
	const char *complaint = success ? commit(request) : NULL, *left = NULL;

	if (success && complaint == NULL)
		return NULL;
	/* Before the function that undoes the rest, which may work on the same directories. */
	if (transaction_discard(request->transaction, &left) != 0)
		message_error("request %s: %s", request->id.text, left);
	if (request->transaction->begun)
		complaint = arena_printf(request->arena,
			"%s; the commit had begun, and is finished at the gateway's next start",
			complaint);
	else
		request_close_transaction(request);
	return complaint;
}

/* Whether it was undone. */
static bool roll_back(struct request *request, const struct function *function)
{
	struct strings words = nested_words(request->arena, function->rollback,
		request->decision.command, &request->decision.inputs);
	struct nested nested = {.regardless = true};
	bool undone = request_nested(request, function->rollback, &words, &nested) == 0;

	if (function->audit_steps)
		report_step(request, "rollback", NULL, function->rollback->name, undone);
	if (!undone)
		message_warning("request %s: what undoes it, %s, failed: %s", request->id.text,
			function->rollback->name,
			nested.complaint == NULL ? "no reason is known" : nested.complaint);
	return undone;
}

/* Whom the function's own errors are not shown, this one isn't either. */
static void fail(struct request *request, const char *complaint, struct run_end *end)
{
	const char *text = arena_printf(request->arena, "not committed: %s", complaint);

	message_warning("request %s: %s", request->id.text, text);
	end->status = EXIT_GATEWAY;
	end->signal = 0;
	end->detail = text;
	end->transaction = "failed";
	outcome_say(request->outcome, OUTCOME_ERROR,
		request->hidden == NULL ? text : "its changes could not be committed");
}

int transaction_conclude(struct request *request, bool success, struct run_end *end)
{
	const struct function *function = request->decision.command->function;
	bool held = request->transaction != NULL, unfinished = false;
	const char *complaint = NULL;

	/* Whoever was ended says what it likes. */
	success = success && !end->timed_out && end->ended_by == NULL;
	if (!held && function->rollback == NULL)
		return 0;
	if (held)
		complaint = settle(request, success);
	if (success && complaint == NULL) {
		end->transaction = held ? "committed" : NULL;
		return 0;
	}
	end->transaction = held ? "rolled-back" : NULL;
	if (complaint != NULL) {
		fail(request, complaint, end);
		unfinished = request->transaction != NULL;
	}
	if (function->rollback != NULL && !unfinished && roll_back(request, function) &&
		complaint == NULL)
		end->transaction = "undone";
	return -1;
}
