/*
 * The quota of a drive while its server runs. No file can be made or opened but through
 * drive_gate.c, and none grows beyond what is left: the kernel refuses the write, and
 * sftp-server(8) tells its client. Several that grow at once are looked at again and again, and
 * when they are too much together, what was written last goes, and the server with it.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "gateway/clock.h"
#include "gateway/drive_parts.h"

enum {
	REST_LEAST = 1,			  /* ms between two looks, */
	REST_MOST = 50,			  /* and with much room left */
	WRITTEN_PER_MS = 8 * 1024 * 1024, /* bytes: nothing writes as fast */
	READ_AT_ONCE = 4 * 1024 * 1024, /* bytes, for records, before the client is served again */
};

/* What is in no directory any more takes its room for as long as the server has it open. */
static int add_removed(pid_t server, struct drive_size *size)
{
	char path[64];
	_cleanup_list_ DIR *listing = NULL;
	const struct dirent *entry;
	struct stat status;

	(void)snprintf(path, sizeof(path), "/proc/%d/fd", (int)server);
	listing = opendir(path);
	if (listing == NULL)
		return errno == ENOENT || errno == ESRCH ? 0 : -1;
	while ((entry = readdir(listing)) != NULL)
		if (fstatat(dirfd(listing), entry->d_name, &status, 0) == 0 &&
			S_ISREG(status.st_mode) && status.st_nlink == 0)
			size->bytes += (uint64_t)status.st_size;
	return 0;
}

/* How many files there are is the gate's alone: one that was just made waits there. */
static bool exceeds(const struct drive_run *run)
{
	return run->size.bytes > run->drive->maximum_size;
}

/* What has a name. 0, or -1 and that is the end. */
static int measure_names(struct drive_run *run)
{
	if (drive_measure(run->directory, run, &run->size) == 0)
		return 0;
	run->broken = true;
	return -1;
}

static int measure_all(struct relay *relay)
{
	struct drive_run *run = relay->request->drive;
	struct drive_size removed = {0};

	if (measure_names(run) != 0)
		return -1;
	if (!relay->ended && add_removed(relay->pid, &removed) != 0)
		run->broken = true;
	run->size.bytes += removed.bytes + drive_share_removed(relay->request, removed.bytes);
	return run->broken ? -1 : 0;
}

/* Other sessions make files, too. */
bool drive_is_full(struct drive_run *run)
{
	return measure_names(run) != 0 || run->size.files > run->drive->maximum_files ||
	       exceeds(run);
}

/* Of what was changed since the drive was last within its quota, the last; NULL. */
static struct drive_name *last_changed(const struct drive_run *run)
{
	struct drive_name *last = NULL;

	for (struct drive_name *name = run->names; name != NULL; name = name->next)
		if ((name->bits & NAME_CHANGED) != 0 &&
			(last == NULL || name->changed > last->changed))
			last = name;
	return last;
}

static void take_away(struct drive_run *run, struct drive_name *name)
{
	struct stat status;

	drive_hold_by_name(run, name);
	name->bits = 0;
	if (name->held == NULL ||
		fstatat(run->directory, name->name, &status, AT_SYMLINK_NOFOLLOW) < 0 ||
		!drive_holds(name->held, &status) || unlinkat(run->directory, name->name, 0) < 0)
		return;
	drive_note(run, "quota", name->name, NULL, name->held, true);
	run->refused++;
}

/* One after the other, until the rest is within the quota. */
static void take_back(struct drive_run *run)
{
	struct drive_name *name;

	while (measure_names(run) == 0 && exceeds(run) && (name = last_changed(run)) != NULL)
		take_away(run, name);
}

/* Within the quota, what was changed so far may stay. */
static void measure(struct relay *relay)
{
	struct drive_run *run = relay->request->drive;
	unsigned refused = run->refused;

	if (measure_all(relay) != 0) {
		if (!relay->ended)
			kill(-relay->pid, SIGKILL);
		return;
	}
	run->over = exceeds(run);
	if (drive_set_limit(relay) != 0)
		return;
	if (!run->over) {
		drive_forget(run, NAME_CHANGED);
		return;
	}
	/* Nothing grows any more; what was written until then is known now. */
	(void)drive_read_transfers(relay);
	take_back(run);
	run->taken = run->taken || run->refused > refused;
	run->over = measure_all(relay) != 0 || exceeds(run) || run->taken;
	(void)drive_set_limit(relay);
	/* It may have been told that all was written; it must not be told that all was well. */
	if (run->taken && !relay->ended)
		kill(-relay->pid, SIGKILL);
}

int drive_make_room(struct relay *relay)
{
	const struct drive_run *run = relay->request->drive;

	measure(relay);
	return run->broken || run->taken ? -1 : 0;
}

static void rest(struct drive_run *run)
{
	uint64_t room = run->size.bytes < run->drive->maximum_size
				? run->drive->maximum_size - run->size.bytes
				: 0;
	uint64_t time = room / WRITTEN_PER_MS;

	time = time < REST_LEAST ? REST_LEAST : time > REST_MOST ? REST_MOST : time;
	run->look_from = clock_now() + (int64_t)time;
}

bool drive_look(struct relay *relay)
{
	struct drive_run *run = relay->request->drive;
	bool rested = clock_now() >= run->look_from, any = false;

	if (run->job_count < DRIVE_JOBS_MOST)
		any = drive_read_events(relay);
	else if (drive_is_flooded(run))
		run->flooded = true;
	if (rested)
		any = drive_read_transfers(relay) || any;
	drive_answer(relay);
	if (rested && any) {
		measure(relay);
		rest(run);
	}
	if (drive_work(relay, READ_AT_ONCE) || run->asked.file >= 0)
		run->rest_until = clock_now();
	else
		run->rest_until = clock_now() < run->look_from ? run->look_from : CLOCK_NEVER;
	return run->broken || run->unrecorded || run->flooded || run->taken;
}

void drive_look_last(struct relay *relay)
{
	struct drive_run *run = relay->request->drive;

	while (drive_read_events(relay) || drive_read_transfers(relay))
		(void)drive_work(relay, READ_AT_ONCE);
	drive_settle(run);
	drive_flush(run);
	measure(relay);
	while (drive_work(relay, UINT64_MAX))
		continue;
}
