/*
 * The drive of an operator, ROLEGATE_STATE_DIR/drives/UID: a directory of regular files, without
 * directories or links in it. Nothing in it is trusted (R28): it is written by whoever it belongs
 * to.
 *
 * int: 0, or -1 and the request denied, unless said otherwise.
 */
#ifndef ROLEGATE_GATEWAY_DRIVE_H
#define ROLEGATE_GATEWAY_DRIVE_H

#include "gateway/relay.h"
#include "gateway/request.h"

struct drive_size {
	uint64_t bytes, largest; /* of all files; of the largest one */
	unsigned files;
};

/* What the kernel told of one name, and what of it is still to be recorded. */
struct drive_name {
	struct drive_name *next;
	unsigned bits;	  /* enum of drive_watch.c */
	int file;	  /* held from its opening on, so that its bytes outlast its name; -1 */
	uint64_t changed; /* run->changes, when it last did */
	char name[];
};

/* The drive while a server runs on it. */
struct drive_run {
	const struct drive *drive;
	int directory;	    /* to list it; -1: not open */
	int watch;	    /* fanotify(7): names that come and go, files opened and closed; -1 */
	int transfers;	    /* the same: bytes read and written; -1 */
	int place;	    /* of drive_directory(): where the drives are; -1 */
	int mark;	    /* that it is open, see drive_mark.c; -1 */
	int64_t rest_until; /* transfers may wait so long; CLOCK_NEVER: not at all */
	struct drive_size size; /* as last measured */
	uint64_t file_limit;	/* bytes: RLIMIT_FSIZE of the server */
	bool over;		/* more than there may be */
	bool unrecorded;	/* something could not be recorded, and was to be */
	uint64_t changes;	/* events that were counted */
	unsigned held;		/* files */
	struct drive_name *names;
};

/* --- drive_place.c --- */

/* An open directory of the drive, made if it is not there. `*place` gets the one above, root's. */
int drive_directory(struct request *request, const struct drive *drive, const struct account *owner,
	int *place, int *directory);
/* Files that have not changed for the drive's `keep`, each with a record. */
void drive_expire(struct request *request, const struct drive *drive, int directory);
/* 0, or -1 and errno. */
int drive_measure(int directory, struct drive_size *size);

/* --- drive.c --- */

/* For the drive's own command: opened, watched, and the run confined to it. */
int request_open_drive(struct request *request);
/* It has ended: what is still to be recorded, and what went over the quota taken away. */
void request_settle_drive(struct request *request, struct relay *relay);
void request_close_drive(struct request *request);

/* --- drive_mark.c --- */

/* Says that it is open, and records what a session that was killed has left. 0, or -1 and errno. */
int drive_mark(struct request *request);
void drive_unmark(struct request *request);

/* --- drive_watch.c --- */

/* 0, or -1 and errno. */
int drive_watch_open(struct drive_run *run);
/* For poll(2): -1 without a drive; of transfers, while it rests. */
int drive_watch_fd(const struct drive_run *run);
int drive_transfers_fd(const struct drive_run *run);
/* --- drive_quota.c --- */

/* What has happened is recorded, and the quota looked at. True if the run must end. */
bool drive_look(struct relay *relay);
/* In the middle of something long: the quota alone, if it is time. */
void drive_glance(struct relay *relay);
/* The same at the end, without a rest. */
void drive_look_last(struct relay *relay);

/* --- drive_file.c --- */

/*
 * Size and SHA-256 of a file, that is open (`held`) or there by name (-1), while `relay` (or NULL)
 * goes on; 0, or -1 if it is not, or no regular file.
 */
struct record_file;
int drive_describe(
	struct relay *relay, int directory, const char *name, int held, struct record_file *file);
/* -1 and errno. */
int drive_open_file(int directory, const char *name);
/* What a command takes from the drive: a copy of each, which nobody can change any more (R26). */
int request_open_files(struct request *request);
int request_record_files(struct request *request);

#endif
