#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "protocol/protocol.h"

enum { HEADER_SIZE = 4 };

static void packet_clear(struct packet *packet)
{
	memset(packet, 0, sizeof(*packet));
	for (size_t i = 0; i < PACKET_DESCRIPTORS_MAX; i++)
		packet->descriptors[i] = -1;
}

/* The fields only: descriptors that came along stay. */
static int parse_header(const uint8_t *bytes, size_t length, struct packet *packet)
{
	packet->bytes = bytes;
	packet->length = length;
	packet->offset = 0;
	if (packet_get_u16(packet) != PROTOCOL_VERSION)
		return -1;
	packet->type = packet_get_u16(packet);
	if (packet->bad || length > PACKET_MAX)
		return -1;
	packet->bytes += HEADER_SIZE;
	packet->length -= HEADER_SIZE;
	packet->offset = 0;
	return 0;
}

int packet_parse(const uint8_t *bytes, size_t length, struct packet *packet)
{
	packet_clear(packet);
	return parse_header(bytes, length, packet);
}

/* Whatever the kernel has already installed is ours to close, so take it all before judging. */
static int take_descriptors(struct msghdr *message, struct packet *packet)
{
	int result = message->msg_flags & (MSG_CTRUNC | MSG_TRUNC) ? -1 : 0;

	for (struct cmsghdr *header = CMSG_FIRSTHDR(message); header != NULL;
		header = CMSG_NXTHDR(message, header)) {
		if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) {
			result = -1;
			continue;
		}
		for (size_t at = CMSG_LEN(0); at + sizeof(int) <= header->cmsg_len; at += sizeof(int)) {
			int fd;

			memcpy(&fd, (char *)header + at, sizeof(fd));
			if (packet->descriptor_count < PACKET_DESCRIPTORS_MAX) {
				packet->descriptors[packet->descriptor_count++] = fd;
			} else {
				close(fd);
				result = -1;
			}
		}
	}
	return result;
}

int packet_receive(int socket, uint8_t *buffer, struct packet *packet)
{
	/* No more room than for the agreed number: the kernel drops the others (R22). */
	_Alignas(struct cmsghdr) char control[CMSG_LEN(PACKET_DESCRIPTORS_MAX * sizeof(int))];
	struct iovec part = { buffer, PACKET_MAX };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control,
		.msg_controllen = sizeof(control) };
	ssize_t length;
	int taken;

	packet_clear(packet);
	do
		length = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
	while (length < 0 && errno == EINTR);
	if (length < 0)
		return -1;
	taken = take_descriptors(&message, packet);
	if (length > 0 && taken == 0 && parse_header(buffer, (size_t)length, packet) == 0)
		return 1;
	packet_close_descriptors(packet);
	if (length == 0)
		return 0;
	errno = EPROTO;
	return -1;
}

/* `length` bytes of the packet, or NULL, and then everything after is bad too. */
static const uint8_t *take(struct packet *packet, size_t length)
{
	const uint8_t *bytes = packet->bytes + packet->offset;

	if (packet->bad || length > packet->length - packet->offset) {
		packet->bad = true;
		return NULL;
	}
	packet->offset += length;
	return bytes;
}

uint8_t packet_get_u8(struct packet *packet)
{
	const uint8_t *bytes = take(packet, 1);

	return bytes == NULL ? 0 : bytes[0];
}

uint16_t packet_get_u16(struct packet *packet)
{
	const uint8_t *bytes = take(packet, 2);

	if (bytes == NULL)
		return 0;
	return (uint16_t)(bytes[0] | (unsigned)bytes[1] << 8);
}

uint32_t packet_get_u32(struct packet *packet)
{
	const uint8_t *bytes = take(packet, 4);

	if (bytes == NULL)
		return 0;
	return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
	       (uint32_t)bytes[3] << 24;
}

const uint8_t *packet_get_bytes(struct packet *packet, size_t *length)
{
	const uint8_t *bytes;

	*length = packet_get_u32(packet);
	bytes = take(packet, *length);
	if (bytes == NULL)
		*length = 0;
	return bytes == NULL ? (const uint8_t *)"" : bytes;
}

char *packet_get_string(struct arena *arena, struct packet *packet)
{
	size_t length;
	const uint8_t *bytes = packet_get_bytes(packet, &length);

	if (length != 0 && memchr(bytes, '\0', length) != NULL) {
		packet->bad = true;
		length = 0;
	}
	return arena_strndup(arena, (const char *)bytes, length);
}

struct packet_window packet_get_window(struct packet *packet)
{
	struct packet_window window;

	window.rows = packet_get_u16(packet);
	window.columns = packet_get_u16(packet);
	window.x_pixels = packet_get_u16(packet);
	window.y_pixels = packet_get_u16(packet);
	return window;
}

char **packet_get_words(struct arena *arena, struct packet *packet, size_t *count)
{
	size_t left, claimed = packet_get_u32(packet);
	char **words;

	left = packet->length - packet->offset;
	if (claimed > PACKET_WORDS_MAX || claimed > left / 4)
		packet->bad = true;
	*count = packet->bad ? 0 : claimed;
	words = arena_array(arena, *count + 1, sizeof(*words));
	for (size_t i = 0; i < *count; i++)
		words[i] = packet_get_string(arena, packet);
	if (packet->bad)
		*count = 0;
	return words;
}

bool packet_done(const struct packet *packet)
{
	return !packet->bad && packet->offset == packet->length;
}

void packet_close_descriptors(struct packet *packet)
{
	for (size_t i = 0; i < packet->descriptor_count; i++) {
		if (packet->descriptors[i] >= 0)
			close(packet->descriptors[i]);
		packet->descriptors[i] = -1;
	}
	packet->descriptor_count = 0;
}
