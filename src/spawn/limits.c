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

/* What a program gets, as far as the gateway's own hard limit allows; never more than that. */
static const struct limit {
	int resource;
	rlim_t soft, hard;
} limits[] = {
	{ RLIMIT_CPU, RLIM_INFINITY, RLIM_INFINITY },
	{ RLIMIT_FSIZE, RLIM_INFINITY, RLIM_INFINITY },
	{ RLIMIT_DATA, RLIM_INFINITY, RLIM_INFINITY },
	{ RLIMIT_STACK, 8 * 1024 * 1024, RLIM_INFINITY },
	{ RLIMIT_CORE, 0, 0 }, /* a core would hold what the command was given */
	{ RLIMIT_RSS, RLIM_INFINITY, RLIM_INFINITY },
	{ RLIMIT_NPROC, RLIM_INFINITY, RLIM_INFINITY },
	{ RLIMIT_NOFILE, 1024, 4096 },
	{ RLIMIT_MEMLOCK, 8 * 1024 * 1024, 8 * 1024 * 1024 },
	{ RLIMIT_AS, RLIM_INFINITY, RLIM_INFINITY },
	{ RLIMIT_LOCKS, RLIM_INFINITY, RLIM_INFINITY },
	{ RLIMIT_SIGPENDING, RLIM_INFINITY, RLIM_INFINITY },
	{ RLIMIT_MSGQUEUE, 819200, 819200 },
	{ RLIMIT_NICE, 0, 0 },
	{ RLIMIT_RTPRIO, 0, 0 },
	{ RLIMIT_RTTIME, RLIM_INFINITY, RLIM_INFINITY },
};

enum { LIMIT_COUNT = sizeof(limits) / sizeof(*limits) };

static rlim_t lower(rlim_t one, rlim_t other)
{
	return one < other ? one : other; /* RLIM_INFINITY is the largest number */
}

int step_limits(struct child *child)
{
	(void)child;
	for (size_t i = 0; i < LIMIT_COUNT; i++) {
		struct rlimit limit;

		if (getrlimit(limits[i].resource, &limit) < 0)
			return -1;
		limit.rlim_cur = lower(limits[i].soft, limit.rlim_max);
		limit.rlim_max = lower(limits[i].hard, limit.rlim_max);
		if (setrlimit(limits[i].resource, &limit) < 0)
			return -1;
	}
	return 0;
}

bool holds_limits(const struct child *child)
{
	(void)child;
	for (size_t i = 0; i < LIMIT_COUNT; i++) {
		struct rlimit limit;

		if (getrlimit(limits[i].resource, &limit) < 0 || limit.rlim_max > limits[i].hard ||
			limit.rlim_cur != lower(limits[i].soft, limit.rlim_max))
			return false;
	}
	return true;
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
