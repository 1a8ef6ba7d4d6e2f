#include "gateway/pump.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"

enum { CHUNK = 64 * 1024, REST_MAX = 1024 * 1024, SPLICE_MAX = 1024 * 1024 };

enum kind { KIND_OTHER, KIND_PIPE, KIND_SOCKET };

const struct pump pump_none = {.from = -1, .to = -1, .scratch = {-1, -1}, .at_end = true};

/* Our end does not wait; the program's can be opened anew by /dev/fd, in its direction alone. */
static int open_pipe(bool outward, int *ours, int *of_program)
{
	int ends[2], own = outward ? 0 : 1;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return -1;
	*ours = ends[own];
	*of_program = ends[1 - own];
	if (fcntl(*ours, F_SETFL, O_NONBLOCK) == 0 && fchmod(*ours, outward ? 0222 : 0444) == 0)
		return 0;
	fd_close(ours);
	fd_close(of_program);
	return -1;
}

static int kind_of(int fd)
{
	struct stat status;

	if (fstat(fd, &status) != 0)
		return -1;
	return S_ISFIFO(status.st_mode)	  ? KIND_PIPE
	       : S_ISSOCK(status.st_mode) ? KIND_SOCKET
					  : KIND_OTHER;
}

int pump_open(struct pump *pump, struct arena *arena, uint8_t code, int *descriptor)
{
	struct pump made = pump_none;
	int ours, of_program;

	made.code = code;
	made.outward = code != 'i';
	made.arena = arena;
	made.at_end = false;
	made.kind = kind_of(*descriptor);
	if (made.kind < 0 ||
		(made.kind == KIND_PIPE && pipe2(made.scratch, O_CLOEXEC | O_NONBLOCK) != 0))
		return -1;
	if (open_pipe(made.outward, &ours, &of_program) != 0) {
		pump_close(&made);
		return -1;
	}
	made.from = made.outward ? ours : *descriptor;
	made.to = made.outward ? *descriptor : ours;
	made.bytes = arena_alloc(arena, CHUNK);
	*pump = made;
	*descriptor = of_program;
	return 0;
}

bool pump_is_open(const struct pump *pump)
{
	return pump->to >= 0;
}

void pump_close(struct pump *pump)
{
	fd_close(&pump->from);
	fd_close(&pump->to);
	fd_close(&pump->scratch[0]);
	fd_close(&pump->scratch[1]);
	*pump = pump_none;
}

static bool has_pending(const struct pump *pump)
{
	return pump->in_scratch > 0 || pump->at < pump->length;
}

/* A descriptor that has nothing to wait for would be ready all the time. */
void pump_poll(const struct pump *pump, struct pollfd fds[2])
{
	bool full = has_pending(pump) || pump->stuck;

	fds[0] = (struct pollfd){.fd = pump->at_end || full ? -1 : pump->from, .events = POLLIN};
	fds[1] = (struct pollfd){.fd = pump->to, .events = full ? POLLOUT : 0};
}

/* Through the scratch pipe: a write(2) to a pipe that others write to as well could wait. */
static ssize_t put_pipe(struct pump *pump)
{
	if (pump->in_scratch == 0) {
		ssize_t copied =
			write(pump->scratch[1], pump->bytes + pump->at, pump->length - pump->at);

		if (copied < 0)
			return -1;
		pump->in_scratch = (size_t)copied;
		pump->at += (size_t)copied;
	}
	return splice(pump->scratch[0], NULL, pump->to, NULL, pump->in_scratch,
		SPLICE_F_NONBLOCK | SPLICE_F_MOVE);
}

/* Bytes that have gone; -1 and errno. */
static ssize_t put_some(struct pump *pump)
{
	const uint8_t *bytes = pump->bytes + pump->at;
	size_t length = pump->length - pump->at;

	if (!pump->outward || pump->kind == KIND_OTHER)
		return write(pump->to, bytes, length);
	if (pump->kind == KIND_SOCKET)
		return send(pump->to, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL);
	return put_pipe(pump);
}

