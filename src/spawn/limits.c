/* What the scheduler, the memory manager and setrlimit(2) hand down from parent to child. */
#include "spawn/steps.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"
#include "confine/filter.h"

enum {
	IO_PRIORITY_PROCESS = 1, /* IOPRIO_WHO_PROCESS; no header of the C library has it */
	IO_PRIORITY_NONE = 0,
	IO_PRIORITY_NICE_0 = (2 << 13) | 4, /* newer kernels answer with what "none" stands for */
	TIMER_SLACK = 50000, /* ns, as the kernel gives to the first process */
};

int step_scheduling(struct child *child)
{
	const struct sched_param none = { .sched_priority = 0 };

	(void)child;
	if (sched_setscheduler(0, SCHED_OTHER, &none) < 0 || setpriority(PRIO_PROCESS, 0, 0) < 0 ||
		syscall(SYS_ioprio_set, IO_PRIORITY_PROCESS, 0, IO_PRIORITY_NONE) < 0)
		return -1;
	return prctl(PR_SET_TIMERSLACK, TIMER_SLACK, 0, 0, 0);
}

bool holds_scheduling(const struct child *child)
{
	long io = syscall(SYS_ioprio_get, IO_PRIORITY_PROCESS, 0);
	int nice;

	(void)child;
	errno = 0;
	nice = getpriority(PRIO_PROCESS, 0);
	return sched_getscheduler(0) == SCHED_OTHER && nice == 0 && errno == 0 &&
		(io == IO_PRIORITY_NONE || io == IO_PRIORITY_NICE_0) &&
		prctl(PR_GET_TIMERSLACK, 0, 0, 0, 0) == TIMER_SLACK;
}

enum { OPEN_FILES_SOFT = 1024 };

struct limit {
	int resource;
	rlim_t soft, hard;
};

/* What a program gets, as far as the gateway's own hard limit allows; never more than that. */
static const struct limit limits[] = {
	{ RLIMIT_CPU, RLIM_INFINITY, RLIM_INFINITY },
	{ RLIMIT_FSIZE, RLIM_INFINITY, RLIM_INFINITY },
	{ RLIMIT_STACK, 8 * 1024 * 1024, RLIM_INFINITY },
	{ RLIMIT_CORE, 0, 0 }, /* a core would hold what the command was given */
	{ RLIMIT_RSS, RLIM_INFINITY, RLIM_INFINITY },
	{ RLIMIT_NPROC, RLIM_INFINITY, RLIM_INFINITY },
	{ RLIMIT_NOFILE, OPEN_FILES_SOFT, FILTER_PROGRAM },
	{ RLIMIT_MEMLOCK, 8 * 1024 * 1024, 8 * 1024 * 1024 },
	{ RLIMIT_LOCKS, RLIM_INFINITY, RLIM_INFINITY },
	{ RLIMIT_SIGPENDING, RLIM_INFINITY, RLIM_INFINITY },
	{ RLIMIT_MSGQUEUE, 819200, 819200 },
	{ RLIMIT_NICE, 0, 0 },
	{ RLIMIT_RTPRIO, 0, 0 },
	{ RLIMIT_RTTIME, RLIM_INFINITY, RLIM_INFINITY },
};

/* Set on their own, as the gateway's memory may be more than the program is to have. */
static const struct limit memory_limits[] = {
	{ RLIMIT_AS, RLIM_INFINITY, RLIM_INFINITY },
	{ RLIMIT_DATA, RLIM_INFINITY, RLIM_INFINITY },
};

enum {
	LIMIT_COUNT = sizeof(limits) / sizeof(*limits),
	MEMORY_LIMIT_COUNT = sizeof(memory_limits) / sizeof(*memory_limits),
};

static rlim_t lower(rlim_t one, rlim_t other)
{
	return one < other ? one : other; /* RLIM_INFINITY is the largest number */
}

