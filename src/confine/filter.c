/* What a filter refuses. What runs it is in filter_install.c. */
#include "confine/filter.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"
#include "confine/system_calls.h"

enum {
	REFUSED_EXEC = SCMP_ACT_ERRNO(EACCES),
	REFUSED = SCMP_ACT_ERRNO(EPERM),
	FILTER_BYTES_MAX = BPF_MAXINSNS * sizeof(struct sock_filter),
};

/* Numbers that the kernel takes as 32 bits of a 64-bit register: the rest must not matter. */
#define INT_IS(argument, value) SCMP_CMP64(argument, SCMP_CMP_MASKED_EQ, 0xffffffff, value)
#define BIT_IS_SET(argument, bit) SCMP_CMP64(argument, SCMP_CMP_MASKED_EQ, bit, bit)

#ifdef __s390__
enum { CLONE_FLAGS = 1 };
#else
enum { CLONE_FLAGS = 0 };
#endif

static const scmp_datum_t namespaces[] = {CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC,
	CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET};

enum { NAMESPACE_COUNT = sizeof(namespaces) / sizeof(*namespaces) };

/* A filter while it is made. The first failure counts: a negative errno. */
struct making {
	scmp_filter_ctx context;
	int error;
};

static void refuse(struct making *making, int number)
{
	if (making->error == 0)
		making->error = seccomp_rule_add(making->context, REFUSED, number, 0);
}

/* Several rules for one call refuse what any of them matches. */
static void refuse_if(struct making *making, uint32_t action, int number, struct scmp_arg_cmp when)
{
	if (making->error == 0)
		making->error = seccomp_rule_add_array(making->context, action, number, 1, &when);
}

static void refuse_namespaces(struct making *making, int number, unsigned argument)
{
	for (size_t i = 0; i < NAMESPACE_COUNT; i++)
		refuse_if(making, REFUSED, number, BIT_IS_SET(argument, namespaces[i]));
}

/* In every filter: what types into a terminal, in the name of whoever reads from it (R15). */
static void refuse_typing(struct making *making)
{
	refuse_if(making, REFUSED, SCMP_SYS(ioctl), INT_IS(1, TIOCSTI));
	refuse_if(making, REFUSED, SCMP_SYS(ioctl), INT_IS(1, TIOCLINUX));
}

static void add_execute(struct making *making, const struct restriction *restriction)
{
	if (!restriction->has[RESTRICT_EXECUTE] || restriction->execute == EXECUTE_ANY)
		return;
	if (restriction->execute == EXECUTE_LISTED) {
		refuse(making, SCMP_SYS(memfd_create));
		return;
	}
	if (making->error == 0)
		making->error =
			seccomp_rule_add(making->context, REFUSED_EXEC, SCMP_SYS(execve), 0);
	refuse_if(making, REFUSED_EXEC, SCMP_SYS(execveat),
		SCMP_CMP64(0, SCMP_CMP_NE, FILTER_PROGRAM));
	refuse_if(making, REFUSED_EXEC, SCMP_SYS(execveat),
		SCMP_CMP64(4, SCMP_CMP_NE, AT_EMPTY_PATH));
	/* A gate of the program's own, being the newer one, would be asked in place of ours. */
	refuse_if(making, REFUSED, SCMP_SYS(seccomp),
		BIT_IS_SET(1, SECCOMP_FILTER_FLAG_NEW_LISTENER));
}

/* AF_UNIX is 1 and AF_NETLINK 16: what has another bit, or more, is another family. */
static void add_network(struct making *making, const struct restriction *restriction)
{
	if (!restriction->has[RESTRICT_NETWORK] || restriction->network == NETWORK_ANY)
		return;
	refuse(making, SCMP_SYS(io_uring_setup));
	refuse(making, SCMP_SYS(io_uring_enter));
	refuse(making, SCMP_SYS(io_uring_register));
	if (restriction->network == NETWORK_NONE) {
		refuse(making, SCMP_SYS(socket));
		return;
	}
	_Static_assert(AF_UNIX == 1 && AF_NETLINK == 16, "the families that are local");
	refuse_if(making, REFUSED, SCMP_SYS(socket), SCMP_CMP64(0, SCMP_CMP_GT, AF_NETLINK));
	refuse_if(making, REFUSED, SCMP_SYS(socket), SCMP_CMP64(0, SCMP_CMP_EQ, AF_UNSPEC));
	for (scmp_datum_t bit = 2; bit < AF_NETLINK; bit *= 2)
		refuse_if(making, REFUSED, SCMP_SYS(socket), BIT_IS_SET(0, bit));
}

