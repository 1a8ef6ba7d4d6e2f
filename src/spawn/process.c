/* Session, terminal, descriptors, signals, umask, parent-death signal, directory. */
#include "spawn/steps.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

#include "base/fd.h"
#include "confine/filter.h"

enum { FILE_MODE_MASK = 022 };

/*
 * The terminal is the caller's controlling one already: the program joins that session, in a group
 * of its own. In a session of its own the group would count as orphaned, and the kernel would drop
 * what the stop key sends.
 */
static bool joins_session(const struct child *child)
{
	int terminal = child->spawn->terminal;

	return terminal >= 0 && tcgetsid(terminal) == getsid(0);
}

int step_session(struct child *child)
{
	if (joins_session(child))
		return setpgid(0, 0);
	return setsid() < 0 ? -1 : 0;
}

bool holds_session(const struct child *child)
{
	pid_t self = getpid();

	return getpgrp() == self && (getsid(0) == self || joins_session(child));
}

/* SIGTTOU, which a group in the background gets for this, is still blocked. */
int step_terminal(struct child *child)
{
	int terminal = child->spawn->terminal;

	if (joins_session(child))
		return tcsetpgrp(terminal, getpid());
	return terminal < 0 ? 0 : ioctl(terminal, TIOCSCTTY, 0);
}

/* Without a terminal there must be none to open either: the operator's is out of reach (R15). */
bool holds_terminal(const struct child *child)
{
	int terminal = child->spawn->terminal;
	_cleanup_fd_ int fd = -1;

	if (terminal >= 0)
		return tcgetpgrp(terminal) == getpid() && tcgetsid(terminal) == getsid(0);
	fd = open("/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC);
	return fd < 0;
}

/* The number takes a soft limit above it. The step "limits" lowers both again. */
static int make_room(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return -1;
	if (limit.rlim_max <= FILTER_PROGRAM) {
		errno = EMFILE;
		return -1;
	}
	limit.rlim_cur = limit.rlim_max;
	return setrlimit(RLIMIT_NOFILE, &limit);
}

/* Numbers that only a script has, whatever they were in the gateway. */
static int close_unused(const struct child *child)
{
	const int unused[] = { child->script < 0 ? CHILD_SCRIPT : -1,
		child->inputs < 0 ? SPAWN_INPUTS : -1, child->typed < 0 ? SPAWN_TYPED : -1 };

	for (size_t i = 0; i < sizeof(unused) / sizeof(*unused); i++)
		if (unused[i] >= 0 && close(unused[i]) < 0 && errno != EBADF)
			return -1;
	for (int fd = SPAWN_FILES + child->file_count; fd < CHILD_DESCRIPTORS; fd++)
		if (close(fd) < 0 && errno != EBADF)
			return -1;
	return 0;
}

static int close_others(const struct child *child)
{
	if (close_unused(child) < 0)
		return -1;
	if (close_range(CHILD_DESCRIPTORS, FILTER_PROGRAM - 1, 0) < 0)
		return -1;
	return close_range(FILTER_PROGRAM + 1, ~0U, 0);
}

static bool is_for_program(int fd)
{
	return fd <= SPAWN_TYPED || (fd >= SPAWN_FILES && fd < CHILD_DESCRIPTORS);
}

/* All go out of the way first, so that no dup3() overwrites one that is still to be moved. */
int step_descriptors(struct child *child)
{
	const int *streams = child->spawn->streams;
	enum { FIXED = 8, COUNT = FIXED + SPAWN_FILES_MAX };
	int to[COUNT] = { 0, 1, 2, CHILD_SCRIPT, SPAWN_INPUTS, SPAWN_TYPED, CHILD_REPORT,
		FILTER_PROGRAM };
	int from[COUNT] = { streams[0], streams[1], streams[2], child->script, child->inputs,
		child->typed, child->report, child->program };

	for (int i = 0; i < SPAWN_FILES_MAX; i++) {
		to[FIXED + i] = SPAWN_FILES + i;
		from[FIXED + i] = i < child->file_count ? child->spawn->extra->files[i] : -1;
	}
	if (make_room() < 0)
		return -1;
	for (int i = 0; i < COUNT; i++) {
		if (from[i] < 0)
			continue;
		from[i] = fcntl(from[i], F_DUPFD_CLOEXEC, CHILD_DESCRIPTORS);
		if (from[i] < 0 || from[i] >= FILTER_PROGRAM)
			return -1;
	}
	/* The report moves before what is below it: the parent must hear if this fails later. */
	for (int i = COUNT - 1; i >= 0; i--) {
		if (from[i] >= 0 && dup3(from[i], to[i], is_for_program(to[i]) ? 0 : O_CLOEXEC) < 0)
			return -1;
		if (to[i] == CHILD_REPORT)
			child->report = CHILD_REPORT;
	}
	child->program = FILTER_PROGRAM;
	child->script = child->script < 0 ? -1 : CHILD_SCRIPT;
	child->inputs = child->inputs < 0 ? -1 : SPAWN_INPUTS;
	child->typed = child->typed < 0 ? -1 : SPAWN_TYPED;
	return close_others(child);
}

static bool closes_on_exec(int fd)
{
	int flags = fcntl(fd, F_GETFD);

	return flags >= 0 && (flags & FD_CLOEXEC) != 0;
}

/* There for the program, in that direction; or nothing is there. */
static bool is_at(int fd, int wanted, int mode)
{
	if (wanted < 0)
		return fcntl(fd, F_GETFD) < 0;
	return wanted == fd && fcntl(fd, F_GETFD) == 0 &&
		(fcntl(fd, F_GETFL) & O_ACCMODE) == mode;
}

bool holds_descriptors(const struct child *child)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) != 0)
			return false;
	/* close_range() has no gaps, so the numbers that were surely in use are sample enough. */
	for (int fd = CHILD_DESCRIPTORS; fd < 2 * CHILD_DESCRIPTORS; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			return false;
	for (int i = 0; i < SPAWN_FILES_MAX; i++)
		if (!is_at(SPAWN_FILES + i, i < child->file_count ? SPAWN_FILES + i : -1, O_RDONLY))
			return false;
	return child->program == FILTER_PROGRAM && closes_on_exec(FILTER_PROGRAM) &&
		closes_on_exec(CHILD_REPORT) &&
		is_at(CHILD_SCRIPT, child->script, O_RDONLY) &&
		is_at(SPAWN_INPUTS, child->inputs, O_RDONLY) &&
		is_at(SPAWN_TYPED, child->typed, O_WRONLY);
}

