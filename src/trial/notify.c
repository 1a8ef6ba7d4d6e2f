#include "trial/notify.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	HEAD_LENGTH = 13,
	NUMBERS_MAX = 1500, /* two instructions each; BPF_MAXINSNS is 4096 */
};

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define EQUAL(value, yes, no) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, yes, no)
#define ANSWER(action) BPF_STMT(BPF_RET | BPF_K, action)
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define LOAD_REQUEST BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[1]) + 4)
#else
#define LOAD_REQUEST BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[1]))
#endif

/* Numbers of x32 have this bit, with the architecture of amd64. */
#define X32_BIT 0x40000000

static size_t build(struct sock_filter *filter, const int *numbers, size_t count)
{
	const struct sock_filter head[HEAD_LENGTH] = {
		LOAD(arch),
		EQUAL(seccomp_arch_native(), 1, 0),
		ANSWER(SECCOMP_RET_USER_NOTIF),
		LOAD(nr),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, X32_BIT, 0, 1),
		ANSWER(SECCOMP_RET_USER_NOTIF),
		EQUAL(SYS_ioctl, 0, 5),
		LOAD_REQUEST,
		EQUAL(TIOCSTI, 1, 0),
		EQUAL(0x541c /* TIOCLINUX */, 0, 1),
		ANSWER(SECCOMP_RET_ERRNO | EPERM),
		ANSWER(SECCOMP_RET_ALLOW),
		LOAD(nr),
	};
	size_t length = HEAD_LENGTH;

	memcpy(filter, head, sizeof(head));
	for (size_t i = 0; i < count; i++) {
		filter[length++] = (struct sock_filter)EQUAL((uint32_t)numbers[i], 0, 1);
		filter[length++] = (struct sock_filter)ANSWER(SECCOMP_RET_USER_NOTIF);
	}
	filter[length++] = (struct sock_filter)ANSWER(SECCOMP_RET_ALLOW);
	return length;
}

int notify_install(const int *numbers, size_t count)
{
	struct sock_filter filter[HEAD_LENGTH + 2 * NUMBERS_MAX + 1];
	struct sock_fprog program = {.filter = filter};

	if (count > NUMBERS_MAX) {
		errno = E2BIG;
		return -1;
	}
	program.len = (unsigned short)build(filter, numbers, count);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -1;
	return (int)syscall(
		SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
}

int notify_receive(int listener, struct notice *notice)
{
	struct seccomp_notif raw = {0};

	if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &raw) < 0)
		return errno == ENOENT || errno == EINTR ? 0 : -1;
	*notice = (struct notice){.id = raw.id,
		.thread = (pid_t)raw.pid,
		.number = raw.data.nr,
		.foreign = raw.data.arch != seccomp_arch_native() || (raw.data.nr & X32_BIT) != 0};
	for (size_t i = 0; i < 6; i++)
		notice->arguments[i] = raw.data.args[i];
	return 1;
}

bool notify_is_valid(int listener, const struct notice *notice)
{
	uint64_t id = notice->id;

	return ioctl(listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &id) == 0;
}

int notify_continue(int listener, const struct notice *notice)
{
	struct seccomp_notif_resp answer = {
		.id = notice->id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};

	if (ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer) == 0 || errno == ENOENT)
		return 0;
	return -1;
}

union control {
	struct cmsghdr header;
	char bytes[CMSG_SPACE(sizeof(int))];
};

int notify_send_listener(int socket, int listener)
{
	char byte = 0;
	struct iovec data = {&byte, 1};
	union control control = {0};
	struct msghdr message = {.msg_iov = &data,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes)};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(header), &listener, sizeof(int));
	return sendmsg(socket, &message, MSG_NOSIGNAL) == 1 ? 0 : -1;
}

int notify_take_listener(int socket)
{
	char byte;
	struct iovec data = {&byte, 1};
	union control control = {0};
	struct msghdr message = {.msg_iov = &data,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes)};
	struct cmsghdr *header;
	int listener;

	if (recvmsg(socket, &message, MSG_CMSG_CLOEXEC) != 1)
		return -1;
	header = CMSG_FIRSTHDR(&message);
	if (header == NULL || header->cmsg_type != SCM_RIGHTS ||
		header->cmsg_len != CMSG_LEN(sizeof(int))) {
		errno = EPROTO;
		return -1;
	}
	memcpy(&listener, CMSG_DATA(header), sizeof(int));
	return listener;
}
