/* R21: nobody can connect to a socket before it has its mode. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/fd.h"
#include "gateway/sockets.h"

enum { BACKLOG = 128 };

static int bind_in(const char *directory, const char *name, unsigned mode)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	_cleanup_fd_ int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	char path[sizeof(ROLEGATE_RUN_DIR) + SOCKET_NAME_MAX + sizeof("/.sock")];
	mode_t mask;
	int bound;

	if (fd < 0)
		return -1;
	if (snprintf(address.sun_path, sizeof(address.sun_path), "%s/%s.sock", directory, name) >=
		(int)sizeof(address.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	mask = umask(0177);
	bound = bind(fd, (struct sockaddr *)&address, sizeof(address));
	umask(mask);
	if (bound != 0)
		return -1;
	snprintf(path, sizeof(path), "%s/%s.sock", ROLEGATE_RUN_DIR, name);
	if (chmod(address.sun_path, mode) != 0 || listen(fd, BACKLOG) != 0 ||
		rename(address.sun_path, path) != 0) {
		unlink(address.sun_path);
		return -1;
	}
	return fd_take(&fd);
}

int socket_bind(const char *name, unsigned mode)
{
	char directory[] = ROLEGATE_RUN_DIR "/.new-XXXXXX";
	int fd, error;

	if (mkdtemp(directory) == NULL) /* 0700 */
		return -1;
	fd = bind_in(directory, name, mode);
	error = errno;
	rmdir(directory);
	errno = error;
	return fd;
}
