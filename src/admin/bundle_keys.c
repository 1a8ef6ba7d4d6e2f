/* Whom a bundle may be signed by. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "admin/bundle.h"
#include "base/fd.h"
#include "base/message.h"
#include "config/trust.h"

enum { KEYS_SIZE_MAX = 1024 * 1024 };

static int open_keys(struct arena *arena, const char *path, bool trusted)
{
	const char *complaint = NULL;
	char *whole = trusted ? realpath(path, NULL) : NULL;
	int fd = -1;

	if (!trusted)
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	else if (whole != NULL)
		fd = trust_open(arena, whole, O_RDONLY, &complaint);
	if (fd < 0 && complaint != NULL && errno == EPERM)
		message_error("%s: not trusted: %s", path, complaint);
	else if (fd < 0)
		message_error("%s: %s", path, strerror(errno));
	free(whole);
	return fd;
}

int bundle_keys_of_file(
	struct arena *arena, const char *path, bool trusted, struct trusted_keys *keys)
{
	_cleanup_fd_ int fd = open_keys(arena, path, trusted);
	const char *complaint = NULL;
	size_t length;
	char *bytes;

	if (fd < 0)
		return -1;
	bytes = fd_read_all(arena, fd, KEYS_SIZE_MAX, &length);
	if (bytes == NULL)
		complaint = strerror(errno);
	else if (trusted_keys_parse(arena, bytes, length, keys, &complaint) == 0)
		return 0;
	message_error("%s: %s", path, complaint);
	return -1;
}

int bundle_keys_of_configuration(
	struct arena *arena, const char *directory, struct trusted_keys *keys)
{
	struct problems problems = {.arena = arena};

	if (trusted_keys_load(arena, directory, keys, &problems) == 0)
		return 0;
	for (size_t i = 0; i < problems.count; i++)
		message_error("%s/%s", directory, problem_text(arena, &problems.items[i]));
	return -1;
}
