/* Who is there, and what runs: for rolegatectl, which adds what it can find out by itself. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/request_id.h"
#include "base/text.h"
#include "gateway/clock.h"
#include "gateway/control.h"

/* Words of a client's may hold any byte, and a note that is being written any. */
static json_t *text_json(struct arena *arena, const char *field, size_t size)
{
	char *copy = arena_alloc(arena, size);

	session_note_text(copy, field, size);
	return json_string(text_escape(arena, copy, strlen(copy)));
}

#define TEXT(field) text_json(arena, (field), sizeof(field))

static json_t *id_json(uint32_t id)
{
	return id == UINT32_MAX ? json_null() : json_integer(id);
}

static json_int_t seconds_since(int64_t then)
{
	int64_t passed = clock_now() - then;

	return passed < 0 ? 0 : (json_int_t)(passed / 1000);
}

/* null: nothing. */
static json_t *describe_run(struct arena *arena, const struct session_note *note)
{
	char request[sizeof(note->running)];

	if (!request_id_is_valid(session_note_text(request, note->running, sizeof(request))))
		return json_null();
	return json_pack("{s:s, s:o, s:o, s:i, s:I}", "request", request, "command",
		TEXT(note->command), "account", TEXT(note->account), "pid", (int)note->child,
		"seconds", seconds_since(note->since));
}

static json_t *describe(struct arena *arena, const struct session_slot *slot)
{
	const struct session_note *note = slot->note;
	json_int_t seconds = seconds_since(slot->started);
	json_t *run = describe_run(arena, note);

	return json_pack("{s:s, s:o, s:I, s:o, s:o, s:s, s:i, s:i, s:I, s:I, s:I, s:o}", "session",
		slot->id, "user", TEXT(note->user), "uid", (json_int_t)slot->uid, "login_uid",
		id_json(note->login_uid), "audit_session", id_json(note->audit_session), "endpoint",
		slot->endpoint, "pid", (int)slot->pid, "client_pid", (int)slot->peer_pid, "since",
		(json_int_t)time(NULL) - seconds, "seconds", seconds, "idle_seconds",
		json_is_null(run) && note->active != 0 ? seconds_since(note->active)
						       : (json_int_t)0,
		"run", run);
}

static const char *write_sessions(struct arena *arena, struct listener *listener,
	const struct control *control, const void *context, unsigned *status)
{
	const struct sessions *sessions = &listener->sessions;
	json_t *array = json_array(), *object;
	const char *text;
	char *dumped;

	(void)control;
	(void)context;
	(void)status;
	for (size_t i = 0; i < SESSION_SLOTS; i++)
		if (sessions->slots[i].pid != 0)
			json_array_append_new(array, describe(arena, &sessions->slots[i]));
	object = json_pack("{s:o}", "sessions", array);
	dumped = json_dumps(object, JSON_COMPACT | JSON_ENSURE_ASCII);
	text = arena_strdup(arena, dumped == NULL ? "{}" : dumped);
	free(dumped);
	json_decref(object);
	return text;
}

int manage_sessions(struct listener *listener, struct control *control, struct packet *packet)
{
	if (!packet_done(packet))
		return -1;
	control_answer(listener, control, write_sessions, NULL);
	return 0;
}
