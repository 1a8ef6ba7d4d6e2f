/* CHOICES: what an input may be now, for whoever is about to be asked for it. */
#include <string.h>

#include "answer/json_out.h"
#include "gateway/choices.h"
#include "gateway/function.h"
#include "gateway/query.h"
#include "gateway/report.h"
#include "gateway/verbs.h"
#include "policy/merge.h"

struct question {
	struct request request;
	const char *input;
	const struct command *command;
	const struct parameter *parameter;
	struct arguments inputs;
};

/* A call that lacks nothing but inputs: what is there already must be the person's to give. */
static int check_call(struct request *request)
{
	if (request_decide(request) == 0)
		return 0;
	return request->decision.reason == REASON_MISSING_PARAMETER ? 0 : -1;
}

static const struct parameter *parameter_named(const struct command *command, const char *name)
{
	for (size_t i = 0; i < command->parameters.count; i++)
		if (strcmp(command->parameters.items[i].name, name) == 0)
			return &command->parameters.items[i];
	return NULL;
}

/* The decision of a call that lacks something has no values. */
static int read_inputs(struct question *question, const bool *allowed, size_t name_words)
{
	struct request *request = &question->request;
	struct refusal refusal = {.word = SIZE_MAX};

	if (arguments_parse(request->arena, question->command, allowed,
		    request->words.items + name_words, request->words.count - name_words,
		    &question->inputs, &refusal) == 0 &&
		(arguments_validate(
			 request->arena, question->command, &question->inputs, &refusal) == 0 ||
			refusal.reason == REASON_MISSING_PARAMETER))
		return 0;
	request_deny(request, refusal.reason, "%s", refusal.detail);
	return -1;
}

static int find_input(struct question *question)
{
	struct request *request = &question->request;
	const struct session *session = request->session;
	struct permission permission;
	size_t name_words = 0, count;
	bool *allowed;

	question->command = decide_command(session->policy, request->roles, request->words.items,
		request->words.count, &name_words);
	if (question->command == NULL || question->command->function == NULL) {
		request_deny(request, REASON_NOT_PERMITTED, "there is no such function for you");
		return -1;
	}
	permission = merge_permission(request->arena, question->command, request->roles);
	count = question->command->parameters.count;
	allowed = arena_array(request->arena, count, sizeof(*allowed));
	for (size_t i = 0; i < count; i++)
		allowed[i] = permission.parameters[i].kind != PERMISSION_NONE;
	question->parameter = parameter_named(question->command, question->input);
	if (question->parameter != NULL && question->parameter->choices_from != NULL &&
		allowed[question->parameter->index])
		return read_inputs(question, allowed, name_words);
	request_deny(request, REASON_PARAMETER_NOT_ALLOWED, "there is no such input to choose for");
	return -1;
}

static void answer(struct question *question)
{
	struct request *request = &question->request;
	struct output output = {.arena = request->arena};
	struct strings choices;

	if (request_check_person(request) != 0 || check_call(request) != 0 ||
		find_input(question) != 0 || request_check_caller(request) != 0 ||
		request_check_startup(request) != 0 ||
		choices_compute(request, question->command, question->parameter, &question->inputs,
			&choices) != 0) {
		request_refuse(request, true);
		return;
	}
	json_out_strings(&output, NULL, &choices);
	query_send_answer(request->session, output_end(&output), 0);
}

int query_choices(struct session *session)
{
	struct arena *arena = arena_new();
	struct packet *packet = &session->packet;
	struct question question = {.input = ""};
	struct request *request = &question.request;
	int result = -1;

	request_start(request, session, arena);
	request->quiet = true;
	request->flags = packet_get_u32(packet);
	request_get_act_as(request, packet);
	question.input = packet_get_string(arena, packet);
	request->words.items =
		(const char **)packet_get_words(arena, packet, &request->words.count);
	if (packet_done(packet) && (request->flags & ~(uint32_t)PACKET_FLAG_ALL) == 0) {
		result = 0;
		answer(&question);
	}
	arena_free(arena);
	return result;
}
