#include "gateway/collect.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/fd.h"

int collector_open(struct collector *collector, struct arena *arena, size_t limit, int *writer)
{
	int ends[2];

	*collector = (struct collector){.fd = -1};
	if (pipe2(ends, O_CLOEXEC) != 0)
		return -1;
	if (fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0) {
		close(ends[0]);
		close(ends[1]);
		return -1;
	}
	*collector = (struct collector){
		.fd = ends[0], .bytes = arena_alloc(arena, limit + 1), .limit = limit};
	*writer = ends[1];
	return 0;
}

/* One byte past the limit has room, so that it is known to have come. */
bool collector_read(struct collector *collector)
{
	while (collector->fd >= 0) {
		ssize_t got = read(collector->fd, collector->bytes + collector->length,
			collector->limit + 1 - collector->length);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 && errno == EAGAIN)
			return true;
		if (got > 0)
			collector->length += (size_t)got;
		collector->too_much = collector->length > collector->limit;
		if (got <= 0 || collector->too_much)
			collector_close(collector);
	}
	collector->length = collector->too_much ? collector->limit : collector->length;
	if (collector->bytes != NULL)
		collector->bytes[collector->length] = '\0';
	return false;
}

void collector_close(struct collector *collector)
{
	fd_close(&collector->fd);
	collector->fd = -1;
}
