#include "recorder/walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/request_id.h"

typedef int walk_each(const struct walk_file *file, void *context);

static DIR *open_folder(int directory, const char *path)
{
	_cleanup_fd_ int fd = transcripts_openat(directory, path, O_RDONLY | O_DIRECTORY, 0);
	DIR *folder = fd < 0 ? NULL : fdopendir(fd);

	if (folder != NULL)
		(void)fd_take(&fd);
	return folder;
}

/* "1000", as it was made: no name, no leading zero. */
static bool is_number(const char *name, uid_t *uid)
{
	unsigned long long value = 0;

	if (*name == '\0' || strlen(name) > 10 || strspn(name, "0123456789") != strlen(name) ||
		(name[0] == '0' && name[1] != '\0'))
		return false;
	for (; *name != '\0'; name++)
		value = value * 10 + (unsigned)(*name - '0');
	*uid = (uid_t)value;
	return value < UINT32_MAX;
}

static bool is_transcript(const char *name, char request[33])
{
	if (strlen(name) != 32 + 5 || strcmp(name + 32, ".cast") != 0)
		return false;
	memcpy(request, name, 32);
	request[32] = '\0';
	return request_id_is_valid(request);
}

static int walk_folder(
	int directory, const char *name, struct walk_file *file, walk_each *each, void *context)
{
	char path[TRANSCRIPT_PATH];
	struct dirent *entry;
	int sum = 0, result = 0;
	DIR *folder;

	(void)snprintf(path, sizeof(path), "%s/%.10s", TRANSCRIPT_DIRECTORY, name);
	folder = open_folder(directory, path);
	while (folder != NULL && result >= 0 && (entry = readdir(folder)) != NULL) {
		if (!is_transcript(entry->d_name, file->request) ||
			fstatat(dirfd(folder), entry->d_name, &file->status, AT_SYMLINK_NOFOLLOW) !=
				0 ||
			!S_ISREG(file->status.st_mode))
			continue;
		(void)snprintf(file->path, sizeof(file->path), "%s/%.10s/%.32s.cast",
			TRANSCRIPT_DIRECTORY, name, file->request);
		result = each(file, context);
		sum += result;
	}
	if (folder != NULL)
		closedir(folder);
	return result < 0 ? -1 : sum;
}

int walk_transcripts(int directory, walk_each *each, void *context)
{
	DIR *folder = open_folder(directory, TRANSCRIPT_DIRECTORY);
	struct walk_file file;
	struct dirent *entry;
	int sum = 0, result = 0;

	if (folder == NULL)
		return errno == ENOENT ? 0 : -1;
	while (result >= 0 && (entry = readdir(folder)) != NULL) {
		if (!is_number(entry->d_name, &file.uid))
			continue;
		result = walk_folder(directory, entry->d_name, &file, each, context);
		sum += result;
	}
	closedir(folder);
	return result < 0 ? -1 : sum;
}
