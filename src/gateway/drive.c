/*
 * The drive's own command: OpenSSH's sftp-server(8), started as any other program, in a view in
 * which there is nothing but the drive (confine/view_cell.c).
 */
#include "gateway/drive.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/message.h"
#include "gateway/clock.h"
#include "gateway/function.h"

/* The streams are sftp's; a person's terminal speaks no sftp. */
static int check_use(struct request *request)
{
	const struct support *support = request->session->support;

	if (request->streams != 7) {
		request_deny(request, REASON_SYNTAX,
			DRIVE_COMMAND " speaks to a program, and not to a terminal");
		return -1;
	}
	if (support->mounts && support->landlock > 0)
		return 0;
	request_deny(request, REASON_GATEWAY_ERROR,
		"a drive needs a gateway that can mount and a kernel with Landlock");
	return -1;
}

/* One line, of whom the server runs as and nobody else. */
static const char *passwd_of(struct request *request)
{
	const struct account *account = &request->run_as;

	return arena_printf(request->arena, "%s:x:%u:%u::" DRIVE_PLACE ":/nonexistent\n",
		strpbrk(account->name, ":\n") == NULL ? account->name : "operator",
		(unsigned)account->uid, (unsigned)account->gid);
}

/* No file can become larger than the drive; drive_gate.c has less set before one is opened. */
static void confine(struct request *request, struct drive_run *run)
{
	struct confinement *confinement = arena_alloc(request->arena, sizeof(*confinement));
	struct restriction_cell *cell = arena_alloc(request->arena, sizeof(*cell));

	*confinement = *request->decision.confinement;
	*cell = (struct restriction_cell){
		.directory = arena_printf(request->arena, ROLEGATE_STATE_DIR "/drives/%u",
			(unsigned)request->session->peer.uid),
		.tree = run->tree,
		.place = DRIVE_PLACE,
		.passwd = passwd_of(request)};
	confinement->restriction.cell = cell;
	if (run->drive->read_only)
		confinement->restriction.write = (struct strings){.count = 0};
	run->file_most = confinement->restriction.has[RESTRICT_FILE_SIZE]
				 ? confinement->restriction.limits[RESTRICT_FILE_SIZE]
				 : UINT64_MAX;
	run->file_limit = (run->size.largest > run->drive->maximum_size ? run->size.largest
									: run->drive->maximum_size);
	if (run->file_limit > run->file_most)
		run->file_limit = run->file_most;
	confinement->restriction.has[RESTRICT_FILE_SIZE] = true;
	confinement->restriction.limits[RESTRICT_FILE_SIZE] = run->file_limit;
	request->decision.confinement = confinement;
}

int request_open_drive(struct request *request)
{
	const struct drive *drive = request->decision.drive;
	struct drive_run *run;

	if (drive == NULL)
		return 0;
	if (check_use(request) != 0)
		return -1;
	run = arena_alloc(request->arena, sizeof(*run));
	*run = (struct drive_run){.drive = drive,
		.directory = -1,
		.tree = -1,
		.watch = -1,
		.transfers = -1,
		.gate = -1,
		.events = -1,
		.place = -1,
		.mark = -1,
		.rest_until = CLOCK_NEVER,
		.last_job = &run->jobs,
		.asked = {.file = -1}};
	request->drive = run;
	if (drive_directory(request, drive, &request->run_as, &run->place, &run->directory) != 0)
		return -1;
	if (drive_check_open(request) != 0)
		return -1;
	if (drive_mark(request) != 0 || drive_watch_open(run) != 0 ||
		drive_measure(run->directory, NULL, &run->size) != 0 || run->unrecorded) {
		request_deny(request, REASON_GATEWAY_ERROR,
			"the drive can't be watched, and what is not recorded is not done: %s",
			strerror(errno));
		return -1;
	}
	/* Whoever looked into it by /proc would have the drive, and nothing would be recorded. */
	if (spawn_hide_program(request->arena, &request->program) != 0) {
		request_deny(request, REASON_GATEWAY_ERROR,
			"the drive's server can't be kept from other processes: %s",
			strerror(errno));
		return -1;
	}
	confine(request, run);
	request->outcome = arena_alloc(request->arena, sizeof(*request->outcome));
	outcome_begin(request->outcome, request->arena, request->decision.command);
	return 0;
}

static void tell(struct request *request)
{
	const struct drive_run *run = request->drive;

	if (run->unrecorded || run->broken)
		outcome_say(request->outcome, OUTCOME_ERROR,
			run->unrecorded ? "ended: what was done to the drive could not be recorded"
					: "ended: the size of the drive could not be seen to");
	else if (run->flooded)
		outcome_say(request->outcome, OUTCOME_ERROR,
			"ended: renames came faster than they are recorded");
	else if (run->refused > 0)
		outcome_say(request->outcome, OUTCOME_ERROR,
			arena_printf(request->arena,
				"your drive holds %s: %u file%s that went over it %s not kept",
				drive_text(request->arena, run->drive), run->refused,
				run->refused == 1 ? "" : "s", run->refused == 1 ? "was" : "were"));
	else if (run->full)
		outcome_say(request->outcome, OUTCOME_ERROR,
			arena_printf(request->arena, "your drive is full: it holds %s",
				drive_text(request->arena, run->drive)));
}

void request_settle_drive(struct request *request, struct relay *relay)
{
	if (request->drive == NULL)
		return;
	/* Nothing of it may be left that still writes. */
	(void)spawn_kill_descendants(0);
	drive_look_last(relay);
	tell(request);
	if (request->drive->taken && relay->end.ended_by == NULL)
		relay->end.ended_by = "quota";
}

void request_close_drive(struct request *request)
{
	struct drive_run *run = request->drive;

	if (run == NULL)
		return;
	drive_unmark(request);
	drive_drop(run);
	fd_close(&run->gate);
	fd_close(&run->asked.file);
	fd_close(&run->events);
	fd_close(&run->watch);
	fd_close(&run->transfers);
	fd_close(&run->tree);
	fd_close(&run->directory);
	fd_close(&run->place);
	request->drive = NULL;
}
