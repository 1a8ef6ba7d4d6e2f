/* The transcripts that there are, one after the other, so that nobody waits for all of them. */
#ifndef ROLEGATE_RECORDER_WALK_H
#define ROLEGATE_RECORDER_WALK_H

#include <dirent.h>
#include <sys/stat.h>

#include "recorder/transcript.h"

struct walk_file {
	char path[TRANSCRIPT_PATH], request[33];
	uid_t uid;
	struct stat status;
};

struct walk {
	int directory;
	DIR *users, *folder; /* the second: the user's whose files come; NULL: none's yet */
	uid_t uid;	     /* of it */
};

enum walk_result {
	WALK_END,
	WALK_FILE,  /* a transcripts/UID/REQUEST.cast that is a regular file */
	WALK_OTHER, /* anything else: it is passed over, and counts as work that was done */
};

/* All users' files. 0, or -1 and errno; without a directory of transcripts there are none. */
int walk_open(struct walk *walk, int directory);
/* One user's. */
int walk_open_user(struct walk *walk, int directory, uid_t uid);
/* Looks at one entry. What is removed meanwhile does not come; what is made may. */
enum walk_result walk_next(struct walk *walk, struct walk_file *file);
/* Of one that was never opened too, as long as it is all zero. */
void walk_close(struct walk *walk);

#endif
