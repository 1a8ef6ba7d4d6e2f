/* All transcripts that there are. */
#ifndef ROLEGATE_RECORDER_WALK_H
#define ROLEGATE_RECORDER_WALK_H

#include <sys/stat.h>

#include "recorder/transcript.h"

struct walk_file {
	char path[TRANSCRIPT_PATH], request[33];
	uid_t uid;
	struct stat status;
};

/*
 * Calls `each` for every transcripts/UID/REQUEST.cast that is a regular file; anything else is
 * passed over. The sum of its results, or -1 and errno as soon as one is negative.
 */
int walk_transcripts(
	int directory, int (*each)(const struct walk_file *file, void *context), void *context);

#endif
