/* Which file is the recording of a request. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "log/beneath.h"
#include "log/reader.h"
#include "log/recording.h"

#define FOLDER "transcripts"

struct search {
	struct arena *arena;
	const char *id;
	struct recording *recording;
	bool several, expired;
};

bool recording_is_id(const char *text)
{
	size_t length = strspn(text, "0123456789abcdef");

	return text[length] == '\0' && length >= RECORDING_ID_LEAST && length <= RECORDING_ID;
}

/* -1: the id stands for several requests. */
static int take_request(struct search *search, const char *request)
{
	struct recording *recording = search->recording;

	if (recording->request == NULL)
		recording->request = request;
	else if (request != NULL && strcmp(recording->request, request) != 0)
		search->several = true;
	return search->several ? -1 : 0;
}

static void take_text(struct arena *arena, const char **text, const struct line_value *value)
{
	if (*text == NULL)
		*text = line_text(arena, value);
}

static void take_member(
	struct arena *arena, const char **text, const struct log_event *event, const char *name)
{
	struct line_value value = line_find(event->text, event->length, name);

	take_text(arena, text, &value);
}

static void take_time(int64_t *time, const struct line_fields *fields)
{
	int64_t at = line_time(&fields->time);

	if (*time == 0 && at > 0)
		*time = at;
}

static void note_event(
	struct arena *arena, struct recording *recording, const struct log_event *event)
{
	const struct line_fields *fields = event->fields;
	bool is_end = line_is(&fields->op, "end");

	/* Who looked at it is not who did it. */
	if (line_is(&fields->op, "decision") || is_end) {
		take_text(arena, &recording->endpoint, &fields->endpoint);
		take_text(arena, &recording->user, &fields->acct);
		take_text(arena, &recording->line, &fields->cmd);
		take_member(arena, &recording->host, event, "host");
		take_time(is_end ? &recording->over : &recording->began, fields);
	}
	if (is_end) {
		take_member(arena, &recording->status, event, "status");
		take_member(arena, &recording->signal, event, "signal");
		take_member(arena, &recording->ended_by, event, "ended");
	}
	recording->ended = recording->ended || line_is(&fields->op, "transcript");
}

static int take_event(void *context, const struct log_event *event)
{
	struct search *search = context;
	const struct line_fields *fields = event->fields;

	if (take_request(search, line_text(search->arena, &fields->req)) < 0)
		return 1;
	note_event(search->arena, search->recording, event);
	if (line_is(&fields->op, "transcript-open") || line_is(&fields->op, "transcript"))
		take_member(search->arena, &search->recording->file, event, "file");
	search->expired = search->expired || line_is(&fields->op, "expired");
	return 0;
}

/* "transcripts/UID/" of one user: the names that begin with the id. */
static void look_into(struct search *search, int directory, const char *folder)
{
	_cleanup_list_ DIR *stream = fd_list(directory, folder);
	struct dirent *entry;

	while (stream != NULL && (entry = readdir(stream)) != NULL) {
		const char *name = arena_printf(search->arena, "%s/%s", folder, entry->d_name);

		if (strncmp(entry->d_name, search->id, strlen(search->id)) != 0 ||
			!log_is_transcript(name) ||
			take_request(search,
				arena_strndup(search->arena, entry->d_name, RECORDING_ID)) < 0)
			continue;
		search->recording->file = name;
	}
}

static void look(struct search *search, int directory)
{
	_cleanup_list_ DIR *stream = fd_list(directory, FOLDER);
	struct dirent *entry;

	while (stream != NULL && (entry = readdir(stream)) != NULL)
		if (entry->d_name[0] != '.')
			look_into(search, directory,
				arena_printf(search->arena, FOLDER "/%s", entry->d_name));
}

/* The log's directory, of a single file too. */
static int open_directory(struct arena *arena, const struct log_files *files)
{
	const char *slash = strrchr(files->path, '/');

	if (files->directory >= 0)
		return openat(files->directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return open(slash == NULL
			    ? "."
			    : arena_strndup(arena, files->path, (size_t)(slash - files->path) + 1),
		O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static const char *what_is_missing(const struct search *search)
{
	if (search->several)
		return arena_printf(search->arena,
			"%s: several requests begin so; give more digits of the id", search->id);
	if (search->expired)
		return arena_printf(search->arena, "%s: its recording has expired", search->id);
	if (search->recording->request != NULL)
		return arena_printf(search->arena,
			"%s: the log knows the request; it was not recorded", search->id);
	return arena_printf(search->arena, "%s: the log knows no such request", search->id);
}

/* A file that nobody may write to any more is one that has ended. */
static bool is_closed(int fd)
{
	struct stat status;

	return fstat(fd, &status) == 0 && (status.st_mode & 0200) == 0;
}

static int open_it(struct search *search, int directory, const char **complaint)
{
	struct recording *recording = search->recording;

	if (!log_is_transcript(recording->file)) {
		*complaint = arena_printf(search->arena,
			"%s: the log names a file that is no recording: %s", search->id,
			recording->file);
		return -1;
	}
	recording->fd = log_open_beneath(directory, recording->file);
	if (recording->fd < 0) {
		*complaint = errno == ENOENT && search->expired
				     ? what_is_missing(search)
				     : arena_printf(search->arena, "%s: %s", recording->file,
					       strerror(errno));
		return -1;
	}
	recording->ended = recording->ended || is_closed(recording->fd);
	return 0;
}

int recording_find(struct arena *arena, struct log *log, const char *id,
	struct recording *recording, const char **complaint)
{
	const struct log_query query = {.request = id};
	struct search search = {.arena = arena, .id = id, .recording = recording};
	_cleanup_fd_ int directory = open_directory(arena, &log->files);

	*recording = (struct recording){.fd = -1};
	if (directory < 0) {
		*complaint = arena_printf(arena, "%s: %s", log->files.path, strerror(errno));
		return -1;
	}
	if (log_each(log, &query, take_event, &search, complaint) < 0)
		return -1;
	if (recording->file == NULL && !search.several)
		look(&search, directory);
	if (recording->file == NULL || search.several) {
		*complaint = what_is_missing(&search);
		return -1;
	}
	return open_it(&search, directory, complaint);
}

struct growing {
	struct arena *arena;
	struct recording *recording;
};

static int take_more(void *context, const struct log_event *event)
{
	const struct growing *growing = context;

	note_event(growing->arena, growing->recording, event);
	return 0;
}

bool recording_has_ended(struct log *log, struct recording *recording)
{
	const struct log_query query = {.request = recording->request};
	struct growing growing = {log->arena, recording};
	const char *complaint;

	(void)log_more(log, &query, take_more, &growing, &complaint);
	recording->ended = recording->ended || is_closed(recording->fd);
	return recording->ended;
}
