/* The operator's own terminal: its modes and its size. */
#ifndef ROLEGATE_CLIENT_TTY_H
#define ROLEGATE_CLIENT_TTY_H

#include <stdbool.h>
#include <termios.h>

#include "protocol/protocol.h"

struct tty {
	int fd; /* -1: none */
	bool raw;
	struct termios saved; /* while raw: the modes to go back to */
};

bool tty_in_foreground(int fd);

/*
 * Raw, so that every key is the program's: only if we are in its foreground, for a background
 * process that touches the modes would be stopped. True if it is raw now.
 */
bool tty_make_raw(struct tty *tty);
/* Back to what it was. Does nothing if it is not raw, or is another's foreground now. */
void tty_restore(struct tty *tty);

/* It can do more than print: TERM is set, and not to "dumb". */
bool tty_is_capable(int fd);
/* The same, and nobody asked for none by NO_COLOR (https://no-color.org). */
bool tty_wants_colour(int fd);

/* All zeros where `fd` has no size. */
struct packet_window tty_window(int fd);

#endif
