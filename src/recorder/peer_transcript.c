/* What is sent of a transcript. */
#include <string.h>

#include "base/message.h"
#include "recorder/peer_parts.h"

enum { REASON_MAX = 32 };

static uint64_t get_u64(struct packet *packet)
{
	uint64_t low = packet_get_u32(packet);

	return low | (uint64_t)packet_get_u32(packet) << 32;
}

/* It can't be written to any more. */
static int give_up(struct peers *peers, struct peer *peer, struct arena *arena, const char *why)
{
	char hash[CHAIN_HASH + 1];
	const char *ignored;
	uint64_t size;

	message_error("%s", why);
	(void)transcript_close(
		peers->transcripts, arena, peer->transcript, "failed", 0, hash, &size, &ignored);
	peer->transcript = NULL;
	peer->ended = true;
	return peer_failed(peers, peer, RECORDER_DATA, why);
}

int peer_open_transcript(
	struct peers *peers, struct peer *peer, struct arena *arena, struct packet *packet)
{
	const char *request = packet_get_string(arena, packet), *header, *why;
	uid_t uid = packet_get_u32(packet);
	uint64_t limit;

	header = packet_get_string(arena, packet);
	limit = get_u64(packet);
	if (!packet_done(packet))
		return peer_malformed(peers, arena, peer, "OPEN");
	peer->ended = false;
	peer->transcript =
		transcript_open(peers->transcripts, arena, request, uid, header, limit, &why);
	if (peer->transcript == NULL)
		return peer_failed(peers, peer, RECORDER_OPEN, why);
	if (peers->sync_always && ledger_sync(peers->ledger) != 0)
		return give_up(peers, peer, arena, "the event log can't be synchronised");
	return peer_taken(peers, peer, peer->transcript->cast.limit, peer->transcript->path);
}

static int write_lines(struct peers *peers, struct peer *peer, struct arena *arena)
{
	const char *why;

	if (transcript_write(peers->transcripts, arena, peer->transcript, &why) != 0)
		return give_up(peers, peer, arena, why);
	if (event_ticks() - peer->transcript->told_at >= TRANSCRIPT_PART)
		transcript_tell(peers->transcripts, arena, peer->transcript);
	return 0;
}

static struct cast_lines *begin_lines(struct peers *peers)
{
	peers->transcripts->lines.length = 0;
	peers->transcripts->lines.overflow = false;
	return &peers->transcripts->lines;
}

int peer_take_data(
	struct peers *peers, struct peer *peer, struct arena *arena, struct packet *packet)
{
	int stream = cast_stream_of(packet_get_u8(packet));
	uint64_t microseconds = get_u64(packet);
	size_t length;
	const uint8_t *bytes = packet_get_bytes(packet, &length);

	if (!packet_done(packet) || stream < 0)
		return peer_malformed(peers, arena, peer, "DATA");
	if (peer->ended)
		return 0;
	if (transcript_is_long(peer->transcript))
		cast_lost(
			&peer->transcript->cast, begin_lines(peers), stream, microseconds, length);
	else
		cast_data(&peer->transcript->cast, begin_lines(peers), stream, microseconds, bytes,
			length);
	return write_lines(peers, peer, arena);
}

int peer_take_lost(
	struct peers *peers, struct peer *peer, struct arena *arena, struct packet *packet)
{
	int stream = cast_stream_of(packet_get_u8(packet));
	uint64_t microseconds = get_u64(packet), bytes = get_u64(packet);

	if (!packet_done(packet) || stream < 0)
		return peer_malformed(peers, arena, peer, "LOST");
	if (peer->ended)
		return 0;
	cast_lost(&peer->transcript->cast, begin_lines(peers), stream, microseconds, bytes);
	return write_lines(peers, peer, arena);
}

int peer_take_window(
	struct peers *peers, struct peer *peer, struct arena *arena, struct packet *packet)
{
	uint64_t microseconds = get_u64(packet);
	unsigned columns = packet_get_u16(packet), rows = packet_get_u16(packet);

	if (!packet_done(packet))
		return peer_malformed(peers, arena, peer, "WINDOW");
	if (peer->ended || transcript_is_long(peer->transcript))
		return 0;
	cast_window(&peer->transcript->cast, begin_lines(peers), microseconds, columns, rows);
	return write_lines(peers, peer, arena);
}

static bool is_reason(const char *text)
{
	return *text != '\0' && strlen(text) <= REASON_MAX &&
	       strspn(text, "abcdefghijklmnopqrstuvwxyz-") == strlen(text);
}

int peer_close_transcript(
	struct peers *peers, struct peer *peer, struct arena *arena, struct packet *packet)
{
	uint64_t microseconds = get_u64(packet);
	const char *reason = packet_get_string(arena, packet), *why;
	struct transcript *transcript = peer->transcript;
	char hash[CHAIN_HASH + 1];
	uint64_t size;

	if (!packet_done(packet) || !is_reason(reason))
		return peer_malformed(peers, arena, peer, "CLOSE");
	if (peer->ended) {
		peer->ended = false;
		return 0;
	}
	peer->transcript = NULL;
	if (transcript_close(peers->transcripts, arena, transcript, reason, microseconds, hash,
		    &size, &why) != 0 ||
		(peers->sync_always && ledger_sync(peers->ledger) != 0))
		return peer_failed(peers, peer, RECORDER_CLOSE,
			why != NULL ? why : "the event log can't be synchronised");
	return peer_taken(peers, peer, size, hash);
}
