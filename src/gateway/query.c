/* What runs nothing of its own: LIST, DESCRIBE, CHECK, CHOICES, LINE, OVERSIZE. */
#include <string.h>

#include "answer/answer.h"
#include "base/message.h"
#include "gateway/function.h"
#include "gateway/parts.h"
#include "gateway/query.h"
#include "gateway/report.h"
#include "gateway/request.h"
#include "gateway/verbs.h"
#include "policy/line.h"

void query_send_answer(struct session *session, const char *text, uint32_t status)
{
	while (text != NULL && session->over == SESSION_OPEN) {
		part_write(&session->writer, &text, status);
		(void)session_send(session);
	}
}

static bool is_json(const struct request *request)
{
	return (request->flags & PACKET_FLAG_JSON) != 0;
}

static void list(struct request *request)
{
	const struct session *session = request->session;

	query_send_answer(request->session,
		(is_json(request) ? answer_list_json : answer_list_text)(request->arena,
			session->policy, session->endpoint, request->roles,
			request->act_as != NULL ? request->act_as : session->operator.name, false),
		0);
}

static void describe(struct request *request)
{
	const struct session *session = request->session;
	char *text = (is_json(request) ? answer_describe_json : answer_describe_text)(
		request->arena, session->policy, session->endpoint, request->roles,
		request->words.items, request->words.count);

	if (text != NULL) {
		query_send_answer(request->session, text, 0);
		return;
	}
	request_deny(request, REASON_NOT_PERMITTED, "there is no such command for you");
	request_refuse(request, false);
}

static char *decision_text(struct request *request, const char *run_as)
{
	const struct decision *decision = &request->decision;

	if (decision->verdict != VERDICT_ALLOW)
		return arena_printf(request->arena, "%s (%s)", request_told(request),
			reason_code(decision->reason));
	return arena_printf(request->arena, "would run as %s: %s", run_as,
		line_quote(request->arena, decision->shown.items, decision->shown.count));
}

/* Recorded like a decision: who may run a command could else try out values unseen. */
static void check(struct request *request)
{
	struct answer_facts facts = {
		.request = request->id.text, .act_as = request->act_as, .status = -1
	};
	const char *text;

	(void)request_decide(request);
	(void)request_check_content(request);
	if (request_check_approval(request) == 0) {
		facts.run_as = request->decision.run_as;
		if (strcmp(facts.run_as, "caller") == 0)
			facts.run_as = request->session->operator.name;
		request->run_as.name = facts.run_as;
	}
	if (report_decision(request) != 0)
		request_deny(request, REASON_GATEWAY_ERROR, "the dry run could not be recorded");
	text = is_json(request)
		? request_json(request, &facts)
		: decision_text(request, facts.run_as);
	query_send_answer(request->session, text,
		request->decision.verdict == VERDICT_ALLOW ? 0 : EXIT_REFUSED);
}

static int ask(struct session *session, bool account, bool words, void (*answer)(struct request *))
{
	struct arena *arena = arena_new();
	struct packet *packet = &session->packet;
	struct request request;
	int result = -1;

	request_start(&request, session, arena);
	request.flags = packet_get_u32(packet);
	request.dry_run = account;
	if (account)
		request.account = packet_get_string(arena, packet);
	request_get_act_as(&request, packet);
	if (request.dry_run)
		request_get_pipeline(&request, packet);
	if (words)
		request.words.items =
			(const char **)packet_get_words(arena, packet, &request.words.count);
	if (packet_done(packet) && (request.flags & ~(uint32_t)PACKET_FLAG_ALL) == 0) {
		result = 0;
		if (request_check_person(&request) == 0)
			answer(&request);
		else
			request_refuse(&request,
				request.dry_run || session->refused == REASON_NOT_IDENTIFIED);
	}
	arena_free(arena);
	return result;
}

int query_list(struct session *session)
{
	return ask(session, false, false, list);
}

int query_describe(struct session *session)
{
	return ask(session, false, true, describe);
}

int query_check(struct session *session)
{
	return ask(session, true, true, check);
}

enum { LINE_RECORDED_MAX = 4096 /* bytes of a refused line that its record shows */ };

/* The line as the one word of the request: for the record alone, it decides nothing. */
static void refuse_line(struct request *request, const char *line, const struct line_error *error)
{
	size_t length = strlen(line);

	strings_add(request->arena, &request->words,
		length <= LINE_RECORDED_MAX ? line
					    : arena_strndup(request->arena, line, LINE_RECORDED_MAX));
	if (request_check_person(request) == 0) {
		if (error->limit)
			request_deny(request, REASON_LIMIT, "%s", error->reason);
		else
			request_deny(request, REASON_SYNTAX, "column %zu: %s", error->column,
				error->reason);
	}
	request_refuse(request, true);
}

int query_line(struct session *session)
{
	struct arena *arena = arena_new();
	struct packet *packet = &session->packet;
	struct line_error error = { .column = 0 };
	struct strings words = { .count = 0 };
	struct request request;
	const char *line;
	int result = -1;

	request_start(&request, session, arena);
	request.flags = packet_get_u32(packet);
	line = packet_get_string(arena, packet);
	if (packet_done(packet) && (request.flags & ~(uint32_t)PACKET_FLAG_ALL) == 0 &&
		line_split(arena, line, strlen(line), &words, &error) != 0) {
		refuse_line(&request, line, &error);
		result = 0;
	}
	arena_free(arena);
	return result;
}

int query_oversize(struct session *session)
{
	struct arena *arena = arena_new();
	struct packet *packet = &session->packet;
	struct request request;
	uint32_t words, bytes;
	const char *first;
	int result = -1;

	request_start(&request, session, arena);
	request.flags = packet_get_u32(packet);
	words = packet_get_u32(packet);
	bytes = packet_get_u32(packet);
	first = packet_get_string(arena, packet);
	if (packet_done(packet) && (request.flags & ~(uint32_t)PACKET_FLAG_ALL) == 0 &&
		strlen(first) <= LINE_RECORDED_MAX) {
		strings_add(arena, &request.words, first);
		if (request_check_person(&request) == 0)
			request_deny(&request, REASON_LIMIT,
				"the request has %u words and %u bytes, which is more than one may "
				"have",
				words, bytes);
		request_refuse(&request, true);
		result = 0;
	}
	arena_free(arena);
	return result;
}
