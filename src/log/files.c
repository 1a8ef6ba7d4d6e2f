#include "log/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "record/chain.h"

enum { SEQUENCE_DIGITS = 20, LOOKS_MAX = 10 };

static const char now_name[] = "events.jsonl", old_prefix[] = "events-", suffix[] = ".jsonl";

enum { PREFIX = sizeof(old_prefix) - 1, NOW = sizeof(now_name) - 1, FIRST_LINE_MAX = 4096 };

static int complain(struct arena *arena, const char **complaint, const char *path)
{
	*complaint = arena_printf(arena, "%s: %s", path, strerror(errno));
	return -1;
}

/*
 * The seq in the name of a file that the recorder rotated, 0 for the one that is written and for
 * those of logrotate(8), events.jsonl.1 or events.jsonl-20261129; -1: no name of ours.
 */
static int read_name(const char *name, uint64_t *sequence)
{
	const char *digits = name + PREFIX;

	*sequence = 0;
	if (strncmp(name, now_name, NOW) == 0) {
		digits = name + NOW;
		if (*digits == '\0')
			return 0;
		return (*digits == '.' || *digits == '-') && digits[1] != '\0' &&
				       digits[1 + strspn(digits + 1, "0123456789")] == '\0'
			       ? 0
			       : -1;
	}
	if (strncmp(name, old_prefix, PREFIX) != 0 ||
		strspn(digits, "0123456789") != SEQUENCE_DIGITS ||
		strcmp(digits + SEQUENCE_DIGITS, suffix) != 0)
		return -1;
	*sequence = strtoull(digits, NULL, 10);
	return *sequence > 0 ? 0 : -1;
}

/* The seq of a file's first line; of one without a chain, that of nothing: it comes last. */
static uint64_t first_of(int fd)
{
	char bytes[FIRST_LINE_MAX];
	ssize_t got = pread(fd, bytes, sizeof(bytes), 0);
	const char *newline = got > 0 ? memchr(bytes, '\n', (size_t)got) : NULL;
	struct chain_link link;

	if (newline == NULL || chain_read(bytes, (size_t)(newline - bytes), &link) != CHAIN_GOOD)
		return UINT64_MAX;
	return link.sequence;
}

static int compare_files(const void *left, const void *right)
{
	const struct log_file *a = left, *b = right;

	if (a->first == b->first)
		return a->order < b->order ? -1 : a->order > b->order;
	return a->first < b->first ? -1 : 1;
}

/* 0 with an open regular file; -1 and errno. */
static int open_file(int directory, const char *name, int flags, struct log_file *file)
{
	_cleanup_fd_ int fd =
		openat(directory, name, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | flags);
	struct stat status;

	if (fd < 0 || fstat(fd, &status) < 0)
		return -1;
	if (!S_ISREG(status.st_mode)) {
		errno = S_ISDIR(status.st_mode) ? EISDIR : EINVAL;
		return -1;
	}
	file->device = status.st_dev;
	file->inode = status.st_ino;
	file->size = (uint64_t)status.st_size;
	file->fd = fd_take(&fd);
	file->line = 1;
	return 0;
}

static struct log_file *find_same(struct log_files *files, const struct stat *status)
{
	for (size_t i = 0; i < files->count; i++)
		if (files->items[i].device == status->st_dev &&
			files->items[i].inode == status->st_ino)
			return &files->items[i];
	return NULL;
}

static void set_name(struct log_files *files, struct log_file *file, const char *name)
{
	file->path = arena_printf(files->arena, "%s/%s", files->path, name);
	file->name = file->path + strlen(files->path) + 1;
	(void)read_name(name, &file->named);
}