/*
 * A file handle opens any file of a file system by way of any mount of it, past what a view hides
 * or mounts read-only; it takes CAP_DAC_READ_SEARCH, which root has and a backup may be given.
 */
static bool limits_files(const struct restriction *restriction)
{
	return restriction->has[RESTRICT_READ] || restriction->has[RESTRICT_WRITE] ||
	       restriction->has[RESTRICT_HIDDEN] || restriction->has[RESTRICT_PROTECTED] ||
	       (restriction->has[RESTRICT_EXECUTE] && restriction->execute == EXECUTE_LISTED);
}

static void add_files(struct making *making, const struct restriction *restriction)
{
	if (limits_files(restriction))
		refuse(making, SCMP_SYS(open_by_handle_at));
}

static void add_denied(struct making *making, const char *name)
{
	int number = system_call_number(name);

	if (strcmp(name, SYSTEM_CALL_CLONE_NAMESPACES) == 0) {
		refuse_namespaces(making, SCMP_SYS(clone), CLONE_FLAGS);
	} else if (strcmp(name, SYSTEM_CALL_UNSHARE_NAMESPACES) == 0) {
		refuse_namespaces(making, SCMP_SYS(unshare), 0);
		refuse_if(making, REFUSED, SCMP_SYS(unshare), BIT_IS_SET(0, CLONE_NEWTIME));
	} else if (number >= 0 && number != SCMP_SYS(clone3)) { /* that one is the gate's */
		refuse(making, number);
	}
}

