/* What a file is besides its bytes. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "transaction/parts.h"

enum { PERMISSIONS = 07777 };

/* At most what the kernel has of either: XATTR_LIST_MAX, XATTR_SIZE_MAX. There is one thread. */
static char list_of_names[65536], one_value[65536], other_value[65536];

/* Names, each with its NUL. Their length together; -1. */
static ssize_t read_names(int fd)
{
	ssize_t length = flistxattr(fd, list_of_names, sizeof(list_of_names));

	return length < 0 && errno == EOPNOTSUPP ? 0 : length;
}

static const char *next_name(const char *name)
{
	return name + strlen(name) + 1;
}

static bool starts(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

/* An account's own, and who may do what. */
static bool is_own(const char *name)
{
	return starts(name, "user.") || starts(name, "system.posix_acl_");
}

static bool is_label(const char *name)
{
	return starts(name, "security.");
}

static int set_one(int from, int to, const char *name)
{
	ssize_t length = fgetxattr(from, name, one_value, sizeof(one_value));

	if (length < 0)
		return -1;
	if (fsetxattr(to, name, one_value, (size_t)length, 0) == 0)
		return 0;
	/* A file system without labels of its own has one for all of it. */
	return is_label(name) && errno == EOPNOTSUPP ? 0 : -1;
}

static int set_all(int from, int to)
{
	ssize_t length = read_names(from);
	const char *end = list_of_names + (length < 0 ? 0 : length);

	for (const char *name = list_of_names; name < end; name = next_name(name))
		if ((is_own(name) || is_label(name)) && set_one(from, to, name) != 0)
			return -1;
	return length < 0 ? -1 : 0;
}

/* A directory's default access control list gives its new files one that they may not have had. */
static int remove_others(int from, int to)
{
	ssize_t length = read_names(to);
	const char *end = list_of_names + (length < 0 ? 0 : length);

	for (const char *name = list_of_names; name < end; name = next_name(name))
		if (is_own(name) && fgetxattr(from, name, NULL, 0) < 0 &&
			(errno != ENODATA || fremovexattr(to, name) != 0))
			return -1;
	return length < 0 ? -1 : 0;
}

static int set_owner_and_mode(int to, const struct stat *wanted)
{
	struct stat now;

	if (fstat(to, &now) != 0)
		return -1;
	if ((now.st_uid != wanted->st_uid || now.st_gid != wanted->st_gid) &&
		fchown(to, wanted->st_uid, wanted->st_gid) != 0)
		return -1;
	/* Asked for only where it changes something: a unit may refuse setgid bits to be set. */
	if (fstat(to, &now) != 0 || ((now.st_mode ^ wanted->st_mode) & PERMISSIONS) == 0)
		return 0;
	return fchmod(to, wanted->st_mode & PERMISSIONS);
}

static int read_back(int to, const struct stat *wanted)
{
	struct stat now;

	if (fstat(to, &now) != 0)
		return -1;
	errno = EPERM;
	return now.st_uid == wanted->st_uid && now.st_gid == wanted->st_gid &&
			       ((now.st_mode ^ wanted->st_mode) & PERMISSIONS) == 0
		       ? 0
		       : -1;
}

int attributes_copy(int from, int to)
{
	struct stat wanted;
	struct timespec times[2];

	if (fstat(from, &wanted) != 0 || remove_others(from, to) != 0 ||
		set_owner_and_mode(to, &wanted) != 0 || set_all(from, to) != 0 ||
		set_owner_and_mode(to, &wanted) != 0)
		return -1;
	times[0] = wanted.st_atim;
	times[1] = wanted.st_mtim;
	return futimens(to, times) != 0 ? -1 : read_back(to, &wanted);
}

static int value_differs(int left, int right, const char *name)
{
	ssize_t one = fgetxattr(left, name, one_value, sizeof(one_value)), other;

	if (one < 0)
		return -1;
	other = fgetxattr(right, name, other_value, sizeof(other_value));
	if (other < 0)
		return errno == ENODATA ? 1 : -1;
	return one != other || memcmp(one_value, other_value, (size_t)one) != 0;
}

static int lacks_any(int left, int right)
{
	ssize_t length = read_names(left);
	const char *end = list_of_names + (length < 0 ? 0 : length);
	int result = length < 0 ? -1 : 0;

	for (const char *name = list_of_names; result == 0 && name < end; name = next_name(name))
		if (is_own(name))
			result = value_differs(left, right, name);
	return result;
}

int attributes_differ(int left, int right)
{
	struct stat one, other;
	int result;

	if (fstat(left, &one) != 0 || fstat(right, &other) != 0)
		return -1;
	if (one.st_uid != other.st_uid || one.st_gid != other.st_gid ||
		((one.st_mode ^ other.st_mode) & PERMISSIONS) != 0)
		return 1;
	result = lacks_any(left, right);
	return result != 0 ? result : lacks_any(right, left);
}
