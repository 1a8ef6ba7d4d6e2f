/* What the drive_*.c share of a drive whose server runs. */
#ifndef ROLEGATE_GATEWAY_DRIVE_PARTS_H
#define ROLEGATE_GATEWAY_DRIVE_PARTS_H

#include <sys/stat.h>

#include "config/digest.h"
#include "gateway/drive.h"

/* Bits of a name. */
enum {
	NAME_READ = 1 << 0,    /* since it was last recorded as taken */
	NAME_WRITTEN = 1 << 1, /* since it was last recorded as put */
	NAME_CHANGED = 1 << 2, /* since the drive last was within its quota */
	NAME_CREATED = 1 << 3, /* and not opened since */
	NAME_REMOVED = 1 << 5, /* and not made since */
	NAME_LANDED = 1 << 4,  /* by a rename, since all events were read */
};

enum { DRIVE_JOBS_MOST = 128 /* that wait; each may hold a file */ };

/* A file that is open here, so that its bytes outlast its name. */
struct drive_held {
	int file;
	unsigned users; /* names and records to be made */
	dev_t device;
	ino_t inode;
};

/* What the kernel told of one name, and what of it is still to be recorded. */
struct drive_name {
	struct drive_name *next;
	unsigned bits;
	struct drive_held *held; /* NULL: not open in this session, as far as is known */
	uint64_t changed;	 /* run->changes, when it last did */
	char name[];
};

/* A record to be made, in the order in which things happened. */
struct drive_job {
	struct drive_job *next;
	const char *action;
	struct drive_held *held; /* to be read for it; NULL */
	bool reads;		 /* a record with size and digest, or why not */
	const char *missing;	 /* why it is not read, without `held` */
	bool disturbed;		 /* another session has written to it meanwhile */
	uint64_t size;		 /* as far as it has been read */
	struct digest digest;
	char *name, *to; /* to: NULL */
};

/* --- drive_names.c --- */

struct drive_name *drive_find(struct drive_run *run, const char *text);
/* Takes `file`. */
void drive_hold(struct drive_run *run, struct drive_name *name, int file);
/* The same, of what has that name now, if anything. */
void drive_hold_by_name(struct drive_run *run, struct drive_name *name);
void drive_release(struct drive_run *run, struct drive_held **held);
/* Takes the bits from all names, and lets go those of which nothing is left to be said. */
void drive_forget(struct drive_run *run, unsigned bits);
/* While the server waits: what it has closed is let go. */
void drive_sweep(struct relay *relay);
bool drive_holds(const struct drive_held *held, const struct stat *status);

/* --- drive_jobs.c --- */

/* At the end of the queue; `held` gets one user more. */
struct drive_job *drive_note(struct drive_run *run, const char *action, const char *name,
	const char *to, struct drive_held *held, bool reads);
/*
 * The same of a rename, for which the server waits for nobody: one that is renamed over and over is
 * not read each time.
 */
void drive_note_rename(
	struct drive_run *run, const char *from, const char *to, struct drive_held *held);
/* The last removal of `name` is no more than what the next event shows to be wrong. */
void drive_revoke_remove(struct drive_run *run, const char *name);
/* Goes on with the queue for about `bytes` of files. True: there is more. */
bool drive_work(struct relay *relay, uint64_t bytes);
/* Whether its bytes are still to be read for a record. */
bool drive_awaits(const struct drive_run *run, const struct stat *status);
void drive_disturb(struct drive_run *run, const char *name);
/* Without a record. */
void drive_drop_jobs(struct drive_run *run);

/* --- drive_watch.c --- */

/* The next of what has happened, and all that was read and written before it. Whether there was. */
bool drive_read_events(struct relay *relay);
bool drive_read_transfers(struct relay *relay);
/* More waits to be read, in the kernel's memory, than a client has a use for. */
bool drive_is_flooded(const struct drive_run *run);
/* All has been read, and the server waits or has ended. */
void drive_settle(struct drive_run *run);
/* What has not been recorded because it was not closed. */
void drive_flush_name(struct drive_run *run, struct drive_name *name, bool written, bool read);
void drive_flush(struct drive_run *run);

/* --- drive_gate.c --- */

/* Answers the server's open that waits, if it is time. */
void drive_answer(struct relay *relay);

/* --- drive_limit.c --- */

/* How large a file of the server's may become, in the kernel, from now on. 0, or -1: it has none.
 */
int drive_set_limit(struct relay *relay);

/* --- drive_quota.c --- */

/* Before a file is opened. 0, or -1: it must not be. */
int drive_make_room(struct relay *relay);
/* One file more than there may be, or no room for any. */
bool drive_is_full(struct drive_run *run);

#endif
