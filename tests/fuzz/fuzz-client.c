/*
 * Any packets from a gateway, to a client that asks or runs something: the first byte says which,
 * then each is a 16-bit length and its bytes, the first two of which become the protocol's version.
 * Whatever comes, the client ends, and with a status that it may have.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client/client.h"
#include "protocol/protocol.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
	if (!holds)
		abort();
}

/* No terminal: what is shown goes nowhere, and nothing is asked for. */
static void close_streams(void)
{
	int null = open("/dev/null", O_RDWR);

	check(null >= 0 && dup2(null, 0) == 0 && dup2(null, 1) == 1);
	if (getenv("FUZZ_LOUD") == NULL)
		check(dup2(null, 2) == 2);
	check(setsid() >= 0 || getpid() == getsid(0));
}

static void give_all(int socket, const uint8_t *data, size_t size)
{
	static const uint8_t version[] = {PROTOCOL_VERSION & 0xff, PROTOCOL_VERSION >> 8};
	uint8_t bytes[UINT16_MAX];

	while (size >= 2) {
		size_t length = (size_t)(data[0] | data[1] << 8);

		data += 2;
		size -= 2;
		length = length < size ? length : size;
		memcpy(bytes, data, length);
		if (length >= 2)
			memcpy(bytes, version, sizeof(version));
		(void)send(socket, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL);
		data += length;
		size -= length;
	}
}

static void be_client(int socket, uint8_t kind)
{
	static const char *const words[] = {"say", "hello"};
	static const int types[] = {PACKET_LIST, PACKET_DESCRIBE, PACKET_CHECK, PACKET_APPROVAL};
	bool lost = false;
	struct client_failure failure = {.happened = false};
	struct client_refusal refusal = {.code = ""};
	const struct client_options options = {.json = (kind & 8) != 0,
		.no_prompt = true,
		.interruptible = (kind & 16) != 0,
		.lost = &lost,
		.failure = &failure,
		.refusal = &refusal};
	int status = -1;

	if ((kind & 4) != 0)
		status = client_run(socket, &options, words, 2);
	else
		free(client_ask(socket, types[kind & 3], &options, words, 2, &status));
	check(status >= 0 && status <= 255);
	check(strnlen(refusal.detail, sizeof(refusal.detail)) < sizeof(refusal.detail));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool started;
	int ends[2];

	if (!started)
		close_streams();
	started = true;
	if (size == 0)
		return 0;
	check(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == 0 &&
		fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0);
	give_all(ends[0], data + 1, size - 1);
	check(shutdown(ends[0], SHUT_WR) == 0);
	be_client(ends[1], data[0]);
	close(ends[0]);
	close(ends[1]);
	return 0;
}
