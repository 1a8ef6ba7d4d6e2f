/*
 * drive_peek ENDPOINT TRIES: an operator's program that looks for the drive's server in /proc, to
 * reach the drive past the gateway. Says so when it got in; ends with status 1 then.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { BEFORE = 40 /* numbers of processes */, TIME = 300 /* ms */ };

static int last_process(void)
{
	char text[128] = "";
	int file = open("/proc/loadavg", O_RDONLY);
	ssize_t length = read(file, text, sizeof(text) - 1);
	const char *blank = length > 0 ? strrchr(text, ' ') : NULL;

	close(file);
	return blank == NULL ? 0 : (int)strtol(blank, NULL, 10);
}

static long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static int look(void)
{
	char path[64];
	int last = last_process();

	for (int pid = last; pid > last - BEFORE && pid > 0; pid--) {
		int found;

		snprintf(path, sizeof(path), "/proc/%d/root/drive", pid);
		found = open(path, O_PATH | O_DIRECTORY);
		if (found >= 0)
			return found;
	}
	return -1;
}

static int try_once(const char *endpoint)
{
	int input[2], found = -1;
	long end;
	pid_t client;

	if (pipe(input) < 0)
		return -1;
	client = fork();
	if (client == 0) {
		dup2(input[0], 0);
		close(input[1]);
		dup2(open("/dev/null", O_WRONLY), 1);
		execl("/opt/rolegate/bin/rolegate", "rolegate", "-e", endpoint, "--", "sftp", NULL);
		_exit(127);
	}
	for (end = now() + TIME; found < 0 && now() < end;)
		found = look();
	close(input[0]);
	close(input[1]);
	waitpid(client, NULL, 0);
	return found;
}

int main(int argc, char **argv)
{
	int tries = argc == 3 ? (int)strtol(argv[2], NULL, 10) : 0;

	for (int i = 0; i < tries; i++) {
		int found = try_once(argv[1]), file;

		if (found < 0)
			continue;
		file = openat(found, "unrecorded", O_CREAT | O_WRONLY, 0600);
		printf("in, and %s\n", file < 0 ? "nothing written" : "written to");
		return 1;
	}
	puts("out");
	return 0;
}
