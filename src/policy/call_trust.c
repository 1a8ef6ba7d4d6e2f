/* What a script may do follows from its content: trust.h says what that is good for. */
#include <string.h>

#include "policy/call.h"

static struct trust_verdict judge(const struct call *call, const struct function *function)
{
	const struct decision_request *request = call->request;
	const struct script_content *content = &function->script.content;
	const char *interpreter = function->interpreter_digest;

	if (request->content != NULL)
		content = request->content;
	if (request->interpreter_digest != NULL)
		interpreter = request->interpreter_digest;
	return trust_judge(
		call->arena, function, content, *interpreter == '\0' ? NULL : interpreter);
}

static bool runs_as_root(const struct call *call)
{
	const struct endpoint *endpoint = call->request->endpoint;
	const char *account = call->command->run_as;

	if (account == NULL && endpoint != NULL)
		account = endpoint->run_as;
	return account != NULL && strcmp(account, "root") == 0;
}

static int refuse(struct call *call, const char *why)
{
	const char *name = call_quote(call->arena, call->command->name);

	call->refusal = (struct refusal){
		.reason = REASON_UNTRUSTED,
		.detail = arena_printf(call->arena, "%s is not run: %s", name, why),
	};
	return -1;
}

int call_check_trust(struct call *call)
{
	const struct function *function = call->command->function;

	if (function == NULL)
		return 0;
	call->trust = judge(call, function);
	if (call->trust.blocked)
		return refuse(call, call->trust.note);
	if (call->trust.level != TRUST_SYSTEM && runs_as_root(call))
		return refuse(call, arena_printf(call->arena,
					    "only a script of level \"system\" runs as root%s%s",
					    call->trust.note != NULL ? ", and " : "",
					    call->trust.note != NULL ? call->trust.note : ""));
	return 0;
}

const struct confinement *call_profiles(const struct call *call)
{
	const struct decision_request *request = call->request;

	if (call->command->function != NULL && call->trust.level == TRUST_UNTRUSTED)
		return policy_confinement_untrusted(
			request->policy, request->endpoint, call->command);
	/* The endpoint's ceiling speaks of the host's files, of which a drive's own view has none. */
	return policy_confinement(
		request->policy, call_drive(call) != NULL ? NULL : request->endpoint, call->command);
}
