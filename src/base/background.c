#include "base/background.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/fd.h"

int background_start(int *ready)
{
	_cleanup_fd_ int null = -1;
	int ends[2];
	pid_t pid;
	char byte;

	if (pipe2(ends, O_CLOEXEC) != 0 || (pid = fork()) < 0)
		return -1;
	if (pid > 0) {
		close(ends[1]);
		*ready = read(ends[0], &byte, 1) == 1 ? 0 : 1;
		return 1;
	}
	close(ends[0]);
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (setsid() < 0 || null < 0 || dup2(null, STDIN_FILENO) < 0 ||
		dup2(null, STDOUT_FILENO) < 0)
		return -1;
	*ready = ends[1];
	return 0;
}

void background_ready(int ready)
{
	if (ready < 0)
		return;
	(void)!write(ready, "", 1);
	close(ready);
}
