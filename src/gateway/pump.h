/*
 * One stream on its way between a caller's descriptor and a program, through a pipe of the
 * gateway's own, so that its bytes can be written down first. The caller's descriptor may be a
 * pipe, a socket, a file, a device, shared with others and blocking: its flags are never changed,
 * and no call on it waits (but for files, whose writes and reads are the disk's). What the program
 * meets is as if it had the caller's descriptor: a slow reader holds it back, one that is gone is a
 * closed pipe for it, and its end is the reader's end of file. Two things differ: any other error
 * of what is written to is a closed pipe too, and of input up to two pipes full are taken before
 * the program asks for it.
 */
#ifndef ROLEGATE_PUMP_H
#define ROLEGATE_PUMP_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/* Where the bytes are written down. */
struct pump_tap {
	void *context;
	/* Whether bytes are still wanted: of what isn't, only the count is given. */
	bool (*wants)(void *context);
	/* Before they go on; `bytes` NULL: a count of them. False: they may not go on. */
	bool (*take)(void *context, uint8_t code, const void *bytes, size_t length);
};

struct pump {
	int from, to;	/* -1, both: it has ended */
	bool outward;	/* `from` is the pipe's end, else `to` is */
	uint8_t code;	/* 'o', 'e', 'i' */
	int kind;	/* of the caller's descriptor */
	int scratch[2]; /* beside a caller's pipe, since splice(2) never waits; -1 */
	size_t in_scratch;
	struct arena *arena;
	uint8_t *bytes; /* those from `at` to `length` are still to be passed on, after the
			   scratch's */
	size_t at, length;
	bool stuck;  /* bytes that were not read wait for `to` */
	bool at_end; /* nothing more comes */
};

/* One that has ended, for pump_close(). */
extern const struct pump pump_none;

/*
 * Between *descriptor, which it takes, and the pipe, whose end for the program *descriptor becomes;
 * code 'i': towards the program. 0, or -1 and errno with nothing changed.
 */
int pump_open(struct pump *pump, struct arena *arena, uint8_t code, int *descriptor);
bool pump_is_open(const struct pump *pump);
/* What it waits for; descriptors of -1 for nothing. */
void pump_poll(const struct pump *pump, struct pollfd fds[2]);
/* After poll(2). */
void pump_turn(struct pump *pump, const struct pollfd fds[2], const struct pump_tap *tap);
/* The program has ended: takes what it has left in the pipe; pump_turn() passes it on. */
void pump_finish(struct pump *pump, const struct pump_tap *tap);
void pump_close(struct pump *pump);

#endif
