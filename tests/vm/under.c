/* under PROFILE ACT ARG …: does one thing under an AppArmor profile. 0: it could, 13: refused. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int enter(const char *profile)
{
	char text[256];
	int fd = open("/proc/self/attr/current", O_WRONLY | O_CLOEXEC);
	int length = snprintf(text, sizeof(text), "changeprofile %s", profile);

	return fd >= 0 && write(fd, text, (size_t)length) == length ? 0 : -1;
}

static int act(const char *name, char **arguments)
{
	if (strcmp(name, "read") == 0)
		return open(arguments[0], O_RDONLY);
	if (strcmp(name, "write") == 0)
		return open(arguments[0], O_WRONLY | O_CREAT, 0600);
	if (strcmp(name, "socket") == 0)
		return socket(AF_INET, SOCK_STREAM, 0);
	if (strcmp(name, "rename") == 0)
		return rename(arguments[0], arguments[1]);
	return execv(arguments[0], arguments);
}

int main(int argc, char **argv)
{
	int complaint;

	if (argc < 4 || enter(argv[1]) < 0) {
		perror("under");
		return 99;
	}
	if (act(argv[2], argv + 3) >= 0)
		return 0;
	complaint = errno;
	perror(argv[3]);
	return complaint;
}
