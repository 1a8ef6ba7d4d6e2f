/*
 * What is older or more than is kept goes, the oldest first, and never without an event that names
 * it: op=expired, with the last seq and hash of a file of the log, so that its missing is not taken
 * for a cut. Files of the log are few and looked at all at once; transcripts are for sweep.h.
 */
#ifndef ROLEGATE_RECORDER_EXPIRE_H
#define ROLEGATE_RECORDER_EXPIRE_H

#include "recorder/ledger.h"
#include "recorder/settings.h"

/* In a second: files of 64 MB, which take a disk their time, and who writes an event waits for it.
 */
enum { EXPIRE_A_TURN = 8 };

/* What a file of so many bytes takes on the disk: a million short ones are more than their bytes. */
uint64_t expire_room(uint64_t bytes);
/* Whether so many seconds have passed since then, in seconds since 1970. */
bool expire_is_old(long long written, uint64_t keep_age);
/* The event, then the file below ledger->directory. Takes the object. 0, or -1 with a message. */
int expire_noted(struct ledger *ledger, struct arena *arena, const char *path, json_t *object);
/* At most EXPIRE_A_TURN files go. How many that were; what can't be read or removed stays. */
size_t expire_events(struct ledger *ledger, struct arena *arena, const struct settings *settings);

#endif
