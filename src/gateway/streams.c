/* What the caller's descriptors may be. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gateway/request.h"

const char *stream_complaint(int fd)
{
	int flags = fcntl(fd, F_GETFL);
	struct stat status;

	if (flags < 0 || (flags & O_PATH) != 0 || fstat(fd, &status) != 0)
		return "is not open for reading or writing";
	if (S_ISDIR(status.st_mode))
		return "is a directory";
	/* The program must not hold the operator's terminal (R15). */
	if (S_ISCHR(status.st_mode) && isatty(fd))
		return "is a terminal, which is not handed on";
	return NULL;
}
