/*
 * Only direct children are ever signalled: until they are waited for, their numbers can't be
 * anybody else's. Whoever loses its parent becomes a direct child, since the caller is the
 * subreaper, so killing and reaping them until none is left reaches all descendants (R16), those
 * that called setsid and forked twice too.
 */
#include "spawn/reaper.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/fd.h"
#include "spawn/spawn.h"

enum {
	KILL_TIMEOUT = 2000,	 /* ms */
	PAUSE_FIRST = 50 * 1000, /* ns between two rounds, doubled up to the next */
	PAUSE_LAST = 5 * 1000 * 1000,
};

int spawn_become_reaper(void)
{
	int now = 0;

	if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0 ||
		prctl(PR_GET_CHILD_SUBREAPER, &now, 0, 0, 0) < 0)
		return -1;
	if (now == 1)
		return 0;
	errno = EPERM;
	return -1;
}

/* "12 13 14 ": the last number may be cut off by the buffer; it comes again in the next round. */
static int parse_numbers(char *text, pid_t *children)
{
	int count = 0;
	char *end;

	for (char *next = text; count < REAPER_BATCH; next = end) {
		long number = strtol(next, &end, 10);

		if (end == next || *end != ' ')
			break;
		children[count++] = (pid_t)number;
	}
	return count;
}

int reaper_children_listed(pid_t *children)
{
	_cleanup_fd_ int fd = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
	char text[4096];
	ssize_t length;

	if (fd < 0)
		return -1;
	do
		length = read(fd, text, sizeof(text) - 1);
	while (length < 0 && errno == EINTR);
	if (length < 0)
		return -1;
	text[length] = '\0';
	return parse_numbers(text, children);
}

pid_t reaper_parent_of(const char *stat_line)
{
	const char *end = strrchr(stat_line, ')');
	char state;
	int parent;

	if (end == NULL || sscanf(end + 1, " %c %d", &state, &parent) != 2)
		return -1;
	return parent;
}

static bool is_child(int proc, const char *name)
{
	char path[32], line[1024];
	_cleanup_fd_ int fd = -1;
	ssize_t length;

	if (*name < '0' || *name > '9' ||
		snprintf(path, sizeof(path), "%s/stat", name) >= (int)sizeof(path))
		return false;
	fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
	length = fd < 0 ? -1 : read(fd, line, sizeof(line) - 1);
	if (length < 0)
		return false;
	line[length] = '\0';
	return reaper_parent_of(line) == getpid();
}

int reaper_children_scanned(pid_t *children)
{
	DIR *proc = opendir("/proc");
	const struct dirent *entry;
	int count = 0;

	if (proc == NULL)
		return -1;
	while (count < REAPER_BATCH && (entry = readdir(proc)) != NULL)
		if (is_child(dirfd(proc), entry->d_name))
			children[count++] = (pid_t)strtol(entry->d_name, NULL, 10);
	closedir(proc);
	return count;
}

static int find_children(pid_t *children)
{
	int count = reaper_children_listed(children);

	return count < 0 ? reaper_children_scanned(children) : count;
}

static bool is_dead(pid_t pid)
{
	siginfo_t info = { .si_pid = 0 };

	return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT | __WALL) < 0 ||
		info.si_pid == pid;
}

/*
 * How many children are still to go, the spare one counted while it lives: its own children come
 * only when it is dead. -1 when they can't be found.
 */
static int kill_round(pid_t spare)
{
	pid_t children[REAPER_BATCH];
	int found = find_children(children), left = 0;

	if (found < 0)
		return -1;
	for (int i = 0; i < found; i++)
		kill(children[i], SIGKILL);
	for (int i = 0; i < found; i++) {
		if (children[i] == spare)
			left += !is_dead(spare);
		else {
			waitpid(children[i], NULL, WNOHANG | __WALL);
			left++; /* counted even when reaped: its children are ours since then */
		}
	}
	return left;
}

static long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int spawn_kill_descendants(pid_t spare)
{
	struct timespec pause = { .tv_nsec = PAUSE_FIRST };
	long end = now_ms() + KILL_TIMEOUT;
	int left;

	while ((left = kill_round(spare)) != 0) {
		if (left > 0 && now_ms() >= end)
			errno = ETIMEDOUT;
		if (left < 0 || now_ms() >= end)
			return -1;
		nanosleep(&pause, NULL);
		if (pause.tv_nsec < PAUSE_LAST)
			pause.tv_nsec *= 2;
	}
	return 0;
}
