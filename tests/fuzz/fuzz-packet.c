/*
 * Any bytes as a packet, as they are and with the protocol's version, whatever that is by now: every
 * field reader in an order that the input chooses.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/protocol.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_as(struct packet *packet, struct arena *arena)
{
	size_t length;

	switch (packet->type) {
	case PACKET_RUN:
		packet_get_u32(packet);
		packet_get_string(arena, packet);
		packet_get_u8(packet);
		packet_get_string(arena, packet);
		packet_get_window(packet);
		packet_get_string(arena, packet);
		packet_get_string(arena, packet);
		packet_get_words(arena, packet, &length);
		break;
	case PACKET_CHECK:
		packet_get_u32(packet);
		packet_get_string(arena, packet);
		packet_get_string(arena, packet);
		packet_get_string(arena, packet);
		packet_get_words(arena, packet, &length);
		break;
	case PACKET_CHOICES:
		packet_get_u32(packet);
		packet_get_string(arena, packet);
		packet_get_string(arena, packet);
		packet_get_words(arena, packet, &length);
		break;
	case PACKET_DESCRIBE:
		packet_get_u32(packet);
		packet_get_string(arena, packet);
		packet_get_words(arena, packet, &length);
		break;
	case PACKET_TERMINATE:
		packet_get_u32(packet);
		packet_get_u8(packet);
		packet_get_string(arena, packet);
		packet_get_string(arena, packet);
		break;
	case PACKET_PERMITTED:
		packet_get_u32(packet);
		packet_get_string(arena, packet);
		packet_get_words(arena, packet, &length);
		break;
	case PACKET_ANSWER:
		packet_get_u8(packet);
		packet_get_u32(packet);
		packet_get_bytes(packet, &length);
		break;
	case PACKET_INPUT:
		packet_get_bytes(packet, &length);
		break;
	case PACKET_WINDOW:
		packet_get_window(packet);
		break;
	default:
		packet_get_u8(packet);
		packet_get_u16(packet);
		packet_get_string(arena, packet);
		break;
	}
}

static void parse(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	struct packet packet;

	if (packet_parse(data, size, &packet) == 0) {
		read_as(&packet, arena);
		if (packet.offset > packet.length || (packet_done(&packet) && packet.bad))
			abort();
	}
	arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t version[] = {PROTOCOL_VERSION & 0xff, PROTOCOL_VERSION >> 8};
	uint8_t *bytes;

	parse(data, size);
	if (size < sizeof(version) || (bytes = malloc(size)) == NULL)
		return 0;
	memcpy(bytes, data, size);
	memcpy(bytes, version, sizeof(version));
	parse(bytes, size);
	free(bytes);
	return 0;
}
