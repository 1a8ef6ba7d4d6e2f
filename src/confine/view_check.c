/*
 * Reads a view back: what /proc/self/mountinfo (proc(5)) says of every mount, and what lies where
 * something was to be covered. Access that is tried would prove little, since root asks here.
 */
#include "confine/view.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/fd.h"
#include "confine/view_parts.h"

enum { MOUNTINFO_LIMIT = 16 * 1024 * 1024 };

/* One line of mountinfo. */
struct mounted {
	char path[PATH_MAX];
	bool read_only, no_exec;
	const char *type; /* "proc hidepid=…": from the file system's type on */
};

static bool has_word(const char *list, const char *word)
{
	size_t length = strlen(word);

	for (; *list != '\0'; list += strcspn(list, ", "), list += *list == ',') {
		if (strncmp(list, word, length) == 0 &&
			(list[length] == ',' || list[length] == ' ' || list[length] == '\0'))
			return true;
		if (list[strcspn(list, ", ")] != ',')
			break;
	}
	return false;
}

/* "\040" for a blank, and the like. */
static void copy_path(char path[PATH_MAX], const char *text)
{
	size_t length = 0;

	while (*text != ' ' && *text != '\0' && length < PATH_MAX - 1) {
		if (text[0] == '\\' && text[1] >= '0' && text[1] <= '3' && text[2] != '\0' &&
			text[3] != '\0') {
			path[length++] = (char)((text[1] - '0') << 6 | (text[2] - '0') << 3 |
						(text[3] - '0'));
			text += 4;
		} else {
			path[length++] = *text++;
		}
	}
	path[length] = '\0';
}

/* ID PARENT MAJOR:MINOR ROOT PATH OPTIONS [FIELD …] - TYPE SOURCE SUPER-OPTIONS */
static bool parse_line(const char *line, struct mounted *mounted)
{
	const char *field = line;

	for (int i = 0; i < 4; i++) {
		field = strchr(field, ' ');
		if (field == NULL)
			return false;
		field++;
	}
	copy_path(mounted->path, field);
	field = strchr(field, ' ');
	if (field == NULL)
		return false;
	mounted->read_only = has_word(field + 1, "ro");
	mounted->no_exec = has_word(field + 1, "noexec");
	mounted->type = strstr(field, " - ");
	if (mounted->type == NULL)
		return false;
	mounted->type += 3;
	return true;
}

static bool is_file(const char *path)
{
	struct stat status;

	return lstat(path, &status) == 0 && S_ISREG(status.st_mode);
}

static bool is_below(const char *path, const char *directory, bool itself)
{
	char real[PATH_MAX];

	if (realpath(directory, real) == NULL)
		return false;
	return itself ? strcmp(path, real) == 0 : restriction_path_below(path, real);
}

static bool is_own_tmp(const struct restriction *restriction, const char *path)
{
	return restriction->own_tmp &&
	       (is_below(path, "/tmp", true) || is_below(path, "/var/tmp", true) ||
		       is_below(path, "/dev/shm", true));
}

static bool is_own_process(const char *path)
{
	static const char start[] = "/proc/";

	return strncmp(path, start, strlen(start)) == 0 &&
	       strtol(path + strlen(start), NULL, 10) == getpid();
}

static bool may_be_writable(const struct restriction *restriction, const char *path)
{
	bool names = restriction->protected_names.count > 0;

	for (size_t i = 0; i < restriction->write.count; i++)
		if (is_below(path, restriction->write.items[i], false))
			return !names || is_file(path);
	return is_own_process(path) || is_own_tmp(restriction, path);
}

static bool may_be_executable(const struct restriction *restriction, const char *path)
{
	const char *name = strrchr(path, '/');

	if (is_file(path) || (name != NULL && strcmp(name, "/gconv") == 0))
		return true;
	for (size_t i = 0; i < restriction->execute_paths.count; i++)
		if (is_below(path, restriction->execute_paths.items[i], false))
			return true;
	return false;
}

/* Out of reach, whatever its flags are. */
static bool is_covered(const struct restriction *restriction, const char *path)
{
	for (size_t i = 0; i < restriction->hidden.count; i++)
		if (is_below(path, restriction->hidden.items[i], false))
			return true;
	return false;
}

static bool line_holds(const struct restriction *restriction, const struct mounted *mounted)
{
	if (is_covered(restriction, mounted->path))
		return true;
	if (view_limits(restriction, RESTRICT_WRITE) && !mounted->read_only &&
		!may_be_writable(restriction, mounted->path))
		return false;
	if (view_limits_execute(restriction) && !mounted->no_exec &&
		(!mounted->read_only || !may_be_executable(restriction, mounted->path)))
		return false;
	return true;
}

/* Every mount; and the one on top of /proc, which comes last. */
static bool mounts_hold(struct arena *arena, const struct restriction *restriction)
{
	size_t length;
	char *text = fd_read_file(arena, "/proc/self/mountinfo", MOUNTINFO_LIMIT, &length);
	bool proc = false, any = false;
	struct mounted mounted;

	for (char *line = text; line != NULL && *line != '\0';) {
		char *end = line + strcspn(line, "\n");

		any = true;
		if (*end == '\n')
			*end++ = '\0';
		if (!parse_line(line, &mounted) || !line_holds(restriction, &mounted))
			return false;
		if (strcmp(mounted.path, "/proc") == 0)
			proc = strncmp(mounted.type, "proc ", 5) == 0 &&
			       strstr(mounted.type, "hidepid=invisible") != NULL;
		line = end;
	}
	return any && (proc || !restriction->own_proc);
}

static bool is_memory(int fd)
{
	struct statfs status;

	return fstatfs(fd, &status) == 0 && status.f_type == TMPFS_MAGIC;
}

static bool is_hidden(const char *path)
{
	_cleanup_fd_ int fd = open(path, O_PATH | O_CLOEXEC);
	struct statvfs mount;
	struct stat status;

	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR;
	return fstat(fd, &status) == 0 && (status.st_mode & 07777) == 0 && is_memory(fd) &&
	       fstatvfs(fd, &mount) == 0 && (mount.f_flag & ST_RDONLY) != 0;
}

static bool is_empty_tmp(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const struct dirent *entry;
	DIR *directory;
	bool empty = true;

	if (fd < 0)
		return errno == ENOENT;
	directory = is_memory(fd) ? fdopendir(fd) : NULL;
	if (directory == NULL) {
		close(fd);
		return false;
	}
	while (empty && (entry = readdir(directory)) != NULL)
		empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
	closedir(directory);
	return empty;
}

static bool is_new_root(void)
{
	_cleanup_fd_ int fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct statvfs mount;

	return fd >= 0 && is_memory(fd) && fstatvfs(fd, &mount) == 0 &&
	       (mount.f_flag & ST_RDONLY) != 0;
}

static bool tops_hold(const struct restriction *restriction)
{
	for (size_t i = 0; i < restriction->hidden.count; i++)
		if (!is_hidden(restriction->hidden.items[i]))
			return false;
	if (restriction->own_tmp &&
		!(is_empty_tmp("/tmp") && is_empty_tmp("/var/tmp") && is_empty_tmp("/dev/shm")))
		return false;
	return !view_limits(restriction, RESTRICT_READ) || is_new_root();
}

bool view_holds(const struct restriction *restriction)
{
	const struct restriction effective = view_effective(restriction);
	struct arena *arena = arena_new();
	bool holds = mounts_hold(arena, &effective) && tops_hold(&effective);

	arena_free(arena);
	return holds;
}
