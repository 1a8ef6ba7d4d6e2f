#include "config/trust_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "config/digest.h"
#include "config/interpreter.h"
#include "config/scripts.h"
#include "config/signature.h"

enum {
	BLOCK = 64 * 1024,			  /* bytes */
	INTERPRETER_SIZE_MAX = 256 * 1024 * 1024, /* bytes */
	OPEN_FLAGS = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC,
};

static bool read_signature(struct arena *arena, const char *path, unsigned char *signature)
{
	_cleanup_fd_ int fd = open(path, OPEN_FLAGS | O_NOFOLLOW);
	const char *complaint;
	size_t length = 0;
	char *bytes = fd < 0 ? NULL : fd_read_all(arena, fd, SIGNATURE_TEXT_SIZE, &length);

	if (bytes == NULL)
		return false;
	if (length == SIGNATURE_SIZE) {
		memcpy(signature, bytes, SIGNATURE_SIZE);
		return true;
	}
	if (length > 0 && bytes[length - 1] == '\n')
		bytes[--length] = '\0';
	return strlen(bytes) == length && signature_parse(bytes, signature, &complaint) == 0;
}

bool trust_signature_holds(struct arena *arena, const struct trust_entry *entry, const char *file,
	const char *bytes, size_t length)
{
	unsigned char signature[SIGNATURE_SIZE];

	return entry->key != NULL &&
	       read_signature(arena, arena_printf(arena, "%s.sig", file), signature) &&
	       signature_verify(entry->key->key, bytes, length, signature) == SIGNATURE_HOLDS;
}

static int hash_blocks(int fd, struct digest *digest)
{
	char bytes[BLOCK];
	off_t offset = 0;

	for (;;) {
		ssize_t got = pread(fd, bytes, sizeof(bytes), offset);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got < 0 ? -1 : 0;
		digest_bytes(digest, bytes, (size_t)got);
		offset += got;
		if (offset > INTERPRETER_SIZE_MAX)
			return errno = EFBIG, -1;
	}
}

int trust_hash_file(int fd, struct script_identity *identity, char digest[65])
{
	struct script_identity after;
	struct digest state;
	int result;

	digest[0] = '\0';
	if (script_identity(fd, identity) < 0)
		return -1;
	digest_begin(&state);
	result = hash_blocks(fd, &state);
	if (digest_end(&state, digest) != 0)
		return errno = EIO, -1;
	if (result == 0 && script_identity(fd, &after) == 0 && script_is_same(identity, &after))
		return 0;
	if (result == 0)
		errno = ESTALE;
	digest[0] = '\0';
	return -1;
}

const char *trust_interpreter(
	struct arena *arena, const struct script *script, const struct script_content *content)
{
	struct interpreter_line line;

	if (script->interpreter != NULL)
		return script->interpreter;
	if (content->bytes == NULL || strncmp(content->bytes, "#!", 2) != 0 ||
		interpreter_parse(arena, content->bytes,
			content->length > INTERPRETER_LINE_MAX + 1 ? INTERPRETER_LINE_MAX + 1
								   : content->length,
			&line) != NULL)
		return NULL;
	return line.path;
}

/* By what it is called here: what is executed is hashed by its descriptor if it is another file. */
static void hash_interpreter(struct arena *arena, struct function *function)
{
	const char *complaint;
	const char *path = trust_interpreter(arena, &function->script, &function->script.content);
	_cleanup_fd_ int fd = path == NULL ? -1 : interpreter_open(arena, path, &complaint);

	if (fd >= 0)
		(void)trust_hash_file(
			fd, &function->interpreter_identity, function->interpreter_digest);
}

static void read_function(struct arena *arena, struct function *function)
{
	const struct trust_entry *entry = function->trust;
	struct script_content *content = &function->script.content;

	if (entry == NULL)
		return;
	if (entry->key != NULL && function->script.path != NULL && content->bytes != NULL)
		content->signature_holds = trust_signature_holds(
			arena, entry, function->script.path, content->bytes, content->length);
	if (entry->interpreter_hash != NULL)
		hash_interpreter(arena, function);
}

/* The bytes that the policy was made of, or none. */
static void read_library(struct arena *arena, const char *directory, struct trust_entry *entry)
{
	const char *path = arena_printf(arena, "%s/%s", directory, entry->path);
	_cleanup_fd_ int fd = open(path, OPEN_FLAGS);
	struct digest digest;
	char is[65];
	size_t length;
	const char *bytes = fd < 0 ? NULL : fd_read_all(arena, fd, 16 * 1024 * 1024, &length);

	if (bytes == NULL)
		return;
	digest_begin(&digest);
	digest_bytes(&digest, bytes, length);
	if (digest_end(&digest, is) == 0 && strcmp(is, entry->file_digest) == 0)
		entry->signature_holds = trust_signature_holds(arena, entry, path, bytes, length);
}

void trust_files_read(struct policy *policy, const char *directory)
{
	struct arena *arena = arena_new();

	for (size_t i = 0; i < policy->trust_count; i++)
		if (policy->trust[i].key != NULL && trust_is_library(&policy->trust[i]))
			read_library(arena, directory, &policy->trust[i]);
	for (size_t i = 0; i < policy->command_count; i++)
		if (policy->commands[i]->function != NULL)
			read_function(
				arena, (struct function *)(uintptr_t)policy->commands[i]->function);
	arena_free(arena);
}
