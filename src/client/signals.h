/* Signals as something that poll(2) waits for. One user at a time in a process. */
#ifndef ROLEGATE_CLIENT_SIGNALS_H
#define ROLEGATE_CLIENT_SIGNALS_H

#include <stdint.h>

/* Signal N in a set of them. */
#define SIGNAL_BIT(number) ((uint64_t)1 << (number))

/*
 * Catches HUP INT QUIT TERM USR1 USR2 TSTP CONT WINCH; one that the caller was started with as
 * ignored (nohup) stays ignored. Returns a descriptor that is readable when one came, or -1.
 */
int signals_catch(void);
/* What came since the last call. */
uint64_t signals_take(void);
/* The handlers that were there before. */
void signals_release(void);

/*
 * Stops this process group as ^Z at a terminal would, so that the shell that started it sees its
 * whole job stopped. Returns when it is continued, or at once where nobody could continue it (an
 * orphaned group: the kernel drops the signal).
 */
void signals_stop_group(void);

#endif
