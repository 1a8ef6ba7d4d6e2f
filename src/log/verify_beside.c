/* Files beside the log, by what the log says of them. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "log/beneath.h"
#include "log/verify_parts.h"

enum { BLOCK = 256 * 1024, NAME_LENGTH_MAX = 128 };

static struct verify_file *file_of(struct verify *verify, const char *name)
{
	struct verify_file *file = table_get(&verify->by_name, name);

	if (file != NULL)
		return file;
	file = arena_alloc(verify->arena, sizeof(*file));
	file->name = name;
	table_put(verify->arena, &verify->by_name, name, file);
	verify->beside = arena_grow(
		verify->arena, verify->beside, verify->beside_count, sizeof(struct verify_file *));
	verify->beside[verify->beside_count++] = file;
	return file;
}

/* A file that was cut off the end of a log by its writer: NAME.torn-SEQ. */
static bool is_torn_name(const char *name)
{
	return strchr(name, '/') == NULL && strstr(name, ".torn-") != NULL && name[0] != '.';
}

static void take_event(struct verify_file *file, const char *operation, const char *text,
	size_t length, const char *hash)
{
	struct line_value bytes = line_find(text, length, "bytes");
	uint64_t size = line_number(&bytes, 0);

	if (strcmp(operation, "transcript-open") == 0) {
		file->opened = true;
	} else if (strcmp(operation, "expired") == 0) {
		file->expired = true;
	} else if (strcmp(operation, "transcript-part") == 0) {
		file->part_bytes = size;
		file->part_sha256 = hash;
	} else {
		file->closed = true;
		file->bytes = size;
		file->sha256 = hash;
	}
}

void verify_beside_line(struct verify *verify, const char *operation, const char *text,
	size_t length, uint64_t sequence)
{
	struct line_value name = line_find(text, length, "file");
	struct line_value hash = line_find(text, length, "sha256");
	const char *path = line_text(verify->arena, &name);
	struct verify_file *file;

	if (!verify->question->transcripts || path == NULL)
		return;
	if (strcmp(operation, "torn") == 0 ? !is_torn_name(path) : !log_is_transcript(path)) {
		if (strcmp(operation, "expired") != 0)
			verify_found(verify, verify_place(verify), sequence,
				"it names a file that the log has no place for: %s", path);
		return;
	}
	file = file_of(verify, path);
	file->place = verify_place(verify);
	file->sequence = sequence;
	take_event(file, operation, text, length, line_text(verify->arena, &hash));
}

/* The SHA-256 of the first `limit` bytes, and how many there are of them. 0, or -1 and errno. */
static int hash_file(
	struct verify *verify, int fd, uint64_t limit, char text[CHAIN_HASH + 1], uint64_t *length)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	unsigned char hash[EVP_MAX_MD_SIZE];
	char *block = verify->lines.bytes; /* free by now: larger than a block */
	ssize_t got = 0;

	*length = 0;
	(void)EVP_DigestInit_ex(context, EVP_sha256(), NULL);
	while (*length < limit) {
		size_t want = limit - *length < BLOCK ? (size_t)(limit - *length) : BLOCK;

		got = read(fd, block, want);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		(void)EVP_DigestUpdate(context, block, (size_t)got);
		verify_progress(verify, "transcripts", (uint64_t)got);
		*length += (uint64_t)got;
	}
	if (EVP_DigestFinal_ex(context, hash, NULL) != 1)
		got = -1;
	EVP_MD_CTX_free(context);
	for (size_t i = 0; i < CHAIN_HASH / 2; i++)
		(void)snprintf(text + 2 * i, 3, "%02x", hash[i]);
	return got < 0 ? -1 : 0;
}

