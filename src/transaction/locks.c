/*
 * Locks by path: the path's own exclusively, those above it shared, so that of two that are the
 * same or below each other only one is had. A process that dies lets go of them.
 */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/fd.h"
#include "transaction/parts.h"

/* FNV-1a. Two paths of one number are merely never had at the same time. */
static uint64_t number_of(const char *path, size_t length)
{
	uint64_t number = 0xcbf29ce484222325;

	for (size_t i = 0; i < length; i++)
		number = (number ^ (unsigned char)path[i]) * 0x100000001b3;
	return number;
}

static int take(struct transaction *transaction, const char *path, size_t length, int operation)
{
	char name[32];
	int fd;

	(void)snprintf(name, sizeof(name), "locks/%016" PRIx64, number_of(path, length));
	fd = openat(transaction->top, name, O_RDONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -1;
	transaction->locks = arena_grow(transaction->arena, transaction->locks,
		transaction->lock_count, sizeof(*transaction->locks));
	transaction->locks[transaction->lock_count++] = fd;
	return flock(fd, operation | LOCK_NB);
}

static int take_path(struct transaction *transaction, const char *path)
{
	size_t length = strlen(path);

	for (size_t i = 1; i < length; i++)
		if (path[i] == '/' && take(transaction, path, i, LOCK_SH) != 0)
			return -1;
	return take(transaction, path, length, LOCK_EX);
}

int locks_take(struct transaction *transaction)
{
	for (size_t i = 0; i < transaction->paths.count; i++)
		if (take_path(transaction, transaction->paths.items[i]) != 0)
			return -1;
	return 0;
}

void locks_release(struct transaction *transaction)
{
	for (size_t i = 0; i < transaction->lock_count; i++)
		fd_close(&transaction->locks[i]);
	transaction->lock_count = 0;
}
