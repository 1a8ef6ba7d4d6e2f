/* Entries as they stand in a file, their ids, and what they are of. */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/random.h>

#include "admin/trust.h"
#include "base/fd.h"
#include "base/message.h"
#include "config/digest.h"
#include "config/document.h"
#include "config/interpreter.h"
#include "config/scripts.h"
#include "config/trust_files.h"

enum { OPEN_FLAGS = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC };

/* As libconfig reads it. */
static const char *quoted(struct arena *arena, const char *text)
{
	char *out = arena_alloc(arena, 2 * strlen(text) + 3), *at = out;

	*at++ = '"';
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			*at++ = '\\';
		*at++ = *text;
	}
	*at++ = '"';
	return out;
}

static void add_line(struct arena *arena, struct strings *lines, const char *key, const char *value)
{
	if (value != NULL)
		strings_add(
			arena, lines, arena_printf(arena, "%s = %s;", key, quoted(arena, value)));
}

static void add_hash(
	struct arena *arena, struct strings *lines, const char *key, const char *digest)
{
	if (digest != NULL)
		add_line(arena, lines, key, arena_printf(arena, "sha256:%s", digest));
}

char *trust_text(struct arena *arena, const struct trust_entry *entry)
{
	struct strings lines = {0};

	add_line(arena, &lines, "id", entry->id);
	add_line(arena, &lines, "function", entry->function);
	add_line(arena, &lines, "path", entry->path);
	add_hash(arena, &lines, "content_hash", entry->content_hash);
	add_line(arena, &lines, "signed_by", entry->signed_by);
	add_hash(arena, &lines, "interpreter_hash", entry->interpreter_hash);
	add_line(arena, &lines, "level", trust_level_names[entry->level]);
	add_line(arena, &lines, "on_mismatch", trust_mismatch_names[entry->on_mismatch]);
	return arena_printf(arena, "{ %s }", strings_join(arena, &lines, "\n    "));
}

char *trust_file_text(struct arena *arena, const struct strings *entries, const char *by)
{
	return arena_printf(arena,
		"# Written by rolegatectl trust %s: see rolegate-trust(5).\n"
		"trusted = (\n  %s );\n",
		by, strings_join(arena, entries, ",\n  "));
}

static const char *uuid(struct arena *arena, unsigned char bytes[16], unsigned version)
{
	static const char digits[] = "0123456789abcdef";
	char *text = arena_alloc(arena, 37), *at = text;

	bytes[6] = (unsigned char)((bytes[6] & 0x0f) | version << 4);
	bytes[8] = (bytes[8] & 0x3f) | 0x80;
	for (int i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*at++ = '-';
		*at++ = digits[bytes[i] >> 4];
		*at++ = digits[bytes[i] & 15];
	}
	return text;
}

const char *trust_random_id(struct arena *arena)
{
	unsigned char bytes[16];

	if (getrandom(bytes, sizeof(bytes), 0) == (ssize_t)sizeof(bytes))
		return uuid(arena, bytes, 4);
	message_error("trust: no random number: %s", strerror(errno));
	return NULL;
}

static unsigned char nibble(char digit)
{
	return (unsigned char)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

const char *trust_id_of(struct arena *arena, const char *text)
{
	unsigned char bytes[16];
	struct digest digest;
	char hash[65];

	digest_begin(&digest);
	digest_file(&digest, "rolegate trust", text, strlen(text));
	if (digest_end(&digest, hash) != 0)
		return NULL;
	for (int i = 0; i < 16; i++)
		bytes[i] = (unsigned char)(nibble(hash[2 * i]) << 4 | nibble(hash[2 * i + 1]));
	return uuid(arena, bytes, 8);
}

int trust_digest(const char *path, char digest[65])
{
	struct script_identity identity;
	_cleanup_fd_ int fd = open(path, OPEN_FLAGS);

	return fd < 0 ? -1 : trust_hash_file(fd, &identity, digest);
}

int trust_script_digest(struct arena *arena, const char *path, struct script_content *content,
	const char **complaint)
{
	_cleanup_fd_ int fd = open(path, OPEN_FLAGS);

	if (fd >= 0)
		return script_read(arena, fd, content, complaint);
	*complaint = strerror(errno);
	return -1;
}

int trust_interpreter_digest(struct arena *arena, const struct script *script,
	const struct script_content *content, char digest[65], const char **complaint)
{
	const char *path = trust_interpreter(arena, script, content);
	struct script_identity identity;
	_cleanup_fd_ int fd = -1;

	*complaint = "the script names no interpreter";
	if (path == NULL)
		return -1;
	fd = interpreter_open(arena, path, complaint);
	if (fd < 0)
		return -1;
	*complaint = arena_printf(arena, "%s can't be hashed", path);
	return trust_hash_file(fd, &identity, digest);
}
