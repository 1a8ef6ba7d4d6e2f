/*
 * How large the files of a drive's server may become: RLIMIT_FSIZE, which the kernel looks at for
 * every write. It is the server's own soft limit, and moves with what is left.
 */
#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gateway/drive_parts.h"

/* Of the files that the server has open. */
struct open_size {
	uint64_t sum, largest;
	uint64_t nameless; /* of those without a name */
};

static struct open_size measure_open(const struct drive_run *run)
{
	struct open_size size = {0};
	struct stat status;

	for (const struct drive_name *name = run->names; name != NULL; name = name->next) {
		uint64_t bytes;

		if (name->held == NULL || fstat(name->held->file, &status) < 0)
			continue;
		bytes = (uint64_t)status.st_size;
		size.sum += bytes;
		size.nameless += status.st_nlink == 0 ? bytes : 0;
		size.largest = bytes > size.largest ? bytes : size.largest;
	}
	return size;
}

/*
 * What all others leave to the largest one, whose own size is no part of that: it may grow
 * meanwhile, and the limit of the only one that is open is exact.
 */
static uint64_t wanted(const struct drive_run *run, bool *exact)
{
	struct open_size size = measure_open(run);
	uint64_t counted = size.nameless < run->removed ? size.nameless : run->removed;
	uint64_t taken = run->size.bytes - run->size.open - counted + (size.sum - size.largest);

	*exact = size.sum == size.largest;
	if (run->over || taken >= run->drive->maximum_size)
		return 0;
	taken = run->drive->maximum_size - taken;
	return taken < run->file_most ? taken : run->file_most;
}

/* Read back (R43). 0, or errno. */
static int set(pid_t server, uint64_t bytes)
{
	struct rlimit limit;

	if (prlimit(server, RLIMIT_FSIZE, NULL, &limit) < 0)
		return errno;
	limit.rlim_cur = bytes < limit.rlim_max ? bytes : limit.rlim_max;
	if (prlimit(server, RLIMIT_FSIZE, &limit, NULL) < 0)
		return errno;
	return prlimit(server, RLIMIT_FSIZE, NULL, &limit) < 0 ? errno
	       : limit.rlim_cur > bytes			       ? EIO
							       : 0;
}

/* Without CAP_SYS_RESOURCE only its own account can: a child that becomes it. */
static int set_as(const struct account *account, pid_t server, uint64_t bytes)
{
	pid_t pid = fork();
	int status = 0;

	if (pid == 0) {
		if (syscall(SYS_setresgid, account->gid, account->gid, account->gid) < 0 ||
			syscall(SYS_setresuid, account->uid, account->uid, account->uid) < 0 ||
			prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
			_exit(EPERM);
		_exit(set(server, bytes));
	}
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	return pid > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : EIO;
}

int drive_set_limit(struct relay *relay)
{
	enum { PART = 16 }; /* of what may be written: not worth it */
	struct drive_run *run = relay->request->drive;
	bool exact;
	uint64_t bytes = wanted(run, &exact);
	int error = 0;

	if (relay->ended || bytes == run->file_limit ||
		(!exact && bytes < run->file_limit && run->file_limit - bytes < bytes / PART))
		return 0;
	error = set(relay->pid, bytes);
	if (error == EPERM)
		error = set_as(&relay->request->run_as, relay->pid, bytes);
	if (error == 0)
		run->file_limit = bytes;
	if (error == 0 || error == ESRCH)
		return 0;
	run->broken = true;
	kill(-relay->pid, SIGKILL);
	return -1;
}
