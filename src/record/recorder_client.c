#include "record/recorder_client.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/fd.h"
#include "record/recorder_packets.h"
#include "recorder/wire.h"

static int64_t now(void)
{
	struct timespec time;

	(void)clock_gettime(CLOCK_BOOTTIME, &time);
	return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

__attribute__((format(printf, 2, 3))) static int fail(
	struct recorder_client *client, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(client->complaint, sizeof(client->complaint), format, arguments);
	va_end(arguments);
	recorder_client_close(client);
	return -1;
}

void recorder_client_init(struct recorder_client *client, const char *path)
{
	*client = (struct recorder_client){
		.path = path == NULL ? RECORDER_SOCKET : path,
		.patience = RECORDER_PATIENCE,
		.socket = -1,
		.arena = arena_new()};
	packet_start(client->arena, &client->writer, 0);
	client->buffer = arena_alloc(client->arena, PACKET_MAX);
}

void recorder_client_close(struct recorder_client *client)
{
	fd_close(&client->socket);
	client->socket = -1;
}

void recorder_client_free(struct recorder_client *client)
{
	recorder_client_close(client);
	arena_free(client->arena);
	client->arena = NULL;
}

static int hangs(struct recorder_client *client)
{
	client->hung = now() + RECORDER_PATIENCE;
	return fail(client, "the recorder does not answer");
}

/* 0 when it may be tried again; -1 when the time is over or the peer is gone. */
static int wait_for(struct recorder_client *client, short events, int64_t deadline)
{
	struct pollfd fd = {.fd = client->socket, .events = events};
	int64_t left = deadline - now();
	int ready = poll(&fd, 1, left < 0 ? 0 : (int)left);

	if (ready == 0)
		return hangs(client);
	if (ready < 0 && errno != EINTR)
		return fail(client, "the recorder: %s", strerror(errno));
	return 0;
}

/* A full queue of connections is waited for as everything else is. */
static int connect_anew(struct recorder_client *client)
{
	const struct timeval limit = {
		.tv_sec = client->patience / 1000, .tv_usec = client->patience % 1000 * 1000};
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	if (strlen(client->path) >= sizeof(address.sun_path))
		return fail(client, "the recorder: %s", strerror(ENAMETOOLONG));
	memcpy(address.sun_path, client->path, strlen(client->path));
	client->socket = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (client->socket < 0 ||
		setsockopt(client->socket, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit)) != 0)
		return fail(client, "the recorder: %s", strerror(errno));
	if (connect(client->socket, (struct sockaddr *)&address, sizeof(address)) == 0)
		return 0;
	if (errno == EAGAIN)
		return hangs(client);
	return fail(client, "the recorder is not there: %s", strerror(errno));
}

/* One that was restarted has closed what there was. Nothing is to be read between two questions. */
int recorder_client_connect(struct recorder_client *client)
{
	struct pollfd fd = {.fd = client->socket, .events = POLLIN | POLLRDHUP};

	if (client->socket >= 0 && poll(&fd, 1, 0) == 0)
		return 0;
	recorder_client_close(client);
	if (client->hung > now())
		return fail(client, "the recorder does not answer");
	return connect_anew(client);
}

/* The next packet, whose fields point into client->buffer. */
static int receive(struct recorder_client *client, struct packet *packet, int64_t deadline)
{
	int got;

	if (wait_for(client, POLLIN, deadline) != 0)
		return -1;
	got = packet_receive(client->socket, client->buffer, packet);
	/* An error comes before what was said until then, once. */
	if (got < 0 && errno == ECONNRESET)
		got = packet_receive(client->socket, client->buffer, packet);
	if (got == 1 && packet->descriptor_count == 0)
		return 0;
	if (got == 1)
		packet_close_descriptors(packet);
	if (got == 0 || (got < 0 && errno == ECONNRESET))
		return fail(client, "the recorder has ended");
	return fail(client, "the recorder: %s", got < 0 ? strerror(errno) : strerror(EPROTO));
}

static int refused(struct recorder_client *client, struct packet *packet)
{
	struct arena *arena = arena_new();
	const char *why;
	int result;

	(void)packet_get_u16(packet); /* of which question: there is one at a time */
	why = packet_get_string(arena, packet);
	result = fail(client, "the recorder: %s",
		packet_done(packet) ? why : "it does not keep to the protocol");

	arena_free(arena);
	return result;
}

/* It may have said why before it went. */
static int sending_failed(struct recorder_client *client)
{
	int error = errno;
	struct pollfd fd = {.fd = client->socket, .events = POLLIN};
	struct packet packet;

	if (poll(&fd, 1, 0) == 1) {
		if (receive(client, &packet, now()) != 0)
			return -1;
		if (packet.type == RECORDER_FAILED)
			return refused(client, &packet);
	}
	return error == EPIPE || error == ECONNRESET
		       ? fail(client, "the recorder has ended")
		       : fail(client, "the recorder: %s", strerror(error));
}

int recorder_client_send(struct recorder_client *client)
{
	const struct packet_writer *writer = &client->writer;
	int64_t deadline = 0; /* asked for when it is needed: this is done for every chunk */

	if (writer->overflow)
		return fail(client, "it is larger than the recorder takes");
	while (client->socket >= 0 && send(client->socket, writer->bytes, writer->length,
					      MSG_DONTWAIT | MSG_NOSIGNAL) < 0) {
		if (errno != EAGAIN && errno != EINTR)
			return sending_failed(client);
		if (deadline == 0)
			deadline = now() + client->patience;
		if (wait_for(client, POLLOUT, deadline) != 0)
			return -1;
	}
	return client->socket < 0 ? -1 : 0;
}

static uint64_t get_u64(struct packet *packet)
{
	uint64_t low = packet_get_u32(packet);

	return low | (uint64_t)packet_get_u32(packet) << 32;
}

int recorder_client_taken(struct recorder_client *client, uint64_t *number)
{
	struct packet packet;
	size_t length;

	if (client->socket < 0 || receive(client, &packet, now() + client->patience) != 0)
		return -1;
	if (packet.type == RECORDER_FAILED)
		return refused(client, &packet);
	*number = get_u64(&packet);
	(void)packet_get_bytes(&packet, &length);
	if (packet.type != RECORDER_TAKEN || !packet_done(&packet))
		return fail(client, "the recorder does not keep to the protocol");
	return 0;
}

int recorder_client_failed(struct recorder_client *client)
{
	struct packet packet;

	if (client->socket < 0 || receive(client, &packet, now() + client->patience) != 0)
		return -1;
	if (packet.type == RECORDER_FAILED)
		return refused(client, &packet);
	return fail(client, "the recorder does not keep to the protocol");
}

int recorder_client_probe(struct recorder_client *client, struct recorder_state *state)
{
	struct packet packet;

	if (recorder_client_connect(client) != 0)
		return -1;
	packet_restart(&client->writer, (enum packet_type)RECORDER_STATUS);
	if (recorder_client_send(client) != 0 || client->socket < 0 ||
		receive(client, &packet, now() + client->patience) != 0)
		return -1;
	state->oldest = get_u64(&packet);
	state->newest = get_u64(&packet);
	state->failed = get_u64(&packet);
	state->full = packet_get_u8(&packet) != 0;
	if (packet.type == RECORDER_STATE && packet_done(&packet))
		return 0;
	return fail(client, "the recorder does not keep to the protocol");
}
