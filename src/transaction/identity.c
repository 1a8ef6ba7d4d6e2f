/*
 * Which directory it is. An account that can write in a directory can rename what is in it, also
 * what is not its own: a name alone would lead the commit, which is root, into another's directory.
 */
#include <errno.h>
#include <string.h>
#include <sys/xattr.h>

#include "transaction/parts.h"

#define MARK "trusted.rolegate"
#define REAL "trusted.rolegate.real"

enum {
	/* struct ovl_fb of the kernel's fs/overlayfs/overlayfs.h, as it is on disk */
	ORIGIN_MAGIC = 1,
	ORIGIN_LENGTH = 2,
	ORIGIN_TYPE = 4,
	ORIGIN_HANDLE = 21,
	ORIGIN_MAGIC_VALUE = 0xfb,
};

struct handle {
	struct file_handle head;
	unsigned char bytes[MAX_HANDLE_SZ];
};

int mark_set(int directory, const char *id)
{
	return fsetxattr(directory, MARK, id, strlen(id), 0);
}

bool mark_is_set(int directory, const char *id)
{
	char value[64];
	ssize_t length = fgetxattr(directory, MARK, value, sizeof(value));

	return length == (ssize_t)strlen(id) && memcmp(value, id, (size_t)length) == 0;
}

int mark_clear(int directory)
{
	return fremovexattr(directory, MARK) == 0 || errno == ENODATA ? 0 : -1;
}

static int read_handle(int directory, struct handle *handle)
{
	int mount;

	memset(handle, 0, sizeof(*handle));
	handle->head.handle_bytes = sizeof(handle->bytes);
	return name_to_handle_at(directory, "", &handle->head, &mount, AT_EMPTY_PATH);
}

bool identity_is_origin(int upper, int real)
{
	unsigned char origin[ORIGIN_HANDLE + MAX_HANDLE_SZ];
	ssize_t length = fgetxattr(upper, "trusted.overlay.origin", origin, sizeof(origin));
	struct handle handle;

	if (length <= ORIGIN_HANDLE || origin[ORIGIN_MAGIC] != ORIGIN_MAGIC_VALUE ||
		origin[ORIGIN_LENGTH] != length || read_handle(real, &handle) != 0)
		return false;
	return origin[ORIGIN_TYPE] == handle.head.handle_type &&
	       handle.head.handle_bytes == (size_t)length - ORIGIN_HANDLE &&
	       memcmp(origin + ORIGIN_HANDLE, handle.head.f_handle, handle.head.handle_bytes) == 0;
}

int identity_note(int state, int real)
{
	struct handle handle;

	if (read_handle(real, &handle) != 0)
		return -1;
	return fsetxattr(state, REAL, &handle, sizeof(handle.head) + handle.head.handle_bytes, 0);
}

bool identity_is_noted(int state, int real)
{
	struct handle noted, handle;
	ssize_t length = fgetxattr(state, REAL, &noted, sizeof(noted));

	return length > 0 && read_handle(real, &handle) == 0 &&
	       (size_t)length == sizeof(handle.head) + handle.head.handle_bytes &&
	       memcmp(&noted, &handle, (size_t)length) == 0;
}
