/* What the gateway is doing, and what is enforced by which means. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "answer/means.h"
#include "answer/outline.h"
#include "base/strings.h"
#include "base/text.h"
#include "gateway/clock.h"
#include "gateway/listener.h"
#include "record/recorder_client.h"

enum { PROBE_PATIENCE = 1000 /* ms */ };

static json_t *time_text(time_t when)
{
	char text[32] = "";
	struct tm utc;

	if (gmtime_r(&when, &utc) != NULL)
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc);
	return json_string(text);
}

static json_t *describe_bundle(const struct policy_bundle *bundle)
{
	if (bundle == NULL)
		return json_null();
	return json_pack("{s:s, s:I, s:b}", "name", bundle->name, "serial",
		(json_int_t)bundle->serial, "unchanged", bundle->unchanged);
}

static json_t *describe_configuration(const struct listener *listener)
{
	const struct policy *policy = listener->current.policy;
	json_t *object = json_pack("{s:s, s:s, s:o, s:I, s:I, s:I, s:I}", "directory",
		listener->directory, "sha256", policy->digest, "loaded",
		time_text(listener->current.loaded), "loads", (json_int_t)listener->loads, "roles",
		(json_int_t)policy->role_count, "commands", (json_int_t)policy->command_count,
		"grants", (json_int_t)policy->grant_count);

	json_object_set_new(object, "bundle", describe_bundle(policy->bundle));
	if (listener->rejected.problems != NULL)
		json_object_set_new(object, "last_refused",
			json_pack("{s:o, s:I}", "at", time_text(listener->rejected.loaded),
				"errors", (json_int_t)listener->rejected.problems->errors));
	return object;
}

static json_t *describe_endpoints(struct arena *arena, const struct listener *listener)
{
	const struct policy *policy = listener->current.policy;
	json_t *array = json_array();

	for (size_t i = 0; i < policy->endpoint_count; i++) {
		const char *name = policy->endpoints[i].name;
		const struct drive *drive = policy->endpoints[i].drive;

		json_array_append_new(array,
			json_pack("{s:s, s:s, s:b, s:s*}", "name", name, "socket",
				arena_printf(arena, "%s/%s.sock", ROLEGATE_RUN_DIR, name),
				"listening", sockets_has(&listener->sockets, name), "drive",
				drive == NULL ? NULL : drive_text(arena, drive)));
	}
	return array;
}

/* A client's words may hold any byte, and JSON may not. */
static char *printable(struct arena *arena, const char *text)
{
	return text_escape(arena, text, strlen(text));
}

static json_t *describe_session(struct arena *arena, const struct session_slot *slot)
{
	struct session_note copy;
	const struct session_note *note = slot->note;

	session_note_text(copy.user, note->user, sizeof(copy.user));
	session_note_text(copy.request, note->request, sizeof(copy.request));
	session_note_text(copy.doing, note->doing, sizeof(copy.doing));
	return json_pack("{s:i, s:I, s:s, s:s, s:I, s:s, s:s}", "pid", (int)slot->pid, "uid",
		(json_int_t)slot->uid, "user", printable(arena, copy.user), "endpoint",
		slot->endpoint, "seconds", (json_int_t)((clock_now() - slot->started) / 1000),
		"request", printable(arena, copy.request), "running",
		printable(arena, copy.doing));
}

static json_t *describe_sessions(struct arena *arena, const struct sessions *sessions)
{
	json_t *array = json_array();

	for (size_t i = 0; i < SESSION_SLOTS; i++)
		if (sessions->slots[i].pid != 0)
			json_array_append_new(array, describe_session(arena, &sessions->slots[i]));
	return json_pack("{s:I, s:i, s:I, s:I, s:I, s:I, s:o}", "open", (json_int_t)sessions->count,
		"limit", (int)sessions->most, "accepted", (json_int_t)sessions->accepted,
		"refused_for_limits", (json_int_t)sessions->limited, "ended_to_make_room",
		(json_int_t)sessions->dropped, "died",
		(json_int_t)sessions->died, "list", array);
}

