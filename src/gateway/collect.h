/* What a program prints for the gateway itself, not for the operator: by a pipe, up to a bound. */
#ifndef ROLEGATE_COLLECT_H
#define ROLEGATE_COLLECT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct collector {
	int fd;	     /* the gateway's end, non-blocking; -1: it has ended */
	char *bytes; /* `limit` and a NUL, from the arena */
	size_t length, limit;
	bool too_much; /* more came than `limit` */
};

/* 0 with the program's end in *writer, close-on-exec as the other one; or -1 and errno. */
int collector_open(struct collector *collector, struct arena *arena, size_t limit, int *writer);
/* Takes what is there. False: nothing more can come, and it is closed. */
bool collector_read(struct collector *collector);
void collector_close(struct collector *collector);

#endif
