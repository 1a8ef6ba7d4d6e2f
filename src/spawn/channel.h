/*
 * What a child tells its parent until it is the program: where it failed, or the other end of its
 * gate (confine/filter.h). It is silent, and closed, once the program runs.
 */
#ifndef ROLEGATE_CHANNEL_H
#define ROLEGATE_CHANNEL_H

#include <sys/types.h>

struct report {
	int step; /* its number in the table of spawn.c; -1: a listener comes along */
	int error;
};

/* Both ends close on exec. 0, or -1 and errno. */
int channel_open(int *heard, int *said);
/* In the child. 0, or -1 and errno. */
int channel_send_report(int said, const struct report *report);
int channel_send_listener(int said, int listener);

/*
 * Waits until `child` is executed, opening its gate if it has `gated` one. 0: it is; 1: it has
 * reported; -1 and errno: neither, EPROTO if it passed no gate.
 */
int channel_wait(int heard, pid_t child, int gated, struct report *report);

#endif
