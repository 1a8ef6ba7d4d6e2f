/*
 * The sets have the names and the sense of systemd's (systemd.exec(5), SystemCallFilter=; its
 * `systemd-analyze syscall-filter` prints them), so that what an administrator knows of those holds
 * here. Added are @bpf, @io-uring, @namespaces and, to @debug, what reaches into another process.
 */
#include "confine/system_calls.h"

#include <seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "confine/filter.h"

#define CHOWN "chown", "chown32", "fchown", "fchown32", "fchownat", "lchown", "lchown32"
#define CLOCK                                                                                      \
	"adjtimex", "clock_adjtime", "clock_adjtime64", "clock_settime", "clock_settime64",        \
		"settimeofday"
#define MODULE "delete_module", "finit_module", "init_module"
#define RAW_IO                                                                                     \
	"ioperm", "iopl", "pciconfig_iobase", "pciconfig_read", "pciconfig_write",                 \
		"s390_pci_mmio_read", "s390_pci_mmio_write"
#define REBOOT "kexec_file_load", "kexec_load", "reboot"
#define SETUID                                                                                     \
	"setgid", "setgid32", "setgroups", "setgroups32", "setregid", "setregid32", "setresgid",   \
		"setresgid32", "setresuid", "setresuid32", "setreuid", "setreuid32", "setuid",     \
		"setuid32"
#define SWAP "swapoff", "swapon"

static const char *const set_bpf[] = {"bpf", NULL};
static const char *const set_chown[] = {CHOWN, NULL};
static const char *const set_clock[] = {CLOCK, NULL};
static const char *const set_cpu_emulation[] = {
	"modify_ldt", "subpage_prot", "switch_endian", "vm86", "vm86old", NULL};
static const char *const set_debug[] = {"kcmp", "lookup_dcookie", "perf_event_open", "pidfd_getfd",
	"process_madvise", "process_vm_readv", "process_vm_writev", "ptrace", "rtas",
	"s390_runtime_instr", "sys_debug_setcontext", "userfaultfd", NULL};
static const char *const set_io_uring[] = {
	"io_uring_enter", "io_uring_register", "io_uring_setup", NULL};
static const char *const set_ipc[] = {"ipc", "memfd_create", "mq_getsetattr", "mq_notify",
	"mq_open", "mq_timedreceive", "mq_timedreceive_time64", "mq_timedsend",
	"mq_timedsend_time64", "mq_unlink", "msgctl", "msgget", "msgrcv", "msgsnd", "pipe", "pipe2",
	"process_madvise", "process_vm_readv", "process_vm_writev", "semctl", "semget", "semop",
	"semtimedop", "semtimedop_time64", "shmat", "shmctl", "shmdt", "shmget", NULL};
static const char *const set_keyring[] = {"add_key", "keyctl", "request_key", NULL};
static const char *const set_memlock[] = {
	"mlock", "mlock2", "mlockall", "munlock", "munlockall", NULL};
static const char *const set_module[] = {MODULE, NULL};
static const char *const set_mount[] = {"chroot", "fsconfig", "fsmount", "fsopen", "fspick",
	"mount", "mount_setattr", "move_mount", "open_tree", "open_tree_attr", "pivot_root",
	"umount", "umount2", NULL};
static const char *const set_namespaces[] = {
	SYSTEM_CALL_CLONE_NAMESPACES, "clone3", "setns", SYSTEM_CALL_UNSHARE_NAMESPACES, NULL};
static const char *const set_network_io[] = {"accept", "accept4", "bind", "connect", "getpeername",
	"getsockname", "getsockopt", "listen", "recv", "recvfrom", "recvmmsg", "recvmmsg_time64",
	"recvmsg", "send", "sendmmsg", "sendmsg", "sendto", "setsockopt", "shutdown", "socket",
	"socketcall", "socketpair", NULL};
static const char *const set_obsolete[] = {"_sysctl", "afs_syscall", "bdflush", "break",
	"create_module", "ftime", "get_kernel_syms", "getpmsg", "gtty", "idle", "lock", "mpx",
	"prof", "profil", "putpmsg", "query_module", "security", "sgetmask", "ssetmask", "stime",
	"stty", "sysfs", "tuxcall", "ulimit", "uselib", "ustat", "vserver", NULL};