static bool to_recorder(const struct listener *listener)
{
	const char *event_log = listener->current.policy->event_log;

	return event_log != NULL && strcmp(event_log, RECORD_BY_RECORDER) == 0;
}

static void set_state(json_t *object, const struct recorder_state *state)
{
	json_object_set_new(object, "recorder",
		json_string(state->full ? "answers, but its disk is full" : "answers"));
	json_object_set_new(object, "oldest_line", json_integer((json_int_t)state->oldest));
	json_object_set_new(object, "newest_line", json_integer((json_int_t)state->newest));
	json_object_set_new(object, "not_taken", json_integer((json_int_t)state->failed));
}

/* Asked now, and not for long: who asks for the status waits, though no session does. */
static void describe_recorder(const struct listener *listener, json_t *object)
{
	struct recorder_client client;
	struct recorder_state state;

	if (!transcript_is_wanted(listener->current.policy) && !to_recorder(listener)) {
		json_object_set_new(
			object, "recorder", json_string("is not needed by this configuration"));
		return;
	}
	recorder_client_init(&client, NULL);
	client.patience = PROBE_PATIENCE;
	if (recorder_client_probe(&client, &state) == 0)
		set_state(object, &state);
	else
		json_object_set_new(object, "recorder", json_string(client.complaint));
	recorder_client_free(&client);
}

static json_t *describe_records(const struct listener *listener)
{
	json_t *object = json_pack("{s:s, s:s, s:I}", "means",
		listener->recorder == NULL ? "none: nothing is run where a record is wanted"
					   : record_means(listener->recorder),
		"login_uid",
		listener->has_login_uid ? "set in each session and read back"
					: "this kernel has none",
		"unrecorded", (json_int_t)listener->sessions.losses->total);

	describe_recorder(listener, object);
	return object;
}

static json_t *describe_confinement(struct arena *arena, const struct listener *listener)
{
	const struct {
		const char *what, *means;
		bool enforced;
	} rows[] = {
		{ "identity", "setresuid, setresgid, setgroups; read back", true },
		{ "privileges",
			"no_new_privs; no capability for accounts other than root, bounding set "
			"included",
			true },
		{ "root",
			arena_printf(arena, "a program that runs as root has at most %s",
				listener->capabilities),
			true },
		{ "inherited state",
			"descriptors, environment, signals, limits, umask, scheduling, directory: "
			"all set anew",
			true },
		{ "program", "opened once, checked, executed by that descriptor", true },
		{ "terminal", "the gateway's own pty", true },
		{ "client's death",
			listener->support.cgroup != NULL
				? "child subreaper, and the session's control group: the run is "
				  "ended with all it started"
				: "child subreaper: the run is ended with all it started",
			true },
	};
	json_t *array = json_array();

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		json_array_append_new(array,
			json_pack("{s:s, s:b, s:s}", "what", rows[i].what, "enforced",
				rows[i].enforced, "means", rows[i].means));
	return array;
}

static json_t *describe(struct arena *arena, const struct listener *listener)
{
	int64_t uptime = (clock_now() - listener->started) / 1000;

	return json_pack("{s:s, s:i, s:o, s:I, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "version",
		PACKAGE_VERSION, "pid", (int)getppid(), "started",
		time_text(time(NULL) - (time_t)uptime), "uptime", (json_int_t)uptime, "sockets_by",
		listener->sockets.activated ? "init system" : "rolegated", "configuration",
		describe_configuration(listener), "endpoints", describe_endpoints(arena, listener),
		"sessions", describe_sessions(arena, &listener->sessions), "records",
		describe_records(listener), "confinement", describe_confinement(arena, listener),
		"kernel", means_kernel_json(arena, &listener->support), "profiles",
		means_json(arena, &listener->support, listener->current.policy));
}

char *status_text(struct arena *arena, const struct listener *listener, bool json)
{
	json_t *status = describe(arena, listener);
	char *dumped = json ? json_dumps(status, JSON_COMPACT) : NULL, *text;

	text = json ? arena_strdup(arena, dumped == NULL ? "{}" : dumped)
		    : outline_text(arena, status);
	free(dumped);
	json_decref(status);
	return text;
}
