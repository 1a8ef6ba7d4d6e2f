#include "trial/subject.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/fd.h"

enum {
	STATUS_MAX = 16384, /* bytes of /proc/PID/status */
	CHILDREN_MAX = 1 << 20,
};

static int open_memory(pid_t thread)
{
	char path[64];

	(void)snprintf(path, sizeof(path), "/proc/%d/mem", (int)thread);
	return open(path, O_RDONLY | O_CLOEXEC);
}

/* Page by page: the next one may not be mapped. */
static size_t read_pages(int memory, uint64_t address, char *bytes, size_t length)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), done = 0;

	while (done < length) {
		size_t room = page - (address + done) % page;
		size_t part = room < length - done ? room : length - done;
		ssize_t count = pread(memory, bytes + done, part, (off_t)(address + done));

		if (count <= 0)
			break;
		done += (size_t)count;
	}
	return done;
}

size_t subject_memory(pid_t thread, uint64_t address, void *bytes, size_t length)
{
	_cleanup_fd_ int memory = open_memory(thread);

	return memory < 0 ? 0 : read_pages(memory, address, bytes, length);
}

char *subject_string(struct arena *arena, pid_t thread, uint64_t address)
{
	char text[PATH_MAX];
	size_t length = address == 0 ? 0 : subject_memory(thread, address, text, sizeof(text));

	return memchr(text, '\0', length) == NULL ? NULL : arena_strdup(arena, text);
}

char *subject_link(struct arena *arena, pid_t thread, const char *name)
{
	char path[64], target[PATH_MAX];
	ssize_t length;

	(void)snprintf(path, sizeof(path), "/proc/%d/%s", (int)thread, name);
	length = readlink(path, target, sizeof(target));
	/* A pipe, a socket, or a file that was removed: "pipe:[1]", "/x (deleted)". */
	if (length <= 0 || length == (ssize_t)sizeof(target) || *target != '/')
		return NULL;
	return arena_strndup(arena, target, (size_t)length);
}

static char *base_of(struct arena *arena, pid_t thread, int directory)
{
	if (directory == AT_FDCWD)
		return subject_link(arena, thread, "cwd");
	return subject_link(arena, thread, arena_printf(arena, "fd/%d", directory));
}

/* Without asking the file system: "." and ".." and doubled slashes alone. */
static char *normalise(struct arena *arena, const char *path)
{
	char *result = arena_alloc(arena, strlen(path) + 2);
	size_t length = 0;

	while (*path != '\0') {
		size_t part = strcspn(path, "/");

		if (part == 2 && memcmp(path, "..", 2) == 0) {
			while (length > 0 && result[--length] != '/')
				;
		} else if (part > 0 && !(part == 1 && *path == '.')) {
			result[length++] = '/';
			memcpy(result + length, path, part);
			length += part;
		}
		path += part + (path[part] == '/');
	}
	if (length == 0)
		result[length++] = '/';
	result[length] = '\0';
	return result;
}

/* The directory resolved, the last component as it is. */
static char *resolve_parent(struct arena *arena, char *path)
{
	char *slash = strrchr(path, '/'), *parent, *result;

	if (slash == path)
		return path;
	parent = realpath(arena_strndup(arena, path, (size_t)(slash - path)), NULL);
	if (parent == NULL)
		return path;
	result = arena_printf(arena, "%s%s", strcmp(parent, "/") == 0 ? "" : parent, slash);
	free(parent);
	return result;
}

/* Links there mean something else to who follows them: the observer's own, for one. */
static bool is_own_to_each(const char *path)
{
	return strncmp(path, "/proc/", 6) == 0 || strncmp(path, "/dev/", 5) == 0;
}

char *subject_path(struct arena *arena, pid_t thread, int directory, const char *path, bool follow)
{
	char *base, *whole, *resolved;

	if (path == NULL)
		return NULL;
	if (*path != '/') {
		base = base_of(arena, thread, directory);
		if (base == NULL)
			return NULL;
		path = arena_printf(arena, "%s/%s", base, path);
	}
	whole = normalise(arena, path);
	if (is_own_to_each(whole))
		return whole;
	resolved = follow ? realpath(whole, NULL) : NULL;
	if (resolved == NULL)
		return resolve_parent(arena, whole);
	whole = arena_strdup(arena, resolved);
	free(resolved);
	return whole;
}

static const char *status_line(const char *status, const char *name)
{
	const char *line = strstr(status, name);

	return line == NULL ? "" : line + strlen(name);
}

/* NULL: it is gone. Valid until the next call. */
static const char *read_status(pid_t thread)
{
	static char status[STATUS_MAX];
	char path[64];
	_cleanup_fd_ int fd = -1;
	ssize_t length;

	(void)snprintf(path, sizeof(path), "/proc/%d/status", (int)thread);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	length = fd < 0 ? -1 : read(fd, status, sizeof(status) - 1);
	if (length <= 0)
		return NULL;
	status[length] = '\0';
	return status;
}

pid_t subject_process(pid_t thread)
{
	const char *status = read_status(thread);

	return status == NULL ? 0 : (pid_t)strtol(status_line(status, "\nTgid:"), NULL, 10);
}

static void add_children(struct arena *arena, const char *path, pid_t **children, size_t *count)
{
	size_t length;
	char *text = fd_read_file(arena, path, CHILDREN_MAX, &length), *end;

	for (; text != NULL; text = end) {
		pid_t child = (pid_t)strtol(text, &end, 10);

		if (end == text)
			return;
		*children = arena_grow(arena, *children, *count, sizeof(**children));
		(*children)[(*count)++] = child;
	}
}

pid_t *subject_children(struct arena *arena, pid_t process, size_t *count)
{
	char *path = arena_printf(arena, "/proc/%d/task", (int)process);
	DIR *threads = opendir(path);
	const struct dirent *entry;
	pid_t *children = NULL;

	*count = 0;
	while (threads != NULL && (entry = readdir(threads)) != NULL)
		if (*entry->d_name != '.')
			add_children(arena,
				arena_printf(arena, "%s/%s/children", path, entry->d_name),
				&children, count);
	if (threads != NULL)
		closedir(threads);
	return children;
}

static unsigned count_descriptors(pid_t process)
{
	char path[64];
	const struct dirent *entry;
	unsigned highest = 0;
	DIR *directory;

	(void)snprintf(path, sizeof(path), "/proc/%d/fd", (int)process);
	directory = opendir(path);
	if (directory == NULL)
		return 0;
	while ((entry = readdir(directory)) != NULL) {
		unsigned long number = strtoul(entry->d_name, NULL, 10);

		if (*entry->d_name != '.' && number + 1 > highest)
			highest = (unsigned)number + 1;
	}
	closedir(directory);
	return highest;
}

static void read_ids(const char *line, uint32_t *ids)
{
	char *end = (char *)line;

	for (size_t i = 0; i < 4; i++)
		ids[i] = (uint32_t)strtoul(end, &end, 10);
}

bool subject_measure(pid_t process, struct subject_size *size)
{
	const char *status = read_status(process);

	if (status == NULL)
		return false;
	size->threads = (unsigned)strtoul(status_line(status, "\nThreads:"), NULL, 10);
	size->memory = 1024 * strtoull(status_line(status, "\nVmPeak:"), NULL, 10);
	read_ids(status_line(status, "\nUid:"), size->uids);
	read_ids(status_line(status, "\nGid:"), size->gids);
	size->capabilities = strtoull(status_line(status, "\nCapEff:"), NULL, 16);
	size->descriptors = count_descriptors(process);
	return true;
}
