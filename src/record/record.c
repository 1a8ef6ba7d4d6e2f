#include "record/record.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/fd.h"
#include "record/fields.h"
#include "record/recorder_client.h"

struct recorder {
	/* What it was opened for: a failed reopen takes nothing back. */
	bool to_audit, to_events, to_recorder;
	struct audit audit;
	struct events events;
	struct recorder_client client; /* connected when there is something to write */
	struct record_losses *losses, own;
};

/* Complaints outlive the arena of the record; one is enough at a time. */
static char complaint_text[1024];

static int complain(const char **complaint, const char *what, const char *why)
{
	(void)snprintf(complaint_text, sizeof(complaint_text), "%s: %s", what, why);
	*complaint = complaint_text;
	return -1;
}

/* The directory of the default, the only record on a kernel without audit, is ours to make. */
static int open_events(
	struct arena *arena, struct recorder *recorder, const char *path, const char **complaint)
{
	const char *why = strerror(ENOMEM);

	if (path == NULL)
		path = ROLEGATE_LOG_DIR "/events.jsonl";
	if (strncmp(path, ROLEGATE_LOG_DIR "/", strlen(ROLEGATE_LOG_DIR "/")) == 0)
		(void)mkdir(ROLEGATE_LOG_DIR, 0700);
	if (events_open(arena, path, &recorder->events, &why) < 0)
		return complain(complaint, "event log", why);
	return 0;
}

static void close_all(struct recorder *recorder)
{
	fd_close(&recorder->audit.socket);
	events_close(&recorder->events);
	if (recorder->to_recorder)
		recorder_client_free(&recorder->client);
	free(recorder);
}

static int open_log(struct recorder *recorder, const char *event_log, const char **complaint)
{
	struct arena *arena;
	int result;

	recorder->to_recorder = event_log != NULL && strcmp(event_log, RECORD_BY_RECORDER) == 0;
	recorder->to_events =
		!recorder->to_recorder && (event_log != NULL || !recorder->to_audit);
	if (recorder->to_recorder)
		recorder_client_init(&recorder->client, NULL);
	if (!recorder->to_events)
		return 0;
	arena = arena_new();
	result = open_events(arena, recorder, event_log, complaint);
	arena_free(arena);
	return result;
}

int record_open(const char *event_log, struct recorder **recorder, const char **complaint)
{
	struct recorder *made = calloc(1, sizeof(*made));
	int result = 0;

	if (made == NULL)
		return complain(complaint, "records", strerror(errno));
	made->losses = &made->own;
	made->audit.socket = made->events.directory = made->events.file = -1;
	if (audit_start(&made->audit) < 0)
		result = complain(complaint, "audit", strerror(errno));
	made->to_audit = made->audit.socket >= 0;
	if (result == 0)
		result = open_log(made, event_log, complaint);
	if (result == 0)
		*recorder = made;
	else
		close_all(made);
	return result;
}

/*
 * Both are opened anew: replies on a shared socket would go to whoever reads first, and a shared
 * open file has one lock for all.
 */
int record_reopen(struct recorder *recorder)
{
	const char *ignored;
	struct arena *arena;
	struct events events;
	int result = 0;

	if (recorder->to_audit) {
		fd_close(&recorder->audit.socket);
		recorder->audit = (struct audit){ .socket = -1 };
		if (audit_start(&recorder->audit) < 0 || recorder->audit.socket < 0)
			return -1;
	}
	if (recorder->to_recorder) {
		recorder_client_close(&recorder->client);
		recorder->client.patience = RECORDER_PATIENCE;
		recorder->client.hung = 0; /* in another's haste, perhaps */
	}
	if (!recorder->to_events)
		return 0;
	arena = arena_new();
	result = events_open(arena, recorder->events.path, &events, &ignored);
	arena_free(arena);
	if (result == 0) {
		events_close(&recorder->events);
		recorder->events = events;
	}
	return result;
}

void record_prepare(struct recorder *recorder)
{
	if (recorder->to_audit)
		(void)audit_ask(&recorder->audit);
}

void record_close(struct recorder *recorder)
{
	if (recorder != NULL)
		close_all(recorder);
}

void record_count_losses(struct recorder *recorder, struct record_losses *losses)
{
	recorder->losses = losses;
}

void record_hurry(struct recorder *recorder, int patience)
{
	recorder->client.patience = patience;
}

const char *record_means(const struct recorder *recorder)
{
	if (recorder->to_recorder)
		return recorder->to_audit ? "audit+recorder" : "recorder";
	if (!recorder->to_audit)
		return "event-log";
	return recorder->to_events ? "audit+event-log" : "audit";
}

static int write_event(struct arena *arena, struct recorder *recorder, const struct record *record,
	const struct fields *fields, const char **complaint)
{
	char host[256] = "";
	struct timespec now;
	char *line;

	if (gethostname(host, sizeof(host) - 1) < 0 || clock_gettime(CLOCK_REALTIME, &now) < 0)
		return complain(complaint, "event log", strerror(errno));
	line = events_line(
		arena, record, fields, host, (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000);
	if (line == NULL)
		return complain(complaint, "event log", "the line could not be made");
	if (recorder->to_recorder)
		return recorder_client_event(&recorder->client, line) == 0
			       ? 0
			       : complain(complaint, "event log", recorder->client.complaint);
	if (events_append(&recorder->events, line) < 0)
		return complain(complaint, recorder->events.path, strerror(errno));
	return 0;
}

static int write_everywhere(
	struct recorder *recorder, const struct record *record, const char **complaint)
{
	struct arena *arena = arena_new();
	struct fields fields = fields_of(arena, record);
	const char *why;
	int result = 0;

	if (recorder->to_audit) {
		struct strings texts = audit_texts(arena, &fields);

		if (audit_write(&recorder->audit, record, &texts, &why) < 0)
			result = complain(complaint, "audit", why);
	}
	if ((recorder->to_events || recorder->to_recorder) &&
		write_event(arena, recorder, record, &fields, complaint) < 0)
		result = -1;
	arena_free(arena);
	return result;
}

int record_write(struct recorder *recorder, const struct record *record, const char **complaint)
{
	struct record_losses *losses = recorder->losses;
	struct record told = *record;
	int result;

	told.unrecorded = __atomic_exchange_n(&losses->untold, 0, __ATOMIC_RELAXED);
	result = write_everywhere(recorder, &told, complaint);
	if (result == 0)
		return 0;
	(void)__atomic_add_fetch(&losses->untold, told.unrecorded + 1, __ATOMIC_RELAXED);
	(void)__atomic_add_fetch(&losses->total, 1, __ATOMIC_RELAXED);
	return result;
}
