/* A daemon that goes to the background once it is known to be ready. */
#ifndef ROLEGATE_BACKGROUND_H
#define ROLEGATE_BACKGROUND_H

/*
 * In the background, in a session of its own and with /dev/null for all streams but stderr: 0 and
 * *ready, for background_ready(). In the process that was started, once the other one is ready or
 * has ended: 1 and *ready, the exit status that says which. -1 and errno.
 */
int background_start(int *ready);

/* Says so, and closes `ready`; nothing if it is -1. */
void background_ready(int ready);

#endif
