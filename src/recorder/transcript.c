#include "recorder/transcript.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/request_id.h"
#include "base/text.h"
#include "recorder/expire.h"

static bool is_plain(const char *part)
{
	return part[0] != '\0' && strcmp(part, ".") != 0 && strcmp(part, "..") != 0;
}

/*
 * Beneath the directory and over no link (R31), part by part: systemd's RestrictSUIDSGID= refuses
 * openat2(2), since a filter can't see the mode that it is given.
 */
int transcripts_openat(int directory, const char *path, int flags, mode_t mode)
{
	_cleanup_fd_ int at = -1;
	char part[NAME_MAX + 1];

	for (size_t length; path[length = strcspn(path, "/")] == '/'; path += length + 1) {
		int next = -1;

		errno = EXDEV;
		if (length > NAME_MAX)
			return -1;
		memcpy(part, path, length);
		part[length] = '\0';
		if (is_plain(part))
			next = openat(at < 0 ? directory : at, part,
				O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (next < 0)
			return -1;
		fd_close(&at);
		at = next;
	}
	errno = EXDEV;
	if (!is_plain(path))
		return -1;
	return openat(at < 0 ? directory : at, path,
		flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, mode);
}

int transcripts_prepare(int directory)
{
	if (mkdirat(directory, TRANSCRIPT_DIRECTORY, 0700) != 0 && errno != EEXIST)
		return -1;
	_cleanup_fd_ int fd =
		transcripts_openat(directory, TRANSCRIPT_DIRECTORY, O_RDONLY | O_DIRECTORY, 0);

	return fd < 0 ? -1 : 0;
}

static int fail(struct arena *arena, const char **why, const char *what)
{
	*why = arena_printf(arena, "%s: %s", what, strerror(errno));
	return -1;
}

void transcript_hash(const EVP_MD_CTX *hash, char text[CHAIN_HASH + 1])
{
	EVP_MD_CTX *copy = EVP_MD_CTX_new();
	unsigned char bytes[EVP_MAX_MD_SIZE];
	unsigned size = 0;

	text[0] = '\0';
	if (copy != NULL && EVP_MD_CTX_copy_ex(copy, hash) == 1 &&
		EVP_DigestFinal_ex(copy, bytes, &size) == 1 && size * 2 == CHAIN_HASH)
		for (unsigned i = 0; i < size; i++)
			(void)snprintf(text + 2 * (size_t)i, 3, "%02x", bytes[i]);
	EVP_MD_CTX_free(copy);
}

/* {"version":2,"width":…,"height":…,…}, as one line of ASCII; NULL: it is no such header. */
static char *header_text(
	struct arena *arena, const char *header, char endpoint[TRANSCRIPT_ENDPOINT])
{
	json_t *object = json_loads(header, JSON_REJECT_DUPLICATES, NULL);
	int version = 0, width = 0, height = 0;
	const char *name = NULL;

	if (object == NULL ||
		json_unpack(object, "{s:i,s:i,s:i,s?s}", "version", &version, "width", &width,
			"height", &height, "endpoint", &name) != 0 ||
		version != 2 || width < 0 || width > UINT16_MAX || height < 0 ||
		height > UINT16_MAX || (name != NULL && !text_is_name(name))) {
		json_decref(object);
		return NULL;
	}
	(void)snprintf(endpoint, TRANSCRIPT_ENDPOINT, "%s", name == NULL ? "" : name);
	return event_object_text(arena, object);
}

/* Named by numbers that are no names (R23, R31). */
static int create_file(int directory, struct transcript *made)
{
	char folder[TRANSCRIPT_PATH];

	(void)snprintf(folder, sizeof(folder), "%s/%u", TRANSCRIPT_DIRECTORY, made->uid);
	(void)snprintf(made->path, sizeof(made->path), "%s/%u/%.32s.cast", TRANSCRIPT_DIRECTORY,
		made->uid, made->request);
	if (mkdirat(directory, folder, 0700) != 0 && errno != EEXIST)
		return -1;
	made->file = transcripts_openat(
		directory, made->path, O_RDWR | O_APPEND | O_CREAT | O_EXCL, TRANSCRIPT_OPEN);
	return made->file < 0 ? -1 : 0;
}

void transcript_drop(struct transcript *transcript)
{
	fd_close(&transcript->file);
	EVP_MD_CTX_free(transcript->hash);
	cast_free(&transcript->cast);
	free(transcript);
}

static json_t *open_event(struct arena *arena, const struct transcript *made)
{
	json_t *object = ledger_event(arena, "transcript-open", "{s:s,s:I,s:s}", "req",
		made->request, "id", (json_int_t)made->uid, "file", made->path);

	if (object != NULL && made->endpoint[0] != '\0')
		(void)json_object_set_new(object, "endpoint", json_string(made->endpoint));
	if (object != NULL)
		(void)json_object_set_new(object, "res", json_string("success"));
	return object;
}

static int begin(struct transcripts *all, struct arena *arena, struct transcript *made,
	const char *header, const char **why)
{
	made->hash = EVP_MD_CTX_new();
	if (made->hash == NULL || EVP_DigestInit_ex(made->hash, EVP_sha256(), NULL) != 1) {
		errno = ENOMEM;
		return fail(arena, why, "transcript");
	}
	if (all->ledger->full) {
		errno = ENOSPC;
		return fail(arena, why, "transcript");
	}
	if (create_file(all->directory, made) != 0)
		return fail(arena, why, "transcript");
	all->lines.length = 0;
	cast_put_line(&all->lines, header);
	if (transcript_write(all, arena, made, why) == 0 &&
		ledger_note(all->ledger, arena, open_event(arena, made)) == 0)
		return 0;
	if (*why == NULL)
		(void)fail(arena, why, "event log");
	(void)unlinkat(all->directory, made->path, 0);
	return -1;
}

struct transcript *transcript_open(struct transcripts *all, struct arena *arena,
	const char *request, uid_t uid, const char *header, uint64_t limit, const char **why)
{
	struct transcript *made = calloc(1, sizeof(*made));
	char *text;

	*why = NULL;
	if (made == NULL) {
		(void)fail(arena, why, "transcript");
		return NULL;
	}
	made->file = -1;
	made->uid = uid;
	made->told_at = event_ticks();
	text = header_text(arena, header, made->endpoint);
	if (!request_id_is_valid(request) || uid == (uid_t)-1)
		*why = "the request's id or the user's number is none";
	else if (text == NULL)
		*why = "the header is no asciicast header of version 2";
	if (*why == NULL) {
		memcpy(made->request, request, sizeof(made->request));
		cast_start(&made->cast, limit == 0 || limit > all->limit ? all->limit : limit);
		if (begin(all, arena, made, text, why) == 0)
			return made;
	}
	transcript_drop(made);
	return NULL;
}

/* All lines or none: what a full disk left of them is taken back. */
int transcript_write(struct transcripts *all, struct arena *arena, struct transcript *transcript,
	const char **why)
{
	struct cast_lines *lines = &all->lines;
	ssize_t written;

	if (lines->length == 0)
		return 0;
	do
		written = write(transcript->file, lines->bytes, lines->length);
	while (written < 0 && errno == EINTR);
	if (!lines->overflow && written == (ssize_t)lines->length) {
		(void)EVP_DigestUpdate(transcript->hash, lines->bytes, lines->length);
		transcript->size += written;
		return 0;
	}
	if (written >= 0) {
		(void)!ftruncate(transcript->file, transcript->size);
		errno = lines->overflow ? EMSGSIZE : ENOSPC;
	}
	transcript->state = errno == ENOSPC || errno == EDQUOT ? "full" : "failed";
	return fail(arena, why, transcript->path);
}

bool transcript_is_long(const struct transcript *transcript)
{
	return transcript->size / TRANSCRIPT_GROWTH > (off_t)transcript->cast.limit;
}

static void set_stream(json_t *object, const char *name, const char *what, uint64_t bytes)
{
	char key[48];

	if (bytes == 0)
		return;
	(void)snprintf(key, sizeof(key), "%s_%s", name, what);
	(void)json_object_set_new(object, key, json_integer((json_int_t)bytes));
}

json_t *transcript_event(struct arena *arena, const struct transcript *transcript,
	const char *state, const char *sha256)
{
	static const char *const names[CAST_STREAMS] = {"output", "input", "error"};
	bool truncated = false, good = strcmp(state, "end") == 0;
	json_t *object = ledger_event(arena, "transcript", "{s:s,s:I,s:s,s:I,s:s,s:s}", "req",
		transcript->request, "id", (json_int_t)transcript->uid, "file", transcript->path,
		"bytes", (json_int_t)transcript->size, "sha256", sha256, "state", state);

	if (object == NULL)
		return NULL;
	if (transcript->endpoint[0] != '\0')
		(void)json_object_set_new(object, "endpoint", json_string(transcript->endpoint));
	for (size_t i = 0; i < CAST_STREAMS; i++) {
		const struct cast_stream *stream = &transcript->cast.streams[i];

		truncated = truncated || stream->lost > 0;
		set_stream(object, names[i], "bytes", stream->bytes);
		set_stream(object, names[i], "lost", stream->lost);
		set_stream(object, names[i], "binary", stream->binary);
		set_stream(object, names[i], "invalid", stream->invalid);
	}
	if (transcript->torn > 0)
		(void)json_object_set_new(
			object, "torn", json_integer((json_int_t)transcript->torn));
	(void)json_object_set_new(object, "truncated", json_boolean(truncated));
	(void)json_object_set_new(object, "res", json_string(good ? "success" : "failed"));
	return object;
}

int transcript_close(struct transcripts *all, struct arena *arena, struct transcript *transcript,
	const char *state, uint64_t microseconds, char *text, uint64_t *size, const char **why)
{
	int result = 0;

	*why = NULL;
	if (transcript->state == NULL) {
		all->lines.length = 0;
		all->lines.overflow = false;
		cast_end(&transcript->cast, &all->lines, microseconds,
			strcmp(state, "end") == 0 ? NULL : "the recording ends here");
		result = transcript_write(all, arena, transcript, why);
	}
	if (transcript->state != NULL)
		state = transcript->state;
	transcript_hash(transcript->hash, text);
	*size = (uint64_t)transcript->size;
	all->written += expire_room(*size);
	if (ledger_note(all->ledger, arena, transcript_event(arena, transcript, state, text)) != 0)
		result = fail(arena, why, "event log");
	else if (fchmod(transcript->file, TRANSCRIPT_CLOSED) != 0 ||
		 (all->sync_always && fdatasync(transcript->file) != 0))
		result = fail(arena, why, transcript->path);
	transcript_drop(transcript);
	return result;
}

void transcript_tell(struct transcripts *all, struct arena *arena, struct transcript *transcript)
{
	char sha256[CHAIN_HASH + 1];

	if (transcript->size == transcript->told || all->ledger->full)
		return;
	transcript_hash(transcript->hash, sha256);
	if (ledger_note(all->ledger, arena,
		    ledger_event(arena, "transcript-part", "{s:s,s:I,s:s,s:I,s:s,s:s}", "req",
			    transcript->request, "id", (json_int_t)transcript->uid, "file",
			    transcript->path, "bytes", (json_int_t)transcript->size, "sha256",
			    sha256, "res", "success")) == 0)
		transcript->told = transcript->size;
	transcript->told_at = event_ticks();
}
