#include "recorder/peer.h"

#include <errno.h>
#include <string.h>

#include "base/fd.h"
#include "base/message.h"

enum { REASON_MAX = 32 };

static uint64_t get_u64(struct packet *packet)
{
	uint64_t low = packet_get_u32(packet);

	return low | (uint64_t)packet_get_u32(packet) << 32;
}

static void put_u64(struct packet_writer *writer, uint64_t value)
{
	packet_put_u32(writer, (uint32_t)value);
	packet_put_u32(writer, (uint32_t)(value >> 32));
}

/* Who does not read its answers is let go: nothing here waits for a peer. */
static int taken(struct peers *peers, struct peer *peer, uint64_t number, const char *text)
{
	packet_restart(&peers->writer, (enum packet_type)RECORDER_TAKEN);
	put_u64(&peers->writer, number);
	packet_put_string(&peers->writer, text);
	return packet_send(peer->fd, &peers->writer, NULL, 0);
}

static int failed(struct peers *peers, struct peer *peer, unsigned what, const char *why)
{
	packet_restart(&peers->writer, (enum packet_type)RECORDER_FAILED);
	packet_put_u16(&peers->writer, (uint16_t)what);
	packet_put_string(&peers->writer, why);
	return packet_send(peer->fd, &peers->writer, NULL, 0);
}

static int malformed(
	struct peers *peers, struct arena *arena, const struct peer *peer, const char *what)
{
	if (!peers->quiet)
		message_warning("process %d broke the format: %s", (int)peer->pid, what);
	(void)ledger_note(peers->ledger, arena,
		ledger_event(arena, "recorder-peer", "{s:I,s:s,s:s}", "opid", (json_int_t)peer->pid,
			"detail", what, "res", "failed"));
	return -1;
}

/* What the recorder says of the log itself, nobody else says. */
static bool is_ours(const char *operation)
{
	static const char *const ours[] = {"chain", "sign", "torn", "expired", "clock", "disk-full",
		"disk-free", "transcript", "transcript-open", "transcript-part", "recorder-peer",
		"recorder-start", "recorder-stop", "forward"};

	for (size_t i = 0; i < sizeof(ours) / sizeof(*ours); i++)
		if (strcmp(operation, ours[i]) == 0)
			return true;
	return false;
}

const char *peer_event_complaint(const char *text)
{
	const char *operation = NULL, *complaint = NULL;
	json_t *object;

	for (const char *at = text; *at != '\0'; at++)
		if (*at < 0x20 || *at > 0x7e)
			return "an event is not one line of printable ASCII";
	object = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	if (!json_is_object(object) || text[0] != '{' || text[strlen(text) - 1] != '}')
		complaint = "an event is no JSON object";
	else if (json_object_get(object, "seq") != NULL ||
		 json_object_get(object, "prev") != NULL || json_object_get(object, "hash") != NULL)
		complaint = "an event has members of the chain";
	else if (json_unpack(object, "{s:s}", "op", &operation) != 0 ||
		 strlen(operation) > RECORDER_OPERATION_MAX || is_ours(operation))
		complaint = "an event has no op, or one that the gateway may not use";
	json_decref(object);
	return complaint;
}

static int handle_event(
	struct peers *peers, struct peer *peer, struct arena *arena, struct packet *packet)
{
	const char *object = packet_get_string(arena, packet), *complaint;

	if (!packet_done(packet))
		return malformed(peers, arena, peer, "EVENT");
	complaint = peer_event_complaint(object);
	if (complaint != NULL)
		return malformed(peers, arena, peer, complaint);
	if (ledger_append(peers->ledger, arena, object) != 0 ||
		(peers->sync_always && ledger_sync(peers->ledger) != 0))
		return failed(peers, peer, RECORDER_EVENT,
			arena_printf(arena, "event log: %s", strerror(errno)));
	return taken(peers, peer, ledger_last(peers->ledger), "");
}

static int handle_open(
	struct peers *peers, struct peer *peer, struct arena *arena, struct packet *packet)
{
	const char *request = packet_get_string(arena, packet), *header, *why;
	uid_t uid = packet_get_u32(packet);
	uint64_t limit;

	header = packet_get_string(arena, packet);
	limit = get_u64(packet);
	if (!packet_done(packet))
		return malformed(peers, arena, peer, "OPEN");
	peer->ended = false;
	peer->transcript =
		transcript_open(peers->transcripts, arena, request, uid, header, limit, &why);
	if (peer->transcript == NULL)
		return failed(peers, peer, RECORDER_OPEN, why);
	return taken(peers, peer, peer->transcript->cast.limit, peer->transcript->path);
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
	return failed(peers, peer, RECORDER_DATA, why);
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

static int handle_data(
	struct peers *peers, struct peer *peer, struct arena *arena, struct packet *packet)
{
	int stream = cast_stream_of(packet_get_u8(packet));
	uint64_t microseconds = get_u64(packet);
	size_t length;
	const uint8_t *bytes = packet_get_bytes(packet, &length);

