/* What each user's transcripts take, and how much of it each may keep: pure but for its memory. */
#ifndef ROLEGATE_RECORDER_SHARES_H
#define ROLEGATE_RECORDER_SHARES_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct share {
	uid_t uid;
	uint64_t room; /* bytes */
};

struct shares {
	struct share *items; /* malloc'd */
	size_t count;
	uint64_t room; /* of all */
};

/* Adds to a user's: users come one after the other. 0, or -1: no memory. */
int shares_add(struct shares *shares, uid_t uid, uint64_t room);
void shares_take(struct shares *shares, struct share *share, uint64_t room);
/*
 * The most that one may keep so that all together have at most `keep`: who has less keeps all of
 * it, who has more goes down to the same as the others who have more, so that nobody's flood takes
 * anything of those who have little. Sorts them, the smallest first.
 */
uint64_t shares_level(struct shares *shares, uint64_t keep);
void shares_close(struct shares *shares);

#endif
