/*
 * The two protocols are a few lines each. libsystemd would bring six libraries along: mappings that
 * every session copies, and megabytes of other people's code in a root process.
 */
#include "gateway/activation.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/fd.h"

/* 0 for what is no number. */
static long number_of(const char *variable)
{
	const char *text = getenv(variable);
	char *end = NULL;
	long number = text == NULL ? 0 : strtol(text, &end, 10);

	return end == NULL || end == text || *end != '\0' ? 0 : number;
}

int activation_take(void)
{
	enum { SANE = 1024 };
	long count = number_of("LISTEN_PID") == getpid() ? number_of("LISTEN_FDS") : 0;

	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_FDNAMES");
	if (count < 0 || count > SANE)
		return 0;
	for (int fd = ACTIVATION_FIRST; fd < ACTIVATION_FIRST + count; fd++)
		if (fcntl(fd, F_SETFD, FD_CLOEXEC) != 0)
			return 0;
	return (int)count;
}

void activation_notify(const char *state)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	_cleanup_fd_ int fd = -1;
	size_t length;

	if (path == NULL || (path[0] != '/' && path[0] != '@') ||
		strlen(path) >= sizeof(address.sun_path))
		return;
	length = strlen(path);
	memcpy(address.sun_path, path, length);
	if (path[0] == '@')
		address.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd >= 0)
		(void)!sendto(fd, state, strlen(state), MSG_NOSIGNAL, (struct sockaddr *)&address,
			(socklen_t)(offsetof(struct sockaddr_un, sun_path) + length));
}
