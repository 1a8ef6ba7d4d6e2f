#include "record/chain_cut.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/message.h"
#include "record/event_object.h"

enum { NAMES = 100 };

static const char *sha256_text(struct arena *arena, const char *bytes, size_t length)
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	unsigned size = 0;
	char *text;

	if (EVP_Digest(bytes, length, hash, &size, EVP_sha256(), NULL) != 1)
		return "";
	text = arena_alloc(arena, 2 * (size_t)size + 1);
	for (unsigned i = 0; i < size; i++)
		(void)snprintf(text + 2 * i, 3, "%02x", hash[i]);
	return text;
}

/* A file that was not there: NAME.torn-SEQ, then NAME.torn-SEQ.1 … */
static int create_beside(
	struct arena *arena, int directory, const char *name, uint64_t sequence, char **made)
{
	int fd = -1;

	*made = arena_printf(arena, "%s.torn-%llu", name, (unsigned long long)sequence);
	for (int i = 1; i < NAMES && fd < 0; i++) {
		fd = openat(directory, *made, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
			0600);
		if (fd < 0 && errno != EEXIST)
			return -1;
		if (fd < 0)
			*made = arena_printf(
				arena, "%s.torn-%llu.%d", name, (unsigned long long)sequence, i);
	}
	return fd;
}

static char *torn_object(
	struct arena *arena, const char *file, const char *bytes, size_t length, uint64_t sequence)
{
	json_t *object = event_object(arena, "torn", event_now());
	int failed = json_object_set_new(object, "file", event_text(arena, file));

	failed |= json_object_set_new(object, "bytes", json_integer((json_int_t)length));
	failed |= json_object_set_new(
		object, "sha256", json_string(sha256_text(arena, bytes, length)));
	failed |= json_object_set_new(object, "next", json_integer((json_int_t)sequence));
	failed |= json_object_set_new(object, "res", json_string("failed"));
	if (failed == 0)
		return event_object_text(arena, object);
	json_decref(object);
	return NULL;
}

int chain_cut(struct arena *arena, int directory, const char *name, int fd,
	const struct chain_file *found, char **object)
{
	size_t length = (size_t)(found->size - found->good);
	char *bytes = arena_alloc(arena, length + 1), *beside;
	_cleanup_fd_ int copy = -1;

	if (pread(fd, bytes, length, found->good) != (ssize_t)length)
		return -1;
	copy = create_beside(arena, directory, name, found->chain.next, &beside);
	if (copy < 0 || fd_write_all(copy, bytes, length) != 0 || fsync(copy) != 0)
		return -1;
	*object = torn_object(arena, beside, bytes, length, found->chain.next);
	message_warning("%s: %zu bytes at its end are no whole line; they are in %s now", name,
		length, beside);
	return *object == NULL ? -1 : ftruncate(fd, found->good);
}

int chain_set_aside(struct arena *arena, int directory, const char *name)
{
	const char *aside = arena_printf(arena, "%s.unchained-%lld", name, event_now());

	if (renameat2(directory, name, directory, aside, RENAME_NOREPLACE) != 0)
		return -1;
	message_warning("%s has no hash chain of this format; it is called %s now, and a new one "
			"begins",
		name, aside);
	return 0;
}
