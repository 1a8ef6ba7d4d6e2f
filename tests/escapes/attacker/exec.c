/* Ways to start another program. */
#define _GNU_SOURCE
#include "attacker.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <pthread.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { GATE = 4096 /* where the gateway has the approved program */ };

static char *words[] = {NULL, NULL};
static char *no_environment[] = {NULL};

static int attack_exec(const char *target)
{
	words[0] = (char *)target;
	return execve(target, words, no_environment);
}

static int ended_well(pid_t child)
{
	int status;

	if (child < 0 || waitpid(child, &status, 0) != child)
		return -1;
	errno = EACCES;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}

static int attack_fork(const char *target)
{
	pid_t child = fork();

	if (child == 0)
		_exit(attack_exec(target) == 0 ? 0 : 1);
	return ended_well(child);
}

static int attack_vfork(const char *target)
{
	pid_t child;

	words[0] = (char *)target;
	child = vfork();
	if (child == 0) {
		execve(target, words, no_environment);
		_exit(1);
	}
	return ended_well(child);
}

static int attack_clone3(const char *target)
{
	struct clone_args arguments = {.exit_signal = 17};
	pid_t child = (pid_t)syscall(SYS_clone3, &arguments, sizeof(arguments));

	if (child == 0)
		_exit(attack_exec(target) == 0 ? 0 : 1);
	return ended_well(child);
}

static int attack_posix_spawn(const char *target)
{
	pid_t child;

	words[0] = (char *)target;
	errno = posix_spawn(&child, target, NULL, NULL, words, no_environment);
	return errno != 0 ? -1 : ended_well(child);
}

static void *exec_in_thread(void *target)
{
	attack_exec(target);
	return NULL;
}

static int attack_thread(const char *target)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, exec_in_thread, (void *)target) == 0)
		pthread_join(thread, NULL);
	return -1;
}

static int attack_execveat(const char *target)
{
	words[0] = (char *)target;
	return (int)syscall(SYS_execveat, AT_FDCWD, target, words, no_environment, 0);
}

static int attack_execveat_directory(const char *target)
{
	int root = open("/", O_PATH | O_DIRECTORY);

	words[0] = (char *)target;
	return (int)syscall(SYS_execveat, root, target + 1, words, no_environment, 0);
}

static int attack_descriptor(const char *target)
{
	int fd = open(target, O_PATH);

	words[0] = (char *)target;
	return (int)syscall(SYS_execveat, fd, "", words, no_environment, AT_EMPTY_PATH);
}

/* As the gateway does it itself, if the number can be had. */
static int attack_gate(const char *target)
{
	struct rlimit limit = {GATE + 1, GATE + 1};
	int fd = open(target, O_RDONLY);

	setrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max = GATE;
	setrlimit(RLIMIT_NOFILE, &limit);
	words[0] = (char *)target;
	if (dup2(fd, GATE) == GATE)
		fd = GATE;
	return (int)syscall(SYS_execveat, fd, "", words, no_environment, AT_EMPTY_PATH);
}

/* The number, but a path that does not need it. */
static int attack_gate_path(const char *target)
{
	words[0] = (char *)target;
	return (int)syscall(SYS_execveat, GATE, target, words, no_environment, AT_EMPTY_PATH);
}

/* A gate that opens once, and for something else, stays shut however often it is tried. */
static int attack_gate_many(const char *target)
{
	for (int i = 0; i < 200; i++)
		if (attack_gate_path(target) == 0 || attack_exec(target) == 0)
			return 0;
	return -1;
}

static int attack_memfd(const char *target)
{
	int from = open(target, O_RDONLY | O_CLOEXEC);
	int fd = memfd_create("x", 0);
	struct stat status;

	if (from < 0 || fd < 0 || fstat(from, &status) != 0)
		return -1;
	if (sendfile(fd, from, NULL, (size_t)status.st_size) != status.st_size)
		return -1;
	words[0] = (char *)target;
	return (int)syscall(SYS_execveat, fd, "", words, no_environment, AT_EMPTY_PATH);
}

static int attack_proc_self_fd(const char *target)
{
	char path[64];

	words[0] = (char *)target;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", open(target, O_RDONLY));
	return execve(path, words, no_environment);
}

static int attack_loader(const char *target)
{
	char *loader[] = {"ld.so", (char *)target, NULL};

	return execve("/lib64/ld-linux-x86-64.so.2", loader, no_environment);
}

static int attack_script(const char *target)
{
	FILE *file = fopen("script", "w");

	if (file == NULL)
		return -1;
	fprintf(file, "#!%s\n", target);
	fclose(file);
	chmod("script", 0755);
	return attack_exec("./script");
}

/* execve(2) by its number for 32-bit programs, with everything below 4 GB. */
static int attack_int80(const char *target)
{
	char *low = mmap(
		NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	uint32_t *array = (uint32_t *)(void *)(low + 2048);
	long result = 11;

	if (low == MAP_FAILED)
		return -1;
	snprintf(low, 2048, "%s", target);
	array[0] = (uint32_t)(uintptr_t)low;
	__asm__ volatile("int $0x80"
			 : "+a"(result)
			 : "b"(low), "c"(array), "d"(array + 1)
			 : "memory", "r8", "r9", "r10", "r11");
	errno = (int)-result;
	return -1;
}

static int attack_x32(const char *target)
{
	words[0] = (char *)target;
	return (int)syscall(0x40000000 | 520, target, words, no_environment);
}

/* Its own code, overwritten where it is only readable, is still behind the same filter. */
static int attack_own_memory(const char *target)
{
	/* mov $59, %eax; syscall; ret, as a function of (path, argv, envp) */
	static const unsigned char code[] = {0xb8, 59, 0, 0, 0, 0x0f, 0x05, 0xc3};
	int (*call)(const char *, char **, char **) =
		(int (*)(const char *, char **, char **))(uintptr_t)attack_x32;
	int fd = open("/proc/self/mem", O_RDWR);

	words[0] = (char *)target;
	if (pwrite(fd, code, sizeof(code), (off_t)(uintptr_t)call) != sizeof(code))
		return -1;
	errno = -call(target, words, no_environment);
	return -1;
}

const struct mode exec_modes[] = {
	{"exec", attack_exec},
	{"fork", attack_fork},
	{"vfork", attack_vfork},
	{"clone3", attack_clone3},
	{"posix-spawn", attack_posix_spawn},
	{"thread", attack_thread},
	{"execveat", attack_execveat},
	{"execveat-directory", attack_execveat_directory},
	{"descriptor", attack_descriptor},
	{"gate", attack_gate},
	{"gate-many", attack_gate_many},
	{"memfd", attack_memfd},
	{"proc-self-fd", attack_proc_self_fd},
	{"loader", attack_loader},
	{"script", attack_script},
	{"int80", attack_int80},
	{"x32", attack_x32},
	{"own-memory", attack_own_memory},
	{NULL, NULL},
};
