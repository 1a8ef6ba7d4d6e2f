/*
 * A transcript that an earlier recorder left open, as when it was killed: its file can still be
 * written to. What is whole in it stays, a mark is added, and the event that was missing is
 * written. Its bytes are hashed piece by piece, since others wait meanwhile.
 */
#ifndef ROLEGATE_RECORDER_RECOVER_H
#define ROLEGATE_RECORDER_RECOVER_H

#include "recorder/walk.h"

struct recovery {
	struct transcript *found; /* NULL: there is nothing to do */
	off_t whole;		  /* its size in whole lines; `found->size` of it are hashed */
};

/* Opens it. 0, or -1 with a message. */
int recovery_begin(
	struct recovery *recovery, struct transcripts *all, const struct walk_file *file);
/* 1: there is more to do; 0: it has ended, as "recovered"; -1: it could not, with a message. */
int recovery_go_on(struct recovery *recovery, struct transcripts *all, struct arena *arena);
/* Leaves it as it is. */
void recovery_drop(struct recovery *recovery);

#endif
