/*
 * An administrator ends a run, a session, or all of a person's. The order is given and recorded
 * here; a child waits until what was meant has really ended, and says so.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/message.h"
#include "base/request_id.h"
#include "base/text.h"
#include "gateway/asker.h"
#include "gateway/clock.h"
#include "gateway/control.h"
#include "gateway/orders.h"

enum {
	END_TIMEOUT = 30 * 1000,      /* ms: a program has one second, its PAM session others */
	END_PAUSE = 10 * 1000 * 1000, /* ns between two looks */
	STATUS_NOT_ENDED = 1,
};

/* One of those that were told to end. */
struct target {
	const struct session_slot *slot;
	char session[SESSION_ID_SIZE];
	char user[sizeof(((struct session_note *)0)->user)];
	char request[sizeof(((struct session_note *)0)->running)]; /* what ran then; "" */
	bool unrecorded, ended;
};

struct termination {
	enum terminate_kind kind;
	const char *what, *reason;
	struct peer asker;
	uid_t uid; /* TERMINATE_USER */
	struct target targets[SESSION_SLOTS];
	size_t count;
};

static bool is_meant(const struct termination *termination, const struct session_slot *slot)
{
	char running[sizeof(slot->note->running)];

	switch (termination->kind) {
	case TERMINATE_REQUEST:
		session_note_text(running, slot->note->running, sizeof(running));
		return strcmp(running, termination->what) == 0;
	case TERMINATE_SESSION:
		return strcmp(slot->id, termination->what) == 0;
	case TERMINATE_USER:
		return slot->uid == termination->uid || slot->login_uid == termination->uid;
	}
	return false;
}

static void write_terminate_record(struct listener *listener,
	const struct termination *termination, const char *asker_is, struct target *target)
{
	const struct peer *asker = &termination->asker;
	struct record record = {
		.kind = RECORD_TERMINATE,
		.success = true,
		.request = target->request[0] == '\0' ? NULL : target->request,
		.endpoint = target->slot->endpoint,
		.user = asker_is,
		.uid = asker->uid,
		.login_uid = asker->login_uid,
		.audit_session = asker->audit_session,
		.peer_pid = asker->pid,
		.session = target->session,
		.target = target->user[0] == '\0' ? NULL : target->user,
		.asked_by = "rolegatectl",
		.detail = termination->reason[0] == '\0' ? NULL : termination->reason,
		.status = -1,
	};
	const char *complaint = "there is no recorder";

	if (listener->recorder != NULL &&
		record_write(listener->recorder, &record, &complaint) == 0)
		return;
	message_error("a record could not be written: %s", complaint);
	target->unrecorded = true;
}

static void write_records(
	struct listener *listener, struct termination *termination, const char *asker_is)
{
	for (size_t i = 0; i < termination->count; i++)
		write_terminate_record(listener, termination, asker_is, &termination->targets[i]);
}

/*
 * What can't be recorded ends all the same: that is the safer side of a person who must go. So the
 * order does not wait for the name of who gave it, which the record has.
 */
static void end_one(struct termination *termination, const struct session_slot *slot)
{
	struct target *target = &termination->targets[termination->count++];
	bool run = termination->kind == TERMINATE_REQUEST;

	*target = (struct target){.slot = slot};
	memcpy(target->session, slot->id, sizeof(target->session));
	session_note_text(target->user, slot->note->user, sizeof(target->user));
	session_note_text(target->request, slot->note->running, sizeof(target->request));
	if (!request_id_is_valid(target->request))
		target->request[0] = '\0';
	order_give(slot, run ? termination->what : NULL, termination->reason);
}

static bool has_ended(const struct termination *termination, const struct target *target)
{
	const struct session_note *note = target->slot->note;
	char session[sizeof(note->session)], running[sizeof(note->running)];

	session_note_text(session, note->session, sizeof(session));
	session_note_text(running, note->running, sizeof(running));
	return strcmp(session, target->session) != 0 ||
	       (termination->kind == TERMINATE_REQUEST && strcmp(running, termination->what) != 0);
}

/* The number of those that have not. */
static size_t wait_for_ends(struct termination *termination)
{
	const struct timespec pause = {.tv_nsec = END_PAUSE};
	int64_t deadline = clock_now() + END_TIMEOUT;
	size_t left;

	for (;;) {
		left = 0;
		for (size_t i = 0; i < termination->count; i++) {
			struct target *target = &termination->targets[i];

			target->ended = target->ended || has_ended(termination, target);
			left += !target->ended;
		}
		if (left == 0 || clock_now() >= deadline)
			return left;
		nanosleep(&pause, NULL);
	}
}

