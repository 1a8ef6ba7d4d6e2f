/*
 * An approved program that has become the attacker's: one mode for each way that is tried.
 *
 * A mode returns 0 if it got through, or -1; what has no other proof is then noted by note().
 * `target` is the program to start, the file or the address.
 */
#ifndef ATTACKER_H
#define ATTACKER_H

#include <sys/types.h>

struct mode {
	const char *name;
	int (*attack)(const char *target);
};

extern const char *run_name; /* NAME.open or NAME.held */
extern const struct mode exec_modes[], kernel_modes[], network_modes[], file_modes[],
	process_modes[];

/* The mark of this run, as the programs that are started leave it. */
int note(void);

#endif
