/* One look into the queue of approvals, and what a request is told of it. */
#include <errno.h>

#include "gateway/approve.h"

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
		.audit_session = session->peer.audit_session,
		.session = session->id[0] == '\0' ? NULL : session->id};
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
		request_deny(request, reason, "%s%s%s as number %lu; try again when it is approved",
			detail == NULL ? "" : detail, detail == NULL ? "" : "; ", state, number);
	return -1;
}

/* Nothing is queued by a dry run, which says what would be. */
static int deny_dry(struct asking *asking, enum reason reason, const char *detail,
	enum approval_state state, const struct approval_entry *entry)
{
	if (state == APPROVAL_PENDING)
		return deny_waiting(asking, reason, detail, "it waits for approval", entry->number);
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

	if (approvals_request(
		    asking->queue, &asking->subject, &asking->person, &entry, &complaint) == 0)
		return deny_waiting(asking, reason, detail, "it waits for approval", entry.number);
	if (errno != EDQUOT && errno != E2BIG)
		return deny_unusable(asking, EIO, complaint);
	return deny_waiting(asking, REASON_LIMIT, detail, complaint, 0);
}

/* What comes before the start may take a minute: it is asked for again then. */
static int hold(struct asking *asking, const struct approval_entry *entry)
{
	struct request *request = asking->request;
	struct approval_subject *subject;

	if (request->held_count == APPROVALS_HELD) {
		request_deny(request, REASON_GATEWAY_ERROR, "it needs more than %d approvals",
			APPROVALS_HELD);
		return -1;
	}
	subject = arena_alloc(request->arena, sizeof(*subject));
	*subject = asking->subject;
	if (subject->words != NULL) {
		struct strings *words = arena_alloc(request->arena, sizeof(*words));

		*words = *subject->words;
		subject->words = words;
	}
	request->held[request->held_count].subject = subject;
	request->held[request->held_count].once = entry->once;
	request->held[request->held_count++].number = entry->number;
	return 0;
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
		return deny_waiting(asking, reason, detail, "it waits for approval", entry.number);
	if (state != APPROVAL_APPROVED)
		return request_approval(asking, reason, detail);
	asking->found = entry;
	request->approval = entry.number;
	return hold(asking, &entry);
}

static int deny_over(struct asking *asking, unsigned long number, const struct approval_entry *last)
{
	if (last->number == number && last->state == APPROVAL_USED)
		request_deny(asking->request, REASON_PENDING_APPROVAL,
			"approval %lu was good for one run, and another one has used it", number);
	else
		request_deny(asking->request, REASON_PENDING_APPROVAL,
			"approval %lu counts no more%s%s: it was over before the run began", number,
			last->number == number ? ", it is " : "",
			last->number == number ? approval_state_name(last->state) : "");
	return -1;
}

int asking_use(struct asking *asking, unsigned long number)
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
	return deny_over(asking, number, &entry);
}
