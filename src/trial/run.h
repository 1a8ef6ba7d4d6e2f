/* One run under observation, from its start until nothing of it is left. */
#ifndef ROLEGATE_TRIAL_RUN_H
#define ROLEGATE_TRIAL_RUN_H

#include "spawn/spawn.h"
#include "trial/watch.h"

struct trial_end {
	struct spawn_failure failure; /* step NULL: it was started */
	int status;		      /* as waitpid(2) gives it */
	uint64_t cpu_seconds;	      /* of all its processes, rounded up */
};

/*
 * Starts the program in a process between, which installs the filter, and watches. Whatever the
 * program leaves running is killed. 0, also when it could not be started; -1 and errno: the watch
 * failed, and the program with it.
 */
int trial_run(struct watch *watch, const struct spawn *spawn, const struct strings *denied,
	struct trial_end *end);

#endif