/* RLIM_INFINITY where the profile does not say, or a control group sees to it. */
static rlim_t restricted(const struct child *child, enum restriction_field field)
{
	const struct restriction *restriction = &child->spawn->confinement->restriction;
	const struct cgroup *cgroup = child->spawn->cgroup;
	const struct support *support = child->spawn->support;

	if (!restriction->has[field])
		return RLIM_INFINITY;
	/* RLIMIT_NPROC would count what else the account runs. */
	if (cgroup != NULL && cgroup->directory >= 0 &&
		((field == RESTRICT_MEMORY && support->cgroup_memory) ||
			(field == RESTRICT_PROCESSES && support->cgroup_pids)))
		return RLIM_INFINITY;
	return restriction->limits[field];
}

/* What the program gets, by the table and its profile. */
static struct limit limit_for(const struct child *child, const struct limit *usual)
{
	static const struct {
		int resource;
		enum restriction_field field;
	} fields[] = {
		{ RLIMIT_NPROC, RESTRICT_PROCESSES },
		{ RLIMIT_AS, RESTRICT_MEMORY },
		{ RLIMIT_DATA, RESTRICT_MEMORY },
		{ RLIMIT_CPU, RESTRICT_CPU_SECONDS },
		{ RLIMIT_FSIZE, RESTRICT_FILE_SIZE },
		{ RLIMIT_NOFILE, RESTRICT_OPEN_FILES },
	};
	struct limit limit = *usual;

	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		rlim_t most = fields[i].resource == usual->resource
				      ? restricted(child, fields[i].field)
				      : RLIM_INFINITY;

		if (most == RLIM_INFINITY)
			continue;
		limit.hard = lower(limit.hard, most);
		limit.soft = limit.hard;
		/* SIGXCPU comes a second before SIGKILL, and says what the matter is. */
		if (usual->resource == RLIMIT_CPU)
			limit.hard++;
	}
	return limit;
}

static int set_limits(const struct child *child, const struct limit *table, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct limit wanted = limit_for(child, &table[i]);
		struct rlimit limit;

		if (getrlimit(wanted.resource, &limit) < 0)
			return -1;
		limit.rlim_cur = lower(wanted.soft, limit.rlim_max);
		limit.rlim_max = lower(wanted.hard, limit.rlim_max);
		if (setrlimit(wanted.resource, &limit) < 0)
			return -1;
	}
	return 0;
}

static bool limits_hold(const struct child *child, const struct limit *table, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct limit wanted = limit_for(child, &table[i]);
		struct rlimit limit;

		if (getrlimit(wanted.resource, &limit) < 0 || limit.rlim_max > wanted.hard ||
			limit.rlim_cur != lower(wanted.soft, limit.rlim_max))
			return false;
	}
	return true;
}

int step_limits(struct child *child)
{
	return set_limits(child, limits, LIMIT_COUNT);
}

bool holds_limits(const struct child *child)
{
	return limits_hold(child, limits, LIMIT_COUNT);
}

int step_memory(struct child *child)
{
	return set_limits(child, memory_limits, MEMORY_LIMIT_COUNT);
}

bool holds_memory(const struct child *child)
{
	return limits_hold(child, memory_limits, MEMORY_LIMIT_COUNT);
}

static bool has_neutral_oom_score(int fd)
{
	char text[16];
	ssize_t length = pread(fd, text, sizeof(text), 0);

	return length == 2 && memcmp(text, "0\n", 2) == 0;
}

int step_oom_score(struct child *child)
{
	_cleanup_fd_ int fd = open("/proc/self/oom_score_adj", O_RDWR | O_CLOEXEC);

	(void)child;
	if (fd < 0 || has_neutral_oom_score(fd))
		return fd < 0 ? -1 : 0;
	return fd_write_all(fd, "0", 1);
}

bool holds_oom_score(const struct child *child)
{
	_cleanup_fd_ int fd = open("/proc/self/oom_score_adj", O_RDONLY | O_CLOEXEC);

	(void)child;
	return fd >= 0 && has_neutral_oom_score(fd);
}

/* No leave to map page zero, no fixed addresses, no other uname. */
int step_personality(struct child *child)
{
	(void)child;
	return personality(PER_LINUX) < 0 ? -1 : 0;
}

/* The call returns what was. LockPersonality= of systemd denies the value that only asks. */
bool holds_personality(const struct child *child)
{
	(void)child;
	return personality(PER_LINUX) == PER_LINUX;
}
