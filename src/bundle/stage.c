#include "bundle/stage.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"

struct staging {
	struct arena *arena;
	int fd;
};

static int fail(struct staging *staging, const char *path, const char **complaint)
{
	*complaint = arena_printf(staging->arena, "%s: copying it: %s", path, strerror(errno));
	return -1;
}

/* umask(2) is the caller's. */
static int make_directory(struct staging *staging, const char *path)
{
	if (mkdirat(staging->fd, path, 0755) != 0)
		return errno == EEXIST ? 0 : -1;
	return fchownat(staging->fd, path, 0, 0, AT_SYMLINK_NOFOLLOW) == 0 &&
			       fchmodat(staging->fd, path, 0755, 0) == 0
		       ? 0
		       : -1;
}

static int make_parents(struct staging *staging, const char *path)
{
	for (const char *slash = strchr(path, '/'); slash != NULL; slash = strchr(slash + 1, '/'))
		if (make_directory(staging,
			    arena_strndup(staging->arena, path, (size_t)(slash - path))) != 0)
			return -1;
	return 0;
}

static int put(struct staging *staging, const char *path, mode_t mode, const char *bytes,
	size_t length, const char **complaint)
{
	_cleanup_fd_ int fd = openat(
		staging->fd, path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0 || fchown(fd, 0, 0) != 0 || fd_write_all(fd, bytes, length) != 0 ||
		fchmod(fd, mode) != 0)
		return fail(staging, path, complaint);
	return 0;
}

static int take(void *context, const struct manifest_file *file, const char *bytes, size_t length,
	const char **complaint)
{
	struct staging *staging = context;

	if (make_parents(staging, file->path) != 0)
		return fail(staging, file->path, complaint);
	return put(staging, file->path, file->mode, bytes, length, complaint);
}

static int put_own(struct staging *staging, const struct bundle *bundle, const char **complaint)
{
	return put(staging, MANIFEST_FILE, 0644, bundle->manifest_bytes, bundle->manifest_length,
		       complaint) == 0 &&
			       put(staging, SEAL_FILE, 0644, bundle->seal_bytes,
				       bundle->seal_length, complaint) == 0
		       ? 0
		       : -1;
}

int stage_bundle(struct arena *arena, int source, const struct bundle *bundle, int stage,
	struct strings *complaints)
{
	struct staging staging = {arena, stage};
	const char *complaint = NULL;

	if (bundle_verify(arena, source, &bundle->manifest, take, &staging, complaints) != 0)
		return -1;
	if (put_own(&staging, bundle, &complaint) == 0 && syncfs(stage) != 0)
		complaint = arena_printf(arena, "writing it to disk: %s", strerror(errno));
	if (complaint != NULL) {
		strings_add(arena, complaints, complaint);
		return -1;
	}
	return bundle_verify(arena, stage, &bundle->manifest, NULL, NULL, complaints);
}
