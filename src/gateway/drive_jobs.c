/*
 * Records of what was done in a drive, made one after the other in the order in which it was done.
 * Files are read for them a piece at a time, while the server goes on: what it does meanwhile comes
 * later in the queue, and it can't open what is still to be read (drive_gate.c).
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "gateway/drive_parts.h"

enum { CHUNK = 256 * 1024 };

struct drive_job *drive_note(struct drive_run *run, const char *action, const char *name,
	const char *to, struct drive_held *held, bool reads)
{
	struct drive_job *job = calloc(1, sizeof(*job));

	if (job == NULL)
		abort();
	*job = (struct drive_job){.action = action,
		.held = reads ? held : NULL,
		.reads = reads,
		.missing = "gone",
		.name = strdup(name),
		.to = to == NULL ? NULL : strdup(to)};
	if (job->name == NULL || (to != NULL && job->to == NULL))
		abort();
	if (job->held != NULL) {
		job->held->users++;
		digest_begin(&job->digest);
	}
	*run->last_job = job;
	run->last_job = &job->next;
	run->job_count++;
	return job;
}

void drive_note_rename(
	struct drive_run *run, const char *from, const char *to, struct drive_held *held)
{
	enum { DRIVES_MOST = 4 /* of the quota: how much is read for the renames of a session */ };
	struct drive_job *job;
	struct stat status;
	uint64_t most = run->drive->maximum_size;
	bool often = false;

	if (held != NULL && fstat(held->file, &status) == 0) {
		most = most > UINT64_MAX / DRIVES_MOST ? UINT64_MAX : most * DRIVES_MOST;
		often = run->renamed > most;
		run->renamed += often ? 0 : (uint64_t)status.st_size;
	}
	job = drive_note(run, "rename", from, to, often ? NULL : held, true);
	if (often)
		job->missing = "often";
}

static void free_job(struct drive_run *run, struct drive_job *job)
{
	run->job_count--;
	drive_release(run, &job->held);
	free(job->name);
	free(job->to);
	free(job);
}

void drive_revoke_remove(struct drive_run *run, const char *name)
{
	struct drive_job **last = NULL, *job;

	for (struct drive_job **at = &run->jobs; *at != NULL; at = &(*at)->next)
		if (strcmp((*at)->action, "remove") == 0 && strcmp((*at)->name, name) == 0)
			last = at;
	if (last == NULL)
		return;
	job = *last;
	*last = job->next;
	if (job->next == NULL)
		run->last_job = last;
	free_job(run, job);
}

bool drive_awaits(const struct drive_run *run, const struct stat *status)
{
	for (const struct drive_job *job = run->jobs; job != NULL; job = job->next)
		if (drive_holds(job->held, status))
			return true;
	return false;
}

void drive_disturb(struct drive_run *run, const char *name)
{
	for (struct drive_job *job = run->jobs; job != NULL; job = job->next)
		if (strcmp(job->to == NULL ? job->name : job->to, name) == 0)
			job->disturbed = true;
}

static void record(struct relay *relay, struct drive_job *job, const char *missing)
{
	struct drive_run *run = relay->request->drive;
	struct record_file file = {
		.action = job->action, .name = job->name, .to = job->to, .missing = missing};

	if (job->held != NULL && digest_end(&job->digest, file.digest) != 0)
		run->unrecorded = true;
	file.has_size = job->reads && missing == NULL;
	file.size = job->size;
	if (missing != NULL)
		file.digest[0] = '\0';
	if (report_file(relay->request, &file, true) != 0)
		run->unrecorded = true;
}

static void drop_first(struct drive_run *run)
{
	struct drive_job *job = run->jobs;

	run->jobs = job->next;
	if (run->jobs == NULL)
		run->last_job = &run->jobs;
	free_job(run, job);
}

/* What another session has done is known by now: its events come before its calls return. */
static void finish(struct relay *relay, struct drive_job *job, const char *missing)
{
	if (job->reads)
		(void)drive_read_transfers(relay);
	record(relay, job, job->disturbed && missing == NULL ? "changed" : missing);
	drop_first(relay->request->drive);
}

/* How much was read; 0: it is done. */
static size_t go_on(struct relay *relay, struct drive_job *job)
{
	char bytes[CHUNK];
	ssize_t got;

	if (job->held == NULL) {
		finish(relay, job, job->reads ? job->missing : NULL);
		return 0;
	}
	got = pread(job->held->file, bytes, sizeof(bytes), (off_t)job->size);
	if (got > 0) {
		digest_bytes(&job->digest, bytes, (size_t)got);
		job->size += (uint64_t)got;
		return (size_t)got;
	}
	if (got == 0 || errno != EINTR)
		finish(relay, job, got == 0 ? NULL : "unreadable");
	return 0;
}

bool drive_work(struct relay *relay, uint64_t bytes)
{
	enum { OF_A_RECORD = 64 * 1024 }; /* it takes about as long as to read so much */
	struct drive_run *run = relay->request->drive;

	while (run->jobs != NULL && bytes > 0) {
		size_t done = go_on(relay, run->jobs);

		done = done == 0 ? OF_A_RECORD : done;
		bytes -= done < bytes ? done : bytes;
	}
	return run->jobs != NULL;
}

void drive_drop_jobs(struct drive_run *run)
{
	while (run->jobs != NULL) {
		char nothing[65];

		if (run->jobs->held != NULL)
			(void)digest_end(&run->jobs->digest, nothing);
		drop_first(run);
	}
}
