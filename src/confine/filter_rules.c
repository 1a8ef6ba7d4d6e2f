/* What a filter refuses, as rules for libseccomp. */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/fd.h"
#include "confine/filter_parts.h"
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

/*
 * With namespaces of its own any account can mount a file system, and that is not no-exec as the
 * view is; so can a file that lies nowhere be executed.
 */
static void add_listed(struct making *making)
{
	static const char *const sets[] = {"@mount", "@namespaces"};

	refuse(making, SCMP_SYS(memfd_create));
	for (size_t i = 0; i < sizeof(sets) / sizeof(*sets); i++)
		for (const char *const *name = filter_set(sets[i]); *name != NULL; name++)
			add_denied(making, *name);
}

static void add_execute(struct making *making, const struct restriction *restriction)
{
	if (!restriction->has[RESTRICT_EXECUTE] || restriction->execute == EXECUTE_ANY)
		return;
	if (restriction->execute == EXECUTE_LISTED) {
		add_listed(making);
		return;
	}
	if (making->error == 0)
		making->error =
			seccomp_rule_add(making->context, REFUSED_EXEC, SCMP_SYS(execve), 0);
	refuse_if(making, REFUSED_EXEC, SCMP_SYS(execveat),
		SCMP_CMP64(0, SCMP_CMP_NE, FILTER_PROGRAM));
	refuse_if(making, REFUSED_EXEC, SCMP_SYS(execveat),
		SCMP_CMP64(4, SCMP_CMP_NE, AT_EMPTY_PATH));
}

/*
 * What a socketpair(2) or a socket that somebody hands over could be led to: a datagram socket of
 * the one kind goes to any address, and a connection is made in the program's name, be it root's.
 * A pair of AF_TIPC reaches other hosts. SOCK_DGRAM is 2, SOCK_RAW 3, and for AF_UNIX the same.
 * A message brings descriptors along, and may have an address.
 */
static void add_addresses(struct making *making, enum restrict_network network)
{
	static const int calls[] = {SCMP_SYS(connect), SCMP_SYS(bind), SCMP_SYS(listen),
		SCMP_SYS(sendmsg), SCMP_SYS(sendmmsg), SCMP_SYS(recvmsg), SCMP_SYS(recvmmsg)};

	_Static_assert(SOCK_DGRAM == 2 && SOCK_RAW == 3 && (SOCK_STREAM & 2) == 0 &&
			       (SOCK_SEQPACKET & 2) == 0,
		"the types that take addresses");
	refuse_if(making, REFUSED, SCMP_SYS(socketpair), SCMP_CMP64(0, SCMP_CMP_NE, AF_UNIX));
	if (network != NETWORK_NONE)
		return;
	refuse_if(making, REFUSED, SCMP_SYS(socketpair), BIT_IS_SET(1, SOCK_DGRAM));
	refuse_if(making, REFUSED, SCMP_SYS(sendto), SCMP_CMP64(4, SCMP_CMP_NE, 0));
	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++)
		refuse(making, calls[i]);
}

/* AF_UNIX is 1 and AF_NETLINK 16: what has another bit, or more, is another family. */
static void add_network(struct making *making, const struct restriction *restriction)
{
	if (!restriction->has[RESTRICT_NETWORK] || restriction->network == NETWORK_ANY)
		return;
	refuse(making, SCMP_SYS(io_uring_setup));
	refuse(making, SCMP_SYS(io_uring_enter));
	refuse(making, SCMP_SYS(io_uring_register));
	add_addresses(making, restriction->network);
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
static void add_files(struct making *making, const struct restriction *restriction)
{
	if (filter_limits_files(restriction))
		refuse(making, SCMP_SYS(open_by_handle_at));
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

int filter_make(struct arena *arena, struct confinement *confinement)
{
	struct making making = {.context = seccomp_init(SCMP_ACT_ALLOW)};
	int error =
		making.context == NULL ? -ENOMEM : add_rules(&making, &confinement->restriction);

	if (error == 0)
		error = export(arena, &making, confinement);
	seccomp_release(making.context);
	return error;
}
