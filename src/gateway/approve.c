/*
 * What runs only when a person has approved it: these bytes, this rule of the inputs, this
 * interpreter, account, profile, transaction, rollback and timeout. Anything else waits in the
 * queue.
 */
#include "gateway/approve.h"

#include <string.h>

#include "gateway/function.h"

bool is_own_account(const struct request *request, const char *run_as)
{
	return run_as != NULL && (strcmp(run_as, "caller") == 0 ||
					 strcmp(run_as, request->session->operator.name) == 0);
}

/* The function's own word, or that of the endpoint that it is called through. */
static bool is_needed(const struct request *request, const struct command *command)
{
	return command != NULL && command->function != NULL &&
	       (command->function->approval.required ||
		       request->session->endpoint->approval.required);
}

static struct approval_subject function_subject(
	const struct request *request, const struct command *command)
{
	const struct endpoint *endpoint = request->session->endpoint;
	const struct function *function = command->function;
	const struct script_content *content =
		request->content != NULL ? request->content : &function->script.content;
	const char *run_as = command->run_as != NULL ? command->run_as : endpoint->run_as;

	return (struct approval_subject){.kind = APPROVAL_FUNCTION,
		.endpoint = endpoint->name,
		.name = command->name,
		.text = content->bytes,
		.digest = content->digest,
		.rule = function_rule(request->arena, command),
		.interpreter = function->script.interpreter,
		.run_as = run_as,
		.act_as = request->act_as,
		.outdated = session_is_outdated(request->session),
		.own_account = is_own_account(request, run_as),
		.profile = policy_profile_name(endpoint, command),
		.transaction = &function->transaction,
		.rollback = function->rollback_name,
		.timeout = command->timeout,
		.decided_by = approval_rule_for(
			request->arena, &endpoint->approval, &function->approval)};
}

/* What is not trusted waits as well; but the registry alone makes it trusted. */
static int ask_for(struct asking *asking, const char *untrusted)
{
	struct request *request = asking->request;

	asking->subject.reason =
		reason_code(untrusted == NULL ? REASON_PENDING_APPROVAL : REASON_UNTRUSTED);
	if (asking_open(asking) != 0)
		return -1;
	if (untrusted == NULL)
		return asking_decide(asking, REASON_PENDING_APPROVAL, NULL);
	if (asking_decide(asking, REASON_UNTRUSTED, untrusted) == 0)
		request_deny(request, REASON_UNTRUSTED,
			"%s; it is approved as number %lu, and the registry of trusted scripts "
			"has to be updated",
			untrusted, request->approval);
	return -1;
}

static int approve_function(struct request *request)
{
	const struct command *command = request->decision.command;
	bool denied = request->decision.verdict != VERDICT_ALLOW;
	struct asking asking = {.request = request, .subject = function_subject(request, command)};
	int result = ask_for(&asking, denied ? request->decision.detail : NULL);

	asking_close(&asking);
	return result;
}

/* What an approver sees is a name, and the bytes behind it may be others by the time (R34). */
static int refuse_file(struct request *request)
{
	request_deny(request, REASON_DISABLED,
		"it needs an approval, which is of exact bytes, and a file of a drive can change: what "
		"takes one runs by a role alone");
	return -1;
}

int request_check_approval(struct request *request)
{
	const struct decision *decision = &request->decision;

	if (request->session->endpoint == NULL)
		return -1;
	if (learn_applies(request) && learn_check(request) != 0)
		return -1;
	if (decision->reason == REASON_UNTRUSTED && decision->command != NULL &&
		decision->command->function != NULL &&
		(is_needed(request, decision->command) ||
			request->session->endpoint->approval.learn))
		return request->outer == NULL ? approve_function(request) : -1;
	if (decision->verdict != VERDICT_ALLOW)
		return -1;
	if (!is_needed(request, decision->command))
		return 0;
	return decision->file_count > 0 ? refuse_file(request) : approve_function(request);
}

/* Where the records look for what allowed it. */
static void add_source(struct request *request)
{
	struct decision *decision = &request->decision;
	struct decision_source *sources =
		arena_array(request->arena, decision->source_count + 1, sizeof(*sources));

	for (size_t i = 0; i < decision->source_count; i++)
		sources[i] = decision->sources[i];
	sources[decision->source_count] = (struct decision_source){
		.role = arena_printf(request->arena, "approval:%lu", request->approval),
		/* Without a blank, so that audit leaves it as it is. */
		.source = {arena_printf(request->arena, "approval:%lu", request->approval), 0}};
	decision->sources = sources;
	decision->source_count++;
}

/* The configuration may be another by now: then nothing else is over by what this run is. */
static int use(struct request *request, size_t index)
{
	struct asking asking = {.request = request, .subject = *request->held[index].subject};
	int result;

	asking.subject.outdated = session_is_outdated(request->session);
	result = asking_use(&asking, request->held[index].number);
	asking_close(&asking);
	return result;
}

/* Those for one run last, so that none of them is used up by what another one stops. */
int request_use_approval(struct request *request)
{
	if (request->approval != 0)
		add_source(request);
	for (int once = 0; once <= 1; once++)
		for (size_t i = 0; i < request->held_count; i++)
			if (request->held[i].once == (once == 1) && use(request, i) != 0)
				return -1;
	return 0;
}
