#include "spawn/channel.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/fd.h"
#include "confine/filter.h"

enum { START_TIMEOUT = 10 * 1000 }; /* ms: a directory on a dead file server, for one */

union control {
	struct cmsghdr header;
	char bytes[CMSG_SPACE(sizeof(int))];
};

int channel_open(int *heard, int *said)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return -1;
	*heard = ends[0];
	*said = ends[1];
	return 0;
}

int channel_send_report(int said, const struct report *report)
{
	return fd_write_all(said, report, sizeof(*report));
}

int channel_send_listener(int said, int listener)
{
	struct report report = {.step = -1};
	union control control = {.header = {.cmsg_level = SOL_SOCKET,
					 .cmsg_type = SCM_RIGHTS,
					 .cmsg_len = CMSG_LEN(sizeof(int))}};
	struct iovec part = {&report, sizeof(report)};
	struct msghdr message = {.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control)};
	ssize_t sent;

	memcpy(CMSG_DATA(&control.header), &listener, sizeof(listener));
	do
		sent = sendmsg(said, &message, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent == (ssize_t)sizeof(report) ? 0 : -1;
}

/* The bytes of a message; 0: the other end is closed; -1 and errno. A descriptor is *listener. */
static ssize_t hear(int heard, struct report *report, int *listener)
{
	union control control;
	struct iovec part = {report, sizeof(*report)};
	struct msghdr message = {.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control)};
	ssize_t got;

	do
		got = recvmsg(heard, &message, MSG_CMSG_CLOEXEC);
	while (got < 0 && errno == EINTR);
	if (got > 0 && message.msg_controllen >= sizeof(control.header) &&
		control.header.cmsg_type == SCM_RIGHTS &&
		control.header.cmsg_len == CMSG_LEN(sizeof(int))) {
		fd_close(listener);
		memcpy(listener, CMSG_DATA(&control.header), sizeof(*listener));
	}
	return got;
}

static long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Until one of the two has something to say: 0, or -1 and errno. */
static int wait_for(struct pollfd *ready, long deadline)
{
	int count;

	do {
		long left = deadline - now_ms();

		count = poll(ready, 2, left > 0 ? (int)left : 0);
	} while (count < 0 && errno == EINTR);
	if (count == 0)
		errno = ETIMEDOUT;
	return count > 0 ? 0 : -1;
}

/* 1: go on waiting; else as channel_wait(). */
static int take(int heard, int *listener, int gated, struct report *report)
{
	ssize_t got = hear(heard, report, listener);

	if (got < 0)
		return -1;
	if (got == 0 && !gated)
		return 0;
	errno = EPROTO;
	if (got != (ssize_t)sizeof(*report) || (report->step < 0 && *listener < 0))
		return -1;
	return report->step < 0 ? 2 : 1;
}

int channel_wait(int heard, pid_t child, int gated, struct report *report)
{
	_cleanup_fd_ int listener = -1;
	long deadline = now_ms() + START_TIMEOUT;

	for (;;) {
		struct pollfd ready[] = {
			{.fd = heard, .events = POLLIN}, {.fd = listener, .events = POLLIN}};

		if (wait_for(ready, deadline) < 0)
			return -1;
		if ((ready[1].revents & POLLIN) != 0) {
			if (filter_open_gate(listener, child) == 0) {
				fd_close(&listener);
				gated = 0;
			} else if (errno != EAGAIN) {
				return -1;
			}
		} else if (ready[0].revents != 0) {
			int outcome = take(heard, &listener, gated, report);

			if (outcome <= 1)
				return outcome;
		} else {
			errno = EPROTO;
			return -1;
		}
	}
}