static int add_rules(struct making *making, const struct restriction *restriction)
{
	making->error = seccomp_attr_set(making->context, SCMP_FLTATR_ACT_BADARCH, REFUSED);
	if (making->error == 0)
		making->error = seccomp_attr_set(making->context, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	add_execute(making, restriction);
	add_network(making, restriction);
	add_files(making, restriction);
	refuse_typing(making);
	if (restriction->has[RESTRICT_SYSTEM_CALLS])
		for (size_t i = 0; i < restriction->denied_calls.count; i++)
			add_denied(making, restriction->denied_calls.items[i]);
	return making->error;
}

/* The library exports to descriptors alone. */
static int export(struct arena *arena, struct making *making, struct confinement *confinement)
{
	_cleanup_fd_ int file = memfd_create("filter", MFD_CLOEXEC);
	size_t length;

	if (file < 0)
		return -errno;
	making->error = seccomp_export_bpf(making->context, file);
	if (making->error != 0)
		return making->error;
	if (lseek(file, 0, SEEK_SET) != 0)
		return -errno;
	confinement->filter = fd_read_all(arena, file, FILTER_BYTES_MAX, &length);
	if (confinement->filter == NULL)
		return -errno;
	confinement->filter_length = length / sizeof(struct sock_filter);
	return confinement->filter_length > 0 ? 0 : -ENODATA;
}

static int make_filter(struct arena *arena, struct confinement *confinement)
{
	struct making making = {.context = seccomp_init(SCMP_ACT_ALLOW)};
	int error =
		making.context == NULL ? -ENOMEM : add_rules(&making, &confinement->restriction);

	if (error == 0)
		error = export(arena, &making, confinement);
	seccomp_release(making.context);
	return error;
}

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
/* One of the next `count` instructions is left out if it is not so. */
#define IF(condition, value, count) BPF_JUMP(BPF_JMP | (condition) | BPF_K, value, 0, count)
#define ANSWER(action) BPF_STMT(BPF_RET | BPF_K, action)

static void add(struct sock_filter *program, size_t *length, struct sock_filter instruction)
{
	program[(*length)++] = instruction;
}

/* Written by hand, as the library has no rule for "all above". Other architectures fail the filter.
 */
static void make_gate(struct arena *arena, struct confinement *confinement)
{
	enum { ROOM = 16, FOREIGN_BIT = 0x40000000 /* x32 */ };
	const struct restriction *restriction = &confinement->restriction;
	struct sock_filter *gate = arena_array(arena, ROOM, sizeof(*gate));
	const uint32_t pass = SECCOMP_RET_ALLOW, unknown = SECCOMP_RET_ERRNO | ENOSYS;
	size_t length = 0;

	add(gate, &length, (struct sock_filter)LOAD(arch));
	add(gate, &length,
		(struct sock_filter)BPF_JUMP(
			BPF_JMP | BPF_JEQ | BPF_K, seccomp_arch_native(), 1, 0));
	add(gate, &length, (struct sock_filter)ANSWER(pass));
	add(gate, &length, (struct sock_filter)LOAD(nr));
	add(gate, &length, (struct sock_filter)IF(BPF_JGE, FOREIGN_BIT, 1));
	add(gate, &length, (struct sock_filter)ANSWER(pass));
	add(gate, &length, (struct sock_filter)IF(BPF_JGT, (uint32_t)system_call_highest(), 1));
	add(gate, &length, (struct sock_filter)ANSWER(unknown));
	if (restriction->has[RESTRICT_SYSTEM_CALLS] &&
		strings_contain(&restriction->denied_calls, "clone3")) {
		add(gate, &length, (struct sock_filter)IF(BPF_JEQ, SYS_clone3, 1));
		add(gate, &length, (struct sock_filter)ANSWER(unknown));
	}
	if (filter_is_exec_once(restriction)) {
		add(gate, &length, (struct sock_filter)IF(BPF_JEQ, SYS_execveat, 1));
		add(gate, &length, (struct sock_filter)ANSWER(SECCOMP_RET_USER_NOTIF));
	}
	add(gate, &length, (struct sock_filter)ANSWER(pass));
	confinement->gate = gate;
	confinement->gate_length = length;
}

/* The kernel's number for an architecture (linux/audit.h) has that of ELF in it. */
bool filter_lets_run(const void *header, size_t length)
{
	const uint32_t native = seccomp_arch_native();
	const int class = (native & __AUDIT_ARCH_64BIT) != 0 ? ELFCLASS64 : ELFCLASS32;
	Elf64_Ehdr elf; /* up to what is looked at, the same for both classes */

	if (length < sizeof(elf))
		return false;
	memcpy(&elf, header, sizeof(elf));
	return elf.e_ident[EI_CLASS] == class && elf.e_machine == (native & 0xffff);
}

bool filter_is_exec_once(const struct restriction *restriction)
{
	return restriction->has[RESTRICT_EXECUTE] && restriction->execute == EXECUTE_NONE;
}

bool filter_is_needed(const struct restriction *restriction)
{
	return (restriction->has[RESTRICT_EXECUTE] && restriction->execute != EXECUTE_ANY) ||
	       limits_files(restriction) ||
	       (restriction->has[RESTRICT_NETWORK] && restriction->network != NETWORK_ANY) ||
	       (restriction->has[RESTRICT_SYSTEM_CALLS] && restriction->denied_calls.count > 0);
}

/* A sentence about the first name that is no system call's, or NULL. */
static const char *find_unknown(struct arena *arena, const struct restriction *restriction)
{
	const struct strings *names = &restriction->denied_calls;

	for (size_t i = 0; restriction->has[RESTRICT_SYSTEM_CALLS] && i < names->count; i++)
		if (!filter_knows(names->items[i]))
			return arena_printf(
				arena, "there is no system call \"%s\"", names->items[i]);
	return NULL;
}

int filter_build(struct arena *arena, struct confinement *confinement, const char **complaint)
{
	int error;

	if (!filter_is_needed(&confinement->restriction))
		return 0;
	*complaint = find_unknown(arena, &confinement->restriction);
	if (*complaint != NULL)
		return -1;
	error = make_filter(arena, confinement);
	if (error != 0) {
		*complaint = arena_printf(
			arena, "no system call filter could be made: %s", strerror(-error));
		return -1;
	}
	make_gate(arena, confinement);
	return 0;
}

/* All that a filter is made from. */
static const char *key_of(struct arena *arena, const struct restriction *restriction)
{
	bool denies = restriction->has[RESTRICT_SYSTEM_CALLS];

	return arena_printf(arena, "%d%d%d %s",
		restriction->has[RESTRICT_EXECUTE] ? (int)restriction->execute : EXECUTE_ANY,
		restriction->has[RESTRICT_NETWORK] ? (int)restriction->network : NETWORK_ANY,
		limits_files(restriction),
		denies ? strings_join(arena, &restriction->denied_calls, " ") : "");
}

static int build_shared(struct policy *policy, struct arena *scratch, struct table *built,
	struct confinement *confinement, const char **complaint)
{
	const char *key = key_of(scratch, &confinement->restriction);
	const struct confinement *same = table_get(built, key);

	if (same == NULL) {
		table_put(scratch, built, key, confinement);
		return filter_build(policy->arena, confinement, complaint);
	}
	confinement->filter = same->filter;
	confinement->filter_length = same->filter_length;
	confinement->gate = same->gate;
	confinement->gate_length = same->gate_length;
	return 0;
}

int filter_build_all(struct policy *policy, const char **complaint)
{
	size_t count = (policy->profile_count + 1) * policy->profile_count;
	struct arena *scratch = arena_new();
	struct table built = {.count = 0};
	int result = 0;

	for (size_t i = 0; i < count && result == 0; i++)
		if (policy->confinements[i] != NULL)
			result = build_shared(
				policy, scratch, &built, policy->confinements[i], complaint);
	arena_free(scratch);
	return result;
}
