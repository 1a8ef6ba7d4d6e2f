#include "client/tty.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

bool tty_in_foreground(int fd)
{
	return tcgetpgrp(fd) == getpgrp();
}

bool tty_make_raw(struct tty *tty)
{
	struct termios modes;

	if (tty->fd < 0 || !tty_in_foreground(tty->fd))
		return false;
	/* After a SIGSTOP from outside the modes are still ours: what we saved stays right. */
	if (!tty->raw && tcgetattr(tty->fd, &tty->saved) < 0)
		return false;
	modes = tty->saved;
	cfmakeraw(&modes);
	tty->raw = tcsetattr(tty->fd, TCSADRAIN, &modes) == 0;
	return tty->raw;
}

void tty_restore(struct tty *tty)
{
	if (tty->raw && tty_in_foreground(tty->fd))
		(void)tcsetattr(tty->fd, TCSADRAIN, &tty->saved);
	tty->raw = false;
}

struct packet_window tty_window(int fd)
{
	struct winsize size;

	if (fd < 0 || ioctl(fd, TIOCGWINSZ, &size) < 0)
		return (struct packet_window){0};
	return (struct packet_window){.rows = size.ws_row,
		.columns = size.ws_col,
		.x_pixels = size.ws_xpixel,
		.y_pixels = size.ws_ypixel};
}

bool tty_is_capable(int fd)
{
	const char *term = getenv("TERM");

	return term != NULL && term[0] != '\0' && strcmp(term, "dumb") != 0 && isatty(fd) == 1;
}

bool tty_wants_colour(int fd)
{
	const char *refused = getenv("NO_COLOR");

	return (refused == NULL || refused[0] == '\0') && tty_is_capable(fd);
}