/*
 * By the system call: the C library hides the two signals that it keeps for itself, and they too
 * must not be inherited ignored. The kernel's struct, not the library's.
 */
struct kernel_sigaction {
	void *handler;
	unsigned long flags;
	void *restorer;
	uint64_t mask;
};

static int signal_action(
	int number, const struct kernel_sigaction *set, struct kernel_sigaction *was)
{
	return (int)syscall(SYS_rt_sigaction, number, set, was, sizeof(uint64_t));
}

static int signal_mask(int how, const uint64_t *set, uint64_t *was)
{
	return (int)syscall(SYS_rt_sigprocmask, how, set, was, sizeof(uint64_t));
}

/* A drive's server goes on when a file is full (gateway/drive_quota.c): its write fails. */
static void *handler_of(const struct child *child, int number)
{
	bool goes_on = child->spawn->confinement->restriction.cell != NULL && number == SIGXFSZ;

	return goes_on ? (void *)SIG_IGN : NULL; /* SIG_DFL */
}

int step_signals(struct child *child)
{
	struct kernel_sigaction standard = { .handler = NULL };
	const uint64_t none = 0;

	for (int number = 1; number <= 64; number++) {
		standard.handler = handler_of(child, number);
		if (number != SIGKILL && number != SIGSTOP &&
			signal_action(number, &standard, NULL) < 0)
			return -1;
	}
	return signal_mask(SIG_SETMASK, &none, NULL);
}

bool holds_signals(const struct child *child)
{
	struct kernel_sigaction action;
	uint64_t mask = 1;

	for (int number = 1; number <= 64; number++)
		if (signal_action(number, NULL, &action) < 0 ||
			action.handler != handler_of(child, number))
			return false;
	return signal_mask(SIG_SETMASK, NULL, &mask) == 0 && mask == 0;
}

int step_umask(struct child *child)
{
	(void)child;
	umask(FILE_MODE_MASK);
	return 0;
}

bool holds_umask(const struct child *child)
{
	(void)child;
	return umask(FILE_MODE_MASK) == FILE_MODE_MASK;
}

/* After the ids, a change of which clears it. The gateway's death ends the run (R16). */
int step_parent_death(struct child *child)
{
	(void)child;
	return prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
}

/* It may have died before the call, and then no signal comes. */
bool holds_parent_death(const struct child *child)
{
	int number = 0;

	return prctl(PR_GET_PDEATHSIG, &number, 0, 0, 0) == 0 && number == SIGKILL &&
		getppid() == child->parent;
}

static const char *directory_of(const struct child *child)
{
	return child->spawn->directory != NULL ? child->spawn->directory : "/";
}

/* After the ids: as the account, which may not be allowed in. */
int step_directory(struct child *child)
{
	return chdir(directory_of(child));
}

bool holds_directory(const struct child *child)
{
	struct stat wanted, here;

	return stat(directory_of(child), &wanted) == 0 && stat(".", &here) == 0 &&
		wanted.st_dev == here.st_dev && wanted.st_ino == here.st_ino;
}
