#include "recorder/cast.h"

#include <stdio.h>
#include <string.h>

#include "recorder/cast_text.h"

static const char codes[CAST_STREAMS] = {'o', 'i', 'e'};
static const char *const names[CAST_STREAMS] = {"output", "input", "standard error"};

enum { MARK_MAX = 256, HASH_BYTES = 32 };

int cast_stream_of(uint8_t code)
{
	for (int i = 0; i < CAST_STREAMS; i++)
		if (codes[i] == (char)code)
			return i;
	return -1;
}

void cast_put_line(struct cast_lines *lines, const char *text)
{
	cast_put(lines, text, strlen(text));
	cast_put(lines, "\n", 1);
}

void cast_start(struct cast *cast, uint64_t limit)
{
	*cast = (struct cast){.limit = limit};
}

void cast_free(struct cast *cast)
{
	for (size_t i = 0; i < CAST_STREAMS; i++) {
		EVP_MD_CTX_free(cast->streams[i].hash);
		cast->streams[i].hash = NULL;
	}
}

static void begin_line(struct cast *cast, struct cast_lines *lines, char code)
{
	char text[64];
	int length = snprintf(text, sizeof(text), "[%llu.%06llu,\"%c\",\"",
		(unsigned long long)(cast->last / 1000000),
		(unsigned long long)(cast->last % 1000000), code);

	cast_put(lines, text, (size_t)length);
}

static void end_line(struct cast_lines *lines)
{
	cast_put(lines, "\"]\n", 3);
}

static void put_line(
	struct cast *cast, struct cast_lines *lines, char code, const char *text, size_t length)
{
	begin_line(cast, lines, code);
	(void)cast_text_put(lines, (const unsigned char *)text, length);
	end_line(lines);
}

void cast_mark(struct cast *cast, struct cast_lines *lines, int stream, const char *text)
{
	char shown[MARK_MAX];
	int length = snprintf(shown, sizeof(shown), "\r\n[rolegate: %s]\r\n", text);

	if (length < 0 || length >= (int)sizeof(shown))
		length = (int)sizeof(shown) - 1;
	put_line(cast, lines, 'm', text, strnlen(text, MARK_MAX));
	put_line(cast, lines, stream == CAST_ERROR ? 'e' : 'o', shown, (size_t)length);
}

/* A character that nothing followed. */
static void flush_pending(struct cast *cast, struct cast_lines *lines, int id)
{
	struct cast_stream *stream = &cast->streams[id];

	if (stream->pending_length == 0)
		return;
	begin_line(cast, lines, codes[id]);
	stream->invalid += cast_text_put(lines, stream->pending, stream->pending_length);
	end_line(lines);
	stream->pending_length = 0;
}

static const char *hash_text(struct cast_stream *stream, char text[2 * HASH_BYTES + 1])
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	unsigned size = 0;

	text[0] = '\0';
	if (stream->hash == NULL || EVP_DigestFinal_ex(stream->hash, hash, &size) != 1)
		return "unknown";
	for (unsigned i = 0; i < size && i < HASH_BYTES; i++)
		(void)snprintf(text + 2 * (size_t)i, 3, "%02x", hash[i]);
	return text;
}

static void end_binary(struct cast *cast, struct cast_lines *lines, int id)
{
	struct cast_stream *stream = &cast->streams[id];
	char text[MARK_MAX], hash[2 * HASH_BYTES + 1];

	if (stream->run == 0)
		return;
	(void)snprintf(text, sizeof(text), "%llu bytes of binary %s, sha256 %s",
		(unsigned long long)stream->run, names[id], hash_text(stream, hash));
	cast_mark(cast, lines, id, text);
	stream->run = 0;
}

/* Without memory for a hash there is the count. */
static void add_binary(struct cast *cast, struct cast_lines *lines, int id,
	const unsigned char *bytes, size_t length)
{
	struct cast_stream *stream = &cast->streams[id];

	if (stream->run == 0) {
		flush_pending(cast, lines, id);
		if (stream->hash == NULL)
			stream->hash = EVP_MD_CTX_new();
		if (stream->hash != NULL &&
			EVP_DigestInit_ex(stream->hash, EVP_sha256(), NULL) != 1) {
			EVP_MD_CTX_free(stream->hash);
			stream->hash = NULL;
		}
	}
	if (stream->hash != NULL)
		(void)EVP_DigestUpdate(stream->hash, bytes, length);
	stream->run += length;
	stream->binary += length;
}

