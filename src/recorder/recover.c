#include "recorder/recover.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/message.h"

enum { BLOCK = 64 * 1024, PIECE = 256 * 1024 /* bytes that are hashed at a time */ };

/* Where the last whole line ends; -1 and errno. */
static off_t find_whole(int fd, off_t size)
{
	char bytes[BLOCK];

	while (size > 0) {
		size_t wanted = size < BLOCK ? (size_t)size : BLOCK;
		ssize_t got = pread(fd, bytes, wanted, size - (off_t)wanted);
		const char *end = got > 0 ? memrchr(bytes, '\n', (size_t)got) : NULL;

		if (got != (ssize_t)wanted)
			return -1;
		size -= (off_t)wanted;
		if (end != NULL)
			return size + (end + 1 - bytes);
	}
	return 0;
}

/* The header says which endpoint it was. */
static void read_endpoint(struct transcript *found)
{
	struct arena *arena = arena_new();
	char *bytes = arena_alloc(arena, BLOCK), *end;
	ssize_t got = pread(found->file, bytes, BLOCK, 0);

	end = got > 0 ? memchr(bytes, '\n', (size_t)got) : NULL;
	if (end != NULL) {
		*end = '\0';
		(void)transcript_header(arena, bytes, found->endpoint);
	}
	arena_free(arena);
}

/* `[SECONDS.MICROSECONDS`, to the last digit. */
static uint64_t time_of(const char *line)
{
	char *end;
	uint64_t seconds = strtoull(line + 1, &end, 10);

	return seconds * 1000000 + (*end == '.' ? strtoull(end + 1, NULL, 10) : 0);
}

/* The time of the last event, so that what is added comes after it. */
static uint64_t last_time(int fd, off_t size)
{
	static char bytes[CAST_ROOM + 2]; /* no line is longer */
	off_t start = size > CAST_ROOM ? size - CAST_ROOM - 1 : 0;
	ssize_t got = pread(fd, bytes, sizeof(bytes) - 1, start);
	char *line;

	if (got <= 0)
		return 0;
	bytes[got] = '\0';
	line = memrchr(bytes, '\n', (size_t)got);
	while (line != NULL) {
		if (line[1] == '[')
			return time_of(line + 1);
		line = line == bytes ? NULL : memrchr(bytes, '\n', (size_t)(line - bytes));
	}
	return 0;
}

static int start_hash(struct transcript *found)
{
	found->hash = EVP_MD_CTX_new();
	return found->hash != NULL && EVP_DigestInit_ex(found->hash, EVP_sha256(), NULL) == 1 ? 0
											      : -1;
}

static int give_up(struct recovery *recovery)
{
	message_error("%s can't be ended: %m", recovery->found->path);
	recovery_drop(recovery);
	return -1;
}

int recovery_begin(struct recovery *recovery, struct transcripts *all, const struct walk_file *file)
{
	struct transcript *found = calloc(1, sizeof(*found));
	struct stat status;

	if (found == NULL) {
		message_error("%s can't be ended: %m", file->path);
		return -1;
	}
	(void)snprintf(found->path, sizeof(found->path), "%s", file->path);
	(void)snprintf(found->request, sizeof(found->request), "%s", file->request);
	found->uid = file->uid;
	recovery->found = found;
	found->file = transcripts_openat(all->directory, file->path, O_RDWR | O_APPEND, 0);
	if (found->file < 0 || fstat(found->file, &status) != 0 || start_hash(found) != 0 ||
		(recovery->whole = find_whole(found->file, status.st_size)) < 0 ||
		ftruncate(found->file, recovery->whole) != 0)
		return give_up(recovery);
	found->torn = (uint64_t)(status.st_size - recovery->whole);
	found->cast.last = last_time(found->file, recovery->whole);
	read_endpoint(found);
	return 0;
}

static int hash_piece(struct recovery *recovery)
{
	static char bytes[PIECE];
	struct transcript *found = recovery->found;
	off_t left = recovery->whole - found->size;
	ssize_t got = pread(found->file, bytes, left < PIECE ? (size_t)left : PIECE, found->size);

	if (got <= 0 || EVP_DigestUpdate(found->hash, bytes, (size_t)got) != 1)
		return give_up(recovery);
	found->size += got;
	return 1;
}

int recovery_go_on(struct recovery *recovery, struct transcripts *all, struct arena *arena)
{
	struct transcript *found = recovery->found;
	const char *path = arena_strdup(arena, found->path), *why;
	char hash[CHAIN_HASH + 1];
	uint64_t size;

	if (found->size < recovery->whole)
		return hash_piece(recovery);
	recovery->found = NULL;
	if (transcript_close(all, arena, found, "recovered", found->cast.last, hash, &size, &why) !=
		0) {
		message_error("%s: %s", path, why);
		return -1;
	}
	message_warning("%s was left open; it is ended as recovered", path);
	return 0;
}

void recovery_drop(struct recovery *recovery)
{
	if (recovery->found != NULL)
		transcript_drop(recovery->found);
	recovery->found = NULL;
}
