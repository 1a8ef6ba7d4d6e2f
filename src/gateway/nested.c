/*
 * Functions that are run for another request: what computes choices, start-up, what undoes. They go
 * the way of every request; only their output is kept here, and nobody is asked anything.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/fd.h"
#include "gateway/function.h"
#include "gateway/relay.h"

/*
 * A function that ran itself, by whatever round, would never end. NULL: it doesn't. What starts a
 * session is no part of the request that it comes before.
 */
static const char *recursion(struct arena *arena, const struct request *outer,
	const struct command *command, bool unrelated)
{
	int functions = 1;

	for (; outer != NULL && !unrelated; outer = outer->outer, functions++) {
		if (outer->decision.command == command)
			return "it would run itself";
		unrelated = outer->unrelated;
	}
	return functions <= FUNCTION_NESTING_MAX
		       ? NULL
		       : arena_printf(arena, "more than %d functions one within the other",
				 FUNCTION_NESTING_MAX);
}

static int open_streams(struct request *request, struct collector *printed)
{
	int result = collector_open(
		printed, request->arena, NESTED_OUTPUT_MAX, &request->descriptors[1]);

	request->descriptors[0] = open("/dev/null", O_RDONLY | O_CLOEXEC);
	request->descriptors[2] = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (result == 0 && request->descriptors[0] >= 0 && request->descriptors[2] >= 0)
		return 0;
	request_deny(request, REASON_GATEWAY_ERROR, "no pipe: %s", strerror(errno));
	return -1;
}

static const char *complaint_about(struct arena *arena, const struct run_end *end)
{
	if (end->ended_by != NULL && strcmp(end->ended_by, "limit") == 0)
		return arena_printf(arena, "it printed more than %d bytes", NESTED_OUTPUT_MAX);
	if (end->timed_out)
		return "it ran longer than it may";
	if (end->signal != 0)
		return arena_printf(arena, "it was ended by signal %d", end->signal);
	if (end->status != 0)
		return arena_printf(arena, "it ended with status %d", end->status);
	return end->ended_by == NULL ? NULL : "it was ended";
}

/* Nothing is left of it that could still write. */
static void finish(struct request *request, const struct run_end *end, struct nested *nested)
{
	struct collector *printed = request->printed;

	(void)collector_read(printed);
	nested->status = end->status;
	nested->complaint = complaint_about(request->arena, end);
	if (nested->complaint == NULL && printed->too_much)
		nested->complaint = arena_printf(
			request->arena, "it printed more than %d bytes", NESTED_OUTPUT_MAX);
	if (nested->complaint != NULL)
		return;
	nested->output = printed->bytes;
	nested->length = printed->length;
}

static void execute(struct request *request, struct nested *nested)
{
	struct relay relay;

	if (open_streams(request, request->printed) != 0 || prepare_run(request) != 0) {
		(void)report_decision(request);
		nested->complaint = request->decision.detail;
	} else if (request_launch(request, &relay) != 0) {
		nested->complaint = request->decision.detail;
	} else {
		request->session->state = SESSION_RUNNING;
		request_follow(request, &relay);
		finish(request, &relay.end, nested);
	}
	request_close(request);
	collector_close(request->printed);
}

int request_nested(struct request *outer, const struct command *command,
	const struct strings *words, struct nested *nested)
{
	struct session *session = outer->session;
	enum session_state state = session->state;
	struct relay *relay = session->relay;
	struct collector printed = {.fd = -1};
	struct request request;

	*nested = (struct nested){.regardless = nested->regardless,
		.unrelated = nested->unrelated,
		.output = "",
		.status = -1,
		.request = "",
		.complaint = recursion(outer->arena, outer, command, nested->unrelated)};
	if (nested->complaint != NULL)
		return -1;
	request_start(&request, session, outer->arena);
	request.outer = outer;
	request.unrelated = nested->unrelated;
	request.roles = outer->roles;
	request.act_as = outer->act_as;
	request.ungranted = command;
	request.quiet = true;
	request.regardless = nested->regardless;
	request.words = *words;
	request.streams = 7;
	request.printed = &printed;
	nested->request = arena_strdup(outer->arena, request.id.text);
	execute(&request, nested);
	session->state = state;
	session->relay = relay;
	session_note_set(session->note->request, outer->id.text);
	return nested->complaint == NULL ? 0 : -1;
}