/* What the last packet left of a character, and this one. */
static void add_text(struct cast *cast, struct cast_lines *lines, int id,
	const unsigned char *bytes, size_t length)
{
	struct cast_stream *stream = &cast->streams[id];
	unsigned char joined[2 * CAST_PENDING];
	size_t kept = stream->pending_length, taken = 0, left;

	end_binary(cast, lines, id);
	memcpy(joined, stream->pending, kept);
	if (kept > 0)
		taken = length < CAST_PENDING ? length : CAST_PENDING;
	memcpy(joined + kept, bytes, taken);
	stream->pending_length = 0;
	if (length <= taken) { /* all of it is in `joined` */
		bytes = joined;
		length = kept + taken;
		kept = taken = 0;
	} else if (kept > 0) { /* only whole characters of it, the rest with the others */
		taken -= cast_text_unfinished(joined, kept + taken);
	}
	left = cast_text_unfinished(bytes + taken, length - taken);
	if (kept + length > left) {
		begin_line(cast, lines, codes[id]);
		if (kept > 0)
			stream->invalid += cast_text_put(lines, joined, kept + taken);
		stream->invalid += cast_text_put(lines, bytes + taken, length - taken - left);
		end_line(lines);
	}
	memcpy(stream->pending, bytes + length - left, left);
	stream->pending_length = left;
}

static bool is_binary(const unsigned char *bytes, size_t length)
{
	return length >= CAST_BINARY_LEAST &&
	       cast_text_is_strange(bytes, length, length * CAST_BINARY_SHARE / 100);
}

/*
 * Text between NUL bytes shows on a terminal as if they were not there: it is kept, beside the
 * count and hash of all of it.
 */
static void add_padded(struct cast *cast, struct cast_lines *lines, int id,
	const unsigned char *bytes, size_t length, uint64_t room)
{
	struct cast_stream *stream = &cast->streams[id];
	size_t nuls = cast_text_nuls(bytes, length), text = length - nuls, size;

	if (text == 0 || text > room ||
		cast_text_is_strange(bytes, length, nuls + text * CAST_BINARY_SHARE / 100))
		return;
	end_binary(cast, lines, id);
	begin_line(cast, lines, codes[id]);
	for (size_t i = 0; i < length; i += size + 1) {
		size = strnlen((const char *)bytes + i, length - i);
		stream->invalid += cast_text_put(lines, bytes + i, size);
	}
	end_line(lines);
	cast->kept += text;
}

static void move_time(struct cast *cast, uint64_t microseconds)
{
	if (microseconds > cast->last)
		cast->last = microseconds;
}

static void add_lost(struct cast *cast, struct cast_lines *lines, int id, uint64_t bytes)
{
	struct cast_stream *stream = &cast->streams[id];
	char text[MARK_MAX];

	if (!stream->lost_marked) {
		end_binary(cast, lines, id);
		(void)snprintf(text, sizeof(text),
			"the limit of this recording is reached, the rest of the %s is not in it",
			names[id]);
		cast_mark(cast, lines, id, text);
		stream->lost_marked = true;
		stream->lost += stream->pending_length; /* half a character */
		stream->pending_length = 0;
	}
	stream->lost += bytes;
}

void cast_data(struct cast *cast, struct cast_lines *lines, int id, uint64_t microseconds,
	const unsigned char *bytes, size_t length)
{
	uint64_t room = cast->limit > cast->kept ? cast->limit - cast->kept : 0;
	size_t fits = length <= room ? length : (size_t)room;

	move_time(cast, microseconds);
	cast->streams[id].bytes += length;
	if (is_binary(bytes, length)) {
		add_binary(cast, lines, id, bytes, length);
		add_padded(cast, lines, id, bytes, length, room);
		return;
	}
	if (fits > 0)
		add_text(cast, lines, id, bytes, fits);
	cast->kept += fits;
	if (fits < length)
		add_lost(cast, lines, id, length - fits);
}

void cast_lost(
	struct cast *cast, struct cast_lines *lines, int id, uint64_t microseconds, uint64_t bytes)
{
	move_time(cast, microseconds);
	cast->streams[id].bytes += bytes;
	add_lost(cast, lines, id, bytes);
}

void cast_window(struct cast *cast, struct cast_lines *lines, uint64_t microseconds,
	unsigned columns, unsigned rows)
{
	char text[32];
	int length = snprintf(text, sizeof(text), "%ux%u", columns, rows);

	move_time(cast, microseconds);
	put_line(cast, lines, 'r', text, (size_t)length);
}

void cast_end(struct cast *cast, struct cast_lines *lines, uint64_t microseconds, const char *why)
{
	char text[MARK_MAX];

	move_time(cast, microseconds);
	for (int id = 0; id < CAST_STREAMS; id++) {
		end_binary(cast, lines, id);
		flush_pending(cast, lines, id);
		if (cast->streams[id].lost == 0)
			continue;
		(void)snprintf(text, sizeof(text), "%llu bytes of %s are not in this recording",
			(unsigned long long)cast->streams[id].lost, names[id]);
		cast_mark(cast, lines, id, text);
	}
	if (why != NULL)
		cast_mark(cast, lines, CAST_OUTPUT, why);
}
