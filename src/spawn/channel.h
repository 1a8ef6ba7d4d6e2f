/*
 * What a child tells its parent until it is the program: where it failed. It is closed, and silent,
 * once the program runs.
 */
#ifndef ROLEGATE_CHANNEL_H
#define ROLEGATE_CHANNEL_H

struct report {
	int step; /* its number in the table of spawn.c */
	int error;
};

/* Both ends close on exec. 0, or -1 and errno. */
int channel_open(int *heard, int *said);
/* In the child. 0, or -1 and errno. */
int channel_send_report(int said, const struct report *report);
/*
 * Waits until the child is executed. 0: it is; 1: it has reported; -1 and errno: neither, in ten
 * seconds.
 */
int channel_wait(int heard, struct report *report);

#endif
