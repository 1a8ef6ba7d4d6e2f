/*
 * Start-up functions of roles (JEA's ScriptsToProcess): before the first run of a session, and
 * before the first with the roles of somebody else. What asks without running anything needs none;
 * to compute choices runs something.
 */
#include <string.h>

#include "gateway/function.h"

static bool has_run(const struct session *session, const struct command *function)
{
	for (size_t i = 0; i < session->started_count; i++)
		if (session->started[i] == function)
			return true;
	return false;
}

static void note_run(struct session *session, const struct command *function)
{
	session->started = arena_grow(session->arena, session->started, session->started_count,
		sizeof(*session->started));
	session->started[session->started_count++] = function;
}

static int fail(struct request *request, const struct role *role, const char *name,
	const struct nested *nested)
{
	request->session->start_failed = true;
	request_deny(request, REASON_GATEWAY_ERROR,
		"the start-up function \"%s\" of role \"%s\" failed, so that this session is over: "
		"%s%s%s",
		name, role->name, nested->complaint, nested->request[0] == '\0' ? "" : ", request ",
		nested->request);
	return -1;
}

static int start(struct request *request, const struct role *role, const char *name)
{
	struct session *session = request->session;
	const struct command *function = table_get(&session->policy->command_by_name, name);
	struct nested nested = {
		.unrelated = true, .request = "", .complaint = "it is not defined"};
	struct strings words = {.count = 0};
	size_t length;

	if (function == NULL || function->function == NULL)
		return fail(request, role, name, &nested);
	if (has_run(session, function))
		return 0;
	note_run(session, function);
	for (const char *word = name; *word != '\0'; word += length + strspn(word + length, " ")) {
		length = strcspn(word, " ");
		strings_add(request->arena, &words, arena_strndup(request->arena, word, length));
	}
	return request_nested(request, function, &words, &nested) == 0
		       ? 0
		       : fail(request, role, name, &nested);
}

int request_check_startup(struct request *request)
{
	const struct role_set *roles = request->roles;
	const struct policy *policy = request->session->policy;

	if (request->outer != NULL)
		return 0;
	for (size_t i = role_set_next(roles, 0); i < roles->size; i = role_set_next(roles, i + 1))
		for (size_t j = 0; j < policy->roles[i].startup_functions.count; j++)
			if (start(request, &policy->roles[i],
				    policy->roles[i].startup_functions.items[j]) != 0)
				return -1;
	return 0;
}
