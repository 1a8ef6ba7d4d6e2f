/* The names of a drive that something is to be said of, and the files that are held for it. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "gateway/drive_parts.h"

/* As every allocation here: nothing goes on unrecorded. */
static void *allocate(size_t size)
{
	void *room = calloc(1, size);

	if (room == NULL)
		abort();
	return room;
}

struct drive_name *drive_find(struct drive_run *run, const char *text)
{
	struct drive_name *name = run->names;
	size_t length = strlen(text) + 1;

	while (name != NULL && strcmp(name->name, text) != 0)
		name = name->next;
	if (name != NULL)
		return name;
	name = allocate(sizeof(*name) + length);
	memcpy(name->name, text, length);
	name->next = run->names;
	run->names = name;
	return name;
}

bool drive_holds(const struct drive_held *held, const struct stat *status)
{
	return held != NULL && held->device == status->st_dev && held->inode == status->st_ino;
}

bool drive_is_held(const struct drive_run *run, const struct stat *status)
{
	for (const struct drive_name *name = run->names; name != NULL; name = name->next)
		if (drive_holds(name->held, status))
			return true;
	return false;
}

void drive_release(struct drive_run *run, struct drive_held **held)
{
	struct drive_held *gone = *held;

	*held = NULL;
	if (gone == NULL || --gone->users > 0)
		return;
	fd_close(&gone->file);
	free(gone);
	run->held--;
}

void drive_hold(struct drive_run *run, struct drive_name *name, int file)
{
	_cleanup_fd_ int fd = file;
	struct stat status;

	if (fd < 0 || fstat(fd, &status) < 0 || drive_holds(name->held, &status))
		return;
	drive_release(run, &name->held);
	name->held = allocate(sizeof(*name->held));
	*name->held = (struct drive_held){
		.file = fd_take(&fd), .users = 1, .device = status.st_dev, .inode = status.st_ino};
	run->held++;
}

void drive_hold_by_name(struct drive_run *run, struct drive_name *name)
{
	if (name->held == NULL)
		drive_hold(run, name, drive_open_file(run->directory, name->name));
}

void drive_forget(struct drive_run *run, unsigned bits)
{
	for (struct drive_name **at = &run->names; *at != NULL;) {
		struct drive_name *name = *at;

		name->bits &= ~bits;
		if (name->bits != 0 || name->held != NULL) {
			at = &name->next;
			continue;
		}
		*at = name->next;
		free(name);
	}
}

static bool is_open(DIR *descriptors, const struct drive_held *held)
{
	const struct dirent *entry;
	struct stat status;

	rewinddir(descriptors);
	while ((entry = readdir(descriptors)) != NULL)
		if (fstatat(dirfd(descriptors), entry->d_name, &status, 0) == 0 &&
			drive_holds(held, &status))
			return true;
	return false;
}

void drive_sweep(struct relay *relay)
{
	struct drive_run *run = relay->request->drive;
	char path[64];
	_cleanup_list_ DIR *descriptors = NULL;

	(void)snprintf(path, sizeof(path), "/proc/%d/fd", (int)relay->pid);
	descriptors = opendir(path);
	if (descriptors == NULL)
		return;
	for (struct drive_name *name = run->names; name != NULL; name = name->next) {
		if (name->held == NULL || is_open(descriptors, name->held))
			continue;
		drive_flush_name(run, name, true, true);
		drive_release(run, &name->held);
	}
	drive_forget(run, 0);
}

void drive_drop(struct drive_run *run)
{
	drive_drop_jobs(run);
	while (run->names != NULL) {
		struct drive_name *name = run->names;

		run->names = name->next;
		drive_release(run, &name->held);
		free(name);
	}
}
