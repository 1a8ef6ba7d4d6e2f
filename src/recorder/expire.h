/*
 * What is older or more than is kept goes, the oldest first, and never without an event that names
 * it: op=expired, with the last seq and hash of a file of the log, so that its missing is not taken
 * for a cut.
 */
#ifndef ROLEGATE_RECORDER_EXPIRE_H
#define ROLEGATE_RECORDER_EXPIRE_H

#include "recorder/settings.h"
#include "recorder/transcript.h"

/* More in a second than anybody can add, and still no long wait for who writes an event. */
enum { EXPIRE_A_TURN = 2000 };

/* What a file of so many bytes takes on the disk: a million short ones are more than their bytes. */
uint64_t expire_room(uint64_t bytes);
/* At most EXPIRE_A_TURN files go. How many that were; what can't be read or removed stays. */
size_t expire_events(struct ledger *ledger, struct arena *arena, const struct settings *settings);
/* The same of transcripts that have ended. *kept: bytes of those that stay. */
size_t expire_transcripts(struct transcripts *all, struct arena *arena,
	const struct settings *settings, uint64_t *kept);

#endif
