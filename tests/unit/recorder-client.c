#include "recorder-client.h"

#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/fd.h"

struct recorder_client client_of(int socket)
{
	struct recorder_client client = {.socket = socket, .arena = arena_new()};

	client.buffer = arena_alloc(client.arena, PACKET_MAX);
	packet_start(client.arena, &client.writer, (enum packet_type)RECORDER_EVENT);
	return client;
}

struct recorder_client client_connect(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0)
		fd_close(&fd);
	return client_of(fd);
}

void client_close(struct recorder_client *client)
{
	fd_close(&client->socket);
	arena_free(client->arena);
}

static struct packet_writer *start(struct recorder_client *client, enum recorder_packet type)
{
	packet_restart(&client->writer, (enum packet_type)type);
	return &client->writer;
}

static void put_u64(struct packet_writer *writer, uint64_t value)
{
	packet_put_u32(writer, (uint32_t)value);
	packet_put_u32(writer, (uint32_t)(value >> 32));
}

static int send_it(struct recorder_client *client)
{
	return packet_send(client->socket, &client->writer, NULL, 0);
}

int client_event(struct recorder_client *client, const char *object)
{
	packet_put_string(start(client, RECORDER_EVENT), object);
	return send_it(client);
}

int client_open(struct recorder_client *client, const char *request, uint32_t uid,
	const char *header, uint64_t limit)
{
	struct packet_writer *writer = start(client, RECORDER_OPEN);

	packet_put_string(writer, request);
	packet_put_u32(writer, uid);
	packet_put_string(writer, header);
	put_u64(writer, limit);
	return send_it(client);
}

int client_data(struct recorder_client *client, char code, uint64_t microseconds, const void *bytes,
	size_t length)
{
	struct packet_writer *writer = start(client, RECORDER_DATA);

	packet_put_u8(writer, (uint8_t)code);
	put_u64(writer, microseconds);
	packet_put_bytes(writer, bytes, length);
	return send_it(client);
}

int client_lost(struct recorder_client *client, char code, uint64_t microseconds, uint64_t bytes)
{
	struct packet_writer *writer = start(client, RECORDER_LOST);

	packet_put_u8(writer, (uint8_t)code);
	put_u64(writer, microseconds);
	put_u64(writer, bytes);
	return send_it(client);
}

int client_window(
	struct recorder_client *client, uint64_t microseconds, unsigned columns, unsigned rows)
{
	struct packet_writer *writer = start(client, RECORDER_WINDOW);

	put_u64(writer, microseconds);
	packet_put_u16(writer, (uint16_t)columns);
	packet_put_u16(writer, (uint16_t)rows);
	return send_it(client);
}

int client_end(struct recorder_client *client, uint64_t microseconds, const char *reason)
{
	struct packet_writer *writer = start(client, RECORDER_CLOSE);

	put_u64(writer, microseconds);
	packet_put_string(writer, reason);
	return send_it(client);
}

int client_answer(struct recorder_client *client, struct recorder_answer *answer)
{
	struct packet packet;
	uint64_t low;

	*answer = (struct recorder_answer){.text = ""};
	if (packet_receive(client->socket, client->buffer, &packet) <= 0)
		return -1;
	answer->taken = packet.type == RECORDER_TAKEN;
	if (answer->taken) {
		low = packet_get_u32(&packet);
		answer->number = low | (uint64_t)packet_get_u32(&packet) << 32;
	} else if (packet.type == RECORDER_FAILED) {
		answer->what = packet_get_u16(&packet);
	} else {
		return -1;
	}
	answer->text = packet_get_string(client->arena, &packet);
	return packet_done(&packet) ? 0 : -1;
}
