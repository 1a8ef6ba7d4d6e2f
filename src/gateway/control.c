/* rolegatectl's side door: root alone, one request a connection. */
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/message.h"
#include "gateway/clock.h"
#include "gateway/control.h"
#include "gateway/parts.h"
#include "gateway/session.h"

enum {
	ASK_TIMEOUT = 10 * 1000, /* ms to say what it wants */
	READ_TIMEOUT = 10,	 /* seconds to take a part of the answer */
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
	_cleanup_fd_ int fd =
		accept4(listener->sockets.control, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0 || !is_root(fd))
		return;
	for (size_t i = 0; i < CONTROL_MAX; i++) {
		if (listener->control[i].fd >= 0)
			continue;
		listener->control[i] = (struct control){.fd = fd_take(&fd),
			.accepted = clock_now(),
			.deadline = clock_now() + ASK_TIMEOUT};
		return;
	}
	message_warning("more than %d control connections", CONTROL_MAX);
}

static void send_all(int socket, struct arena *arena, const char *text, unsigned status)
{
	struct timeval limit = {.tv_sec = READ_TIMEOUT};
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

int control_answer(struct listener *listener, struct control *control, control_writer *write,
	const void *context)
{
	int socket = fd_take(&control->fd);
	pid_t pid = fork();

	if (pid == 0) {
		struct arena *arena = arena_new();
		unsigned status = 0;
		const char *text = write(arena, listener, control, context, &status);

		send_all(socket, arena, text, status);
		session_hang_up(socket);
		_exit(0);
	}
	if (pid < 0)
		message_error("no process to answer with: %m");
	close(socket);
	return pid < 0 ? -1 : 0;
}

static bool wants_json(const struct control *control)
{
	return (control->flags & PACKET_FLAG_JSON) != 0;
}

static const char *write_status(struct arena *arena, struct listener *listener,
	const struct control *control, const void *context, unsigned *status)
{
	(void)context;
	(void)status;
	return status_text(arena, listener, wants_json(control));
}

static const char *write_loaded(struct arena *arena, struct listener *listener,
	const struct control *control, const void *context, unsigned *status)
{
	const struct configuration *configuration = context;

	(void)listener;
	*status = configuration != NULL && configuration->policy != NULL ? 0 : STATUS_REFUSED;
	return reload_text(arena, configuration, wants_json(control));
}

void control_identify(const struct control *control, struct peer *peer)
{
	struct arena *arena = arena_new();
	const char *complaint;

	(void)peer_identify(arena, control->fd, control->accepted, true, peer, &complaint);
	fd_close(&peer->pidfd);
	arena_free(arena);
}

static int ask_status(struct listener *listener, struct control *control, struct packet *packet)
{
	if (!packet_done(packet))
		return -1;
	control_answer(listener, control, write_status, NULL);
	return 0;
}

static int ask_reload(struct listener *listener, struct control *control, struct packet *packet)
{
	struct asker asker = {.by = "rolegatectl"};

	if (!packet_done(packet))
		return -1;
	control->waiting = true;
	control_identify(control, &asker.peer);
	reload_start(listener, &asker);
	return 0;
}

/* Each reads the fields after the flags to the end before it acts. -1: they are malformed. */
static const struct {
	uint16_t type;
	int (*ask)(struct listener *listener, struct control *control, struct packet *packet);
} verbs[] = {
	{PACKET_STATUS, ask_status},
	{PACKET_RELOAD, ask_reload},
	{PACKET_SESSIONS, manage_sessions},
	{PACKET_TERMINATE, manage_terminate},
	{PACKET_PERMITTED, permitted_ask},
};

static int dispatch(struct listener *listener, struct control *control, struct packet *packet)
{
	control->flags = packet_get_u32(packet);
	if ((control->flags & ~(unsigned)PACKET_FLAG_JSON) != 0 || packet->descriptor_count != 0)
		return -1;
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (verbs[i].type == packet->type)
			return verbs[i].ask(listener, control, packet);
	return -1;
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
	if (dispatch(listener, control, &packet) == 0)
		return;
	message_warning("a control connection does not keep to the protocol");
	packet_close_descriptors(&packet);
	fd_close(&control->fd);
}

bool control_has_room(const struct listener *listener)
{
	for (size_t i = 0; i < CONTROL_MAX; i++)
		if (listener->control[i].fd < 0)
			return true;
	return false;
}

void control_loaded(struct listener *listener, const struct configuration *configuration)
{
	for (size_t i = 0; i < CONTROL_MAX; i++)
		if (listener->control[i].fd >= 0 && listener->control[i].waiting)
			control_answer(
				listener, &listener->control[i], write_loaded, configuration);
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
