#include "recorder/service.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/message.h"

enum { TICK = 1000 /* ms */, PACKETS_A_TURN = 32 };
enum { SOCKET, SIGNALS, OTHERS }; /* in what is polled */

static int block_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
		return -1;
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static int note_start(struct service *service)
{
	struct arena *arena = arena_new();
	int result = ledger_note(&service->ledger, arena,
		ledger_event(arena, "recorder-start", "{s:s,s:i,s:s}", "version", PACKAGE_VERSION,
			"recovered", (int)service_recover(service), "res", "success"));

	if (result == 0)
		proof_now(&service->proof, &service->ledger, arena);
	arena_free(arena);
	return result;
}

int service_open(struct service *service, const struct settings *settings, int socket,
	int directory, const struct proof_key *key)
{
	static struct arena *arena; /* as long as the process */

	arena = arena_new();
	*service = (struct service){.settings = settings, .socket = socket};
	service->signals = block_signals();
	service->transcripts = (struct transcripts){.directory = directory,
		.ledger = &service->ledger,
		.limit = settings->transcript_size,
		.sync_always = settings->sync_always,
		.lines.bytes = arena_alloc(arena, CAST_ROOM)};
	service->shared = (struct peers){.ledger = &service->ledger,
		.transcripts = &service->transcripts,
		.sync_always = settings->sync_always,
		.buffer = arena_alloc(arena, PACKET_MAX)};
	packet_start(arena, &service->shared.writer, (enum packet_type)RECORDER_TAKEN);
	forward_open(&service->forward, settings);
	if (service->signals >= 0 &&
		ledger_open_told(&service->ledger, directory, forward_line, &service->forward) ==
			0 &&
		transcripts_prepare(directory) == 0) {
		proof_open(&service->proof, settings, key, &service->ledger);
		if (note_start(service) == 0)
			return 0;
	}
	message_error("%s: %m", settings->directory);
	return -1;
}

/* Root's process alone is the gateway (R21, R30), whatever the socket's mode has become. */
static void accept_peer(struct service *service)
{
	int fd = accept4(service->socket, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct ucred credentials = {.uid = (uid_t)-1};
	socklen_t size = sizeof(credentials);

	if (fd < 0)
		return;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0 ||
		size != sizeof(credentials) || credentials.uid != 0) {
		message_warning(
			"a connection of uid %u is refused; only the gateway may", credentials.uid);
		close(fd);
		return;
	}
	if (service->count == SERVICE_PEERS) {
		message_warning("more than %d connections: one is refused", SERVICE_PEERS);
		close(fd);
		return;
	}
	service->peers[service->count++] = (struct peer){.fd = fd, .pid = credentials.pid};
}

static void take_signal(struct service *service)
{
	struct signalfd_siginfo info;
	struct arena *arena;

	if (read(service->signals, &info, sizeof(info)) != (ssize_t)sizeof(info))
		return;
	if (info.ssi_signo != SIGHUP) {
		service->stopping = true;
		return;
	}
	arena = arena_new();
	service_rotate(service, arena);
	arena_free(arena);
}

static void remove_peer(struct service *service, size_t index)
{
	peer_close(&service->shared, &service->peers[index]);
	service->peers[index] = service->peers[--service->count];
}

/* Some packets of each that has any, so that a flood holds nobody up. */
static void serve(struct service *service, const struct pollfd *ready, size_t count)
{
	for (size_t i = count; i-- > 0;) {
		int result = 0;

		if ((ready[i].revents & (POLLIN | POLLHUP | POLLERR)) == 0)
			continue;
		for (int turn = 0; result == 0 && turn < PACKETS_A_TURN; turn++) {
			result = peer_serve(&service->shared, &service->peers[i]);
			service_turn(service);
		}
		if (result < 0)
			remove_peer(service, i);
	}
}

static void finish(struct service *service)
{
	struct arena *arena = arena_new();

	sweep_end(&service->sweep);
	while (service->count > 0)
		remove_peer(service, service->count - 1);
	forward_stop(&service->forward, &service->ledger, arena);
	(void)ledger_note(&service->ledger, arena,
		ledger_event(arena, "recorder-stop", "{s:s}", "res", "success"));
	proof_now(&service->proof, &service->ledger, arena);
	ledger_close(&service->ledger);
	arena_free(arena);
}

void service_run(struct service *service)
{
	static struct pollfd ready[OTHERS + SERVICE_PEERS];

	service->ticked = event_ticks();
	while (!service->stopping) {
		bool more = service_slice(service);
		long long left = more ? 0 : TICK - (event_ticks() - service->ticked);
		size_t count = service->count;

		ready[SOCKET] = (struct pollfd){.fd = service->socket, .events = POLLIN};
		ready[SIGNALS] = (struct pollfd){.fd = service->signals, .events = POLLIN};
		for (size_t i = 0; i < count; i++)
			ready[OTHERS + i] =
				(struct pollfd){.fd = service->peers[i].fd, .events = POLLIN};
		if (poll(ready, (nfds_t)(OTHERS + count), left > 0 ? (int)left : 0) < 0 &&
			errno != EINTR)
			message_die(1, "poll: %m");
		serve(service, ready + OTHERS, count);
		if (ready[SIGNALS].revents != 0)
			take_signal(service);
		if (ready[SOCKET].revents != 0)
			accept_peer(service);
		if (event_ticks() - service->ticked >= TICK)
			service_tick(service);
	}
	finish(service);
}
