/*
 * What runs only when a person has approved it: these bytes, this rule of the inputs, this
 * interpreter and account. Anything else waits in the queue.
 */
#include "gateway/approve.h"

#include <errno.h>
#include <string.h>

#include "gateway/function.h"

int asking_open(struct asking *asking)
{
	struct request *request = asking->request;
	const struct session *session = request->session;
	const char *complaint = "it can't be opened";

	asking->person = (struct approval_person){.uid = session->peer.uid,
		.login_uid = session->peer.login_uid,
		.name = session->operator.name,
		.root = session->peer.uid == 0};
	asking->edges = (struct approval_edges){.recorder = session->recorder,
		.request = request->id.text,
		.pid = session->peer.pid,
		.audit_session = session->peer.audit_session};
	errno = 0;
	asking->queue = approvals_open(request->arena, !request->dry_run, &complaint);
	if (asking->queue == NULL && request->dry_run && errno == ENOENT)
		return 0;
	if (asking->queue == NULL) {
		request_deny(request, REASON_GATEWAY_ERROR,
			"the queue of approvals can't be used, so nothing was run: %s", complaint);
		return -1;
	}
	approvals_recorder(asking->queue, approval_edge, &asking->edges);
	return 0;
}

void asking_close(struct asking *asking)
{
	if (asking->queue != NULL)
		approvals_close(asking->queue);
	asking->queue = NULL;
}

/* EPERM: approved as-caller-only (Jenkins' "assuming permission check"). */
static int deny_unusable(struct asking *asking, int error, const char *complaint)
{
	if (error == EPERM)
		request_deny(asking->request, REASON_ACCOUNT_REFUSED, "%s", complaint);
	else
		request_deny(asking->request, REASON_GATEWAY_ERROR,
			"the queue of approvals can't be used, so nothing was run: %s", complaint);
	return -1;
}

/* "x: y; it …", or the second half alone. */
static int deny_waiting(struct asking *asking, enum reason reason, const char *detail,
	const char *state, unsigned long number)
{
	struct request *request = asking->request;

	request->approval = number;
	if (number == 0)
		request_deny(request, reason, "%s%s%s", detail == NULL ? "" : detail,
			detail == NULL ? "" : "; ", state);
	else
		request_deny(request, reason, "%s%s%s as number %lu",
			detail == NULL ? "" : detail, detail == NULL ? "" : "; ", state, number);
	return -1;
}

/* Nothing is queued by a dry run, which says what would be. */
static int deny_dry(struct asking *asking, enum reason reason, const char *detail,
	enum approval_state state, const struct approval_entry *entry)
{
	if (state == APPROVAL_PENDING)
		return deny_waiting(
			asking, reason, detail, "it waits for approval", entry->number);
	return deny_waiting(asking, reason, detail, "it needs an approval, and has none", 0);
}

enum { TRIES_COUNTED = 100 };

/*
 * Whoever tries for the hundredth time writes no more: others wait for the same file (R22). Of a
 * function each person who asks is noted, since none of them may approve it.
 */
static bool is_known(struct asking *asking, const struct approval_entry *pending)
{
	struct approval_entry entry = {.number = 0};
	const char *complaint;

	if (pending->tries < TRIES_COUNTED)
		return false;
	return asking->subject.kind == APPROVAL_COMMAND ||
	       (approvals_get(asking->queue, pending->number, &entry, &complaint) == 0 &&
		       strings_contain(&entry.askers, asking->person.name));
}

static int request_approval(struct asking *asking, enum reason reason, const char *detail)
{
	struct approval_entry entry = {.number = 0};
	const char *complaint = "it can't be written";

	if (approvals_request(asking->queue, &asking->subject, &asking->person, &entry,
		    &complaint) == 0)
		return deny_waiting(
			asking, reason, detail, "it waits for approval", entry.number);
	if (errno != EDQUOT && errno != E2BIG)
		return deny_unusable(asking, EIO, complaint);
	return deny_waiting(asking, REASON_LIMIT, detail, complaint, 0);
}

bool is_own_account(const struct request *request, const char *run_as)
{
	return run_as != NULL && (strcmp(run_as, "caller") == 0 ||
					 strcmp(run_as, request->session->operator.name) == 0);
}

/* For one run: it is used up when that starts, and not before. */
static void keep_once(struct asking *asking, unsigned long number)
{
	struct request *request = asking->request;
	struct approval_subject *subject =
		arena_alloc(request->arena, sizeof(*subject));

	*subject = asking->subject;
	if (subject->words != NULL) {
		struct strings *words = arena_alloc(request->arena, sizeof(*words));

		*words = *subject->words;
		subject->words = words;
	}
	request->once[request->once_count].subject = subject;
	request->once[request->once_count++].number = number;
}

