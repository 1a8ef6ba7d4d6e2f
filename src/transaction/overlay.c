/*
 * The overlay itself, made by the gateway and handed to the child before it is mounted anywhere: so
 * the gateway still has it when the run is over, and can end all writing to it.
 */
#include <errno.h>
#include <linux/magic.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/text.h"
#include "transaction/parts.h"

enum {
	SEAL_ATTEMPTS = 100,	       /* a killed process may take a moment to close its files */
	SEAL_PAUSE = 10 * 1000 * 1000, /* ns */
};

/* By descriptor: a path could be another directory's by now, and holds bytes that mean something.
 */
static int set_directory(int context, const char *key, int fd)
{
	char path[32];

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return fsconfig(context, FSCONFIG_SET_STRING, key, path, 0);
}

/* Nothing that a copy would not be: one file in the upper directory is one whole file. */
static int set_options(int context, const struct transaction_area *area)
{
	static const char *const options[][2] = {{"source", "rolegate"}, {"index", "off"},
		{"metacopy", "off"}, {"redirect_dir", "nofollow"}, {"xino", "off"},
		{"nfs_export", "off"}};

	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (fsconfig(context, FSCONFIG_SET_STRING, options[i][0], options[i][1], 0) != 0)
			return -1;
	return set_directory(context, "lowerdir", area->real) != 0 ||
			       set_directory(context, "upperdir", area->upper) != 0 ||
			       set_directory(context, "workdir", area->work) != 0
		       ? -1
		       : fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0);
}

static unsigned attributes_of(int real)
{
	unsigned attributes = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;
	struct statvfs mount;

	/* A mount that can't be asked gets the narrower one. */
	if (fstatvfs(real, &mount) != 0 || (mount.f_flag & ST_NOEXEC) != 0)
		attributes |= MOUNT_ATTR_NOEXEC;
	return attributes;
}

/* "e overlay: filesystem on … not supported as upperdir": what the context says of it. */
static const char *reason_of(struct arena *arena, int context, int error)
{
	char text[512];
	ssize_t length = context < 0 ? -1 : read(context, text, sizeof(text) - 1);

	if (length <= 2)
		return strerror(error);
	while (length > 0 && text[length - 1] == '\n')
		length--;
	return text_escape(arena, text + 2, (size_t)length - 2);
}

int overlay_open(
	struct transaction *transaction, struct transaction_area *area, const char **complaint)
{
	_cleanup_fd_ int context = fsopen("overlay", FSOPEN_CLOEXEC);

	if (context >= 0 && set_options(context, area) == 0)
		area->mount = fsmount(context, FSMOUNT_CLOEXEC, attributes_of(area->real));
	if (area->mount >= 0)
		return 0;
	*complaint = arena_printf(transaction->arena,
		"no overlay of %s can be made with its changes in %s: %s", area->path,
		ROLEGATE_STATE_DIR, reason_of(transaction->arena, context, errno));
	return -1;
}

static int make_read_only(int mount)
{
	_cleanup_fd_ int context = fspick(mount, "", FSPICK_EMPTY_PATH | FSPICK_CLOEXEC);

	if (context < 0 || fsconfig(context, FSCONFIG_SET_FLAG, "ro", NULL, 0) != 0)
		return -1;
	return fsconfig(context, FSCONFIG_CMD_RECONFIGURE, NULL, NULL, 0);
}

int overlay_seal(const struct transaction_area *area)
{
	const struct timespec pause = {.tv_nsec = SEAL_PAUSE};
	struct statvfs mount;
	int result = make_read_only(area->mount);

	for (int i = 0; result != 0 && errno == EBUSY && i < SEAL_ATTEMPTS; i++) {
		(void)nanosleep(&pause, NULL);
		result = make_read_only(area->mount);
	}
	if (result != 0 || fstatvfs(area->mount, &mount) != 0)
		return -1;
	errno = EBUSY;
	return (mount.f_flag & ST_RDONLY) != 0 ? 0 : -1;
}

static bool is_same(int left, int right)
{
	struct stat one, other;

	return fstat(left, &one) == 0 && fstat(right, &other) == 0 && one.st_dev == other.st_dev &&
	       one.st_ino == other.st_ino;
}

static int mount_area(const struct transaction_area *area)
{
	_cleanup_fd_ int target = area_open_path(area->path);

	if (target < 0)
		return -1;
	if (!is_same(target, area->real)) {
		errno = ESTALE;
		return -1;
	}
	return move_mount(
		area->mount, "", target, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH);
}

/*
 * File systems note changes by the tick of a coarse clock. One that others make from now on must
 * not look older than the transaction.
 */
static void wait_for_tick(const struct transaction *transaction)
{
	const struct timespec pause = {.tv_nsec = 500 * 1000};
	struct timespec tick;

	for (int i = 0; i < 40; i++) {
		(void)clock_gettime(CLOCK_REALTIME_COARSE, &tick);
		if (tick.tv_sec * 1000000000LL + tick.tv_nsec > transaction->opened)
			return;
		(void)nanosleep(&pause, NULL);
	}
}

int transaction_mount(const struct transaction *transaction)
{
	wait_for_tick(transaction);
	if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
		return -1;
	for (size_t i = 0; i < transaction->paths.count; i++)
		if (mount_area(&transaction->areas[i]) != 0)
			return -1;
	return chdir("/");
}

bool transaction_holds(const struct transaction *transaction)
{
	for (size_t i = 0; i < transaction->paths.count; i++) {
		const struct transaction_area *area = &transaction->areas[i];
		_cleanup_fd_ int top = area_open_path(area->path);
		struct statfs status;

		if (top < 0 || fstatfs(top, &status) != 0 ||
			status.f_type != OVERLAYFS_SUPER_MAGIC || !is_same(top, area->mount))
			return false;
	}
	return true;
}
