/* What the caller's descriptors may be. */
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gateway/request.h"

const char *stream_complaint(int fd)
{
	int flags = fcntl(fd, F_GETFL);
	struct winsize size;
	struct stat status;

	if (flags < 0 || (flags & O_PATH) != 0 || fstat(fd, &status) != 0)
		return "is not open for reading or writing";
	if (S_ISDIR(status.st_mode))
		return "is a directory";
	/*
	 * The program must not hold the operator's terminal (R15), and that one's line discipline,
	 * which answers isatty(), can be changed for a moment.
	 */
	if (S_ISCHR(status.st_mode) && (isatty(fd) || ioctl(fd, TIOCGWINSZ, &size) == 0))
		return "is a terminal, which is not handed on";
	return NULL;
}
