#include "recorder/peer.h"

#include <errno.h>
#include <string.h>

#include "base/fd.h"
#include "base/message.h"
#include "recorder/peer_parts.h"

static void put_u64(struct packet_writer *writer, uint64_t value)
{
	packet_put_u32(writer, (uint32_t)value);
	packet_put_u32(writer, (uint32_t)(value >> 32));
}

/* Who does not read its answers is let go: nothing here waits for a peer. */
int peer_taken(struct peers *peers, struct peer *peer, uint64_t number, const char *text)
{
	packet_restart(&peers->writer, (enum packet_type)RECORDER_TAKEN);
	put_u64(&peers->writer, number);
	packet_put_string(&peers->writer, text);
	return packet_send(peer->fd, &peers->writer, NULL, 0);
}

int peer_failed(struct peers *peers, struct peer *peer, unsigned what, const char *why)
{
	peers->failed++;
	packet_restart(&peers->writer, (enum packet_type)RECORDER_FAILED);
	packet_put_u16(&peers->writer, (uint16_t)what);
	packet_put_string(&peers->writer, why);
	return packet_send(peer->fd, &peers->writer, NULL, 0);
}

int peer_malformed(
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
		return peer_malformed(peers, arena, peer, "EVENT");
	complaint = peer_event_complaint(object);
	if (complaint != NULL)
		return peer_malformed(peers, arena, peer, complaint);
	if (ledger_append(peers->ledger, arena, object) != 0 ||
		(peers->sync_always && ledger_sync(peers->ledger) != 0))
		return peer_failed(peers, peer, RECORDER_EVENT,
			arena_printf(arena, "event log: %s", strerror(errno)));
	return peer_taken(peers, peer, ledger_last(peers->ledger), "");
}

static int handle_status(
	struct peers *peers, struct peer *peer, struct arena *arena, struct packet *packet)
{
	struct packet_writer *writer = &peers->writer;

	if (!packet_done(packet))
		return peer_malformed(peers, arena, peer, "STATUS");
	packet_restart(writer, (enum packet_type)RECORDER_STATE);
	put_u64(writer, ledger_oldest(peers->ledger));
	put_u64(writer, ledger_last(peers->ledger));
	put_u64(writer, peers->failed);
	packet_put_u8(writer, peers->ledger->full);
	return packet_send(peer->fd, writer, NULL, 0);
}

/* What may come when: with no transcript open, with one. */
static const struct verb {
	uint16_t type;
	bool needs_transcript, needs_none;
	int (*handle)(
		struct peers *peers, struct peer *peer, struct arena *arena, struct packet *packet);
} verbs[] = {
	{RECORDER_EVENT, false, false, handle_event},
	{RECORDER_STATUS, false, false, handle_status},
	{RECORDER_OPEN, false, true, peer_open_transcript},
	{RECORDER_DATA, true, false, peer_take_data},
	{RECORDER_LOST, true, false, peer_take_lost},
	{RECORDER_WINDOW, true, false, peer_take_window},
	{RECORDER_CLOSE, true, false, peer_close_transcript},
};

int peer_handle(struct peers *peers, struct peer *peer, struct arena *arena, struct packet *packet)
{
	for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++) {
		const struct verb *verb = &verbs[i];

		if (verb->type != packet->type)
			continue;
		if ((verb->needs_transcript && peer->transcript == NULL && !peer->ended) ||
			(verb->needs_none && peer->transcript != NULL))
			return peer_malformed(peers, arena, peer, "a packet that is not its turn");
		return verb->handle(peers, peer, arena, packet);
	}
	return peer_malformed(peers, arena, peer, "a packet of a type that there is not");
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
		result = peer_malformed(peers, arena, peer, "no packet of this protocol");
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
