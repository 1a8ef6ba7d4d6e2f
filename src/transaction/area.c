/* The real directories of a transaction: which of them can be ones at all. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/fd.h"
#include "policy/restriction.h"
#include "transaction/parts.h"

enum { MOUNTINFO_LIMIT = 16 * 1024 * 1024 };

int area_open_path(const char *path)
{
	_cleanup_fd_ int here = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	char text[PATH_MAX], *next = NULL;

	if (here < 0 || strlen(path) >= sizeof(text)) {
		errno = here < 0 ? errno : ENAMETOOLONG;
		return -1;
	}
	memcpy(text, path, strlen(path) + 1);
	for (char *name = strtok_r(text, "/", &next); name != NULL;
		name = strtok_r(NULL, "/", &next)) {
		int fd = openat(here, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

		if (fd < 0)
			return -1;
		close(here);
		here = fd;
	}
	return fd_take(&here);
}

/* What the gateway needs to work, or to be believed, is nothing that a function changes. */
static const char *complain_of_place(struct arena *arena, const char *path)
{
	static const char *const own[] = {
		ROLEGATE_STATE_DIR, ROLEGATE_CONFIG_DIR, ROLEGATE_LOG_DIR, ROLEGATE_RUN_DIR};

	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (restriction_path_below(path, own[i]) || restriction_path_below(own[i], path))
			return arena_printf(arena, "%s and %s, which is the gateway's own, overlap",
				path, own[i]);
	return NULL;
}

/* "\040" for a blank and the like: a path with one is compared by its start alone. */
static bool line_is_below(char *line, const char *path)
{
	size_t length = strlen(path);
	char *next = NULL, *field = strtok_r(line, " ", &next);

	for (int i = 0; field != NULL && i < 4; i++)
		field = strtok_r(NULL, " ", &next);
	if (field == NULL)
		return true;
	for (size_t i = 0; i < length; i++) {
		if (field[0] == '\\' && field[1] != '\0' && field[2] != '\0' && field[3] != '\0') {
			if ((char)((field[1] - '0') << 6 | (field[2] - '0') << 3 |
				    (field[3] - '0')) != path[i])
				return false;
			field += 4;
		} else if (*field++ != path[i]) {
			return false;
		}
	}
	return *field == '/';
}

/* An overlay shows what lies under a mount, not what is mounted. */
static int has_mounts_below(struct arena *arena, const char *path)
{
	size_t length;
	char *text = fd_read_file(arena, "/proc/self/mountinfo", MOUNTINFO_LIMIT, &length);
	char *next = NULL;

	if (text == NULL)
		return -1;
	for (char *line = strtok_r(text, "\n", &next); line != NULL;
		line = strtok_r(NULL, "\n", &next))
		if (line_is_below(line, path))
			return 1;
	return 0;
}

static const char *complain_of_mounts(struct arena *arena, const struct transaction_area *area)
{
	struct statvfs mount;
	int below = has_mounts_below(arena, area->path);

	if (below < 0 || fstatvfs(area->real, &mount) != 0)
		return arena_printf(arena, "%s: %s", area->path, strerror(errno));
	if ((mount.f_flag & ST_RDONLY) != 0)
		return arena_printf(arena,
			"%s is on a read-only mount, so that nothing could be committed "
			"(ReadWritePaths= of the gateway's unit, if it has ProtectSystem=)",
			area->path);
	if (below > 0)
		return arena_printf(arena, "something is mounted below %s", area->path);
	return NULL;
}

int area_open(struct transaction *transaction, size_t number, const char **complaint)
{
	struct transaction_area *area = &transaction->areas[number];
	struct arena *arena = transaction->arena;
	_cleanup_fd_ int path = area_open_path(area->path);
	struct statx status;

	if (path >= 0)
		area->real = openat(path, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (area->real < 0 || walk_status(area->real, "", &status) != 0) {
		*complaint = arena_printf(arena, "%s: %s", area->path,
			errno == ENOTDIR || errno == ELOOP
				? "not a directory, or a symbolic link is on the way"
				: strerror(errno));
		return -1;
	}
	area->mount_id = status.stx_mnt_id;
	*complaint = complain_of_place(arena, area->path);
	if (*complaint == NULL)
		*complaint = complain_of_mounts(arena, area);
	errno = EINVAL;
	return *complaint == NULL ? 0 : -1;
}

void area_close(struct transaction_area *area)
{
	fd_close(&area->real);
	fd_close(&area->upper);
	fd_close(&area->work);
	fd_close(&area->mount);
}