/* As much as goes. False: it is broken. */
static bool flush(struct pump *pump)
{
	while (has_pending(pump)) {
		ssize_t put = put_some(pump);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return errno == EAGAIN;
		if (pump->in_scratch > 0)
			pump->in_scratch -= (size_t)put;
		else
			pump->at += (size_t)put;
		if (pump->kind == KIND_OTHER && pump->outward)
			break; /* what poll(2) said of a device holds for one write */
	}
	return true;
}

/* Bytes that have come; 0 at the end; -1 and errno. */
static ssize_t get_some(const struct pump *pump, uint8_t *bytes, size_t room)
{
	ssize_t got;

	if (pump->outward || pump->kind == KIND_OTHER)
		return read(pump->from, bytes, room);
	if (pump->kind == KIND_SOCKET)
		return recv(pump->from, bytes, room, MSG_DONTWAIT);
	got = splice(pump->from, NULL, pump->scratch[1], NULL, room, SPLICE_F_NONBLOCK);
	return got <= 0 ? got : read(pump->scratch[0], bytes, (size_t)got);
}

/* From pipe to pipe, without a look at it. */
static void pass_by(struct pump *pump, const struct pump_tap *tap)
{
	ssize_t passed = splice(pump->from, NULL, pump->to, NULL, SPLICE_MAX, SPLICE_F_NONBLOCK);

	if (passed > 0)
		(void)tap->take(tap->context, pump->code, NULL, (size_t)passed);
	pump->stuck = passed < 0 && errno == EAGAIN;
	if (passed == 0)
		pump->at_end = true;
}

/* Reads what fits into `room` of the empty buffer, and writes it down. */
static void take_some(struct pump *pump, size_t room, const struct pump_tap *tap)
{
	ssize_t got = get_some(pump, pump->bytes + pump->length, room);

	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got <= 0)
		pump->at_end = true;
	else if (tap->take(tap->context, pump->code,
			 tap->wants(tap->context) ? pump->bytes + pump->length : NULL, (size_t)got))
		pump->length += (size_t)got;
}

/* Nobody reads what is written: the program's next write is to a closed pipe. */
static void break_off(struct pump *pump, const struct pump_tap *tap)
{
	pump_finish(pump, tap);
	pump_close(pump);
}

void pump_turn(struct pump *pump, const struct pollfd fds[2], const struct pump_tap *tap)
{
	bool whole = true;

	if (!pump_is_open(pump))
		return;
	if ((fds[1].revents & (POLLERR | POLLHUP | POLLNVAL)) != 0) {
		break_off(pump, tap);
		return;
	}
	if (fds[1].revents != 0) {
		pump->stuck = false;
		whole = flush(pump);
	}
	if (whole && fds[0].revents != 0 && !has_pending(pump)) {
		pump->at = pump->length = 0;
		if (pump->outward && pump->kind == KIND_PIPE && !tap->wants(tap->context)) {
			pass_by(pump, tap);
		} else {
			take_some(pump, CHUNK, tap);
			whole = pump->kind == KIND_OTHER || flush(pump);
		}
	}
	if (!whole)
		break_off(pump, tap);
	else if (pump->at_end && !has_pending(pump))
		pump_close(pump);
}

/* Whoever still holds the other end, out of reach, and goes on writing is not waited for. */
void pump_finish(struct pump *pump, const struct pump_tap *tap)
{
	size_t pending = pump->length - pump->at;
	int rest = 0;
	uint8_t *bytes;

	if (!pump->outward) /* nobody is there to read it */
		pump_close(pump);
	if (!pump_is_open(pump) || pump->at_end)
		return;
	if (ioctl(pump->from, FIONREAD, &rest) != 0 || rest > REST_MAX)
		rest = REST_MAX;
	bytes = arena_alloc(pump->arena, pending + (size_t)rest + 1);
	memcpy(bytes, pump->bytes + pump->at, pending);
	pump->bytes = bytes;
	pump->at = 0;
	pump->length = pending;
	for (size_t left = (size_t)rest; left > 0 && !pump->at_end;) {
		size_t before = pump->length;

		take_some(pump, left, tap);
		if (pump->length == before)
			break;
		left -= pump->length - before;
	}
	pump->at_end = true;
	pump->stuck = false;
	if (!has_pending(pump))
		pump_close(pump);
}
