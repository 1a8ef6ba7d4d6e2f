/* What a function's script has besides its streams: its inputs, a place for typed lines, and, where
 * the operator does not see its errors, one for these. */
#include "function/inputs.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "gateway/function.h"

/*
 * Only our end does not block. The mode is for whoever opens it anew by /dev/fd, as the account
 * that the script runs as: to write, and never to read what others write.
 */
static int open_pipe(int *ours, int *of_program)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0)
		return -1;
	*ours = ends[0];
	*of_program = ends[1];
	return fcntl(ends[0], F_SETFL, O_RDONLY | O_NONBLOCK) == 0 && fchmod(ends[1], 0222) == 0
		       ? 0
		       : -1;
}

static int hide_errors(struct request *request)
{
	int end = -1;

	if (open_pipe(&request->errors, &end) != 0) {
		fd_close(&end);
		return -1;
	}
	fd_close(&request->descriptors[2]);
	request->descriptors[2] = end;
	request->hidden = arena_alloc(request->arena, sizeof(*request->hidden));
	return 0;
}

static int open_inputs(struct request *request)
{
	const struct decision *decision = &request->decision;
	const struct session *session = request->session;
	const struct inputs_facts facts = {.user = session->operator.name,
		.act_as = request->act_as == NULL ? session->operator.name : request->act_as,
		.run_as = request->run_as.name,
		.request = request->id.text,
		.endpoint = session->endpoint->name,
		.role = strings_join(request->arena, &decision->roles, ","),
		.target = "localhost",
		.has_output = true, };
	const char *json =
		inputs_json(request->arena, decision->command, &decision->inputs, &facts);

	inputs_variables(
		request->arena, decision->command, &decision->inputs, &facts, &request->variables);
	errno = json == NULL ? EILSEQ : errno;
	request->input = json == NULL ? -1 : inputs_open(json);
	return request->input < 0 ? -1 : 0;
}

/* Content that is not what was trusted, and runs all the same. */
static void tell_trust(const struct request *request)
{
	const struct trust_verdict *trust = &request->decision.trust;

	if (trust->differs)
		outcome_say(request->outcome, OUTCOME_WARNING,
			arena_printf(request->arena, "%s%s",
				trust->level == TRUST_UNTRUSTED ? "it runs as untrusted: " : "",
				trust->note));
}

int request_open_inputs(struct request *request)
{
	const struct command *command = request->decision.command;

	if (command->function == NULL)
		return 0;
	request->outcome = arena_alloc(request->arena, sizeof(*request->outcome));
	outcome_begin(request->outcome, request->arena, command);
	tell_trust(request);
	if (open_inputs(request) == 0 && open_pipe(&request->typed, &request->typed_program) == 0 &&
		(command->function->show_errors || hide_errors(request) == 0))
		return 0;
	request_deny(request, REASON_GATEWAY_ERROR,
		"the function's inputs can't be handed to it: %s", strerror(errno));
	return -1;
}
