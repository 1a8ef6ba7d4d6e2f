#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "protocol/protocol.h"

void packet_restart(struct packet_writer *writer, enum packet_type type)
{
	writer->length = 0;
	writer->overflow = false;
	packet_put_u16(writer, PROTOCOL_VERSION);
	packet_put_u16(writer, (uint16_t)type);
}

void packet_start(struct arena *arena, struct packet_writer *writer, enum packet_type type)
{
	writer->bytes = arena_alloc(arena, PACKET_MAX);
	packet_restart(writer, type);
}

static void put(struct packet_writer *writer, const void *bytes, size_t length)
{
	if (writer->overflow || length > PACKET_MAX - writer->length) {
		writer->overflow = true;
		return;
	}
	if (length != 0)
		memcpy(writer->bytes + writer->length, bytes, length);
	writer->length += length;
}

void packet_put_u8(struct packet_writer *writer, uint8_t value)
{
	put(writer, &value, 1);
}

void packet_put_u16(struct packet_writer *writer, uint16_t value)
{
	uint8_t bytes[] = { (uint8_t)value, (uint8_t)(value >> 8) };

	put(writer, bytes, sizeof(bytes));
}

void packet_put_u32(struct packet_writer *writer, uint32_t value)
{
	packet_put_u16(writer, (uint16_t)value);
	packet_put_u16(writer, (uint16_t)(value >> 16));
}

void packet_put_bytes(struct packet_writer *writer, const void *bytes, size_t length)
{
	if (length > PACKET_MAX) {
		writer->overflow = true;
		return;
	}
	packet_put_u32(writer, (uint32_t)length);
	put(writer, bytes, length);
}

void packet_put_string(struct packet_writer *writer, const char *text)
{
	packet_put_bytes(writer, text, text == NULL ? 0 : strlen(text));
}

void packet_put_window(struct packet_writer *writer, const struct packet_window *window)
{
	packet_put_u16(writer, window->rows);
	packet_put_u16(writer, window->columns);
	packet_put_u16(writer, window->x_pixels);
	packet_put_u16(writer, window->y_pixels);
}

/* The control part of `message`: `count` descriptors. */
static void attach(struct msghdr *message, void *control, const int *descriptors, size_t count)
{
	struct cmsghdr *header;

	message->msg_control = control;
	message->msg_controllen = CMSG_SPACE(count * sizeof(int));
	header = CMSG_FIRSTHDR(message);
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(count * sizeof(int));
	memcpy(CMSG_DATA(header), descriptors, count * sizeof(int));
}

int packet_send(int socket, const struct packet_writer *writer, const int *descriptors,
	size_t descriptor_count)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(PACKET_DESCRIPTORS_MAX * sizeof(int))] = "";
	struct iovec part = { writer->bytes, writer->length };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
	ssize_t sent;

	if (writer->overflow || descriptor_count > PACKET_DESCRIPTORS_MAX) {
		errno = EMSGSIZE;
		return -1;
	}
	if (descriptor_count != 0)
		attach(&message, control, descriptors, descriptor_count);
	do
		sent = sendmsg(socket, &message, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent < 0 ? -1 : 0;
}
