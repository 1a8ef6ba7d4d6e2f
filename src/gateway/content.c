/* What is about to run, against what was decided on: the script's bytes, and who reads them. */
#include <errno.h>
#include <string.h>

#include "config/scripts.h"
#include "config/trust_files.h"
#include "gateway/function.h"

static const struct function *function_of(const struct request *request)
{
	const struct command *command = request->decision.command;

	return command == NULL ? NULL : command->function;
}

static int result_of(const struct request *request)
{
	return request->decision.verdict == VERDICT_ALLOW ? 0 : -1;
}

/* The bytes that were loaded stay good for as long as the file is the same. */
int request_check_content(struct request *request)
{
	const struct function *function = function_of(request);
	const struct script_content *content;
	const char *complaint = NULL;

	if (function == NULL || function->script.path == NULL ||
		(result_of(request) != 0 && request->decision.reason != REASON_UNTRUSTED))
		return result_of(request);
	if (script_refresh(request->arena, function, &content, &complaint) != 0) {
		request_deny(request, errno == EPERM ? REASON_UNTRUSTED : REASON_GATEWAY_ERROR,
			"the script %s can't be run: %s", function->script.path, complaint);
		return -1;
	}
	if (content == &function->script.content)
		return result_of(request);
	request->content = content;
	return request_decide(request);
}

/* The descriptor that is hashed is the one that is executed (R26). */
static int check_image(struct request *request, const struct function *function)
{
	struct script_identity identity;
	char *digest = arena_alloc(request->arena, sizeof(function->interpreter_digest));

	if (script_identity(request->program.image, &identity) == 0 &&
		script_is_same(&identity, &function->interpreter_identity) &&
		function->interpreter_digest[0] != '\0')
		return 0;
	if (trust_hash_file(request->program.image, &identity, digest) != 0) {
		request_deny(request, REASON_GATEWAY_ERROR,
			"the interpreter %s can't be hashed: %s", request->program.interpreter,
			strerror(errno));
		return -1;
	}
	request->interpreter_digest = digest;
	return request_decide(request);
}

int request_check_interpreter(struct request *request)
{
	const struct function *function = function_of(request);

	if (function == NULL)
		return 0;
	if (function->trust != NULL && function->trust->interpreter_hash != NULL &&
		check_image(request, function) != 0)
		return -1;
	if (request->run_as.uid != 0 || request->decision.trust.level == TRUST_SYSTEM ||
		strcmp(request->decision.run_as, "caller") == 0)
		return 0;
	request_deny(request, REASON_UNTRUSTED,
		"only a script of level \"system\" runs as root, and %s is root",
		request->decision.run_as);
	return -1;
}
