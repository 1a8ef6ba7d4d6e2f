#include "gateway/request.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "answer/answer.h"
#include "gateway/report.h"

void request_get_act_as(struct request *request, struct packet *packet)
{
	const char *name = packet_get_string(request->arena, packet);

	request->act_as = name[0] == '\0' ? NULL : name;
}

void request_get_pipeline(struct request *request, struct packet *packet)
{
	const char *label = packet_get_string(request->arena, packet);

	if (label[0] == '\0')
		return;
	if (request_id_is_valid(label))
		request->pipeline = label;
	else
		packet->bad = true;
}

void request_deny(struct request *request, enum reason reason, const char *format, ...)
{
	struct decision *decision = &request->decision;
	va_list arguments;

	va_start(arguments, format);
	*decision = (struct decision){ .verdict = VERDICT_DENY,
		.reason = reason,
		.detail = arena_vprintf(request->arena, format, arguments),
		.word = SIZE_MAX,
		.command = decision->command,
		.trust = decision->trust,
		.shown = decision->shown };
	va_end(arguments);
}

void request_start(struct request *request, struct session *session, struct arena *arena)
{
	memset(request, 0, sizeof(*request));
	request->session = session;
	request->roles = &session->roles;
	request->arena = arena;
	request->account = request->term = "";
	request->input = request->typed = request->typed_program = request->errors = -1;
	for (size_t i = 0; i < SPAWN_FILES_MAX; i++)
		request->files[i] = -1;
	request->copies = -1;
	request->descriptors[0] = request->descriptors[1] = request->descriptors[2] = -1;
	request->cgroup.directory = request->master = request->slave = -1;
	request->program = (struct spawn_program){ .image = -1, .script = -1 };
	recording_init(&request->recording);
	request->decision.word = SIZE_MAX;
	if (request_id_new(&request->id) != 0)
		request_deny(request, REASON_GATEWAY_ERROR, "no random number for the request");
	session_note_set(session->note->request, request->id.text);
	if (session->state != SESSION_FIRST && session->recorder != NULL)
		record_prepare(session->recorder);
	session->state = SESSION_BETWEEN;
}

int request_check_person(struct request *request)
{
	const struct session *session = request->session;
	size_t size = 0;

	if (request->id.text[0] == '\0')
		return -1;
	if (session->refused != REASON_PERMITTED) {
		request_deny(request, session->refused, "%s", session->refused_detail);
		return -1;
	}
	if (request->act_as != NULL && request->outer == NULL && request_take_act_as(request) != 0)
		return -1;
	if (request->roles->count == 0) {
		request_deny(request, REASON_NO_ROLE, "you have no role at this endpoint");
		return -1;
	}
	for (size_t i = 0; i < request->words.count; i++)
		size += strlen(request->words.items[i]) + 1;
	if (size <= session->endpoint->limits.request_size)
		return 0;
	request->words.count = 0;
	request_deny(request, REASON_LIMIT, "the request has %zu bytes, and %u are allowed", size,
		session->endpoint->limits.request_size);
	return -1;
}

/* "caller" is as good as the operator's own name. */
static bool is_account(const struct request *request, const char *account)
{
	const char *run_as = request->decision.run_as;

	return strcmp(run_as, account) == 0 ||
	       (strcmp(run_as, "caller") == 0 &&
		       strcmp(request->session->operator.name, account) == 0);
}

/* Of a pipeline's stage its dry run says already what it lacks. */
static enum terminal terminal_of(const struct request *request)
{
	const uint8_t spoken = 1u << 0 | 1u << 1; /* standard input and output */

	if (request->outer != NULL || (request->dry_run && request->pipeline == NULL))
		return TERMINAL_UNKNOWN;
	return request->dry_run || (request->streams & spoken) != 0 ? TERMINAL_NONE
								      : TERMINAL_THERE;
}

int request_decide(struct request *request)
{
	const struct session *session = request->session;
	struct decision_request question = {
		.policy = session->policy,
		.endpoint = session->endpoint,
		.roles = request->roles,
		.content = request->content,
		.interpreter_digest = request->interpreter_digest,
		.ungranted = request->ungranted,
		.words = request->words.items,
		.count = request->words.count,
		.terminal = terminal_of(request),
	};

	decide(request->arena, &question, &request->decision);
	if (request->decision.verdict != VERDICT_ALLOW)
		return -1;
	if (request->content == NULL && request->decision.command->function != NULL)
		request->content = &request->decision.command->function->script.content;
	if (request->decision.run_as == NULL) {
		request_deny(request, REASON_ACCOUNT_REFUSED,
			"neither the command nor the endpoint names an account");
		return -1;
	}
	if (request->account[0] == '\0' || is_account(request, request->account))
		return 0;
	request_deny(request, REASON_ACCOUNT_REFUSED, "this command does not run as that account");
	return -1;
}

/* Nobody else can help with a line that is wrong. */
static const char *contact_of(const struct request *request)
{
	enum reason reason = request->decision.reason;
	const struct endpoint *endpoint = request->session->endpoint;

	if (endpoint == NULL || reason == REASON_SYNTAX || reason == REASON_INVALID_VALUE ||
		reason == REASON_MISSING_PARAMETER)
		return NULL;
	return endpoint->contact;
}

const char *request_json(struct request *request, const struct answer_facts *facts)
{
	struct answer_facts all = *facts;

	if ((request->flags & PACKET_FLAG_JSON) == 0)
		return "";
	all.approval = request->approval;
	all.contact = contact_of(request);
	return answer_decision_json(request->arena, &request->decision, &all, true);
}

const char *request_told(const struct request *request)
{
	const char *contact = contact_of(request), *detail = request->decision.detail;

	return contact == NULL ? detail
			       : arena_printf(request->arena, "%s; ask %s", detail, contact);
}

void request_refuse(struct request *request, bool record)
{
	struct session *session = request->session;
	struct packet_writer *writer = &session->writer;
	struct answer_facts facts = {
		.request = request->id.text, .act_as = request->act_as, .status = -1
	};

	if (record)
		(void)report_decision(request);
	packet_restart(writer, PACKET_REFUSED);
	packet_put_string(writer, reason_code(request->decision.reason));
	packet_put_string(writer, request_told(request));
	packet_put_string(writer, request->id.text);
	packet_put_string(writer, request_json(request, &facts));
	if (session_send(session) == 0 && session->start_failed)
		session->over = SESSION_FAILED;
}
