/* The gateway's own pty (R15). The caller's terminal never reaches the program. */
#ifndef ROLEGATE_TERMINAL_H
#define ROLEGATE_TERMINAL_H

#include <sys/types.h>

#include "protocol/protocol.h"

/*
 * A new pty pair, close-on-exec, of this size; the slave belongs to `owner`, mode 0620 with group
 * tty if there is one. 0, or -1 and errno.
 */
int terminal_open(uid_t owner, const struct packet_window *window, int *master, int *slave);
/* TIOCSWINSZ, which tells the foreground group. */
int terminal_resize(int master, const struct packet_window *window);
/* Types the terminal's end-of-file character. */
int terminal_end_input(int master);

#endif
