/* Filters in the child. */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"
#include "confine/filter_parts.h"

/* 0 or a descriptor; -1 and errno. */
static int install(const void *instructions, size_t length, unsigned flags)
{
	const struct sock_fprog program = {
		.len = (unsigned short)length,
		.filter = (struct sock_filter *)(uintptr_t)instructions,
	};

	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
}

/* Puts both halves of the key in. False if the gate has no place for them, and so asks for none. */
static bool put_key(struct sock_filter *gate, size_t length, uint64_t key)
{
	const struct sock_filter place = FILTER_KEY_HALF;
	uint32_t halves[2];
	size_t next = 0;

	memcpy(halves, &key, sizeof(key));
	for (size_t i = 0; i < length && next < 2; i++)
		if (gate[i].code == place.code)
			gate[i].k = halves[next++];
	return next == 2;
}

int filter_install_gate(const struct confinement *confinement, uint64_t *key)
{
	struct sock_filter gate[FILTER_GATE_MAX];

	if (!filter_is_needed(&confinement->restriction))
		return 0;
	if (confinement->gate == NULL || confinement->gate_length > FILTER_GATE_MAX) {
		errno = EINVAL;
		return -1;
	}
	if (getrandom(key, sizeof(*key), 0) != (ssize_t)sizeof(*key))
		return -1;
	memcpy(gate, confinement->gate, confinement->gate_length * sizeof(*gate));
	if (!put_key(gate, confinement->gate_length, *key) &&
		filter_is_exec_once(&confinement->restriction)) {
		errno = EINVAL;
		return -1;
	}
	return install(gate, confinement->gate_length, 0);
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

bool filter_gate_holds(const struct confinement *confinement, int before)
{
	return !filter_is_needed(&confinement->restriction) ||
	       (before >= 0 && filter_count() == before + 1);
}

bool filter_holds(const struct confinement *confinement, int before)
{
	enum { BOTH = 2 };

	if (!filter_is_needed(&confinement->restriction))
		return true;
	return before >= 0 && filter_count() == before + BOTH &&
	       prctl(PR_GET_SECCOMP, 0, 0, 0, 0) == SECCOMP_MODE_FILTER;
}
