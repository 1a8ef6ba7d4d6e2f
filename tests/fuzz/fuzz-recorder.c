/*
 * Any packets to the recorder, one after the other: each a 16-bit length and its bytes, the first
 * two of which become the protocol's version, whatever that is by now. Whatever
 * comes, the log's last line is whole, and every transcript that was opened has its end.
 */
#include <fcntl.h>
#include <ftw.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/fd.h"
#include "recorder/peer.h"
#include "recorder/walk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { RENEW = 1000, LIMIT = 4096 };

static char directory[] = "/tmp/fuzz-recorder-XXXXXX";
static struct ledger ledger;
static struct transcripts transcripts;
static struct peers peers;
static int ends[2];

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
	(void)status;
	(void)kind;
	(void)walk;
	return remove(path);
}

static void clean(void)
{
	(void)nftw(directory, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void start(void)
{
	static struct arena *arena;
	int fd;

	if (mkdtemp(directory) == NULL ||
		socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, ends) != 0)
		abort();
	atexit(clean);
	arena = arena_new();
	fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (ledger_open(&ledger, fd) != 0 || transcripts_prepare(fd) != 0)
		abort();
	transcripts = (struct transcripts){.directory = fd,
		.ledger = &ledger,
		.limit = LIMIT,
		.lines.bytes = arena_alloc(arena, CAST_ROOM)};
	peers = (struct peers){.ledger = &ledger, .transcripts = &transcripts, .quiet = true};
	packet_start(arena, &peers.writer, (enum packet_type)RECORDER_TAKEN);
}

static void give_all(struct peer *peer, const uint8_t *data, size_t size)
{
	static const uint8_t version[] = {PROTOCOL_VERSION & 0xff, PROTOCOL_VERSION >> 8};
	static uint8_t bytes[UINT16_MAX];
	int result = 0;

	while (result == 0 && size >= 2) {
		size_t length = (size_t)(data[0] | data[1] << 8);
		struct arena *arena = arena_new();
		struct packet packet;
		char ignored[64];

		data += 2;
		size -= 2;
		length = length < size ? length : size;
		memcpy(bytes, data, length);
		if (length >= 2)
			memcpy(bytes, version, sizeof(version));
		result = packet_parse(bytes, length, &packet);
		if (result == 0)
			result = peer_handle(&peers, peer, arena, &packet);
		while (recv(ends[1], ignored, sizeof(ignored), MSG_DONTWAIT) > 0)
			;
		data += length;
		size -= length;
		arena_free(arena);
	}
}

static void expect_good(void)
{
	struct chain_file found;
	struct walk_file file;
	enum walk_result result;
	struct walk walk;

	if (chain_file_read(ledger.file, &found) != 0 || found.state != CHAIN_FILE_GOOD ||
		found.chain.next != ledger.chain.next || transcripts.lines.overflow)
		abort();
	(void)walk_open(&walk, transcripts.directory);
	while ((result = walk_next(&walk, &file)) != WALK_END)
		if (result == WALK_FILE && (file.status.st_mode & 0200) != 0)
			abort();
	walk_close(&walk);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static unsigned runs;
	struct peer peer = {.fd = -1};

	if (ledger.file == 0)
		start();
	peer.fd = dup(ends[0]);
	give_all(&peer, data, size);
	peer_close(&peers, &peer);
	expect_good();
	if (++runs % RENEW == 0 || runs < 2) {
		ledger_close(&ledger);
		clean();
		if (mkdir(directory, 0700) != 0)
			abort();
		fd_close(&transcripts.directory);
		transcripts.directory = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (ledger_open(&ledger, transcripts.directory) != 0 ||
			transcripts_prepare(transcripts.directory) != 0)
			abort();
	}
	return 0;
}
