/* What the kernel is asked. What could change this process is tried in a child. */
#include "confine/support.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "confine/landlock.h"

enum { TRIED_MOUNTS = 1 << 0, TRIED_HIDEPID = 1 << 1 };

static bool probe_filters(void)
{
	uint32_t action = SECCOMP_RET_ERRNO;

	if (syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) != 0)
		return false;
	/* With a flag that it knows, the kernel goes on to look at the filter, which is nowhere. */
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_LOG, NULL) != 0 &&
	       errno == EFAULT;
}

static bool probe_logging(struct arena *arena)
{
	size_t length;
	char *text = fd_read_file(arena, "/proc/sys/kernel/seccomp/actions_logged", 4096, &length);
	char *next = NULL, *word = text == NULL ? NULL : strtok_r(text, " \n", &next);

	while (word != NULL && strcmp(word, "errno") != 0)
		word = strtok_r(NULL, " \n", &next);
	return word != NULL;
}

/*
 * Every call that a view takes. An init system's filter may forbid any of them, and hidepid as a
 * word is what only a kernel takes that has it for each mount.
 */
static int try_mounts(void)
{
	struct mount_attr attributes = {.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOEXEC};
	int tree, proc, tried = 0;

	if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
		return 0;
	tree = open_tree(AT_FDCWD, "/", OPEN_TREE_CLONE | AT_RECURSIVE | OPEN_TREE_CLOEXEC);
	if (tree >= 0 &&
		mount_setattr(tree, "", AT_EMPTY_PATH | AT_RECURSIVE, &attributes,
			sizeof(attributes)) == 0 &&
		move_mount(tree, "", AT_FDCWD, "/", MOVE_MOUNT_F_EMPTY_PATH) == 0)
		tried |= TRIED_MOUNTS;
	proc = fsopen("proc", FSOPEN_CLOEXEC);
	if (proc >= 0 && fsconfig(proc, FSCONFIG_SET_STRING, "hidepid", "invisible", 0) == 0 &&
		fsconfig(proc, FSCONFIG_CMD_CREATE, NULL, NULL, 0) == 0 &&
		fsmount(proc, FSMOUNT_CLOEXEC, 0) >= 0)
		tried |= TRIED_HIDEPID;
	return tried;
}

static void probe_mounts(struct support *support)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0)
		_exit(try_mounts());
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	if (pid < 0 || !WIFEXITED(status))
		return;
	support->mounts = (WEXITSTATUS(status) & TRIED_MOUNTS) != 0;
	support->proc_hidepid = support->mounts && (WEXITSTATUS(status) & TRIED_HIDEPID) != 0;
}

/* What root would have, as far as it can be told: mount_setattr(2) is younger than hidepid. */
static void guess_mounts(struct support *support)
{
	support->mounts = cap_get_bound(CAP_SYS_ADMIN) == 1 &&
			  (mount_setattr(-1, "", 0, NULL, 0) == 0 || errno != ENOSYS);
	support->proc_hidepid = support->mounts;
}

static uint64_t probe_capabilities(bool root)
{
	cap_t now = cap_get_proc();
	uint64_t found = 0;

	for (cap_value_t i = 0; now != NULL && i < cap_max_bits() && i < 64; i++) {
		cap_flag_value_t held = CAP_CLEAR;

		(void)cap_get_flag(now, i, CAP_PERMITTED, &held);
		if (cap_get_bound(i) == 1 && (held == CAP_SET || !root))
			found |= UINT64_C(1) << i;
	}
	cap_free(now);
	return found;
}

void support_probe(struct arena *arena, struct support *support)
{
	bool root = geteuid() == 0;

	memset(support, 0, sizeof(*support));
	support->filters = probe_filters();
	support->filters_logged = support->filters && probe_logging(arena);
	support->landlock = landlock_abi();
	support->ambient = prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, CAP_CHOWN, 0, 0) >= 0;
	support->capabilities = probe_capabilities(root);
	if (root)
		probe_mounts(support);
	else
		guess_mounts(support);
}
