#include "bundle/remove.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"

static int remove_entry(int parent, const char *name)
{
	if (unlinkat(parent, name, 0) == 0)
		return 0;
	return errno == EISDIR || errno == EPERM ? remove_tree(parent, name, NULL) : -1;
}

static int empty_directory(DIR *stream, const char *last)
{
	const struct dirent *entry;

	for (errno = 0; (entry = readdir(stream)) != NULL; errno = 0)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
			(last == NULL || strcmp(entry->d_name, last) != 0) &&
			remove_entry(dirfd(stream), entry->d_name) != 0)
			return -1;
	if (errno != 0)
		return -1;
	return last == NULL || unlinkat(dirfd(stream), last, 0) == 0 || errno == ENOENT ? 0 : -1;
}

int remove_tree(int parent, const char *name, const char *last)
{
	_cleanup_fd_ int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *stream = fd < 0 ? NULL : fdopendir(fd);
	int result, error;

	if (stream == NULL)
		return -1;
	(void)fd_take(&fd);
	result = empty_directory(stream, last);
	error = errno;
	closedir(stream);
	errno = error;
	return result == 0 ? unlinkat(parent, name, AT_REMOVEDIR) : -1;
}
