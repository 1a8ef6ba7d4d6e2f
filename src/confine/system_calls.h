/* Names of system calls, and the sets of them that profiles may deny. For filter.c and its test. */
#ifndef ROLEGATE_SYSTEM_CALLS_H
#define ROLEGATE_SYSTEM_CALLS_H

#include <stdbool.h>

/*
 * Names that are no system call's: only what makes a namespace is refused of these two, not every
 * new thread or process.
 */
#define SYSTEM_CALL_CLONE_NAMESPACES "clone/namespaces"
#define SYSTEM_CALL_UNSHARE_NAMESPACES "unshare/namespaces"

enum {
	SYSTEM_CALL_UNKNOWN = -1, /* nobody knows a call of this name */
	SYSTEM_CALL_FOREIGN = -2, /* other architectures have it */
};

/* Its number on the native architecture, or one of the two above. */
int system_call_number(const char *name);
/* The highest number that has a name: what the kernel has above it came later than this program. */
int system_call_highest(void);

#endif
