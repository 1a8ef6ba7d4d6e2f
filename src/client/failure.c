#include "client/failure.h"

#include <string.h>
#include <unistd.h>

#include "answer/json_out.h"
#include "base/fd.h"
#include "base/message.h"
#include "policy/reason.h"

static const char *const names[] = {
	[FAILURE_USAGE] = "usage", [FAILURE_UNREACHABLE] = "unreachable", [FAILURE_LOST] = "lost"};

static const char *reason_of(enum failure_kind kind, const struct client_failure *failure)
{
	if (kind == FAILURE_REFUSED)
		return failure->said.code;
	return reason_code(kind == FAILURE_USAGE ? REASON_SYNTAX : REASON_GATEWAY_ERROR);
}

static const char *message_of(enum failure_kind kind, const struct client_failure *failure)
{
	if (kind == FAILURE_REFUSED)
		return failure->said.detail;
	return message_last() != NULL ? message_last() : "ended by a signal";
}

void failure_say(enum failure_kind kind, const struct client_failure *failure, int status)
{
	struct output output = {.arena = arena_new()};
	const char *request = failure->said.request, *text;

	json_out_open(&output, NULL, '{');
	json_out_string(&output, "request", request[0] == '\0' ? NULL : request);
	json_out_string(&output, "decision", failure->started ? "allow" : "deny");
	json_out_string(&output, "reason", reason_of(kind, failure));
	json_out_string(&output, "message", message_of(kind, failure));
	if (kind != FAILURE_REFUSED) {
		json_out_string(&output, "error", names[kind]);
		json_out_number(&output, "status", status);
	}
	json_out_close(&output, '}');
	output_text(&output, "\n");
	text = output_end(&output);
	if (fd_write_all(STDOUT_FILENO, text, strlen(text)) < 0)
		message_error("can't write the answer: %m");
	arena_free(output.arena);
}
