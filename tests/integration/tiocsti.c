/* R15: tries to type into every terminal that it can reach. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static void type_into(const char *name, int fd)
{
	const char text[] = "touched\n";

	for (const char *byte = text; *byte; byte++)
		if (ioctl(fd, TIOCSTI, byte) < 0) {
			printf("%s: %s\n", name, strerror(errno));
			return;
		}
	printf("%s: typed\n", name);
}

int main(void)
{
	char linux_selection[2] = { 3, 0 };

	type_into("stdin", STDIN_FILENO);
	type_into("stdout", STDOUT_FILENO);
	type_into("stderr", STDERR_FILENO);
	type_into("/dev/tty", open("/dev/tty", O_RDWR | O_CLOEXEC));
	if (ioctl(STDIN_FILENO, TIOCLINUX, linux_selection) < 0)
		printf("TIOCLINUX: %s\n", strerror(errno));
	return 0;
}
