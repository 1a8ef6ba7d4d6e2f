#include "spawn/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "base/fd.h"

/* The group that write(1) and wall(1) run as. (gid_t)-1 where there is none. Asked for once. */
static gid_t tty_group(void)
{
	static gid_t group;
	static bool known;

	if (!known) {
		const struct group *entry = getgrnam("tty");

		group = entry != NULL ? entry->gr_gid : (gid_t)-1;
		known = true;
	}
	return group;
}

/* Given to the account; for the group without a name, or none, nobody else may write to it. */
static int give_to(int slave, uid_t owner)
{
	gid_t group = tty_group();
	mode_t mode = group != (gid_t)-1 ? 0620 : 0600;
	struct stat status;

	if (fchown(slave, owner, group) < 0 || fchmod(slave, mode) < 0 || fstat(slave, &status) < 0)
		return -1;
	if (status.st_uid == owner && (status.st_mode & 07777) == mode)
		return 0;
	errno = EPERM;
	return -1;
}

/* The line discipline erases whole characters, as LANG says that they are UTF-8. */
static int set_utf8(int slave)
{
	struct termios settings;

	if (tcgetattr(slave, &settings) < 0)
		return -1;
	settings.c_iflag |= IUTF8;
	return tcsetattr(slave, TCSANOW, &settings);
}

int terminal_open(uid_t owner, const struct packet_window *window, int *master, int *slave)
{
	_cleanup_fd_ int ours = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	_cleanup_fd_ int theirs = -1;

	if (ours < 0 || unlockpt(ours) < 0)
		return -1;
	/* By the master and not by name: /dev/pts of another mount namespace can't be mistaken. */
	theirs = ioctl(ours, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (theirs < 0 || give_to(theirs, owner) < 0 || set_utf8(theirs) < 0 ||
		terminal_resize(ours, window) < 0)
		return -1;
	*master = fd_take(&ours);
	*slave = fd_take(&theirs);
	return 0;
}

int terminal_resize(int master, const struct packet_window *window)
{
	struct winsize size = {
		.ws_row = window->rows,
		.ws_col = window->columns,
		.ws_xpixel = window->x_pixels,
		.ws_ypixel = window->y_pixels,
	};

	return ioctl(master, TIOCSWINSZ, &size);
}

int terminal_end_input(int master)
{
	struct termios settings;
	char typed[2];
	size_t count;

	if (tcgetattr(master, &settings) < 0)
		return -1;
	typed[0] = typed[1] = (char)settings.c_cc[VEOF];
	if (settings.c_cc[VEOF] == _POSIX_VDISABLE)
		return 0;
	/* After an unfinished line the first one only hands the line over. */
	count = (settings.c_lflag & ICANON) != 0 ? 2 : 1;
	return fd_write_all(master, typed, count);
}