/* A limit for descriptors of 1024 is less than some keep: one is open for each file. */
static int open_raised(struct log_files *files, const char *name, struct log_file *file)
{
	struct rlimit limit;

	if (open_file(files->directory, name, O_NOFOLLOW, file) == 0)
		return 0;
	if (errno != EMFILE || getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return -1;
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
	return open_file(files->directory, name, O_NOFOLLOW, file);
}

static int add_file(struct log_files *files, const char *name, const char **complaint)
{
	struct log_file file = {.fd = -1, .order = files->count};

	if (open_raised(files, name, &file) < 0) {
		if (errno == ENOENT)
			return 0; /* it was rotated or has expired since its name was read */
		return complain(files->arena, complaint,
			arena_printf(files->arena, "%s/%s", files->path, name));
	}
	files->items = arena_grow(files->arena, files->items, files->count, sizeof(*files->items));
	set_name(files, &file, name);
	files->items[files->count++] = file;
	return 0;
}

/* A name of the directory: a file that is known, under another name maybe, or a new one. */
static int take_name(struct log_files *files, const char *name, const char **complaint)
{
	struct log_file *known;
	struct stat status;

	if (fstatat(files->directory, name, &status, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : complain(files->arena, complaint, files->path);
	known = find_same(files, &status);
	if (known == NULL)
		return add_file(files, name, complaint);
	known->size = (uint64_t)status.st_size;
	if (strcmp(known->name, name) != 0)
		set_name(files, known, name);
	return 0;
}

static int read_names(struct log_files *files, const char **complaint)
{
	_cleanup_list_ DIR *stream = fd_list(files->directory, ".");
	struct dirent *entry;
	uint64_t sequence;
	int result = 0;

	if (stream == NULL)
		return complain(files->arena, complaint, files->path);
	while (result == 0 && (errno = 0, entry = readdir(stream)) != NULL)
		if (read_name(entry->d_name, &sequence) == 0)
			result = take_name(files, entry->d_name, complaint);
	if (result == 0 && errno != 0)
		result = complain(files->arena, complaint, files->path);
	return result;
}

/*
 * By the name of those that have one. Who rotates fast can rename the one that is written, and
 * several after it, behind the back of who reads names: those tell it by what is in them.
 */
static void find_firsts(struct log_files *files)
{
	for (size_t i = 0; i < files->count; i++) {
		struct log_file *file = &files->items[i];

		if (file->named != 0)
			file->first = file->named;
		else if (file->first == 0 || file->first == UINT64_MAX)
			file->first = first_of(file->fd);
	}
}

/*
 * Rotation is a rename and a new file: who reads names meanwhile may miss one, so it is looked
 * until nothing is new.
 */
int log_files_look(struct log_files *files, const char **complaint)
{
	struct stat status;
	size_t before;

	if (files->directory < 0) {
		if (fstat(files->items[0].fd, &status) < 0)
			return complain(files->arena, complaint, files->path);
		files->items[0].size = (uint64_t)status.st_size;
		return 0;
	}
	for (int looks = 0; looks < LOOKS_MAX; looks++) {
		before = files->count;
		if (read_names(files, complaint) < 0)
			return -1;
		if (files->count == before)
			break;
	}
	find_firsts(files);
	if (files->count > 1)
		qsort(files->items, files->count, sizeof(*files->items), compare_files);
	return 0;
}

int log_files_open(
	struct arena *arena, const char *path, struct log_files *files, const char **complaint)
{
	struct log_file *file;

	*files = (struct log_files){.arena = arena, .path = arena_strdup(arena, path)};
	files->directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (files->directory >= 0)
		return log_files_look(files, complaint);
	if (errno != ENOTDIR)
		return complain(arena, complaint, path);
	file = files->items = arena_grow(arena, NULL, 0, sizeof(*files->items));
	*file = (struct log_file){.fd = -1, .path = files->path, .name = files->path};
	if (open_file(AT_FDCWD, path, 0, file) < 0)
		return complain(arena, complaint, path);
	files->count = 1;
	return 0;
}

void log_files_close(struct log_files *files)
{
	for (size_t i = 0; i < files->count; i++)
		fd_close(&files->items[i].fd);
	fd_close(&files->directory);
	files->count = 0;
}
