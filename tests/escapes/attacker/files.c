/* Ways to change or read files. The proof is in the files. */
#define _GNU_SOURCE
#include "attacker.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/xattr.h>
#include <unistd.h>

static int attack_write(const char *target)
{
	int fd = open(target, O_WRONLY | O_CREAT, 0644);

	return fd < 0 || write(fd, run_name, strlen(run_name)) < 0 ? -1 : 0;
}

static int attack_truncate(const char *target)
{
	return truncate(target, 0);
}

static int attack_unlink(const char *target)
{
	return unlink(target);
}

static int attack_rename(const char *target)
{
	return rename(target, "renamed");
}

static int attack_link(const char *target)
{
	return link(target, "linked");
}

static int attack_symlink(const char *target)
{
	return symlink("x", target);
}

static int attack_mkdir(const char *target)
{
	return mkdir(target, 0700);
}

static int attack_fifo(const char *target)
{
	return mkfifo(target, 0600);
}

static int attack_chmod(const char *target)
{
	return chmod(target, 0777);
}

static int attack_times(const char *target)
{
	struct timeval times[2] = {{1, 0}, {1, 0}};

	return utimes(target, times);
}

static int attack_attribute(const char *target)
{
	return setxattr(target, "user.x", "x", 1, 0);
}

/* A descriptor that was opened for reading, opened once more for writing. */
static int attack_reopen(const char *target)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", open(target, O_RDONLY));
	return attack_write(path);
}

static int show(int fd)
{
	char text[256];
	ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof(text));

	return length <= 0 || write(1, text, (size_t)length) < 0 ? -1 : 0;
}

static int attack_read(const char *target)
{
	return show(open(target, O_RDONLY));
}

static int below(const char *directory, const char *target)
{
	char path[512];

	snprintf(path, sizeof(path), "%s%s", directory, target);
	return attack_read(path);
}

static int attack_read_own_root(const char *target)
{
	return below("/proc/self/root", target);
}

static int attack_read_dots(const char *target)
{
	return below("/usr/../usr/lib/../../", target);
}

static int attack_read_handle(const char *target)
{
	struct {
		struct file_handle head;
		unsigned char body[MAX_HANDLE_SZ];
	} handle = {.head.handle_bytes = MAX_HANDLE_SZ};
	int mount_id;

	if (name_to_handle_at(AT_FDCWD, target, &handle.head, &mount_id, 0) != 0)
		return -1;
	return show(open_by_handle_at(open("/", O_RDONLY), &handle.head, O_RDONLY));
}

/* A process of the same account that is under no confinement has the whole tree. */
static int attack_read_other_root(const char *target)
{
	char path[512];
	FILE *file = fopen("victim", "r");
	int pid = 0;

	if (file == NULL || fscanf(file, "%d", &pid) != 1)
		return -1;
	snprintf(path, sizeof(path), "/proc/%d/root%s", pid, target);
	return attack_read(path);
}

const struct mode file_modes[] = {
	{"write", attack_write},
	{"truncate", attack_truncate},
	{"unlink", attack_unlink},
	{"rename", attack_rename},
	{"link", attack_link},
	{"symlink", attack_symlink},
	{"mkdir", attack_mkdir},
	{"fifo", attack_fifo},
	{"chmod", attack_chmod},
	{"times", attack_times},
	{"attribute", attack_attribute},
	{"reopen", attack_reopen},
	{"read", attack_read},
	{"read-own-root", attack_read_own_root},
	{"read-dots", attack_read_dots},
	{"read-handle", attack_read_handle},
	{"read-other-root", attack_read_other_root},
	{NULL, NULL},
};
