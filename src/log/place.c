/* Where the index is: beside the log, where that is the reader's own place. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log/reader.h"

/*
 * The recorder's account owns the directory of its log, and who reads it is root: a data base that
 * another account could have put there is not opened.
 */
static bool is_own_directory(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == geteuid() &&
	       (status.st_mode & 022) == 0 && access(path, W_OK) == 0;
}

static bool make_directory(const char *path)
{
	return (mkdir(path, 0700) == 0 || errno == EEXIST) && is_own_directory(path);
}

const char *log_index_place(struct arena *arena, const struct log_files *files)
{
	const char *slash = strrchr(files->path, '/'), *beside = files->path;
	struct stat status;

	if (files->directory < 0)
		beside = slash == NULL ? "."
			 : slash == files->path
				 ? "/"
				 : arena_strndup(arena, files->path, (size_t)(slash - files->path));
	if (is_own_directory(beside))
		return arena_printf(arena, "%s%s", files->path,
			files->directory >= 0 ? "/log-index.db" : ".index");
	if (geteuid() != 0 || stat(files->path, &status) < 0 ||
		!make_directory(ROLEGATE_STATE_DIR) ||
		!make_directory(ROLEGATE_STATE_DIR "/log-index"))
		return NULL;
	return arena_printf(arena, ROLEGATE_STATE_DIR "/log-index/%llx-%llx.db",
		(unsigned long long)status.st_dev, (unsigned long long)status.st_ino);
}
