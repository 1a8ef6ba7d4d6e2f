#include "approval/edges.h"

#include "base/message.h"

/* What was decided by whom stands in acct=; for whom, and why, in the sentence. */
static const char *sentence(
	struct arena *arena, const struct approval_entry *entry, enum approval_event event)
{
	const char *user = entry->user == NULL ? "" : entry->user;
	const char *why = entry->decision;

	if (event == APPROVAL_REQUEST || event == APPROVAL_CHANGE || event == APPROVAL_EXPIRE ||
		event == APPROVAL_USE || why == NULL || *why == '\0')
		return arena_printf(arena, "asked for by %s (uid %u)", user, (unsigned)entry->uid);
	return arena_printf(arena, "asked for by %s (uid %u): %s", user, (unsigned)entry->uid, why);
}

/* A request that only adds to the count of tries is no new edge. */
static bool is_repeated(const struct approval_entry *entry, enum approval_event event)
{
	return event == APPROVAL_REQUEST && entry->tries > 1;
}

int approval_edge(void *context, const struct approval_entry *entry, enum approval_event event,
	const struct approval_person *person)
{
	const struct approval_edges *edges = context;
	struct arena *arena;
	struct record record;
	const char *complaint = "there is no recorder";
	int result = -1;

	if (is_repeated(entry, event))
		return 0;
	arena = arena_new();
	record = (struct record){.kind = RECORD_APPROVAL,
		.success = true,
		.request = edges->request,
		.endpoint = entry->endpoint,
		.user = person->name,
		.uid = person->uid,
		.login_uid = person->login_uid,
		.audit_session = edges->audit_session,
		.peer_pid = edges->pid,
		.command = entry->name,
		.run_as = entry->run_as,
		.words = entry->argv.count > 0 ? &entry->argv : NULL,
		.reason = event == APPROVAL_REQUEST ? entry->reason : NULL,
		.detail = sentence(arena, entry, event),
		.script = entry->kind == APPROVAL_FUNCTION && entry->digest != NULL
				  ? arena_printf(arena, "sha256:%s", entry->digest)
				  : NULL,
		.approval = entry->number,
		.edge = approval_event_name(event),
		.state = approval_state_name(entry->state),
		.status = -1};
	if (edges->recorder != NULL)
		result = record_write(edges->recorder, &record, &complaint);
	if (result != 0)
		message_error("approval %lu: a record could not be written: %s", entry->number,
			complaint);
	arena_free(arena);
	return result;
}
