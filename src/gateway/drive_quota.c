/*
 * The quota of a drive while its server runs: how much there is, how often that is looked at, and
 * what goes when it is too much.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gateway/clock.h"
#include "gateway/drive_parts.h"

enum {
	REST_LEAST = 1,			  /* ms between two looks, */
	REST_MOST = 50,			  /* and with much room left */
	WRITTEN_PER_MS = 8 * 1024 * 1024, /* bytes: nothing writes as fast */
	WRITE_MOST = 256 * 1024,	  /* of sftp-server(8), at once */
};

static void close_directory(DIR **directory)
{
	if (*directory != NULL)
		closedir(*directory);
}

/* What is in no directory any more takes its room for as long as the server has it open. */
static int add_removed(pid_t server, struct drive_size *size)
{
	char path[64];
	__attribute__((cleanup(close_directory))) DIR *listing = NULL;
	const struct dirent *entry;
	struct stat status;

	(void)snprintf(path, sizeof(path), "/proc/%d/fd", (int)server);
	listing = opendir(path);
	if (listing == NULL)
		return errno == ENOENT || errno == ESRCH ? 0 : -1;
	while ((entry = readdir(listing)) != NULL)
		if (fstatat(dirfd(listing), entry->d_name, &status, 0) == 0 &&
			S_ISREG(status.st_mode) && status.st_nlink == 0) {
			size->bytes += (uint64_t)status.st_size;
			size->files++;
		}
	return 0;
}

static bool is_over(const struct relay *relay)
{
	struct drive_run *run = relay->request->drive;

	if (drive_measure(run->directory, &run->size) != 0 ||
		(!relay->ended && add_removed(relay->pid, &run->size) != 0))
		return true;
	return run->size.bytes > run->drive->maximum_size ||
	       run->size.files > run->drive->maximum_files;
}

/* Within the quota, what was changed so far may stay. */
static void measure(struct relay *relay)
{
	struct drive_run *run = relay->request->drive;

	if (run->over)
		return;
	run->over = is_over(relay);
	if (!run->over)
		drive_forget(run, NAME_CHANGED);
	else if (!relay->ended)
		kill(-relay->pid, SIGKILL); /* at once: every ms counts */
}

static void rest(struct drive_run *run)
{
	uint64_t room = run->size.bytes < run->drive->maximum_size
				? run->drive->maximum_size - run->size.bytes
				: 0;
	uint64_t time = room / WRITTEN_PER_MS;

	time = time < REST_LEAST ? REST_LEAST : time > REST_MOST ? REST_MOST : time;
	run->rest_until = clock_now() + (int64_t)time;
}

bool drive_look(struct relay *relay)
{
	struct drive_run *run = relay->request->drive;
	bool rested = run->rest_until == CLOCK_NEVER || clock_now() >= run->rest_until, any = false;

	any = drive_read_events(relay, run->watch);
	if (rested) {
		run->rest_until = CLOCK_NEVER;
		any = drive_read_events(relay, run->transfers) || any;
	}
	if (any && rested) {
		measure(relay);
		rest(run);
	}
	return run->over || run->unrecorded;
}

void drive_glance(struct relay *relay)
{
	struct drive_run *run = relay->request->drive;

	if (relay->ended || clock_now() < run->rest_until)
		return;
	if (is_over(relay) && !run->over) {
		run->over = true;
		kill(-relay->pid, SIGKILL);
	}
	rest(run);
}

/* The kernel ended it, at a write beyond the limit: of that file, which may have been looked at
 * before. */
static bool is_at_limit(const struct relay *relay, const struct drive_name *name)
{
	struct drive_run *run = relay->request->drive;
	struct stat status;

	return relay->end.signal == SIGXFSZ && (name->bits & NAME_PUT) != 0 &&
	       fstatat(run->directory, name->name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
	       (uint64_t)status.st_size + WRITE_MOST >= run->file_limit;
}

/* Of what was changed since the drive was last within its quota, the last; NULL. */
static struct drive_name *last_changed(struct relay *relay)
{
	struct drive_name *last = NULL;

	for (struct drive_name *name = relay->request->drive->names; name != NULL;
		name = name->next)
		if (((name->bits & NAME_CHANGED) != 0 || is_at_limit(relay, name)) &&
			(last == NULL || name->changed > last->changed))
			last = name;
	return last;
}

/* One after the other, until the rest is within the quota. */
static void remove_changed(struct relay *relay)
{
	struct drive_run *run = relay->request->drive;
	struct drive_name *name;

	while ((name = last_changed(relay)) != NULL) {
		struct record_file file = {.action = "quota", .name = name->name};

		(void)drive_describe(NULL, run->directory, name->name, name->file, &file);
		name->bits = 0;
		if (unlinkat(run->directory, name->name, 0) == 0)
			drive_record(relay, &file);
		if (!is_over(relay) && relay->end.signal != SIGXFSZ)
			return;
	}
}

void drive_look_last(struct relay *relay)
{
	struct drive_run *run = relay->request->drive;

	while (drive_read_events(relay, run->watch) || drive_read_events(relay, run->transfers))
		continue;
	drive_flush(relay);
	run->over = run->over || relay->end.signal == SIGXFSZ;
	measure(relay);
	if (run->over)
		remove_changed(relay);
}
