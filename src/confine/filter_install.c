/* Filters in the child, and the gate's other end in its parent. */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"
#include "confine/filter.h"

/* 0 or a descriptor; -1 and errno. */
static int install(const void *instructions, size_t length, unsigned flags)
{
	const struct sock_fprog program = {
		.len = (unsigned short)length,
		.filter = (struct sock_filter *)(uintptr_t)instructions,
	};

	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
}

int filter_install_gate(const struct confinement *confinement, int *listener)
{
	bool once = filter_is_exec_once(&confinement->restriction);
	int result;

	*listener = -1;
	if (!filter_is_needed(&confinement->restriction))
		return 0;
	if (confinement->gate == NULL) {
		errno = EINVAL;
		return -1;
	}
	result = install(confinement->gate, confinement->gate_length,
		once ? SECCOMP_FILTER_FLAG_NEW_LISTENER : 0);
	if (once)
		*listener = result;
	return result < 0 ? -1 : 0;
}

/* A process can have one such gate only: another one is refused then. */
bool filter_gate_holds(const struct confinement *confinement)
{
	static const struct sock_filter pass[] = {BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
	int another;

	if (!filter_is_exec_once(&confinement->restriction))
		return true;
	another = install(pass, 1, SECCOMP_FILTER_FLAG_NEW_LISTENER);
	return another < 0 && errno == EBUSY;
}

int filter_install(const struct confinement *confinement)
{
	if (!filter_is_needed(&confinement->restriction))
		return 0;
	if (confinement->filter == NULL) {
		errno = EINVAL;
		return -1;
	}
	return install(confinement->filter, confinement->filter_length, SECCOMP_FILTER_FLAG_LOG);
}

/* In parts: before the line that is looked for, there is one with all groups. */
int filter_count(void)
{
	enum { LINE_MAX_LENGTH = 64 };
	static const char name[] = "\nSeccomp_filters:";
	_cleanup_fd_ int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
	char text[4096];
	size_t kept = 0;
	ssize_t got;

	while (fd >= 0 && (got = read(fd, text + kept, sizeof(text) - 1 - kept)) > 0) {
		const char *line;

		kept += (size_t)got;
		text[kept] = '\0';
		line = strstr(text, name);
		if (line != NULL && strchr(line + 1, '\n') != NULL)
			return (int)strtol(line + sizeof(name) - 1, NULL, 10);
		if (kept > LINE_MAX_LENGTH) {
			memmove(text, text + kept - LINE_MAX_LENGTH, LINE_MAX_LENGTH);
			kept = LINE_MAX_LENGTH;
		}
	}
	return -1;
}

int filter_count_once(void)
{
	static int count = -1;

	if (count < 0)
		count = filter_count();
	return count;
}

bool filter_holds(const struct confinement *confinement, int before)
{
	enum { BOTH = 2 };

	if (!filter_is_needed(&confinement->restriction))
		return true;
	return before >= 0 && filter_count() == before + BOTH &&
	       prctl(PR_GET_SECCOMP, 0, 0, 0, 0) == SECCOMP_MODE_FILTER;
}

/* Room for what a newer kernel may add. */
union question {
	struct seccomp_notif it;
	char room[512];
};

union reply {
	struct seccomp_notif_resp it;
	char room[512];
};

static int try_again(void)
{
	if (errno == ENOENT || errno == EINTR)
		errno = EAGAIN;
	return -1;
}

int filter_open_gate(int listener, pid_t child)
{
	union question question;
	union reply reply;

	memset(&question, 0, sizeof(question));
	memset(&reply, 0, sizeof(reply));
	if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &question) < 0)
		return try_again();
	if (question.it.pid != (uint32_t)child || question.it.data.nr != SYS_execveat ||
		question.it.data.args[0] != FILTER_PROGRAM ||
		question.it.data.args[4] != AT_EMPTY_PATH) {
		errno = EPERM;
		return -1;
	}
	reply.it.id = question.it.id;
	reply.it.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
	return ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &reply) < 0 ? try_again() : 0;
}