static const char *const set_pkey[] = {"pkey_alloc", "pkey_free", "pkey_mprotect", NULL};
static const char *const set_privileged[] = {"_sysctl", "acct", "bpf", "capset", CHOWN, "chroot",
	CLOCK, "fanotify_init", "fanotify_mark", MODULE, "nfsservctl", "open_by_handle_at",
	"pivot_root", "quotactl", "quotactl_fd", RAW_IO, REBOOT, "setdomainname", "setfsuid",
	"setfsuid32", "setgroups", "setgroups32", "sethostname", "setresuid", "setresuid32",
	"setreuid", "setreuid32", "setuid", "setuid32", SWAP, "vhangup", NULL};
static const char *const set_raw_io[] = {RAW_IO, NULL};
static const char *const set_reboot[] = {REBOOT, NULL};
static const char *const set_resources[] = {"ioprio_set", "mbind", "migrate_pages", "move_pages",
	"nice", "sched_setaffinity", "sched_setattr", "sched_setparam", "sched_setscheduler",
	"set_mempolicy", "set_mempolicy_home_node", "setpriority", "setrlimit", NULL};
static const char *const set_setuid[] = {SETUID, NULL};
static const char *const set_swap[] = {SWAP, NULL};

static const struct {
	const char *name;
	const char *const *calls;
} sets[] = {
	{"@bpf", set_bpf},
	{"@chown", set_chown},
	{"@clock", set_clock},
	{"@cpu-emulation", set_cpu_emulation},
	{"@debug", set_debug},
	{"@io-uring", set_io_uring},
	{"@ipc", set_ipc},
	{"@keyring", set_keyring},
	{"@memlock", set_memlock},
	{"@module", set_module},
	{"@mount", set_mount},
	{"@namespaces", set_namespaces},
	{"@network-io", set_network_io},
	{"@obsolete", set_obsolete},
	{"@pkey", set_pkey},
	{"@privileged", set_privileged},
	{"@raw-io", set_raw_io},
	{"@reboot", set_reboot},
	{"@resources", set_resources},
	{"@setuid", set_setuid},
	{"@swap", set_swap},
};

enum { SET_COUNT = sizeof(sets) / sizeof(*sets) };

/* From pidfd_send_signal on, a call has the same number, as counted from that one, everywhere. */
enum { COMMON_FIRST = 424 };

/* Newer than the library may be. */
static const struct {
	const char *name;
	int number;
} newer[] = {
	{"cachestat", 451},
	{"fchmodat2", 452},
	{"map_shadow_stack", 453},
	{"futex_wake", 454},
	{"futex_wait", 455},
	{"futex_requeue", 456},
	{"statmount", 457},
	{"listmount", 458},
	{"lsm_get_self_attr", 459},
	{"lsm_set_self_attr", 460},
	{"lsm_list_modules", 461},
	{"mseal", 462},
	{"setxattrat", 463},
	{"getxattrat", 464},
	{"listxattrat", 465},
	{"removexattrat", 466},
	{"open_tree_attr", 467},
	{"file_getattr", 468},
	{"file_setattr", 469},
};

enum { NEWER_COUNT = sizeof(newer) / sizeof(*newer) };

const char *const *filter_set(const char *name)
{
	for (size_t i = 0; i < SET_COUNT; i++)
		if (strcmp(sets[i].name, name) == 0)
			return sets[i].calls;
	return NULL;
}

const char *filter_set_name(size_t index)
{
	return index < SET_COUNT ? sets[index].name : NULL;
}

static int common_number(int number)
{
	return seccomp_syscall_resolve_name("pidfd_send_signal") + number - COMMON_FIRST;
}

int system_call_number(const char *name)
{
	int number = seccomp_syscall_resolve_name(name);

	if (number >= 0)
		return number;
	for (size_t i = 0; i < NEWER_COUNT; i++)
		if (strcmp(newer[i].name, name) == 0)
			return common_number(newer[i].number);
	return number == __NR_SCMP_ERROR ? SYSTEM_CALL_UNKNOWN : SYSTEM_CALL_FOREIGN;
}

int system_call_highest(void)
{
	int number = common_number(newer[NEWER_COUNT - 1].number);

	for (;;) {
		char *name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, number + 1);

		if (name == NULL)
			return number;
		free(name);
		number++;
	}
}

bool filter_knows(const char *system_call)
{
	return strcmp(system_call, SYSTEM_CALL_CLONE_NAMESPACES) == 0 ||
	       strcmp(system_call, SYSTEM_CALL_UNSHARE_NAMESPACES) == 0 ||
	       system_call_number(system_call) != SYSTEM_CALL_UNKNOWN;
}