static json_t *describe(struct arena *arena, const struct target *target)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:b, s:b}", "session", target->session, "user",
		text_escape(arena, target->user, strlen(target->user)), "endpoint",
		target->slot->endpoint, "request", target->request, "ended", target->ended,
		"recorded", !target->unrecorded);
}

static const char *as_json(struct arena *arena, const struct termination *termination)
{
	json_t *array = json_array(), *object = json_pack("{s:o}", "terminated", array);
	const char *text;
	char *dumped;

	for (size_t i = 0; i < termination->count; i++)
		json_array_append_new(array, describe(arena, &termination->targets[i]));
	dumped = json_dumps(object, JSON_COMPACT | JSON_ENSURE_ASCII);
	text = arena_strdup(arena, dumped == NULL ? "{}" : dumped);
	free(dumped);
	json_decref(object);
	return text;
}

static const char *line_of(
	struct arena *arena, const struct termination *termination, const struct target *target)
{
	bool run = termination->kind == TERMINATE_REQUEST;

	return arena_printf(arena, "%s %s of %s at %s %s%s\n", run ? "request" : "session",
		run ? termination->what : target->session,
		target->user[0] == '\0' ? "?"
					: text_escape(arena, target->user, strlen(target->user)),
		target->slot->endpoint,
		target->ended ? "has ended" : "has not ended yet, and was told to",
		target->unrecorded ? " (no record could be written)" : "");
}

static const char *write_ends(struct arena *arena, struct listener *listener,
	const struct control *control, const void *context, unsigned *status)
{
	struct termination *termination = (struct termination *)(uintptr_t)context;
	struct strings lines = {.count = 0};

	if (listener->recorder != NULL && record_reopen(listener->recorder) != 0)
		listener->recorder = NULL;
	write_records(listener, termination, asker_name(arena, &termination->asker));
	if (wait_for_ends(termination) > 0 || termination->count == 0)
		*status = STATUS_NOT_ENDED;
	if ((control->flags & PACKET_FLAG_JSON) != 0)
		return as_json(arena, termination);
	for (size_t i = 0; i < termination->count; i++)
		strings_add(arena, &lines, line_of(arena, termination, &termination->targets[i]));
	if (termination->count > 0)
		return strings_join(arena, &lines, "");
	return termination->kind == TERMINATE_REQUEST	? "no run has this request id now"
	       : termination->kind == TERMINATE_SESSION ? "no session has this id now"
							: "this person has no session now";
}

/* Nothing that is sent is looked up: names became numbers at the other end. */
static int parse(struct arena *arena, struct packet *packet, struct termination *termination)
{
	termination->kind = packet_get_u8(packet);
	termination->what = packet_get_string(arena, packet);
	termination->reason = packet_get_string(arena, packet);
	if (!packet_done(packet) ||
		text_refused(termination->reason, strlen(termination->reason)) !=
			strlen(termination->reason))
		return -1;
	switch (termination->kind) {
	case TERMINATE_REQUEST:
		return request_id_is_valid(termination->what) ? 0 : -1;
	case TERMINATE_SESSION: /* one without a name is not meant by "" */
		return strlen(termination->what) == SESSION_ID_SIZE - 1 ? 0 : -1;
	case TERMINATE_USER:
		return peer_parse_id(termination->what, strlen(termination->what), false,
			       &termination->uid)
			       ? 0
			       : -1;
	}
	return -1;
}

int manage_terminate(struct listener *listener, struct control *control, struct packet *packet)
{
	struct arena *arena = arena_new();
	struct termination *termination = arena_alloc(arena, sizeof(*termination));
	int result = parse(arena, packet, termination);

	if (result == 0) {
		control_identify(control, &termination->asker);
		for (size_t i = 0; i < SESSION_SLOTS; i++) {
			const struct session_slot *slot = &listener->sessions.slots[i];

			if (slot->pid != 0 && is_meant(termination, slot))
				end_one(termination, slot);
		}
		if (control_answer(listener, control, write_ends, termination) != 0)
			write_records(listener, termination, NULL);
	}
	arena_free(arena);
	return result;
}
