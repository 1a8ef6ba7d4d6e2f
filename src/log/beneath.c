#include "log/beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"

bool log_is_transcript(const char *name)
{
	static const char folder[] = "transcripts/", ending[] = ".cast";
	size_t digits;

	if (strncmp(name, folder, sizeof(folder) - 1) != 0)
		return false;
	name += sizeof(folder) - 1;
	digits = strspn(name, "0123456789");
	if (digits < 1 || digits > 10 || (digits > 1 && name[0] == '0') || name[digits] != '/')
		return false;
	name += digits + 1;
	return strspn(name, "0123456789abcdef") == 32 && strcmp(name + 32, ending) == 0;
}

int log_open_beneath(int directory, const char *name)
{
	const struct open_how how = {.flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS |
			   RESOLVE_NO_XDEV};
	_cleanup_fd_ int fd = (int)syscall(SYS_openat2, directory, name, &how, sizeof(how));
	struct stat status;

	if (fd < 0 || fstat(fd, &status) < 0)
		return -1;
	if (S_ISREG(status.st_mode))
		return fd_take(&fd);
	errno = EINVAL;
	return -1;
}
