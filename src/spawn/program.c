#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/text.h"
#include "config/trust.h"
#include "spawn/spawn.h"

int spawn_open_program(struct arena *arena, const char *path, const char **complaint)
{
	_cleanup_fd_ int fd = -1;
	struct stat status;

	if (!text_is_canonical_path(path)) {
		*complaint = "the program's path is not an absolute one without dots";
		errno = EINVAL;
		return -1;
	}
	/* O_NONBLOCK: a fifo in its place is refused, and not waited for. */
	fd = trust_open(arena, path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, complaint);
	if (fd < 0)
		return -1;
	if (fstat(fd, &status) < 0)
		*complaint = arena_printf(arena, "%s: %s", path, strerror(errno));
	else if (!S_ISREG(status.st_mode))
		*complaint = arena_printf(arena, "%s is not a regular file", path);
	else if ((status.st_mode & 0111) == 0)
		*complaint = arena_printf(arena, "%s is not executable", path);
	else
		return fd_take(&fd);
	errno = EACCES;
	return -1;
}
