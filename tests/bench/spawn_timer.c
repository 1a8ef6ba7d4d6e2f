/* spawn_timer RUNS COMMAND [ARG …]: nanoseconds of each posix_spawn and wait, one a line. */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static long long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000LL + time.tv_nsec;
}

int main(int argc, char **argv)
{
	posix_spawn_file_actions_t files;
	long runs = argc > 2 ? strtol(argv[1], NULL, 10) : 0;

	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
	for (long i = 0; i < runs; i++) {
		long long before = now();
		int status = 0;
		pid_t pid;

		if (posix_spawn(&pid, argv[2], &files, NULL, argv + 2, environ) != 0 ||
			waitpid(pid, &status, 0) != pid || status != 0) {
			fprintf(stderr, "%s: wait status %d\n", argv[2], status);
			return 1;
		}
		printf("%lld\n", now() - before);
	}
	return runs > 0 ? 0 : 2;
}
