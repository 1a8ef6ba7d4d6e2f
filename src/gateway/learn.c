/*
 * Where the endpoint learns, a refusal is a question to the approvers. What is approved there for a
 * time, or for one run, is decided on anew without a grant: the definition holds all the same.
 */
#include <string.h>

#include "gateway/approve.h"
#include "gateway/function.h"

bool learn_applies(const struct request *request)
{
	const struct decision *decision = &request->decision;

	if (!request->session->endpoint->approval.learn || request->outer != NULL ||
		request->act_as != NULL || decision->verdict == VERDICT_ALLOW)
		return false;
	return decision->reason == REASON_NOT_PERMITTED ||
	       decision->reason == REASON_PARAMETER_NOT_ALLOWED ||
	       decision->reason == REASON_VALUE_NOT_ALLOWED;
}

static bool is_secretive(const struct command *command)
{
	for (size_t i = 0; command != NULL && i < command->parameters.count; i++)
		if (command->parameters.items[i].secret)
			return true;
	return false;
}

static int decide_ungranted(struct request *request, const struct command *command)
{
	request->ungranted = command;
	return request_decide(request);
}

/*
 * A secret is nobody's to read in a queue. The values are known only once the definition has
 * accepted them; what it refuses can't run, so that none of its words are needed.
 */
static struct strings words_to_queue(
	struct request *request, const struct command *command, size_t name_words)
{
	const struct decision before = request->decision;
	struct strings words = {.count = 0};

	if (!is_secretive(command))
		return request->words;
	for (size_t i = 0; i < name_words; i++)
		strings_add(request->arena, &words, request->words.items[i]);
	if (decide_ungranted(request, command) == 0) {
		size_t head = 1 + command->arguments.count; /* program, fixed arguments */

		for (size_t i = head; i < request->decision.shown.count; i++)
			strings_add(request->arena, &words, request->decision.shown.items[i]);
	} else {
		strings_add(request->arena, &words, "<secret>");
	}
	request->ungranted = NULL;
	request->content = NULL;
	request->decision = before;
	return words;
}

static struct approval_subject command_subject(
	const struct request *request, const struct command *command, const struct strings *words)
{
	const struct endpoint *endpoint = request->session->endpoint;
	const char *run_as =
		command == NULL || command->run_as == NULL ? endpoint->run_as : command->run_as;

	return (struct approval_subject){.kind = APPROVAL_COMMAND,
		.endpoint = endpoint->name,
		.name = command == NULL ? NULL : command->name,
		.words = words,
		.run_as = run_as,
		.own_account = is_own_account(request, run_as),
		.profile = command == NULL ? NULL : policy_profile_name(endpoint, command),
		.reason = reason_code(request->decision.reason),
		.decided_by = endpoint->approval};
}

/* For good it is a matter of the role files, which a person may have changed since. */
static bool is_granted_by_files(const struct approval_entry *entry)
{
	return !entry->once && entry->expires == 0 && !entry->as_caller_only;
}

static int deny_granted(struct request *request, const char *detail)
{
	request_deny(request, REASON_NOT_PERMITTED,
		"%s; approval %lu granted it: connect again, and if it stays refused, the grant "
		"was taken out of the roles",
		detail, request->approval);
	return -1;
}

/* It was approved: everything but the grant is decided on once more. */
static int run_approved(struct request *request, const struct command *command)
{
	if (command == NULL) {
		request_deny(request, REASON_NOT_PERMITTED,
			"it is approved as number %lu, but no command of this name is defined",
			request->approval);
		return -1;
	}
	if (decide_ungranted(request, command) != 0)
		return -1;
	return request_check_content(request);
}

int learn_check(struct request *request)
{
	size_t name_words = 0;
	const struct command *command = decide_defined(request->session->policy, request->roles,
		request->words.items, request->words.count, &name_words);
	struct strings words = words_to_queue(request, command, name_words);
	struct asking asking = {
		.request = request, .subject = command_subject(request, command, &words)};
	const char *detail = request->decision.detail;
	int result = asking_open(&asking);

	if (result == 0)
		result = asking_decide(&asking, REASON_PENDING_APPROVAL, detail);
	asking_close(&asking);
	if (result != 0)
		return -1;
	return is_granted_by_files(&asking.found) ? deny_granted(request, detail)
						  : run_approved(request, command);
}
