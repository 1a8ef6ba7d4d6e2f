/* What drive_watch.c and drive_quota.c share. */
#ifndef ROLEGATE_GATEWAY_DRIVE_PARTS_H
#define ROLEGATE_GATEWAY_DRIVE_PARTS_H

#include "gateway/drive.h"

/* Bits of a name. */
enum {
	NAME_READ = 1 << 0,    /* since it was last recorded as taken */
	NAME_WRITTEN = 1 << 1, /* since it was last recorded as put */
	NAME_CHANGED = 1 << 2, /* since the drive last was within its quota */
	NAME_PUT = 1 << 3,     /* in this session */
};

/* Takes the bits from all names, and lets go those of which nothing is left to be said. */
void drive_forget(struct drive_run *run, unsigned bits);
/* Without a record nothing goes on: run->unrecorded. */
void drive_record(struct relay *relay, const struct record_file *file);
/* Of one of the two descriptors; each is recorded as it comes. Whether there were any. */
bool drive_read_events(struct relay *relay, int fd);
/* What has not been recorded because it was not closed. */
void drive_flush(struct relay *relay);

#endif
