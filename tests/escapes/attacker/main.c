/* usage: attacker MODE RUN [TARGET] */
#include "attacker.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

const char *run_name;

int note(void)
{
	char path[512];
	int fd;

	snprintf(path, sizeof(path), "/run/jump-host/escapes/marks/%s", run_name);
	fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0666);
	if (fd < 0)
		return -1;
	dprintf(fd, "%s uid=%u pid=%d\n", run_name, (unsigned)geteuid(), (int)getpid());
	return close(fd);
}

static const struct mode *find(const char *name)
{
	static const struct mode *const all[] = {
		exec_modes, kernel_modes, network_modes, file_modes, process_modes};

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		for (const struct mode *mode = all[i]; mode->name != NULL; mode++)
			if (strcmp(mode->name, name) == 0)
				return mode;
	return NULL;
}

int main(int argc, char **argv)
{
	const struct mode *mode = argc < 3 ? NULL : find(argv[1]);

	if (mode == NULL)
		return 2;
	run_name = argv[2];
	errno = 0;
	if (mode->attack(argc > 3 ? argv[3] : "") == 0) {
		printf("%s: through\n", argv[1]);
		return 0;
	}
	printf("%s: %s\n", argv[1], strerror(errno));
	return 1;
}
