/*
 * Other processes of the same account. The victim runs under no confinement: it writes its process
 * id and an address to the file "victim", and starts its target once the word there has changed.
 */
#define _GNU_SOURCE
#include "attacker.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile long word;

struct victim {
	int pid;
	unsigned long address;
};

static int be_victim(const char *target)
{
	char *words[] = {(char *)target, NULL};
	FILE *file = fopen("victim.new", "w");

	if (file == NULL)
		return -1;
	fprintf(file, "%d %lu\n", (int)getpid(), (unsigned long)(uintptr_t)&word);
	fclose(file);
	if (rename("victim.new", "victim") != 0)
		return -1;
	alarm(40);
	while (word == 0)
		usleep(20000);
	return execve(target, words, words + 1);
}

static int find_victim(struct victim *victim)
{
	FILE *file = fopen("victim", "r");
	int found = file == NULL ? 0 : fscanf(file, "%d %lu", &victim->pid, &victim->address);

	if (file != NULL)
		fclose(file);
	return found == 2 ? 0 : -1;
}

static int attack_memory_file(const char *target)
{
	struct victim victim;
	char path[64];
	long wanted = 1;

	(void)target;
	if (find_victim(&victim) != 0)
		return -1;
	snprintf(path, sizeof(path), "/proc/%d/mem", victim.pid);
	return pwrite(open(path, O_RDWR), &wanted, sizeof(wanted), (off_t)victim.address) ==
			       sizeof(wanted)
		       ? 0
		       : -1;
}

static int attack_victim_memory(const char *target)
{
	struct victim victim;
	long wanted = 1;
	struct iovec from = {&wanted, sizeof(wanted)}, to = {NULL, sizeof(wanted)};

	(void)target;
	if (find_victim(&victim) != 0)
		return -1;
	to.iov_base = (void *)(uintptr_t)victim.address;
	return process_vm_writev(victim.pid, &from, 1, &to, 1, 0) == sizeof(wanted) ? 0 : -1;
}

static int attack_victim_ptrace(const char *target)
{
	struct victim victim;

	(void)target;
	if (find_victim(&victim) != 0 || ptrace(PTRACE_SEIZE, victim.pid, NULL, NULL) != 0)
		return -1;
	if (ptrace(PTRACE_INTERRUPT, victim.pid, NULL, NULL) != 0)
		return -1;
	waitpid(victim.pid, NULL, 0);
	if (ptrace(PTRACE_POKEDATA, victim.pid, (void *)(uintptr_t)victim.address, (void *)1) != 0)
		return -1;
	return (int)ptrace(PTRACE_DETACH, victim.pid, NULL, NULL);
}

static int attack_signal(const char *target)
{
	struct victim victim;

	(void)target;
	if (find_victim(&victim) != 0 || kill(victim.pid, SIGKILL) != 0)
		return -1;
	return note();
}

static int attack_pidfd_signal(const char *target)
{
	struct victim victim;

	(void)target;
	if (find_victim(&victim) != 0)
		return -1;
	if (syscall(SYS_pidfd_send_signal, syscall(SYS_pidfd_open, victim.pid, 0), SIGKILL, NULL,
		    0))
		return -1;
	return note();
}

static int attack_descriptor_of(const char *target)
{
	struct victim victim;

	(void)target;
	if (find_victim(&victim) != 0)
		return -1;
	if (syscall(SYS_pidfd_getfd, syscall(SYS_pidfd_open, victim.pid, 0), 0, 0) < 0)
		return -1;
	return note();
}

const struct mode process_modes[] = {
	{"victim", be_victim},
	{"memory-file", attack_memory_file},
	{"victim-memory", attack_victim_memory},
	{"victim-ptrace", attack_victim_ptrace},
	{"signal", attack_signal},
	{"pidfd-signal", attack_pidfd_signal},
	{"descriptor-of", attack_descriptor_of},
	{NULL, NULL},
};
