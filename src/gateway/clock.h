/* Deadlines: milliseconds of CLOCK_BOOTTIME. */
#ifndef ROLEGATE_CLOCK_H
#define ROLEGATE_CLOCK_H

#include <stdint.h>

enum { CLOCK_NEVER = -1 };

int64_t clock_now(void);
/* `deadline` (CLOCK_NEVER: none) as a timeout of poll(2): 0 when it has passed, -1 for none. */
int clock_timeout(int64_t deadline);
/* The one that comes first; either may be CLOCK_NEVER. */
int64_t clock_earlier(int64_t left, int64_t right);

#endif
