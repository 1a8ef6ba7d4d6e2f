/*
 * A filter that refuses nothing and asks about what is worth knowing (seccomp_unotify(2)): the call
 * waits until it has been looked at, then goes on. Nothing is decided by what was seen, so that a
 * program which changes its memory meanwhile deceives the trial, and gains nothing.
 *
 * TIOCSTI and TIOCLINUX alone are refused: the program runs on root's own terminal (R15).
 */
#ifndef ROLEGATE_TRIAL_NOTIFY_H
#define ROLEGATE_TRIAL_NOTIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* One call that waits. */
struct notice {
	uint64_t id;
	pid_t thread;
	int number;   /* of the native architecture */
	bool foreign; /* of another one: `number` and `arguments` mean nothing */
	uint64_t arguments[6];
};

/* Sets no_new_privs and installs it for the caller and all its children. The listener, or -1. */
int notify_install(const int *numbers, size_t count);

/* 1: a call waits; 0: none, or it has gone meanwhile; -1 and errno. */
int notify_receive(int listener, struct notice *notice);
/* False: the process is gone, and what was read of its memory may be another's. */
bool notify_is_valid(int listener, const struct notice *notice);
/* Lets the call go on. */
int notify_continue(int listener, const struct notice *notice);

/* A descriptor over a socket pair. 0, or -1 and errno; the descriptor, or -1 and errno. */
int notify_send_listener(int socket, int listener);
int notify_take_listener(int socket);

#endif
