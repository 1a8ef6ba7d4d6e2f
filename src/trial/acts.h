/* What one call says about the run: for watch.c. */
#ifndef ROLEGATE_TRIAL_ACTS_H
#define ROLEGATE_TRIAL_ACTS_H

#include "trial/subject.h"
#include "trial/watch.h"

/* The places of a call's arguments; -1: it has none. */
struct act_row {
	const char *name; /* of the system call; may be there more than once */
	void (*note)(struct watch *watch, const struct notice *notice, const struct act_row *row);
	signed char directory, path, extra;
	signed char capability; /* that it takes, or -1 */
};

/* All of them, the last one's name NULL. */
extern const struct act_row act_file_rows[];
extern const struct act_row act_system_rows[];

/* The canonical path of the row's arguments; NULL: none is known. */
char *act_path(
	struct watch *watch, const struct notice *notice, const struct act_row *row, bool follow);
/* Records that `capability` was used, or tried without. */
void act_capability(struct watch *watch, const struct notice *notice, int capability);
bool act_is_own(const struct watch *watch, pid_t process);

#endif