	if (!packet_done(packet) || stream < 0)
		return malformed(peers, arena, peer, "DATA");
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

static int handle_lost(
	struct peers *peers, struct peer *peer, struct arena *arena, struct packet *packet)
{
	int stream = cast_stream_of(packet_get_u8(packet));
	uint64_t microseconds = get_u64(packet), bytes = get_u64(packet);

	if (!packet_done(packet) || stream < 0)
		return malformed(peers, arena, peer, "LOST");
	if (peer->ended)
		return 0;
	cast_lost(&peer->transcript->cast, begin_lines(peers), stream, microseconds, bytes);
	return write_lines(peers, peer, arena);
}

static int handle_window(
	struct peers *peers, struct peer *peer, struct arena *arena, struct packet *packet)
{
	uint64_t microseconds = get_u64(packet);
	unsigned columns = packet_get_u16(packet), rows = packet_get_u16(packet);

	if (!packet_done(packet))
		return malformed(peers, arena, peer, "WINDOW");
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

static int handle_close(
	struct peers *peers, struct peer *peer, struct arena *arena, struct packet *packet)
{
	uint64_t microseconds = get_u64(packet);
	const char *reason = packet_get_string(arena, packet), *why;
	struct transcript *transcript = peer->transcript;
	char hash[CHAIN_HASH + 1];
	uint64_t size;

	if (!packet_done(packet) || !is_reason(reason))
		return malformed(peers, arena, peer, "CLOSE");
	if (peer->ended) {
		peer->ended = false;
		return 0;
	}
	peer->transcript = NULL;
	if (transcript_close(peers->transcripts, arena, transcript, reason, microseconds, hash,
		    &size, &why) != 0 ||
		(peers->sync_always && ledger_sync(peers->ledger) != 0))
		return failed(peers, peer, RECORDER_CLOSE,
			why != NULL ? why : "the event log can't be synchronised");
	return taken(peers, peer, size, hash);
}

/* What may come when: with no transcript open, with one. */
static const struct verb {
	uint16_t type;
	bool needs_transcript, needs_none;
	int (*handle)(
		struct peers *peers, struct peer *peer, struct arena *arena, struct packet *packet);
} verbs[] = {
	{RECORDER_EVENT, false, false, handle_event},
	{RECORDER_OPEN, false, true, handle_open},
	{RECORDER_DATA, true, false, handle_data},
	{RECORDER_LOST, true, false, handle_lost},
	{RECORDER_WINDOW, true, false, handle_window},
	{RECORDER_CLOSE, true, false, handle_close},
};

int peer_handle(struct peers *peers, struct peer *peer, struct arena *arena, struct packet *packet)
{
	for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++) {
		const struct verb *verb = &verbs[i];

		if (verb->type != packet->type)
			continue;
		if ((verb->needs_transcript && peer->transcript == NULL && !peer->ended) ||
			(verb->needs_none && peer->transcript != NULL))
			return malformed(peers, arena, peer, "a packet that is not its turn");
		return verb->handle(peers, peer, arena, packet);
	}
	return malformed(peers, arena, peer, "a packet of a type that there is not");
}

int peer_serve(struct peers *peers, struct peer *peer)
{
	struct packet packet;
	int got = packet_receive(peer->fd, peers->buffer, &packet), result;
	struct arena *arena;

	if (got < 0 && errno == EAGAIN)
		return 1;
	if (got == 0 || (got < 0 && errno != EPROTO))
		return -1;
	arena = arena_new();
	if (got < 0 || packet.descriptor_count > 0)
		result = malformed(peers, arena, peer, "no packet of this protocol");
	else
		result = peer_handle(peers, peer, arena, &packet);
	if (got > 0)
		packet_close_descriptors(&packet);
	arena_free(arena);
	return result;
}

void peer_close(struct peers *peers, struct peer *peer)
{
	struct arena *arena = arena_new();
	char hash[CHAIN_HASH + 1];
	const char *why;
	uint64_t size;

	if (peer->transcript != NULL && transcript_close(peers->transcripts, arena,
						peer->transcript, "cut", 0, hash, &size, &why) != 0)
		message_error("%s", why);
	peer->transcript = NULL;
	arena_free(arena);
	fd_close(&peer->fd);
}
