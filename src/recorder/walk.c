#include "recorder/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/request_id.h"

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

int walk_open(struct walk *walk, int directory)
{
	*walk = (struct walk){
		.directory = directory, .users = open_folder(directory, TRANSCRIPT_DIRECTORY)};
	return walk->users != NULL || errno == ENOENT ? 0 : -1;
}

int walk_open_user(struct walk *walk, int directory, uid_t uid)
{
	char path[TRANSCRIPT_PATH];

	(void)snprintf(path, sizeof(path), "%s/%u", TRANSCRIPT_DIRECTORY, uid);
	*walk = (struct walk){
		.directory = directory, .folder = open_folder(directory, path), .uid = uid};
	return walk->folder != NULL || errno == ENOENT ? 0 : -1;
}

static enum walk_result next_folder(struct walk *walk)
{
	struct dirent *entry = walk->users == NULL ? NULL : readdir(walk->users);
	char path[TRANSCRIPT_PATH];

	if (entry == NULL)
		return WALK_END;
	if (is_number(entry->d_name, &walk->uid)) {
		(void)snprintf(path, sizeof(path), "%s/%.10s", TRANSCRIPT_DIRECTORY, entry->d_name);
		walk->folder = open_folder(walk->directory, path);
	}
	return WALK_OTHER;
}

static enum walk_result look_at(struct walk *walk, const char *name, struct walk_file *file)
{
	if (!is_transcript(name, file->request) ||
		fstatat(dirfd(walk->folder), name, &file->status, AT_SYMLINK_NOFOLLOW) != 0 ||
		!S_ISREG(file->status.st_mode))
		return WALK_OTHER;
	file->uid = walk->uid;
	(void)snprintf(file->path, sizeof(file->path), "%s/%u/%.32s.cast", TRANSCRIPT_DIRECTORY,
		file->uid, file->request);
	return WALK_FILE;
}

enum walk_result walk_next(struct walk *walk, struct walk_file *file)
{
	struct dirent *entry;

	if (walk->folder == NULL)
		return next_folder(walk);
	entry = readdir(walk->folder);
	if (entry != NULL)
		return look_at(walk, entry->d_name, file);
	closedir(walk->folder);
	walk->folder = NULL;
	return walk->users == NULL ? WALK_END : WALK_OTHER;
}

void walk_close(struct walk *walk)
{
	if (walk->folder != NULL)
		closedir(walk->folder);
	if (walk->users != NULL)
		closedir(walk->users);
	walk->folder = walk->users = NULL;
}
