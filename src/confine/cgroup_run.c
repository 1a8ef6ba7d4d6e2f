/* One run's group. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"
#include "confine/cgroup.h"
#include "confine/cgroup_files.h"

enum {
	CPU_PERIOD = 100 * 1000,    /* µs */
	PERCENT = CPU_PERIOD / 100, /* of one processor */
	CLOSE_TIMEOUT = 2000,	    /* ms, as spawn_kill_descendants() */
};

static bool needs_group(const struct support *support, const struct restriction *restriction)
{
	return (support->cgroup_memory && restriction->has[RESTRICT_MEMORY]) ||
	       (support->cgroup_pids && restriction->has[RESTRICT_PROCESSES]) ||
	       (support->cgroup_cpu && restriction->has[RESTRICT_CPU_PERCENT]);
}

static int set(struct arena *arena, int directory, const char *file, const char *value,
	const char **complaint)
{
	char now[CGROUP_VALUE_MAX] = "";

	if (cgroup_write(directory, file, value) != 0 ||
		cgroup_read(directory, file, now, sizeof(now)) != 0)
		*complaint = arena_printf(
			arena, "control group: %s: %s: %s", file, value, strerror(errno));
	else if (strcmp(now, value) != 0)
		*complaint = arena_printf(
			arena, "control group: %s is \"%s\", not \"%s\"", file, now, value);
	else
		return 0;
	return -1;
}

static int set_memory(struct arena *arena, int directory, uint64_t bytes, const char **complaint)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);

	if (set(arena, directory, "memory.max",
		    arena_printf(arena, "%" PRIu64, bytes - bytes % page), complaint) != 0 ||
		set(arena, directory, "memory.oom.group", "1", complaint) != 0)
		return -1;
	/* A kernel without swap has no such file, and nothing to bound. */
	if (faccessat(directory, "memory.swap.max", F_OK, 0) != 0)
		return 0;
	return set(arena, directory, "memory.swap.max", "0", complaint);
}

static int set_limits(struct arena *arena, const struct support *support, int directory,
	const struct restriction *restriction, const char **complaint)
{
	const uint64_t *limits = restriction->limits;

	if (support->cgroup_memory && restriction->has[RESTRICT_MEMORY] &&
		set_memory(arena, directory, limits[RESTRICT_MEMORY], complaint) != 0)
		return -1;
	if (support->cgroup_pids && restriction->has[RESTRICT_PROCESSES] &&
		set(arena, directory, "pids.max",
			arena_printf(arena, "%" PRIu64, limits[RESTRICT_PROCESSES]),
			complaint) != 0)
		return -1;
	if (!support->cgroup_cpu || !restriction->has[RESTRICT_CPU_PERCENT])
		return 0;
	return set(arena, directory, "cpu.max",
		arena_printf(arena, "%" PRIu64 " %d", limits[RESTRICT_CPU_PERCENT] * PERCENT,
			CPU_PERIOD),
		complaint);
}

int cgroup_open(struct arena *arena, const struct support *support, const char *request,
	const struct restriction *restriction, bool kept, struct cgroup *cgroup,
	const char **complaint)
{
	*cgroup = (struct cgroup){.directory = -1, .kept = kept};
	if (support->cgroup == NULL || (!kept && !needs_group(support, restriction)))
		return 0;
	cgroup->path = kept ? arena_printf(arena, "%s/runs/kept-%s", support->cgroup, request)
			    : arena_printf(arena, "%s/runs/run-%d-%s", support->cgroup,
				      (int)getpid(), request);
	if (mkdir(cgroup->path, CGROUP_MODE) != 0 ||
		(cgroup->directory = cgroup_directory(cgroup->path)) < 0) {
		*complaint =
			arena_printf(arena, "control group %s: %s", cgroup->path, strerror(errno));
		return -1;
	}
	if (set_limits(arena, support, cgroup->directory, restriction, complaint) == 0)
		return 0;
	(void)cgroup_close(cgroup);
	return -1;
}

/*
 * clone3(2) starts the child inside, where a move takes the kernel 10 ms. An init system's filter
 * may refuse that call, whose flags it can't see; then the child moves itself.
 */
pid_t cgroup_fork(const struct cgroup *cgroup)
{
	struct clone_args arguments = {.flags = CLONE_INTO_CGROUP, .exit_signal = SIGCHLD};
	long pid;

	if (cgroup == NULL || cgroup->directory < 0)
		return fork();
	arguments.cgroup = (uint64_t)cgroup->directory;
	pid = syscall(SYS_clone3, &arguments, sizeof(arguments));
	return pid >= 0 ? (pid_t)pid : fork();
}

bool cgroup_holds(const struct cgroup *cgroup)
{
	char own[CGROUP_VALUE_MAX];
	size_t length, wanted;

	if (cgroup->directory < 0)
		return true;
	if (cgroup_own(own, sizeof(own)) != 0)
		return false;
	/* The mount may begin anywhere in the hierarchy; the name is this request's alone. */
	length = strlen(own);
	wanted = strlen(strrchr(cgroup->path, '/'));
	return length >= wanted && strcmp(own + length - wanted, strrchr(cgroup->path, '/')) == 0;
}

int cgroup_enter(const struct cgroup *cgroup)
{
	if (cgroup_holds(cgroup))
		return 0;
	return cgroup_write(cgroup->directory, "cgroup.procs", "0");
}

int cgroup_kill(const struct cgroup *cgroup)
{
	if (cgroup->directory < 0 || cgroup->kept)
		return 0;
	return cgroup_write(cgroup->directory, "cgroup.kill", "1");
}

int cgroup_close(struct cgroup *cgroup)
{
	_cleanup_fd_ int directory = fd_take(&cgroup->directory);

	if (directory < 0)
		return 0;
	if (cgroup->kept)
		return rmdir(cgroup->path) == 0 || errno == EBUSY ? 0 : -1;
	if (cgroup_write(directory, "cgroup.kill", "1") != 0 ||
		cgroup_wait_empty(directory, CLOSE_TIMEOUT) != 0)
		return -1;
	return rmdir(cgroup->path);
}
