/* Who it is, and with which roles: once for each connection, before the client's words are read. */
#include <errno.h>
#include <grp.h>
#include <string.h>
#include <unistd.h>

#include "gateway/session.h"
#include "policy/act_as.h"

static void refuse(struct session *session, enum reason reason, const char *detail)
{
	session->refused = reason;
	session->refused_detail = detail;
}

static bool names_group(const struct endpoint *endpoint)
{
	if (endpoint->required_groups != NULL || endpoint->act_as_count > 0)
		return true;
	for (size_t i = 0; i < endpoint->definition_count; i++)
		if (endpoint->definitions[i].group != NULL)
			return true;
	return false;
}

static int find_person(struct session *session)
{
	const char *complaint = NULL;

	if (account_by_uid(session->arena, session->peer.uid, &session->operator, &complaint) != 0) {
		refuse(session, REASON_NOT_IDENTIFIED, complaint);
		return -1;
	}
	session_note_set(session->note->user, session->operator.name);
	session->note->login_uid = session->peer.login_uid;
	session->note->audit_session = session->peer.audit_session;
	return 0;
}

/*
 * glibc's getgrouplist() hides a service that is down: its groups are only missing. Somebody whom
 * that leaves without a role is told so, and the service is asked for some groups by name.
 */
static bool group_service_is_down(const struct endpoint *endpoint)
{
	enum { ASKED_MAX = 8, ROOM = 64 * 1024 };
	static char buffer[ROOM];
	struct group entry, *found;
	size_t asked = 0;

	for (size_t i = 0; i < endpoint->definition_count && asked < ASKED_MAX; i++) {
		const char *name = endpoint->definitions[i].group;
		int error = 0;

		if (name != NULL) {
			asked++;
			error = getgrnam_r(name, &entry, buffer, sizeof(buffer), &found);
		}
		if (error != 0 && error != ERANGE && error != ENOENT && error != ESRCH &&
			error != EBADF && error != EPERM)
			return true;
	}
	return false;
}

/* Who has no role of their own may have come to use another's. */
static bool may_act_as(const struct endpoint *endpoint, const struct strings *groups)
{
	const struct group_rule *required = endpoint->required_groups;

	return act_as_is_open(endpoint, groups) &&
	       (required == NULL || group_rule_holds(required, groups));
}

enum reason identify_roles(struct arena *arena, const struct policy *policy,
	const struct endpoint *endpoint, const struct account *account, struct strings *groups,
	struct role_set *roles, const char **detail)
{
	struct subject subject = { .user = account->name };

	if (names_group(endpoint) &&
		account_group_names(arena, account, &subject.groups, detail) != 0)
		return REASON_NOT_IDENTIFIED;
	*groups = subject.groups;
	*roles = roles_of(arena, policy, endpoint, &subject);
	if (roles->count > 0 || may_act_as(endpoint, groups))
		return REASON_PERMITTED;
	if (group_service_is_down(endpoint)) {
		*detail = "your groups could not be looked up";
		return REASON_NOT_IDENTIFIED;
	}
	*detail = "you have no role at this endpoint";
	return REASON_NO_ROLE;
}

/* From here on the kernel stamps this process's records, and its children's, with the operator. */
static int take_login_uid(struct session *session)
{
	if (!session->has_login_uid || record_set_login_uid(session->peer.uid) == 0)
		return 0;
	refuse(session, REASON_GATEWAY_ERROR, "the gateway can't take on your login uid");
	return -1;
}

void session_identify(struct session *session)
{
	bool allow_unset = session->endpoint != NULL && session->endpoint->allow_unset_loginuid;
	const char *complaint = NULL, *detail = NULL;
	enum reason reason;

	session->roles = role_set_new(session->arena, session->policy);
	if (peer_identify(session->arena, session->socket, session->accepted, allow_unset,
		    &session->peer, &complaint) != 0) {
		refuse(session, REASON_NOT_IDENTIFIED, complaint);
		return;
	}
	if (session->endpoint == NULL) {
		refuse(session, REASON_NO_ROLE, "this endpoint is not configured any more");
		return;
	}
	if (find_person(session) != 0 || take_login_uid(session) != 0)
		return;
	reason = identify_roles(session->arena, session->policy, session->endpoint,
		&session->operator, &session->groups, &session->roles, &detail);
	refuse(session, reason, detail);
}
