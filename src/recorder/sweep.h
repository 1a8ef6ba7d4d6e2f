/*
 * All transcripts looked through, in slices, since there may be millions of them and this process
 * answers the gateway meanwhile. What is too old goes as it is met. If the rest is more than is
 * kept, it is taken from those who have most (shares.h), of each the oldest first; a sixty-fourth
 * more than has to go does, so that this is not done anew for every run. The first time, what an
 * earlier recorder left open is ended (recover.h).
 */
#ifndef ROLEGATE_RECORDER_SWEEP_H
#define ROLEGATE_RECORDER_SWEEP_H

#include "recorder/oldest.h"
#include "recorder/recover.h"
#include "recorder/settings.h"
#include "recorder/shares.h"

enum {
	SWEEP_SLICE_TIME = 2, /* ms */
	SWEEP_SLACK = 64,
};

enum sweep_step {
	SWEEP_OVER = 0,
	SWEEP_LOOK,   /* at every file: ages, sizes, what was left open */
	SWEEP_CHOOSE, /* at the files of one user: which are the oldest */
	SWEEP_REMOVE, /* those */
};

struct sweep {
	struct transcripts *all;
	const struct settings *settings;
	enum sweep_step step;
	bool first;	    /* files that are open are not this process's, unless it says so */
	unsigned recovered; /* how many of those have been ended */
	uint64_t kept;	    /* bytes that are left, once it is over */
	struct walk walk;
	struct recovery recovery;
	struct shares shares;
	size_t chosen;	/* in `shares` */
	uint64_t level; /* that each is brought down to */
	struct oldest oldest;
	size_t removed; /* of `oldest` */
};

void sweep_begin(
	struct sweep *sweep, struct transcripts *all, const struct settings *settings, bool first);
/* At most settings->slice files and SWEEP_SLICE_TIME of it. Whether there is more to do. */
bool sweep_slice(struct sweep *sweep);
/* Lets go of all that it has; what it did is done. */
void sweep_end(struct sweep *sweep);

#endif
