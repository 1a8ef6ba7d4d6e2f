/* rolegatectl's side door: root alone, one request a connection. */
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/message.h"
#include "gateway/clock.h"
#include "gateway/listener.h"
#include "gateway/parts.h"
#include "gateway/session.h"

enum {
	ASK_TIMEOUT = 10 * 1000, /* ms to say what it wants */
	READ_TIMEOUT = 10,       /* seconds to take a part of the answer */
	STATUS_REFUSED = 2,
};

static bool is_root(int socket)
{
	struct ucred peer;
	socklen_t size = sizeof(peer);

	return getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.uid == 0;
}

void control_accept(struct listener *listener)
{
	_cleanup_fd_ int fd = accept4(
		listener->sockets.control, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0 || !is_root(fd))
		return;
	for (size_t i = 0; i < CONTROL_MAX; i++) {
		if (listener->control[i].fd >= 0)
			continue;
		listener->control[i] = (struct control){ .fd = fd_take(&fd),
			.accepted = clock_now(),
			.deadline = clock_now() + ASK_TIMEOUT };
		return;
	}
	message_warning("more than %d control connections", CONTROL_MAX);
}

static void send_all(int socket, struct arena *arena, const char *text, unsigned status)
{
	struct timeval limit = { .tv_sec = READ_TIMEOUT };
	struct packet_writer writer;
	int flags = fcntl(socket, F_GETFL);

	if (flags < 0 || fcntl(socket, F_SETFL, flags & ~O_NONBLOCK) != 0 ||
		setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit)) != 0)
		return;
	packet_start(arena, &writer, PACKET_ANSWER);
	while (text != NULL) {
		part_write(&writer, &text, status);
		if (packet_send(socket, &writer, NULL, 0) != 0)
			return;
	}
}

/* By a child: writing the answer can take as long as its reader does. NULL: the status. */
static void answer(struct listener *listener, struct control *control,
	const struct configuration *configuration, unsigned status)
{
	int socket = fd_take(&control->fd);
	bool json = (control->flags & PACKET_FLAG_JSON) != 0;
	pid_t pid = fork();

	if (pid == 0) {
		struct arena *arena = arena_new();

		send_all(socket, arena,
			control->waiting ? reload_text(arena, configuration, json)
					 : status_text(arena, listener, json),
			status);
		session_hang_up(socket);
		_exit(0);
	}
	if (pid < 0)
		message_error("no process to answer with: %m");
	close(socket);
}

static int parse(struct packet *packet, unsigned *flags)
{
	*flags = packet_get_u32(packet);
	if (!packet_done(packet) || (*flags & ~(unsigned)PACKET_FLAG_JSON) != 0 ||
		packet->descriptor_count != 0)
		return -1;
	return packet->type == PACKET_STATUS || packet->type == PACKET_RELOAD ? 0 : -1;
}

/* What the kernel says of a person behind sudo(8) is the login uid: it differs from the uid. */
static void load_for(struct listener *listener, const struct control *control)
{
	struct arena *arena = arena_new();
	struct asker asker = { .by = "rolegatectl" };
	const char *complaint;

	(void)peer_identify(arena, control->fd, control->accepted, true, &asker.peer, &complaint);
	fd_close(&asker.peer.pidfd);
	arena_free(arena);
	reload_start(listener, &asker);
}

void control_serve(struct listener *listener, struct control *control)
{
	static uint8_t buffer[PACKET_MAX];
	struct packet packet;

	if (control->fd < 0)
		return;
	if (control->waiting || packet_receive(control->fd, buffer, &packet) != 1) {
		fd_close(&control->fd); /* gone, or two requests at once */
		return;
	}
	if (parse(&packet, &control->flags) != 0) {
		message_warning("a control connection does not keep to the protocol");
		packet_close_descriptors(&packet);
		fd_close(&control->fd);
	} else if (packet.type == PACKET_STATUS) {
		answer(listener, control, NULL, 0);
	} else {
		control->waiting = true;
		load_for(listener, control);
	}
}

void control_loaded(struct listener *listener, const struct configuration *configuration)
{
	bool loaded = configuration != NULL && configuration->policy != NULL;

	for (size_t i = 0; i < CONTROL_MAX; i++)
		if (listener->control[i].fd >= 0 && listener->control[i].waiting)
			answer(listener, &listener->control[i], configuration,
				loaded ? 0 : STATUS_REFUSED);
}

int64_t control_expire(struct listener *listener)
{
	int64_t now = clock_now(), next = CLOCK_NEVER;

	for (size_t i = 0; i < CONTROL_MAX; i++) {
		struct control *control = &listener->control[i];

		if (control->fd < 0 || control->waiting)
			continue;
		if (control->deadline <= now)
			fd_close(&control->fd);
		else if (next == CLOCK_NEVER || control->deadline < next)
			next = control->deadline;
	}
	return next;
}
