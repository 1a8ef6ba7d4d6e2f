/*
 * Drives that nobody opens: what has been in them too long is removed all the same, at the start,
 * with every new configuration, and once an hour; in a process of its own, and so much at a time.
 *
 * drives/at/UID holds the name of the endpoint at which the drive was last opened.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/message.h"
#include "gateway/clock.h"
#include "gateway/drive.h"
#include "gateway/listener.h"
#include "spawn/account.h"

enum {
	HOUR = 60 * 60 * 1000,
	SOON = 60 * 1000, /* where there was more to do than is done at once */
	FILES_AT_ONCE = 10000,
	NAME_MOST = 256, /* of an endpoint */
	EXIT_MORE = 2,
};

struct keeping {
	struct arena *arena;
	struct recorder *recorder;
	const struct endpoint *endpoint;
	const char *user;
	uid_t uid;
	unsigned files; /* that were removed */
	bool more;	/* to be done another time */
};

void drive_keep_note(
	struct arena *arena, int place, const char *uid, const struct endpoint *endpoint)
{
	_cleanup_fd_ int directory = drive_open_beside(place, "at");
	_cleanup_fd_ int file = -1;
	size_t length = strlen(endpoint->name), had = 0;
	const char *was = NULL;

	if (directory < 0)
		return;
	file = openat(directory, uid, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (file >= 0)
		was = fd_read_all(arena, file, NAME_MOST, &had);
	if (was != NULL && strcmp(was, endpoint->name) == 0)
		return;
	if (file < 0 || ftruncate(file, 0) < 0 || lseek(file, 0, SEEK_SET) < 0 ||
		fd_write_all(file, endpoint->name, length) != 0)
		message_warning("drives/at/%s: %s", uid, strerror(errno));
}

/* Without a record nothing more is removed. */
static bool record(void *context, const struct record_file *file, bool done)
{
	struct keeping *keeping = context;
	const char *complaint = "there is no recorder";
	struct record record = {.kind = RECORD_DRIVE,
		.success = done,
		.endpoint = keeping->endpoint->name,
		.user = keeping->user,
		.uid = keeping->uid,
		.login_uid = (uid_t)-1,
		.audit_session = (unsigned)-1,
		.status = -1,
		.file = file};

	keeping->more = ++keeping->files >= FILES_AT_ONCE;
	if (keeping->endpoint->audit < AUDIT_LEVEL_STANDARD)
		return !keeping->more;
	if (keeping->recorder != NULL && record_write(keeping->recorder, &record, &complaint) == 0)
		return !keeping->more;
	message_error("a record could not be written: %s", complaint);
	return false;
}

static const struct endpoint *endpoint_of(
	struct arena *arena, const struct policy *policy, int notes, const char *name)
{
	_cleanup_fd_ int file = openat(notes, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	size_t length;
	const char *text = file < 0 ? NULL : fd_read_all(arena, file, NAME_MOST, &length);

	return text == NULL ? NULL : policy_endpoint(policy, text);
}

static void keep_one(struct keeping *keeping, int place, const char *name)
{
	_cleanup_fd_ int directory =
		openat(place, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct account account;
	const char *complaint;
	char *end;

	if (directory < 0)
		return;
	keeping->uid = (uid_t)strtoul(name, &end, 10);
	if (end == name || *end != '\0')
		return;
	keeping->user = account_by_uid(keeping->arena, keeping->uid, &account, &complaint) == 0
				? account.name
				: NULL;
	drive_expire(directory, keeping->endpoint->drive->keep, record, keeping);
}

static bool keep_all(struct keeping *keeping, const struct policy *policy)
{
	const char *complaint = NULL;
	_cleanup_fd_ int place = drive_open_place(keeping->arena, &complaint);
	_cleanup_fd_ int notes = place < 0 ? -1 : drive_open_beside(place, "at");
	_cleanup_list_ DIR *listing = notes < 0 ? NULL : fd_list(notes, ".");
	const struct dirent *entry;

	if (place >= 0)
		drive_clear_copies(place);
	while (!keeping->more && listing != NULL && (entry = readdir(listing)) != NULL) {
		keeping->endpoint = endpoint_of(keeping->arena, policy, notes, entry->d_name);
		if (keeping->endpoint != NULL && keeping->endpoint->drive != NULL)
			keep_one(keeping, place, entry->d_name);
	}
	return keeping->more;
}

static bool has_drives(const struct policy *policy)
{
	for (size_t i = 0; i < policy->endpoint_count; i++)
		if (policy->endpoints[i].drive != NULL)
			return true;
	return false;
}

/* The other one is still at it: next time. */
static bool is_due(struct listener *listener)
{
	int64_t now = clock_now();

	if (listener->keep_due == CLOCK_NEVER || now < listener->keep_due ||
		listener->stop_deadline != CLOCK_NEVER)
		return false;
	listener->keep_due = now + (listener->keep == 0 ? HOUR : SOON);
	return listener->keep == 0 && has_drives(listener->current.policy);
}

void drive_keep(struct listener *listener)
{
	struct keeping keeping = {.files = 0};
	const struct policy *policy = listener->current.policy;
	pid_t pid;

	if (!is_due(listener))
		return;
	pid = fork();
	if (pid < 0)
		message_error("drives are not looked through: %m");
	if (pid != 0) {
		listener->keep = pid < 0 ? 0 : pid;
		return;
	}
	listener_forget(listener);
	(void)setpriority(PRIO_PROCESS, 0, 10);
	keeping.arena = arena_new();
	keeping.recorder = listener->recorder;
	if (keeping.recorder != NULL && record_reopen(keeping.recorder) != 0)
		keeping.recorder = NULL;
	_exit(keep_all(&keeping, policy) ? EXIT_MORE : 0);
}

void drive_kept(struct listener *listener, int status)
{
	listener->keep = 0;
	if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_MORE)
		listener->keep_due = clock_earlier(listener->keep_due, clock_now() + SOON);
}
