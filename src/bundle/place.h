/*
 * Where a configuration is, and how another takes its place at once. Beside DIR there may be
 *
 *	DIR.staging	what is being made; trash at any other time
 *	DIR.previous	the configuration before the last install
 *	DIR.discard	the one before that, on its way out
 *
 * MARKER_FILE in DIR: it was exchanged with DIR.staging, which is to become DIR.previous. In
 * DIR.staging or DIR.discard: it is trash of ours, which may be removed. Whatever an end by
 * SIGKILL or a crash leaves, place_open() finishes or removes, and DIR is one configuration, whole,
 * at every moment.
 */
#ifndef ROLEGATE_BUNDLE_PLACE_H
#define ROLEGATE_BUNDLE_PLACE_H

#include "base/arena.h"

struct place {
	struct arena *arena;
	const char *path;   /* DIR, absolute */
	const char *parent; /* its directory */
	const char *name;   /* DIR's last part, and the three beside it */
	const char *staging, *previous, *discard;
	int parent_fd; /* holds the lock: one install at a time */
	int fd;	       /* of DIR as it was */
};

/*
 * Locks and recovers. 0, with *note what was left unfinished and what became of it, or NULL; or -1
 * with *complaint: not trusted (R28), a mount point, locked by another. End it with place_close()
 * in both cases.
 */
int place_open(struct arena *arena, struct place *place, const char *directory, const char **note,
	const char **complaint);
void place_close(struct place *place);

/* An empty DIR.staging with the marker: its descriptor, or -1 with *complaint. */
int place_stage(struct place *place, const char **complaint);
/* DIR and `other` (staging or previous) change places at once, on disk when it returns. 0 or -1. */
int place_exchange(struct place *place, const char *other, const char **complaint);
/* After place_exchange() with staging: what was in DIR becomes DIR.previous. 0 or -1. */
int place_finish(struct place *place, const char **complaint);
/* Removes DIR.staging and DIR.discard, if they are ours. 0 or -1. */
int place_clean(struct place *place, const char **complaint);
/* The directory beside DIR by that name, trusted: its descriptor; -1 with *complaint and errno. */
int place_open_beside(struct place *place, const char *name, const char **complaint);

#endif
