/* What the kernel offers beyond files and programs. */
#define _GNU_SOURCE
#include "attacker.h"

#include <asm/ldt.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/io_uring.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static int noted(long result)
{
	return result < 0 ? -1 : note();
}

static int attack_io_uring(const char *target)
{
	struct io_uring_params parameters = {0};

	(void)target;
	return noted(syscall(SYS_io_uring_setup, 4, &parameters));
}

static int attack_user_namespace(const char *target)
{
	(void)target;
	return noted(unshare(CLONE_NEWUSER));
}

static int clone_with(unsigned long flags)
{
	long child = syscall(SYS_clone, flags | SIGCHLD, NULL, NULL, NULL, NULL);

	if (child == 0)
		_exit(0);
	if (child > 0)
		waitpid((pid_t)child, NULL, 0);
	return noted(child);
}

static int attack_clone_user_namespace(const char *target)
{
	(void)target;
	return clone_with(CLONE_NEWUSER);
}

static int attack_clone3_user_namespace(const char *target)
{
	struct clone_args {
		uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
	} arguments = {.flags = CLONE_NEWUSER, .exit_signal = SIGCHLD};
	long child = syscall(SYS_clone3, &arguments, sizeof(arguments));

	(void)target;
	if (child == 0)
		_exit(0);
	return noted(child);
}

static int attack_unshare_files(const char *target)
{
	(void)target;
	return noted(unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC));
}

static int attack_mount(const char *target)
{
	(void)target;
	if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0)
		return -1;
	return noted(mount("x", "/mnt", "tmpfs", 0, NULL));
}

static int attack_open_tree(const char *target)
{
	(void)target;
	return noted(syscall(SYS_open_tree, AT_FDCWD, "/", 0));
}

/* Into the namespace of a process of the same account. */
static int attack_setns(const char *target)
{
	char path[64];
	FILE *file = fopen(target, "r");
	int pid = 0;

	if (file == NULL || fscanf(file, "%d", &pid) != 1)
		return -1;
	snprintf(path, sizeof(path), "/proc/%d/ns/user", pid);
	return noted(setns(open(path, O_RDONLY), CLONE_NEWUSER));
}

static int attack_add_key(const char *target)
{
	(void)target;
	return noted(syscall(SYS_add_key, "user", "x", "x", 1, -2));
}

static int attack_keyctl(const char *target)
{
	(void)target;
	return noted(syscall(SYS_keyctl, 1 /* KEYCTL_JOIN_SESSION_KEYRING */, NULL));
}

static int attack_bpf(const char *target)
{
	union bpf_attr attributes = {
		.map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 1};

	(void)target;
	return noted(syscall(SYS_bpf, BPF_MAP_CREATE, &attributes, sizeof(attributes)));
}

static int attack_perf(const char *target)
{
	struct perf_event_attr attributes = {.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attributes),
		.exclude_kernel = 1,
		.exclude_hv = 1};

	(void)target;
	return noted(syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0));
}

static int attack_ldt(const char *target)
{
	struct user_desc entry = {.entry_number = 0, .limit = 1, .seg_32bit = 1};

	(void)target;
	return noted(syscall(SYS_modify_ldt, 1, &entry, sizeof(entry)));
}

static int attack_ptrace(const char *target)
{
	pid_t child = fork();
	long result;

	(void)target;
	if (child == 0) {
		pause();
		_exit(0);
	}
	result = ptrace(PTRACE_SEIZE, child, NULL, NULL);
	kill(child, SIGKILL);
	return noted(result);
}

static int attack_process_memory(const char *target)
{
	static volatile long word;
	long wanted = 1;
	struct iovec from = {&wanted, sizeof(wanted)},
		     to = {(void *)(uintptr_t)&word, sizeof(word)};
	pid_t child = fork();
	long result;

	(void)target;
	if (child == 0) {
		pause();
		_exit(0);
	}
	result = process_vm_writev(child, &from, 1, &to, 1, 0);
	kill(child, SIGKILL);
	return noted(result);
}

/* Into its own terminal: what is stuffed there can be read. */
static int attack_terminal(const char *target)
{
	struct termios attributes;
	char got = 0;

	(void)target;
	if (tcgetattr(0, &attributes) != 0)
		return -1;
	cfmakeraw(&attributes);
	tcsetattr(0, TCSANOW, &attributes);
	if (ioctl(0, TIOCSTI, "x") != 0 || read(0, &got, 1) != 1 || got != 'x')
		return -1;
	return note();
}

/* The kernel looks at 32 bits of the request, so a filter must not look at 64. */
static int attack_terminal_wide(const char *target)
{
	(void)target;
	return noted(syscall(SYS_ioctl, 0, 0xffffffff00000000UL | TIOCSTI, "x"));
}

static int attack_core(const char *target)
{
	struct rlimit limit = {1 << 20, 1 << 20};

	(void)target;
	return noted(setrlimit(RLIMIT_CORE, &limit));
}

static int attack_new_privileges(const char *target)
{
	(void)target;
	return noted(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 0 ? 0 : -1);
}

static int attack_login_uid(const char *target)
{
	int fd = open("/proc/self/loginuid", O_WRONLY);

	(void)target;
	return noted(fd < 0 ? -1 : (long)write(fd, "0", 1));
}

static int attack_open_files(const char *target)
{
	struct rlimit limit = {1 << 16, 1 << 16};

	(void)target;
	return noted(setrlimit(RLIMIT_NOFILE, &limit));
}

const struct mode kernel_modes[] = {
	{"io-uring", attack_io_uring},
	{"user-namespace", attack_user_namespace},
	{"clone-user-namespace", attack_clone_user_namespace},
	{"clone3-user-namespace", attack_clone3_user_namespace},
	{"unshare", attack_unshare_files},
	{"mount", attack_mount},
	{"open-tree", attack_open_tree},
	{"setns", attack_setns},
	{"add-key", attack_add_key},
	{"keyctl", attack_keyctl},
	{"bpf", attack_bpf},
	{"perf", attack_perf},
	{"ldt", attack_ldt},
	{"ptrace", attack_ptrace},
	{"process-memory", attack_process_memory},
	{"terminal", attack_terminal},
	{"terminal-wide", attack_terminal_wide},
	{"core", attack_core},
	{"new-privileges", attack_new_privileges},
	{"login-uid", attack_login_uid},
	{"open-files", attack_open_files},
	{NULL, NULL},
};
