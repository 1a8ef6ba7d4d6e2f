#include "approval/edges.h"

#include <time.h>

#include "approval/grant.h"
#include "base/message.h"

/* What was decided by whom stands in acct=; for whom, and why, in the sentence. */
static const char *sentence(
	struct arena *arena, const struct approval_entry *entry, const char *why)
{
	const char *user = entry->user == NULL ? "" : entry->user;

	if (why == NULL || *why == '\0')
		return arena_printf(arena, "asked for by %s (uid %u)", user, (unsigned)entry->uid);
	return arena_printf(arena, "asked for by %s (uid %u): %s", user, (unsigned)entry->uid, why);
}

static const char *reason_given(const struct approval_entry *entry, enum approval_event event)
{
	bool by_a_person = event == APPROVAL_VOTE || event == APPROVAL_APPROVE ||
			   event == APPROVAL_REJECT || event == APPROVAL_REVOKE;

	return by_a_person ? entry->decision : NULL;
}

/* In bytes that audit leaves as they are. */
static const char *terms_of(struct arena *arena, const struct approval_entry *entry)
{
	struct strings terms = {0};
	char until[32] = "";
	struct tm parts;

	if (entry->expires > 0 && gmtime_r(&entry->expires, &parts) != NULL)
		strftime(until, sizeof(until), "until:%Y-%m-%dT%H:%M:%SZ", &parts);
	if (until[0] != '\0')
		strings_add(arena, &terms, until);
	if (entry->once)
		strings_add(arena, &terms, "once");
	if (entry->as_caller_only)
		strings_add(arena, &terms, "as-caller-only");
	if (until[0] == '\0' && !entry->once)
		strings_add(arena, &terms, "for-good");
	return strings_join(arena, &terms, ",");
}

/* A request that only adds to the count of tries is no new edge. */
static bool is_repeated(const struct approval_entry *entry, enum approval_event event)
{
	return event == APPROVAL_REQUEST && entry->tries > 1;
}

static struct record record_of(struct arena *arena, const struct approval_edges *edges,
	const struct approval_entry *entry, enum approval_event event,
	const struct approval_person *person)
{
	return (struct record){.kind = RECORD_APPROVAL,
		.success = true,
		.request = edges->request,
		.endpoint = entry->endpoint,
		.user = person->name,
		.uid = person->uid,
		.login_uid = person->login_uid,
		.audit_session = edges->audit_session,
		.peer_pid = edges->pid,
		.session = edges->session,
		.command = entry->name == NULL || entry->name[0] == '\0' ? NULL : entry->name,
		.run_as = entry->run_as,
		.words = entry->argv.count > 0 ? &entry->argv : NULL,
		.reason = event == APPROVAL_REQUEST ? entry->reason : NULL,
		.script = entry->kind == APPROVAL_FUNCTION && entry->digest != NULL
				  ? arena_printf(arena, "sha256:%s", entry->digest)
				  : NULL,
		.approval = entry->number,
		.edge = approval_event_name(event),
		.state = approval_state_name(entry->state),
		.status = -1};
}

static int write_record(const struct approval_edges *edges, const struct record *record)
{
	const char *complaint = "there is no recorder";

	if (edges->recorder != NULL && record_write(edges->recorder, record, &complaint) == 0)
		return 0;
	message_error(
		"approval %lu: a record could not be written: %s", record->approval, complaint);
	return -1;
}

static void add_terms(
	struct arena *arena, const struct approval_entry *entry, struct record *record)
{
	const char *file = approval_grant_file(arena, entry);
	struct strings *grants = arena_alloc(arena, sizeof(*grants));

	record->terms = terms_of(arena, entry);
	if (file == NULL)
		return;
	*grants = (struct strings){0};
	strings_add(arena, grants, file);
	record->grants = grants;
}

int approval_edge(void *context, const struct approval_entry *entry, enum approval_event event,
	const struct approval_person *person)
{
	struct arena *arena;
	struct record record;
	int result;

	if (is_repeated(entry, event))
		return 0;
	arena = arena_new();
	record = record_of(arena, context, entry, event, person);
	record.detail = sentence(arena, entry, reason_given(entry, event));
	if (event == APPROVAL_APPROVE)
		add_terms(arena, entry, &record);
	result = write_record(context, &record);
	arena_free(arena);
	return result;
}

void approval_edge_refused(const struct approval_edges *edges, const struct approval_entry *entry,
	enum approval_event event, const struct approval_person *person, const char *complaint)
{
	struct arena *arena = arena_new();
	struct record record = record_of(arena, edges, entry, event, person);

	record.success = false;
	record.detail = sentence(arena, entry, complaint);
	(void)write_record(edges, &record);
	arena_free(arena);
}
