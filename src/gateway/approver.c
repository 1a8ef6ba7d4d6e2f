/*
 * PACKET_APPROVAL: an approver's words, with the identity that the kernel gives. Who approves needs
 * no role, since that is another right than running something.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include "approval/granting.h"
#include "base/fd.h"
#include "base/message.h"
#include "base/text.h"
#include "gateway/approve.h"
#include "gateway/query.h"
#include "gateway/report.h"
#include "gateway/verbs.h"
#include "gateway/watchdog.h"

enum { RELOAD_TIMEOUT = 120 /* seconds */ };

static bool is_one_of(const struct strings *groups, const struct strings *mine)
{
	for (size_t i = 0; i < groups->count; i++)
		if (strings_contain(mine, groups->items[i]))
			return true;
	return false;
}

/* By the endpoint, or by a function that names approvers of its own. */
static bool is_approver(const struct session *session, const struct strings *groups)
{
	const struct policy *policy = session->policy;
	const struct endpoint *endpoint = session->endpoint;

	if (endpoint->required_groups != NULL &&
		!group_rule_holds(endpoint->required_groups, groups))
		return false;
	if (is_one_of(&endpoint->approval.groups, groups))
		return true;
	for (size_t i = 0; i < policy->command_count; i++) {
		const struct function *function = policy->commands[i]->function;

		if (function != NULL && function->approval.required &&
			is_one_of(&function->approval.groups, groups))
			return true;
	}
	return false;
}

static int find_groups(struct request *request, struct strings *groups)
{
	const char *complaint = NULL;
	int result;

	watchdog_start(request->id.text);
	result = account_group_names(
		request->arena, &request->session->operator, groups, &complaint);
	watchdog_stop();
	if (result != 0)
		request_deny(request, REASON_NOT_IDENTIFIED, "%s", complaint);
	return result;
}

/* Whoever may ask for something may see what became of it; of others' requests they see none. */
static bool only_looks(const struct request *request)
{
	return request->words.count > 0 && strcmp(request->words.items[0], "pending") == 0;
}

/* Who decides about what may have changed since. */
static int check_rules(struct request *request)
{
	if (!session_is_outdated(request->session))
		return 0;
	request_deny(request, REASON_NOT_PERMITTED,
		"the configuration was loaded anew since you connected; connect again");
	return -1;
}

/* 0, or -1 and denied. Who has no role is told what everybody without one is told. */
static int check_approver(struct request *request, struct strings *groups)
{
	struct session *session = request->session;

	if (session->endpoint == NULL ||
		(session->refused != REASON_PERMITTED && session->refused != REASON_NO_ROLE))
		return request_check_person(request);
	if (find_groups(request, groups) != 0)
		return -1;
	if (is_approver(session, groups))
		return check_rules(request) != 0 ? -1 : request_check_caller(request);
	groups->count = 0;
	if (session->refused != REASON_PERMITTED || only_looks(request))
		return request_check_person(request);
	request_deny(request, REASON_NOT_PERMITTED, "you are no approver at this endpoint");
	return -1;
}

static int check_words(struct request *request)
{
	size_t size = 0;

	for (size_t i = 0; i < request->words.count; i++) {
		size_t length = strlen(request->words.items[i]);

		size += length + 1;
		if (text_refused(request->words.items[i], length) == length)
			continue;
		request_deny(request, REASON_SYNTAX,
			"word %zu holds a control character or is not UTF-8", i + 1);
		return -1;
	}
	if (request->words.count > 0 && size <= request->session->endpoint->limits.request_size)
		return 0;
	request_deny(request, REASON_LIMIT, "an approver's request has 1 to %u bytes",
		request->session->endpoint->limits.request_size);
	return -1;
}

static int ask_for_reload(struct packet_writer *writer, uint8_t *buffer, struct packet *packet)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	const struct timeval limit = {.tv_sec = RELOAD_TIMEOUT};
	_cleanup_fd_ int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s/control.sock", ROLEGATE_RUN_DIR);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) != 0 ||
		connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0 ||
		packet_send(fd, writer, NULL, 0) != 0)
		return -1;
	return packet_receive(fd, buffer, packet) == 1 ? 0 : -1;
}

/* As rolegatectl does it, so that the record of the load names the approver. NULL, or why not. */
static const char *reload(struct request *request)
{
	struct packet_writer writer;
	struct packet packet;
	uint32_t status;

	packet_start(request->arena, &writer, PACKET_RELOAD);
	packet_put_u32(&writer, 0);
	if (ask_for_reload(&writer, arena_alloc(request->arena, PACKET_MAX), &packet) != 0)
		return strerror(errno);
	packet_close_descriptors(&packet);
	(void)packet_get_u8(&packet);
	status = packet_get_u32(&packet);
	return packet.type == PACKET_ANSWER && status == 0 ? NULL : "it was refused";
}

static void record_refused(void *context, const struct approval_entry *entry,
	enum approval_event event, const struct approval_person *person, const char *complaint)
{
	const struct asking *asking = context;

	if (report_keeps_refusal(asking->request->session))
		approval_edge_refused(&asking->edges, entry, event, person, complaint);
}

static void carry_out(struct asking *asking)
{
	struct request *request = asking->request;
	struct session *session = request->session;
	struct granting_context context = {.arena = request->arena,
		.directory = session->directory,
		.loaded = session->policy->digest};
	const struct approval_grants grants = approval_granting(&context);
	const struct approval_desk desk = {.arena = request->arena,
		.approvals = asking->queue,
		.policy = session->policy,
		.person = &asking->person,
		.endpoint = session->endpoint->name,
		.grants = &grants,
		.refused = record_refused,
		.refused_context = asking};
	struct approval_answer answer = {.status = 2, .text = ""};
	const char *complaint = NULL;

	approval_verb(&desk, &request->words, (request->flags & PACKET_FLAG_JSON) != 0, &answer);
	if (answer.changed)
		complaint = reload(request);
	if (complaint != NULL) {
		message_warning("request %s: the configuration could not be loaded: %s",
			request->id.text, complaint);
		answer.status = answer.status == 0 ? 1 : answer.status;
		if ((request->flags & PACKET_FLAG_JSON) == 0)
			answer.text = arena_printf(request->arena,
				"%sthe configuration could not be loaded: %s\n", answer.text,
				complaint);
	}
	query_send_answer(session, answer.text, (uint32_t)answer.status);
}

static void answer(struct request *request)
{
	struct asking asking = {.request = request};
	struct strings groups = {.count = 0};

	if (check_approver(request, &groups) != 0 || check_words(request) != 0 ||
		asking_open(&asking) != 0) {
		request_refuse(request, true);
		return;
	}
	asking.person.groups = groups;
	carry_out(&asking);
	asking_close(&asking);
}

int approver_ask(struct session *session)
{
	struct arena *arena = arena_new();
	struct packet *packet = &session->packet;
	struct request request;
	int result = -1;

	request_start(&request, session, arena);
	request.flags = packet_get_u32(packet);
	request.words.items = (const char **)packet_get_words(arena, packet, &request.words.count);
	if (packet_done(packet) && (request.flags & ~(uint32_t)PACKET_FLAG_ALL) == 0) {
		result = 0;
		if (request.id.text[0] != '\0')
			answer(&request);
		else
			request_refuse(&request, true);
	}
	arena_free(arena);
	return result;
}
