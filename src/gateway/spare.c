#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/message.h"
#include "gateway/handoff.h"
#include "gateway/listener.h"
#include "gateway/session.h"

static _Noreturn void become_session(struct listener *listener, int channel)
{
	struct session_start start = {
		.directory = listener->directory,
		.channel = channel,
		.policy = listener->current.policy,
		.recorder = listener->recorder,
		.refusals = &listener->refusals,
		.notes = listener->sessions.notes,
		.orders = listener->sessions.orders,
		.loads = listener->sessions.loads,
		.loaded = listener->loads,
		.has_login_uid = listener->has_login_uid,
		.support = &listener->support,
	};

	listener_forget(listener);
	session_main(&start);
}

int spare_start(struct listener *listener)
{
	int ends[2];
	pid_t pid;

	if (listener->spare.pid != 0)
		return 0;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		close(ends[0]);
		become_session(listener, ends[1]);
	}
	close(ends[1]);
	if (pid < 0) {
		fd_close(&ends[0]);
		return -1;
	}
	listener->spare = (struct spare){ .pid = pid, .channel = ends[0] };
	return 0;
}

pid_t spare_use(struct listener *listener, const struct handoff *handoff, int socket)
{
	pid_t pid;

	/* Twice: the spare at hand may have been killed. */
	for (int attempt = 0; attempt < 2; attempt++) {
		if (spare_start(listener) != 0)
			return -1;
		pid = listener->spare.pid;
		if (handoff_send(listener->spare.channel, handoff, socket) == 0) {
			spare_drop(listener);
			return pid;
		}
		spare_drop(listener);
	}
	return -1;
}

void spare_drop(struct listener *listener)
{
	if (listener->spare.pid != 0)
		close(listener->spare.channel);
	listener->spare = (struct spare){ .pid = 0 };
}
