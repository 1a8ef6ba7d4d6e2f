/* Where a transcript is, and how it begins. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/text.h"
#include "recorder/transcript.h"

static bool is_plain(const char *part)
{
	return part[0] != '\0' && strcmp(part, ".") != 0 && strcmp(part, "..") != 0;
}

/*
 * Beneath the directory and over no link (R31), part by part: systemd's RestrictSUIDSGID= refuses
 * openat2(2), since a filter can't see the mode that it is given.
 */
int transcripts_openat(int directory, const char *path, int flags, mode_t mode)
{
	_cleanup_fd_ int at = -1;
	char part[NAME_MAX + 1];

	for (size_t length; path[length = strcspn(path, "/")] == '/'; path += length + 1) {
		int next = -1;

		errno = EXDEV;
		if (length > NAME_MAX)
			return -1;
		memcpy(part, path, length);
		part[length] = '\0';
		if (is_plain(part))
			next = openat(at < 0 ? directory : at, part,
				O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (next < 0)
			return -1;
		fd_close(&at);
		at = next;
	}
	errno = EXDEV;
	if (!is_plain(path))
		return -1;
	return openat(at < 0 ? directory : at, path,
		flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, mode);
}

int transcripts_prepare(int directory)
{
	if (mkdirat(directory, TRANSCRIPT_DIRECTORY, 0700) != 0 && errno != EEXIST)
		return -1;
	_cleanup_fd_ int fd =
		transcripts_openat(directory, TRANSCRIPT_DIRECTORY, O_RDONLY | O_DIRECTORY, 0);

	return fd < 0 ? -1 : 0;
}

/* {"version":2,"width":…,"height":…,…}, as one line of ASCII; NULL: it is no such header. */
char *transcript_header(struct arena *arena, const char *header, char endpoint[TRANSCRIPT_ENDPOINT])
{
	json_t *object = json_loads(header, JSON_REJECT_DUPLICATES, NULL);
	int version = 0, width = 0, height = 0;
	const char *name = NULL;

	if (object == NULL ||
		json_unpack(object, "{s:i,s:i,s:i,s?s}", "version", &version, "width", &width,
			"height", &height, "endpoint", &name) != 0 ||
		version != 2 || width < 0 || width > UINT16_MAX || height < 0 ||
		height > UINT16_MAX || (name != NULL && !text_is_name(name))) {
		json_decref(object);
		return NULL;
	}
	(void)snprintf(endpoint, TRANSCRIPT_ENDPOINT, "%s", name == NULL ? "" : name);
	return event_object_text(arena, object);
}

/* Named by numbers that are no names (R23, R31). */
int transcript_create(int directory, struct transcript *made)
{
	char folder[TRANSCRIPT_PATH];

	(void)snprintf(folder, sizeof(folder), "%s/%u", TRANSCRIPT_DIRECTORY, made->uid);
	(void)snprintf(made->path, sizeof(made->path), "%s/%u/%.32s.cast", TRANSCRIPT_DIRECTORY,
		made->uid, made->request);
	if (mkdirat(directory, folder, 0700) != 0 && errno != EEXIST)
		return -1;
	made->file = transcripts_openat(
		directory, made->path, O_RDWR | O_APPEND | O_CREAT | O_EXCL, TRANSCRIPT_OPEN);
	return made->file < 0 ? -1 : 0;
}
