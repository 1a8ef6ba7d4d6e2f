#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/message.h"
#include "base/text.h"
#include "client/client.h"
#include "client/run.h"

/* How long a gateway may leave us in the queue of its listening socket. */
enum { CONNECT_SECONDS = 15 };

/* Where the last connection went: a client has one endpoint. */
static char connected[sizeof(((struct sockaddr_un *)0)->sun_path)];

static int connect_path(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct timeval patience = {.tv_sec = CONNECT_SECONDS};
	_cleanup_fd_ int fd = -1;

	if (strlen(path) >= sizeof(address.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(address.sun_path, path, strlen(path));
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience)) < 0)
		return -1;
	while (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		if (errno != EINTR)
			return -1;
	if (fcntl(fd, F_SETFL, O_NONBLOCK) < 0)
		return -1;
	memmove(connected, address.sun_path, sizeof(connected));
	return fd_take(&fd);
}

static void complain(const char *path, const char *endpoint)
{
	const char *name = endpoint == NULL ? "default" : endpoint;

	if (errno == ENOENT)
		message_error("no endpoint \"%s\" here: %s does not exist", name, path);
	else if (errno == ECONNREFUSED)
		message_error("the gateway is not running: nobody listens on %s", path);
	else if (errno == EACCES || errno == EPERM)
		message_error("you may not use the endpoint \"%s\": %s: %m", name, path);
	else if (errno == EAGAIN)
		message_error("the gateway is busy: %s took no connection in %d seconds", path,
			CONNECT_SECONDS);
	else
		message_error("can't connect to %s: %m", path);
}

int client_connect(const char *endpoint)
{
	struct arena *arena;
	const char *path;
	int fd;

	if (endpoint != NULL && endpoint[0] != '/' && !text_is_name(endpoint)) {
		message_error("\"%s\" is no endpoint's name", endpoint);
		return -1;
	}
	arena = arena_new();
	if (endpoint != NULL && endpoint[0] == '/')
		path = endpoint;
	else
		path = arena_printf(arena, "%s/%s.sock", ROLEGATE_RUN_DIR,
			endpoint == NULL ? "default" : endpoint);
	fd = connect_path(path);
	if (fd < 0 && errno == ENOENT && endpoint == NULL)
		fd = connect_path(ROLEGATE_RUN_DIR "/operations.sock");
	if (fd < 0)
		complain(path, endpoint);
	arena_free(arena);
	return fd;
}

int client_renew(int socket)
{
	_cleanup_fd_ int fd = connect_path(connected);

	if (fd < 0) {
		complain(connected, connected);
		return -1;
	}
	return dup3(fd, socket, O_CLOEXEC) < 0 ? -1 : 0;
}

char *client_endpoint_name(struct arena *arena, const char *endpoint)
{
	char target[256];
	ssize_t length = 0;
	const char *name = endpoint;
	char *copy, *end;

	if (name == NULL) {
		length = readlink(ROLEGATE_RUN_DIR "/default.sock", target, sizeof(target) - 1);
		target[length < 0 ? 0 : length] = '\0';
		name = length > 0 ? target : "operations";
	}
	if (strrchr(name, '/') != NULL)
		name = strrchr(name, '/') + 1;
	copy = text_escape(arena, name, strlen(name));
	end = strstr(copy, ".sock");
	if (end != NULL && strcmp(end, ".sock") == 0)
		*end = '\0';
	return copy;
}

static int wait_for(int socket, short events)
{
	struct pollfd item = {.fd = socket, .events = events};

	while (poll(&item, 1, -1) < 0)
		if (errno != EINTR)
			return -1;
	return 0;
}

int client_send(
	int socket, const struct packet_writer *writer, const int *descriptors, size_t count)
{
	while (packet_send(socket, writer, descriptors, count) < 0) {
		if (errno != EAGAIN && errno != EINTR)
			return -1;
		if (errno == EAGAIN && wait_for(socket, POLLOUT) < 0)
			return -1;
	}
	return 0;
}

int client_receive(int socket, uint8_t *buffer, struct packet *packet)
{
	int got = packet_receive(socket, buffer, packet);

	/* The kernel reports this once, ahead of packets that are still there. */
	if (got < 0 && (errno == ECONNRESET || errno == EPIPE))
		got = packet_receive(socket, buffer, packet);
	if (got < 0 && (errno == ECONNRESET || errno == EPIPE))
		return 0;
	if (got > 0 && packet->descriptor_count > 0) {
		packet_close_descriptors(packet);
		errno = EPROTO;
		return -1;
	}
	return got;
}
