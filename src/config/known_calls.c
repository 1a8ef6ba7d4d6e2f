#include "config/known_calls.h"

#include <seccomp.h>
#include <string.h>

#include "confine/filter.h"

const char *const known_call_sets[] = {"@bpf", "@chown", "@clock", "@cpu-emulation", "@debug",
	"@io-uring", "@ipc", "@keyring", "@memlock", "@module", "@mount", "@namespaces",
	"@network-io", "@obsolete", "@pkey", "@privileged", "@raw-io", "@reboot", "@resources",
	"@setuid", "@swap", NULL};

const char *const *known_call_set(const char *name)
{
	static const struct {
		const char *name;
		const char *const calls[8];
	} sets[] = {
		{"@bpf", {"bpf"}},
		{"@clock", {"adjtimex", "clock_adjtime", "clock_settime", "settimeofday", "stime"}},
		{"@cpu-emulation", {"modify_ldt", "vm86", "vm86old"}},
		{"@debug", {"perf_event_open", "process_vm_readv", "process_vm_writev", "ptrace"}},
		{"@io-uring", {"io_uring_enter", "io_uring_register", "io_uring_setup"}},
		{"@keyring", {"add_key", "keyctl", "request_key"}},
		{"@module", {"delete_module", "finit_module", "init_module"}},
		{"@mount", {"mount", "umount", "umount2", "move_mount", "open_tree", "fsopen"}},
		{"@namespaces", {"setns", "unshare"}},
		{"@obsolete", {"uselib", "_sysctl", "nfsservctl"}},
		{"@raw-io", {"ioperm", "iopl"}},
		{"@reboot", {"kexec_file_load", "kexec_load", "reboot"}},
		{"@swap", {"swapoff", "swapon"}},
	};
	const char *const *set = filter_set(name);

	for (size_t i = 0; set == NULL && i < sizeof(sets) / sizeof(sets[0]); i++)
		if (strcmp(sets[i].name, name) == 0)
			return sets[i].calls;
	return set;
}

bool known_call(const char *name)
{
	return filter_knows(name) || seccomp_syscall_resolve_name(name) != __NR_SCMP_ERROR;
}
