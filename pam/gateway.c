#include "gateway.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum {
	QUESTION_MAX = 4096, /* 32 endpoints of 64 bytes, a name of 256, and their lengths */
	ANSWER_MAX = 4096,
	QUEUE_PAUSE = 20, /* ms between two looks whether there is room in the queue */
};

struct question {
	uint8_t bytes[QUESTION_MAX];
	size_t length;
	bool overflow;
};

int64_t gateway_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int left(int64_t deadline)
{
	int64_t now = gateway_now();

	return deadline <= now ? 0 : (int)(deadline - now);
}

static void put(struct question *question, const void *bytes, size_t length)
{
	if (question->overflow || length > sizeof(question->bytes) - question->length) {
		question->overflow = true;
		return;
	}
	memcpy(question->bytes + question->length, bytes, length);
	question->length += length;
}

static void put_u16(struct question *question, unsigned value)
{
	const uint8_t bytes[] = {(uint8_t)value, (uint8_t)(value >> 8)};

	put(question, bytes, sizeof(bytes));
}

static void put_u32(struct question *question, uint32_t value)
{
	put_u16(question, value & 0xffff);
	put_u16(question, value >> 16);
}

static void put_string(struct question *question, const char *text)
{
	put_u32(question, (uint32_t)strlen(text));
	put(question, text, strlen(text));
}

static void write_question(
	struct question *question, const char *user, const struct names *endpoints)
{
	question->length = 0;
	question->overflow = false;
	put_u16(question, PROTOCOL_VERSION);
	put_u16(question, PACKET_PERMITTED);
	put_u32(question, 0);
	put_string(question, user);
	put_u32(question, (uint32_t)endpoints->count);
	for (size_t i = 0; i < endpoints->count; i++)
		put_string(question, endpoints->items[i]);
}

static uint32_t get_u32(const uint8_t *bytes)
{
	return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
	       (uint32_t)bytes[3] << 24;
}

/* u16 version; u16 type; u8 more; u32 status; u32 length; bytes */
int gateway_parse(const uint8_t *bytes, size_t length, struct gateway_answer *answer)
{
	enum { HEAD = 4, STATUS = 5, LENGTH = 9, TEXT = 13 };
	uint32_t status;
	size_t shown;

	memset(answer, 0, sizeof(*answer));
	if (length < TEXT || get_u32(bytes) != (PROTOCOL_VERSION | PACKET_ANSWER << 16) ||
		bytes[HEAD] != 0 || get_u32(bytes + LENGTH) != length - TEXT)
		return -1;
	status = get_u32(bytes + STATUS);
	if (status != PERMITTED_YES && status != PERMITTED_NO && status != PERMITTED_UNKNOWN)
		return -1;
	shown = length - TEXT < sizeof(answer->why) - 1 ? length - TEXT : sizeof(answer->why) - 1;
	for (size_t i = 0; i < shown; i++) {
		uint8_t byte = bytes[TEXT + i];

		answer->why[i] = byte >= ' ' && byte <= '~' ? (char)byte : '?';
	}
	answer->permitted = (enum permitted)status;
	return 0;
}

static int fail(const char **why, const char *text)
{
	*why = text;
	return -1;
}

/* 0 when it is ready; -1 when the time is over, or errno says what else. */
static int await(int fd, short events, int64_t deadline)
{
	struct pollfd item = {.fd = fd, .events = events};
	int ready;

	do
		ready = left(deadline) == 0 ? 0 : poll(&item, 1, left(deadline));
	while ((ready < 0 && errno == EINTR) || (ready == 0 && left(deadline) > 0));
	return ready > 0 ? 0 : -1;
}

/* A socket of this kind says at once that its queue is full: there is nothing to wait on. */
static int connect_until(int fd, const struct sockaddr_un *address, int64_t deadline)
{
	while (connect(fd, (const struct sockaddr *)address, sizeof(*address)) != 0) {
		if (errno != EAGAIN && errno != EINTR)
			return -1;
		if (left(deadline) == 0)
			return -1;
		(void)poll(NULL, 0, left(deadline) < QUEUE_PAUSE ? left(deadline) : QUEUE_PAUSE);
	}
	return 0;
}

/* Who may bind in that directory is the gateway or root; but then that is easily seen, too. */
static bool is_owned_by(int fd, uid_t owner)
{
	struct ucred peer;
	socklen_t size = sizeof(peer);

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && size == sizeof(peer) &&
	       peer.uid == owner;
}

static int exchange(int fd, const struct question *question, int64_t deadline,
	struct gateway_answer *answer, const char **why)
{
	uint8_t bytes[ANSWER_MAX];
	ssize_t got;

	while (send(fd, question->bytes, question->length, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		if ((errno != EAGAIN && errno != EINTR) || await(fd, POLLOUT, deadline) != 0)
			return fail(why, "the gateway takes no question");
	/* Without room for any, the kernel drops descriptors that come along. */
	while ((got = recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT | MSG_TRUNC)) < 0)
		if ((errno != EAGAIN && errno != EINTR) || await(fd, POLLIN, deadline) != 0)
			return fail(why, "the gateway gives no answer");
	if (got == 0)
		return fail(why, "the gateway closed the connection without an answer");
	if ((size_t)got > sizeof(bytes) || gateway_parse(bytes, (size_t)got, answer) != 0)
		return fail(why, "the gateway's answer is malformed");
	return 0;
}

static int ask(int fd, const struct sockaddr_un *address, uid_t owner,
	const struct question *question, int64_t deadline, struct gateway_answer *answer,
	const char **why)
{
	if (connect_until(fd, address, deadline) != 0)
		return fail(why, errno == ENOENT || errno == ECONNREFUSED
					 ? "the gateway is not running"
					 : "the gateway takes no connection");
	if (!is_owned_by(fd, owner))
		return fail(why, "who listens there is not the gateway");
	return exchange(fd, question, deadline, answer, why);
}

int gateway_ask(const char *path, uid_t owner, const char *user, const struct names *endpoints,
	int64_t deadline, struct gateway_answer *answer, const char **why)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct question question;
	int fd, result;

	memset(answer, 0, sizeof(*answer));
	write_question(&question, user, endpoints);
	if (question.overflow || strlen(path) >= sizeof(address.sun_path))
		return fail(why, "the question is too long");
	memcpy(address.sun_path, path, strlen(path));
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return fail(why, "no socket");
	result = ask(fd, &address, owner, &question, deadline, answer, why);
	close(fd);
	return result;
}
