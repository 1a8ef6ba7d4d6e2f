/* --act-as: another person's roles for one request, and nothing else of that person's. */
#include "policy/act_as.h"

#include <string.h>

#include "base/text.h"
#include "gateway/request.h"
#include "gateway/watchdog.h"

enum { NAME_MAX_BYTES = 256 };

/* One text for a person who is not there, who has no role, and whom the operator may not be (R24).
 */
static int refuse(struct request *request)
{
	const char *name = request->act_as;

	request_deny(request, REASON_ACCOUNT_REFUSED, "you may not act as \"%s\" here",
		text_escape(request->arena, name, strlen(name)));
	return -1;
}

static int roles_of_other(struct request *request, struct role_set *roles)
{
	const struct session *session = request->session;
	struct subject subject = {.user = request->act_as};
	const char *ignored = NULL;
	struct account account;

	if (account_by_name(request->arena, request->act_as, &account, &ignored) != 0 ||
		account_group_names(request->arena, &account, &subject.groups, &ignored) != 0)
		return -1;
	/* NSS may know a person by more than one spelling; the rules know one. */
	if (strcmp(account.name, request->act_as) != 0)
		return -1;
	*roles = roles_of(request->arena, session->policy, session->endpoint, &subject);
	return roles->count > 0 ? 0 : -1;
}

/* Whom the configuration does not name is not even looked up. */
int request_take_act_as(struct request *request)
{
	struct session *session = request->session;
	struct role_set *roles = arena_alloc(request->arena, sizeof(*roles));
	struct strings *commands = arena_alloc(request->arena, sizeof(*commands));
	size_t length = strlen(request->act_as);
	int result;

	if (length > NAME_MAX_BYTES || text_refused(request->act_as, length) != length) {
		request->act_as = NULL;
		request_deny(request, REASON_SYNTAX, "that is no name of a person to act as");
		return -1;
	}
	act_as_commands(
		request->arena, session->endpoint, &session->groups, request->act_as, commands);
	if (commands->count == 0)
		return refuse(request);
	watchdog_start(request->id.text);
	result = roles_of_other(request, roles);
	watchdog_stop();
	if (result != 0)
		return refuse(request);
	roles->only = commands;
	request->roles = roles;
	return 0;
}