static void check_bytes(struct verify *verify, const struct verify_file *file, int fd)
{
	uint64_t wanted = file->closed ? file->bytes : file->part_bytes, length = 0;
	const char *sha256 = file->closed ? file->sha256 : file->part_sha256;
	char hash[CHAIN_HASH + 1] = "";
	struct stat status;

	if (hash_file(verify, fd, wanted, hash, &length) < 0 || fstat(fd, &status) < 0)
		verify_found(verify, file->name, file->sequence, "%s", strerror(errno));
	else if (length < wanted)
		verify_found(verify, file->name, file->sequence,
			"the file is cut: it has %llu of the %llu bytes that %s has",
			(unsigned long long)length, (unsigned long long)wanted, file->place);
	else if (sha256 == NULL || strcmp(sha256, hash) != 0)
		verify_found(verify, file->name, file->sequence,
			"the file was changed: its first %llu bytes are not those that %s has",
			(unsigned long long)wanted, file->place);
	else if (file->closed && (uint64_t)status.st_size > wanted)
		verify_found(verify, file->name, file->sequence,
			"something was added to the file: %llu byte%s after the %llu that %s has",
			(unsigned long long)status.st_size - wanted,
			(uint64_t)status.st_size - wanted == 1 ? "" : "s",
			(unsigned long long)wanted, file->place);
}

static void check_file(struct verify *verify, int directory, const struct verify_file *file)
{
	_cleanup_fd_ int fd = -1;
	bool transcript = log_is_transcript(file->name);

	if (file->expired)
		return;
	fd = log_open_beneath(directory, file->name);
	if (fd < 0) {
		bool missing = errno == ENOENT;

		verify_found(verify, file->name, file->sequence, "%s, and %s names it",
			missing ? "the file is missing" : strerror(errno), file->place);
		return;
	}
	verify->result->transcripts += transcript;
	verify->result->transcripts_open += transcript && !file->closed;
	if (file->closed || file->part_sha256 != NULL)
		check_bytes(verify, file, fd);
}

/* A transcript that the log knows nothing of. */
static void check_known(struct verify *verify, const char *name)
{
	const char *kept;

	if (table_get(&verify->by_name, name) != NULL)
		return;
	kept = arena_strdup(verify->arena, name);
	if (verify->result->first > 1)
		verify_note(verify, "%s: the log says nothing of it, or said so before its start",
			kept);
	else
		verify_found(verify, kept, 0, "the log says nothing of this file");
}

/* Calls `each` with "PARENT/NAME" of what is in a directory below; without one there is nothing. */
static void each_name(struct verify *verify, int directory, const char *parent,
	void (*each)(struct verify *verify, int directory, const char *name))
{
	_cleanup_list_ DIR *stream = fd_list(directory, parent);
	char name[NAME_LENGTH_MAX + NAME_MAX];
	struct dirent *entry;

	if (stream == NULL) {
		if (errno != ENOENT)
			verify_found(verify, arena_strdup(verify->arena, parent), 0, "%s",
				strerror(errno));
		return;
	}
	while ((entry = readdir(stream)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (snprintf(name, sizeof(name), "%s/%s", parent, entry->d_name) <
			(int)sizeof(name))
			each(verify, directory, name);
	}
}

static void check_name(struct verify *verify, int directory, const char *name)
{
	(void)directory;
	check_known(verify, name);
}

static void check_user(struct verify *verify, int directory, const char *name)
{
	struct stat status;

	if (fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(status.st_mode))
		each_name(verify, directory, name, check_name);
	else
		check_known(verify, name);
}

/* The log's directory, of a single file too. */
static int open_directory(const struct verify *verify)
{
	const char *slash = strrchr(verify->files.path, '/');

	if (verify->files.directory >= 0)
		return openat(verify->files.directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (slash == NULL)
		return open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return open(arena_strndup(verify->arena, verify->files.path,
			    (size_t)(slash - verify->files.path) + 1),
		O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

int verify_beside_end(struct verify *verify, const char **complaint)
{
	_cleanup_fd_ int directory = -1;

	if (!verify->question->transcripts)
		return 0;
	directory = open_directory(verify);
	if (directory < 0) {
		*complaint =
			arena_printf(verify->arena, "%s: %s", verify->files.path, strerror(errno));
		return -1;
	}
	for (size_t i = 0; i < verify->beside_count; i++)
		check_file(verify, directory, verify->beside[i]);
	if (verify->files.directory >= 0)
		each_name(verify, directory, "transcripts", check_user);
	return 0;
}
