#include "bundle/tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/text.h"

struct walk {
	struct arena *arena;
	struct strings *paths, *complaints;
};

static const char *shown(struct arena *arena, const char *path)
{
	return text_escape(arena, path, strlen(path));
}

static bool is_own(const char *path)
{
	return strcmp(path, MANIFEST_FILE) == 0 || strcmp(path, SEAL_FILE) == 0 ||
	       strcmp(path, MARKER_FILE) == 0;
}

static int open_name(int directory, const char *name, int flags)
{
	return openat(
		directory, name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW | flags);
}

/*
 * Part by part, without openat2(2), which systemd's RestrictSUIDSGID= refuses: no link is followed,
 * and no part is "..".
 */
static int open_beneath(struct arena *arena, int directory, const char *path)
{
	_cleanup_fd_ int above = -1;
	const char *slash;

	if (!is_own(path) && manifest_path_refused(path) != NULL) {
		errno = EINVAL;
		return -1;
	}
	while ((slash = strchr(path, '/')) != NULL) {
		int next = open_name(above < 0 ? directory : above,
			arena_strndup(arena, path, (size_t)(slash - path)), O_DIRECTORY);

		fd_close(&above);
		if (next < 0)
			return -1;
		above = next;
		path = slash + 1;
	}
	return open_name(above < 0 ? directory : above, path, 0);
}

static void complain(struct walk *walk, const char *path, const char *what)
{
	strings_add(walk->arena, walk->complaints,
		arena_printf(walk->arena, "%s %s", shown(walk->arena, path), what));
}

static void walk_directory(struct walk *walk, int fd, const char *prefix);

static void walk_entry(struct walk *walk, int parent, const char *prefix, const char *name)
{
	char *path = arena_printf(walk->arena, "%s%s", prefix, name);
	const char *complaint = is_own(path) ? NULL : manifest_path_refused(path);
	struct stat status;

	if (complaint != NULL)
		complain(walk, path, complaint);
	else if (fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
		complain(walk, path, strerror(errno));
	else if (S_ISDIR(status.st_mode) && !is_own(path))
		walk_directory(walk, open_name(parent, name, O_DIRECTORY),
			arena_printf(walk->arena, "%s/", path));
	else if (!S_ISREG(status.st_mode))
		complain(walk, path,
			S_ISLNK(status.st_mode)
				? "is a symbolic link; expected files and directories"
				: "is no file; expected files and directories");
	else if (!is_own(path))
		strings_add(walk->arena, walk->paths, path);
}

/* Takes `fd`. */
static void walk_directory(struct walk *walk, int fd, const char *prefix)
{
	DIR *stream = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;

	if (stream == NULL) {
		complain(walk, prefix, strerror(errno));
		fd_close(&fd);
		return;
	}
	for (errno = 0; (entry = readdir(stream)) != NULL; errno = 0)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
			walk->paths->count <= MANIFEST_FILES_MAX)
			walk_entry(walk, dirfd(stream), prefix, entry->d_name);
	if (errno != 0)
		complain(walk, prefix, strerror(errno));
	closedir(stream);
}

static int compare_strings(const void *left, const void *right)
{
	const char *const *a = left, *const *b = right;

	return strcmp(*a, *b);
}

int tree_list(struct arena *arena, int directory, struct strings *paths, struct strings *complaints)
{
	struct walk walk = {arena, paths, complaints};

	walk_directory(&walk, open_name(directory, ".", O_DIRECTORY), "");
	if (paths->count > MANIFEST_FILES_MAX)
		strings_add(arena, complaints, "there are more than 20000 files");
	if (paths->count > 0)
		qsort(paths->items, paths->count, sizeof(*paths->items), compare_strings);
	return complaints->count == 0 ? 0 : -1;
}

int tree_open(
	struct arena *arena, int directory, const char *path, mode_t *mode, const char **complaint)
{
	_cleanup_fd_ int fd = open_beneath(arena, directory, path);
	struct stat status;
	int error = errno;

	if (fd >= 0 && fstat(fd, &status) == 0) {
		*mode = status.st_mode & 07777;
		if (S_ISREG(status.st_mode))
			return fd_take(&fd);
		error = EINVAL;
	}
	*complaint = arena_printf(arena, "%s: %s", shown(arena, path),
		error == ELOOP || error == ENOTDIR ? "a symbolic link; expected a file"
		: error == EINVAL		   ? "no file; expected a regular one"
		: error == ENOENT		   ? "it is missing"
						   : strerror(error));
	errno = error;
	return -1;
}

char *tree_read(struct arena *arena, int directory, const char *path, size_t limit, size_t *length,
	mode_t *mode, const char **complaint)
{
	_cleanup_fd_ int fd = tree_open(arena, directory, path, mode, complaint);
	char *bytes = fd < 0 ? NULL : fd_read_all(arena, fd, limit, length);

	if (fd >= 0 && bytes == NULL)
		*complaint = arena_printf(arena, "%s: %s", shown(arena, path),
			errno == EFBIG
				? arena_printf(arena, "larger than %zu bytes, the limit", limit)
				: strerror(errno));
	return bytes;
}
