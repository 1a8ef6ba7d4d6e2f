/*
 * Transcripts that an earlier recorder left open, as when it was killed: their files can still be
 * written to. What is whole in them stays, a mark is added, and the event that was missing is
 * written.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/message.h"
#include "base/request_id.h"
#include "recorder/walk.h"

enum { BLOCK = 64 * 1024 };

/* The hash of the file up to its last whole line, and where that ends; -1 and errno. */
static off_t hash_lines(int fd, EVP_MD_CTX *hash)
{
	char bytes[BLOCK];
	off_t size = 0, whole = 0;
	ssize_t got;

	while ((got = pread(fd, bytes, sizeof(bytes), size)) > 0) {
		const char *end = memrchr(bytes, '\n', (size_t)got);

		size += got;
		if (end != NULL)
			whole = size - got + (end + 1 - bytes);
	}
	if (got < 0 || EVP_DigestInit_ex(hash, EVP_sha256(), NULL) != 1)
		return -1;
	for (off_t at = 0; at < whole; at += got) {
		size_t wanted = whole - at < BLOCK ? (size_t)(whole - at) : BLOCK;

		got = pread(fd, bytes, wanted, at);
		if (got <= 0 || EVP_DigestUpdate(hash, bytes, (size_t)got) != 1)
			return -1;
	}
	return whole;
}

/* The time of the last event, so that what is added comes after it. */
static uint64_t last_time(int fd)
{
	char bytes[BLOCK];
	struct stat status;
	ssize_t got;
	char *line;

	if (fstat(fd, &status) != 0)
		return 0;
	got = pread(fd, bytes, sizeof(bytes) - 1,
		status.st_size > BLOCK ? status.st_size - BLOCK + 1 : 0);
	if (got <= 0)
		return 0;
	bytes[got] = '\0';
	line = memrchr(bytes, '\n', (size_t)got);
	while (line != NULL) {
		if (line[1] == '[')
			return (uint64_t)(strtod(line + 2, NULL) * 1e6);
		line = line == bytes ? NULL : memrchr(bytes, '\n', (size_t)(line - bytes));
	}
	return 0;
}

static int end_it(struct transcripts *all, struct transcript *found)
{
	struct arena *arena = arena_new();
	const char *path = arena_strdup(arena, found->path), *why;
	char hash[CHAIN_HASH + 1];
	struct stat status;
	uint64_t size;
	int result = -1;

	found->hash = EVP_MD_CTX_new();
	if (found->file >= 0 && found->hash != NULL && fstat(found->file, &status) == 0 &&
		(found->size = hash_lines(found->file, found->hash)) >= 0 &&
		(status.st_size == found->size || ftruncate(found->file, found->size) == 0)) {
		found->torn = (uint64_t)(status.st_size - found->size);
		found->cast.last = last_time(found->file);
		result = transcript_close(
			all, arena, found, "recovered", found->cast.last, hash, &size, &why);
	} else {
		message_error("%s: %m", found->path);
		transcript_drop(found);
	}
	if (result == 0)
		message_warning("%s was left open; it is ended as recovered", path);
	arena_free(arena);
	return result;
}

static int recover(const struct walk_file *file, void *context)
{
	struct transcripts *all = context;
	struct transcript *found;

	if ((file->status.st_mode & 0200) == 0)
		return 0;
	found = calloc(1, sizeof(*found));
	if (found == NULL)
		return -1;
	(void)snprintf(found->path, sizeof(found->path), "%s", file->path);
	(void)snprintf(found->request, sizeof(found->request), "%s", file->request);
	found->uid = file->uid;
	found->file = transcripts_openat(all->directory, file->path, O_RDWR | O_APPEND, 0);
	return end_it(all, found) == 0 ? 1 : -1;
}

int transcripts_recover(struct transcripts *all)
{
	return walk_transcripts(all->directory, recover, all);
}