int asking_decide(struct asking *asking, enum reason reason, const char *detail)
{
	struct request *request = asking->request;
	struct approval_entry entry = {.number = 0};
	const char *complaint = "it can't be read";
	int state = APPROVAL_NONE;

	if (asking->queue != NULL)
		state = approvals_ask(asking->queue, &asking->subject, &asking->person, false,
			&entry, &complaint);
	if (state < 0)
		return deny_unusable(asking, errno, complaint);
	if (state != APPROVAL_APPROVED && request->dry_run)
		return deny_dry(asking, reason, detail, (enum approval_state)state, &entry);
	if (state == APPROVAL_PENDING && is_known(asking, &entry))
		return deny_waiting(
			asking, reason, detail, "it waits for approval", entry.number);
	if (state != APPROVAL_APPROVED)
		return request_approval(asking, reason, detail);
	asking->found = entry;
	request->approval = entry.number;
	if (entry.once && request->once_count < APPROVALS_HELD)
		keep_once(asking, entry.number);
	return 0;
}

/* The function's own word, or that of the endpoint that it is called through. */
static bool is_needed(const struct request *request, const struct command *command)
{
	return command != NULL && command->function != NULL &&
	       (command->function->approval.required ||
		       request->session->endpoint->approval.required);
}

static struct approval_subject function_subject(
	const struct request *request, const struct command *command)
{
	const struct endpoint *endpoint = request->session->endpoint;
	const struct function *function = command->function;
	const struct script_content *content =
		request->content != NULL ? request->content : &function->script.content;
	const char *run_as = command->run_as != NULL ? command->run_as : endpoint->run_as;

	return (struct approval_subject){.kind = APPROVAL_FUNCTION,
		.endpoint = endpoint->name,
		.name = command->name,
		.text = content->bytes,
		.digest = content->digest,
		.rule = function_rule(request->arena, command),
		.interpreter = function->script.interpreter,
		.run_as = run_as,
		.act_as = request->act_as,
		.own_account = is_own_account(request, run_as),
		.profile = command->profile_name,
		.decided_by = approval_rule_for(
			request->arena, &endpoint->approval, &function->approval)};
}

/* What is not trusted waits as well; but the registry alone makes it trusted. */
static int ask_for(struct asking *asking, const char *untrusted)
{
	struct request *request = asking->request;

	asking->subject.reason = reason_code(
		untrusted == NULL ? REASON_PENDING_APPROVAL : REASON_UNTRUSTED);
	if (asking_open(asking) != 0)
		return -1;
	if (untrusted == NULL)
		return asking_decide(asking, REASON_PENDING_APPROVAL, NULL);
	if (asking_decide(asking, REASON_UNTRUSTED, untrusted) == 0)
		request_deny(request, REASON_UNTRUSTED,
			"%s; it is approved as number %lu, and the registry of trusted scripts "
			"has to be updated",
			untrusted, request->approval);
	return -1;
}

static int approve_function(struct request *request)
{
	const struct command *command = request->decision.command;
	bool denied = request->decision.verdict != VERDICT_ALLOW;
	struct asking asking = {
		.request = request, .subject = function_subject(request, command)};
	int result = ask_for(&asking, denied ? request->decision.detail : NULL);

	asking_close(&asking);
	return result;
}

int request_check_approval(struct request *request)
{
	const struct decision *decision = &request->decision;

	if (request->session->endpoint == NULL)
		return -1;
	if (learn_applies(request) && learn_check(request) != 0)
		return -1;
	if (decision->reason == REASON_UNTRUSTED && decision->command != NULL &&
		decision->command->function != NULL &&
		(is_needed(request, decision->command) ||
			request->session->endpoint->approval.learn))
		return request->outer == NULL ? approve_function(request) : -1;
	if (decision->verdict != VERDICT_ALLOW)
		return -1;
	return is_needed(request, decision->command) ? approve_function(request) : 0;
}

/* Where the records look for what allowed it. */
static void add_source(struct request *request)
{
	struct decision *decision = &request->decision;
	struct decision_source *sources = arena_array(
		request->arena, decision->source_count + 1, sizeof(*sources));

	for (size_t i = 0; i < decision->source_count; i++)
		sources[i] = decision->sources[i];
	sources[decision->source_count] = (struct decision_source){
		.role = arena_printf(request->arena, "approval %lu", request->approval),
		.source = {arena_printf(request->arena, "approval %lu", request->approval), 0}};
	decision->sources = sources;
	decision->source_count++;
}

static int use(struct asking *asking, unsigned long number)
{
	struct approval_entry entry = {.number = 0};
	const char *complaint = "it can't be read";
	int state;

	if (asking_open(asking) != 0)
		return -1;
	state = approvals_ask(
		asking->queue, &asking->subject, &asking->person, true, &entry, &complaint);
	if (state < 0)
		return deny_unusable(asking, errno, complaint);
	if (state == APPROVAL_APPROVED && entry.number == number)
		return 0;
	request_deny(asking->request, REASON_PENDING_APPROVAL,
		"approval %lu was good for one run, and another one has used it", number);
	return -1;
}

int request_use_approval(struct request *request)
{
	if (request->approval != 0)
		add_source(request);
	for (size_t i = 0; i < request->once_count; i++) {
		struct asking asking = {
			.request = request, .subject = *request->once[i].subject};
		int result = use(&asking, request->once[i].number);

		asking_close(&asking);
		if (result != 0)
			return -1;
	}
	return 0;
}
