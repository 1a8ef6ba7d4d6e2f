/* What a file is besides its bytes. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "transaction/parts.h"

enum { PERMISSIONS = 07777 };

/* A list or value of extended attributes, from malloc; NULL and errno. */
struct bytes {
	char *text;
	size_t length;
};

static void bytes_free(struct bytes *bytes)
{
	free(bytes->text);
}

#define _cleanup_bytes_ __attribute__((cleanup(bytes_free)))

/* At most what the kernel has of either: XATTR_SIZE_MAX, XATTR_LIST_MAX. */
static struct bytes read_bytes(int fd, const char *name)
{
	struct bytes bytes = {.text = malloc(65536)};
	ssize_t length;

	if (bytes.text == NULL)
		return bytes;
	length = name == NULL ? flistxattr(fd, bytes.text, 65536)
			      : fgetxattr(fd, name, bytes.text, 65536);
	if (length < 0 && name == NULL && errno == EOPNOTSUPP)
		length = 0;
	if (length < 0) {
		free(bytes.text);
		bytes.text = NULL;
	}
	bytes.length = length < 0 ? 0 : (size_t)length;
	return bytes;
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
	_cleanup_bytes_ struct bytes value = read_bytes(from, name);

	if (value.text == NULL)
		return -1;
	if (fsetxattr(to, name, value.text, value.length, 0) == 0)
		return 0;
	/* A file system without labels of its own has one for all of it. */
	return is_label(name) && errno == EOPNOTSUPP ? 0 : -1;
}

static int set_all(int from, int to)
{
	_cleanup_bytes_ struct bytes names = read_bytes(from, NULL);

	if (names.text == NULL)
		return -1;
	for (size_t i = 0; i < names.length; i += strlen(names.text + i) + 1)
		if ((is_own(names.text + i) || is_label(names.text + i)) &&
			set_one(from, to, names.text + i) != 0)
			return -1;
	return 0;
}

/* A directory's default access control list gives its new files one that they may not have had. */
static int remove_others(int from, int to)
{
	_cleanup_bytes_ struct bytes names = read_bytes(to, NULL);

	if (names.text == NULL)
		return -1;
	for (size_t i = 0; i < names.length; i += strlen(names.text + i) + 1) {
		const char *name = names.text + i;

		if (is_own(name) && fgetxattr(from, name, NULL, 0) < 0 &&
			(errno != ENODATA || fremovexattr(to, name) != 0))
			return -1;
	}
	return 0;
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
	_cleanup_bytes_ struct bytes one = read_bytes(left, name), other = {0};

	if (one.text == NULL)
		return -1;
	other = read_bytes(right, name);
	if (other.text == NULL)
		return errno == ENODATA ? 1 : -1;
	return one.length != other.length || memcmp(one.text, other.text, one.length) != 0;
}

static int lacks_any(int left, int right)
{
	_cleanup_bytes_ struct bytes names = read_bytes(left, NULL);
	int result = names.text == NULL ? -1 : 0;

	for (size_t i = 0; result == 0 && i < names.length; i += strlen(names.text + i) + 1)
		if (is_own(names.text + i))
			result = value_differs(left, right, names.text + i);
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
