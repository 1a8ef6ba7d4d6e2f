/*
 * Every open of a drive's server waits here: fanotify(7) permission events of the mount that the
 * server alone has, so that what the gateway opens itself waits for nobody. By the time that it is
 * let go, all that the server did before is known, and the file is held: whatever becomes of its
 * name, its bytes can be read for the records. One whose bytes are still to be read is not opened.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/fanotify.h>
#include <unistd.h>

#include "base/fd.h"
#include "gateway/drive_parts.h"

static void answer(struct drive_run *run, bool allowed)
{
	struct fanotify_response response = {
		.fd = run->asked.file, .response = allowed ? FAN_ALLOW : FAN_DENY};

	if (write(run->gate, &response, sizeof(response)) != (ssize_t)sizeof(response))
		run->unrecorded = true;
	fd_close(&run->asked.file);
}

/*
 * At most one, as the server has one thread; more of them wait in the kernel. Nobody else has
 * anything to open in its mount.
 */
static bool is_asked(struct relay *relay)
{
	struct drive_run *run = relay->request->drive;
	struct fanotify_event_metadata event;
	ssize_t got;

	if (run->asked.file >= 0)
		return true;
	got = read(run->gate, &event, sizeof(event));
	if (got == (ssize_t)sizeof(event) && event.fd >= 0)
		run->asked.file = event.fd;
	else if (got >= 0 || (errno != EAGAIN && errno != EINTR))
		run->unrecorded = true;
	if (run->asked.file >= 0 && event.pid != relay->pid)
		answer(run, false);
	return run->asked.file >= 0;
}

/* Its last name; NULL if there is none. */
static const char *name_of(const struct drive_run *run, char *path, size_t size)
{
	static const char gone[] = " (deleted)";
	char link[32];
	ssize_t length;
	char *slash;

	(void)snprintf(link, sizeof(link), "/proc/self/fd/%d", run->asked.file);
	length = readlink(link, path, size - 1);
	if (length < 0)
		return NULL;
	path[length] = '\0';
	if (run->asked.status.st_nlink == 0 && (size_t)length >= sizeof(gone) - 1)
		path[(size_t)length - (sizeof(gone) - 1)] = '\0';
	slash = strrchr(path, '/');
	return slash == NULL || slash[1] == '\0' ? NULL : slash + 1;
}

/* Of a file that the server has just made, and that is one too many. */
static void refuse(struct relay *relay, struct drive_name *name)
{
	struct drive_run *run = relay->request->drive;
	struct stat status;

	if (fstatat(run->directory, name->name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
		status.st_ino == run->asked.status.st_ino &&
		unlinkat(run->directory, name->name, 0) == 0)
		drive_note(run, "quota", name->name, NULL, NULL, false);
	name->bits = 0;
	run->refused++;
	answer(run, false);
}

static void decide_open(struct relay *relay)
{
	struct drive_run *run = relay->request->drive;
	char path[4096 + 16];
	const char *text = name_of(run, path, sizeof(path));
	struct drive_name *name;
	bool created;

	if (text == NULL) {
		run->unrecorded = true;
		answer(run, false);
		return;
	}
	name = drive_find(run, text);
	created = (name->bits & NAME_CREATED) != 0;
	name->bits &= ~(unsigned)NAME_CREATED;
	if (created && drive_is_full(run)) {
		refuse(relay, name);
		return;
	}
	if (run->asked.status.st_nlink == 0) { /* meanwhile: its bytes would go nowhere */
		answer(run, false);
		return;
	}
	drive_sweep(relay);
	name = drive_find(run, text);
	drive_hold(run, name, fcntl(run->asked.file, F_DUPFD_CLOEXEC, 3));
	answer(run, name->held != NULL && drive_make_room(relay) == 0);
}

void drive_answer(struct relay *relay)
{
	struct drive_run *run = relay->request->drive;

	if (!is_asked(relay))
		return;
	while (run->job_count < DRIVE_JOBS_MOST && drive_read_events(relay))
		continue;
	if (run->job_count >= DRIVE_JOBS_MOST)
		return;
	drive_settle(run);
	if (fstat(run->asked.file, &run->asked.status) < 0)
		run->unrecorded = true;
	if (!run->unrecorded && drive_awaits(run, &run->asked.status))
		return;
	decide_open(relay);
}
