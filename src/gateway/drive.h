/*
 * The drive of an operator, ROLEGATE_STATE_DIR/drives/UID: a directory of regular files, without
 * directories or links in it. Nothing in it is trusted (R28): it is written by whoever it belongs
 * to.
 *
 * int: 0, or -1 and the request denied, unless said otherwise.
 */
#ifndef ROLEGATE_GATEWAY_DRIVE_H
#define ROLEGATE_GATEWAY_DRIVE_H

#include <sys/stat.h>

#include "gateway/relay.h"
#include "gateway/request.h"

struct drive_size {
	uint64_t bytes, largest; /* of all files; of the largest one */
	uint64_t open;		 /* of those that are held in the session */
	unsigned files;
};

struct drive_name;
struct drive_job;

/* An open of the server's that waits for an answer. */
struct drive_asked {
	int file; /* -1: none */
	struct stat status;
};

/* The drive while a server runs on it. */
struct drive_run {
	const struct drive *drive;
	int directory;		/* to list it; -1: not open */
	int tree;		/* the mount of it that the server gets; -1 */
	int watch;		/* fanotify(7): names that come and go, files that are closed; -1 */
	int transfers;		/* the same: bytes read and written; -1 */
	int gate;		/* the same: the server's opens, which wait for an answer; -1 */
	int events;		/* epoll(7) of `watch` and `gate`; -1 */
	int place;		/* of drive_directory(): where the drives are; -1 */
	int mark;		/* that it is open, see drive_mark.c; -1 */
	int64_t rest_until;	/* of the next look; CLOCK_NEVER: when something happens */
	int64_t look_from;	/* transfers may wait so long */
	struct drive_size size; /* as last measured */
	uint64_t removed;	/* bytes of files without a name that the server has open */
	uint64_t file_most;	/* bytes: of its profile */
	uint64_t file_limit;	/* bytes: RLIMIT_FSIZE of the server, as it is now */
	bool over;		/* more than there may be: nothing can be written */
	bool broken;		/* that can't be looked at any more, or not be seen to */
	bool unrecorded;	/* something could not be recorded, and was to be */
	bool flooded;		/* more was done than is recorded meanwhile: it ends */
	unsigned refused;	/* files that were too much, and are gone */
	bool taken;		/* of those some that the client was not told of: it ends */
	bool full;		/* what was written last took all that was left */
	uint64_t changes;	/* events that were counted */
	unsigned held;		/* files */
	struct drive_name *names;
	struct drive_job *jobs, **last_job; /* records to be made */
	unsigned job_count;
	uint64_t renamed; /* bytes of files that were to be read because they were renamed */
	struct drive_asked asked;
};

/* --- drive_place.c --- */

/* Where the drives are: -1 with *complaint. */
int drive_open_place(struct arena *arena, const char **complaint);
/* A directory of the gateway's own there. -1 and errno. */
int drive_open_beside(int place, const char *name);
/*
 * An open directory of the drive, made if it is not there, without what has been there too long.
 * `*place` gets the one above, root's.
 */
int drive_directory(struct request *request, const struct drive *drive, const struct account *owner,
	int *place, int *directory);
/*
 * Removes files that have not changed for `keep` seconds (0: none), and tells of each, `done` or
 * not; until that says false.
 */
struct record_file;
void drive_expire(int directory, unsigned keep,
	bool (*tell)(void *context, const struct record_file *file, bool done), void *context);
/* `run`: NULL, or whose held files are counted besides. 0, or -1 and errno. */
int drive_measure(int directory, const struct drive_run *run, struct drive_size *size);

/* --- drive_keep.c --- */

/* At which endpoint it was last opened: what that one keeps counts while nobody opens it. */
void drive_keep_note(
	struct arena *arena, int place, const char *uid, const struct endpoint *endpoint);
/* When it is time, in a process of its own: all drives, and what a crash has left of copies. */
struct listener;
void drive_keep(struct listener *listener);
/* That one has ended. */
void drive_kept(struct listener *listener, int status);

/* --- drive_copies.c --- */

/* Room for copies of so many bytes, until the request is closed. */
int drive_reserve_copies(
	struct request *request, const struct drive *drive, int place, uint64_t bytes);
void drive_release_copies(struct request *request);
/* What no request holds any more. */
void drive_clear_copies(int place);

/* --- drive.c --- */

/* For the drive's own command: opened, watched, and the run confined to it. */
int request_open_drive(struct request *request);
/* It has ended: what is still to be recorded, and what went over the quota taken away. */
void request_settle_drive(struct request *request, struct relay *relay);
void request_close_drive(struct request *request);

/* --- drive_mark.c --- */

/* Not in more sessions of one operator than there may be. */
int drive_check_open(struct request *request);
/* Says that it is open, and records what a session that was killed has left. 0, or -1 and errno. */
int drive_mark(struct request *request);
void drive_unmark(struct request *request);
/* Tells the others how much it holds without a name; how much they do. */
uint64_t drive_share_removed(struct request *request, uint64_t bytes);

/* --- drive_watch.c --- */

/* 0, or -1 and errno. */
int drive_watch_open(struct drive_run *run);
/* For poll(2): -1 without a drive; of transfers, while it rests. */
int drive_watch_fd(const struct drive_run *run);
int drive_transfers_fd(const struct drive_run *run);
/* --- drive_names.c --- */

bool drive_is_held(const struct drive_run *run, const struct stat *status);
/* All names, and what is held for them. */
void drive_drop(struct drive_run *run);

/* --- drive_quota.c --- */

/* What has happened is recorded, and the quota looked at. True if the run must end. */
bool drive_look(struct relay *relay);
/* The same at the end, without a rest. */
void drive_look_last(struct relay *relay);

/* --- drive_file.c --- */

/*
 * Size and SHA-256 of a file that is there by name; 0, or -1 if it is not, or no regular file, and
 * the record says so.
 */
int drive_describe(int directory, const char *name, struct record_file *file);
/* -1 and errno. */
int drive_open_file(int directory, const char *name);
/* What a command takes from the drive: a copy of each, which nobody can change any more (R26). */
int request_open_files(struct request *request);
int request_record_files(struct request *request);

#endif
