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

static int fail(struct arena *arena, const char **why, const char *what)
{
	*why = arena_printf(arena, "%s: %s", what, strerror(errno));
	return -1;
}

/* The list of what this process has open: it is not to be taken for what another one left. */
static void enlist(struct transcripts *all, struct transcript *made)
{
	made->next = all->open;
	made->link = &all->open;
	if (made->next != NULL)
		made->next->link = &made->next;
	all->open = made;
}

static void delist(struct transcript *transcript)
{
	if (transcript->link == NULL)
		return;
	*transcript->link = transcript->next;
	if (transcript->next != NULL)
		transcript->next->link = transcript->link;
}

bool transcripts_has_open(const struct transcripts *all, const char *path)
{
	for (const struct transcript *one = all->open; one != NULL; one = one->next)
		if (strcmp(one->path, path) == 0)
			return true;
	return false;
}

void transcript_drop(struct transcript *transcript)
{
	delist(transcript);
	fd_close(&transcript->file);
	EVP_MD_CTX_free(transcript->hash);
	cast_free(&transcript->cast);
	free(transcript);
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
	if (transcript_create(all->directory, made) != 0)
		return fail(arena, why, "transcript");
	all->lines.length = 0;
	cast_put_line(&all->lines, header);
	if (transcript_write(all, arena, made, why) == 0 &&
		ledger_note(all->ledger, arena, transcript_open_event(arena, made)) == 0)
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
	text = transcript_header(arena, header, made->endpoint);
	if (!request_id_is_valid(request) || uid == (uid_t)-1)
		*why = "the request's id or the user's number is none";
	else if (text == NULL)
		*why = "the header is no asciicast header of version 2";
	if (*why == NULL) {
		memcpy(made->request, request, sizeof(made->request));
		cast_start(&made->cast, limit == 0 || limit > all->limit ? all->limit : limit);
		if (begin(all, arena, made, text, why) == 0) {
			enlist(all, made);
			return made;
		}
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
