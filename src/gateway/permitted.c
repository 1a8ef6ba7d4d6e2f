/*
 * Whether somebody who logs in has anything to do here: pam_rolegate(8) asks, before there is a
 * session. Name services are asked in a child with a deadline, never in the listener.
 */
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "gateway/control.h"
#include "gateway/session.h"
#include "gateway/watchdog.h"

enum { ENDPOINTS_MAX = 32 };

struct question {
	const char *user;
	char **endpoints;
	size_t count;
};

/* SIGALRM has its default action: who asks sees the connection end without an answer. */
static void begin(struct listener *listener)
{
	sigset_t none;

	listener_forget(listener);
	sigemptyset(&none);
	signal(SIGALRM, SIG_DFL);
	sigprocmask(SIG_SETMASK, &none, NULL);
	alarm(WATCHDOG_SECONDS);
}

static enum reason at_endpoint(struct arena *arena, const struct policy *policy, const char *name,
	const struct account *account, const char **detail)
{
	const struct endpoint *endpoint = policy_endpoint(policy, name);
	struct strings groups = {.count = 0};
	struct role_set roles;

	if (endpoint != NULL)
		return identify_roles(arena, policy, endpoint, account, &groups, &roles, detail);
	return REASON_NO_ROLE; /* a name that is mistyped opens nothing, whatever failure= says */
}

/* Names that nobody can have are not looked up (R6, R8). */
static const char *find(
	struct arena *arena, const char *user, struct account *account, unsigned *status)
{
	const char *complaint = NULL;

	*status = PERMITTED_NO;
	if (!text_is_account(user))
		return "that is no name of an account";
	*status = PERMITTED_UNKNOWN;
	if (account_by_name(arena, user, account, &complaint) == 0)
		return NULL;
	return complaint;
}

/* With whom to ask, where one of the endpoints names somebody. */
static const char *no_role(
	struct arena *arena, const struct policy *policy, const struct question *question)
{
	static const char text[] = "no role at any of the endpoints";

	for (size_t i = 0; i < question->count; i++) {
		const struct endpoint *endpoint = policy_endpoint(policy, question->endpoints[i]);

		if (endpoint != NULL && endpoint->contact != NULL)
			return arena_printf(
				arena, "%s" PERMITTED_CONTACT "%s", text, endpoint->contact);
	}
	return text;
}

static const char *write_permitted(struct arena *arena, struct listener *listener,
	const struct control *control, const void *context, unsigned *status)
{
	const struct question *question = context;
	const struct policy *policy = listener->current.policy;
	const char *complaint, *detail = NULL, *unknown = NULL;
	struct account account;

	(void)control;
	begin(listener);
	complaint = find(arena, question->user, &account, status);
	if (complaint != NULL)
		return complaint;
	for (size_t i = 0; i < question->count; i++) {
		const char *name = question->endpoints[i];
		enum reason reason = at_endpoint(arena, policy, name, &account, &detail);

		if (reason == REASON_PERMITTED) {
			*status = PERMITTED_YES;
			return arena_printf(arena, "a role at %s", name);
		}
		if (reason != REASON_NO_ROLE)
			unknown = arena_printf(arena, "%s: %s", name, detail);
	}
	*status = unknown == NULL ? PERMITTED_NO : PERMITTED_UNKNOWN;
	return unknown == NULL ? no_role(arena, policy, question) : unknown;
}

static bool are_names(char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!text_is_name(names[i]))
			return false;
	return count > 0 && count <= ENDPOINTS_MAX;
}

int permitted_ask(struct listener *listener, struct control *control, struct packet *packet)
{
	struct arena *arena = arena_new();
	struct question question = {.user = packet_get_string(arena, packet)};
	int result = -1;

	question.endpoints = packet_get_words(arena, packet, &question.count);
	if (packet_done(packet) && are_names(question.endpoints, question.count)) {
		result = 0;
		control_answer(listener, control, write_permitted, &question);
	}
	arena_free(arena);
	return result;
}
