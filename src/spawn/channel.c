#include "spawn/channel.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "base/fd.h"

enum { START_TIMEOUT = 10 * 1000 }; /* ms: a directory on a dead file server, for one */

int channel_open(int *heard, int *said)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -1;
	*heard = ends[0];
	*said = ends[1];
	return 0;
}

int channel_send_report(int said, const struct report *report)
{
	return fd_write_all(said, report, sizeof(*report));
}

int channel_wait(int heard, struct report *report)
{
	struct pollfd ready = {.fd = heard, .events = POLLIN};
	ssize_t length;
	int count;

	do
		count = poll(&ready, 1, START_TIMEOUT);
	while (count < 0 && errno == EINTR);
	if (count == 0)
		errno = ETIMEDOUT;
	if (count <= 0)
		return -1;
	do
		length = read(heard, report, sizeof(*report));
	while (length < 0 && errno == EINTR);
	if (length == 0 || length == (ssize_t)sizeof(*report))
		return length > 0;
	errno = EPROTO;
	return -1;
}
