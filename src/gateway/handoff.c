#include "gateway/handoff.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

union control {
	struct cmsghdr header;
	char bytes[CMSG_SPACE(sizeof(int))];
};

int handoff_send(int channel, const struct handoff *handoff, int socket)
{
	union control control = { .header = { .cmsg_level = SOL_SOCKET,
					  .cmsg_type = SCM_RIGHTS,
					  .cmsg_len = CMSG_LEN(sizeof(int)) } };
	struct iovec part = { (void *)(uintptr_t)handoff, sizeof(*handoff) };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control,
		.msg_controllen = sizeof(control) };
	ssize_t sent;

	memcpy(CMSG_DATA(&control.header), &socket, sizeof(socket));
	do
		sent = sendmsg(channel, &message, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent < 0 ? -1 : 0;
}

int handoff_receive(int channel, struct handoff *handoff)
{
	union control control;
	struct iovec part = { handoff, sizeof(*handoff) };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control,
		.msg_controllen = sizeof(control) };
	ssize_t got;
	int socket;

	do
		got = recvmsg(channel, &message, MSG_CMSG_CLOEXEC);
	while (got < 0 && errno == EINTR);
	if (got != (ssize_t)sizeof(*handoff) || message.msg_controllen < sizeof(control.header) ||
		control.header.cmsg_type != SCM_RIGHTS ||
		control.header.cmsg_len != CMSG_LEN(sizeof(int)))
		return -1;
	memcpy(&socket, CMSG_DATA(&control.header), sizeof(socket));
	return socket;
}
