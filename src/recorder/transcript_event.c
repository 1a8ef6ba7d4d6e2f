/* What the event log says of a transcript. */
#include <stdio.h>
#include <string.h>

#include "recorder/transcript.h"

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

json_t *transcript_open_event(struct arena *arena, const struct transcript *made)
{
	json_t *object = ledger_event(arena, "transcript-open", "{s:s,s:I,s:s}", "req",
		made->request, "id", (json_int_t)made->uid, "file", made->path);

	if (object != NULL && made->endpoint[0] != '\0')
		(void)json_object_set_new(object, "endpoint", json_string(made->endpoint));
	if (object != NULL)
		(void)json_object_set_new(object, "res", json_string("success"));
	return object;
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
