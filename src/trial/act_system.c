/* Calls that reach other processes, the network, or the system itself. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <sched.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timex.h>
#include <sys/un.h>

#include "trial/acts.h"
#include "trial/places.h"

enum { PORT_PRIVILEGED = 1024, PORT_NAMES = 53 };

static void note_socket(struct watch *watch, const struct notice *notice, const struct act_row *row)
{
	int family = (int)notice->arguments[0], type = (int)notice->arguments[1] & 0xf;

	(void)row;
	observation_socket(watch->seen, family);
	if (family == AF_PACKET || (type == SOCK_RAW && (family == AF_INET || family == AF_INET6)))
		act_capability(watch, notice, CAP_NET_RAW);
	if (family == AF_NETLINK && (int)notice->arguments[2] == NETLINK_NETFILTER)
		act_capability(watch, notice, CAP_NET_ADMIN);
}

/* Pairs that network = "none" refuses: they can be led elsewhere. */
static void note_pair(struct watch *watch, const struct notice *notice, const struct act_row *row)
{
	int family = (int)notice->arguments[0];

	(void)row;
	if (family != AF_UNIX || ((int)notice->arguments[1] & SOCK_DGRAM) != 0)
		observation_socket(watch->seen, family);
}

/* It refuses these as well, whatever the socket is. Not sendmsg(2): the listener comes by that. */
static void note_message(
	struct watch *watch, const struct notice *notice, const struct act_row *row)
{
	(void)notice;
	(void)row;
	observation_socket(watch->seen, AF_UNIX);
}

union address {
	struct sockaddr any;
	struct sockaddr_in inet;
	struct sockaddr_in6 inet6;
	struct sockaddr_un local;
};

/* False: there is none. What is not there of it is zero. */
static bool read_address(struct watch *watch, const struct notice *notice, union address *address)
{
	size_t length = (uint32_t)notice->arguments[2];

	(void)watch;
	memset(address, 0, sizeof(*address));
	if (length > sizeof(*address))
		length = sizeof(*address);
	return subject_memory(notice->thread, notice->arguments[1], address, length) == length &&
	       length > sizeof(sa_family_t);
}

/* "@name" for an abstract one. */
static const char *local_name(struct watch *watch, const union address *address)
{
	const char *path = address->local.sun_path;
	size_t room = sizeof(address->local.sun_path);

	if (*path != '\0')
		return arena_strndup(watch->scratch, path, strnlen(path, room));
	return arena_printf(watch->scratch, "@%.*s", (int)room - 1, path + 1);
}

static int port_of(const union address *address)
{
	return ntohs(address->any.sa_family == AF_INET ? address->inet.sin_port
						       : address->inet6.sin6_port);
}

static void note_local_peer(
	struct watch *watch, const struct notice *notice, const union address *address)
{
	const char *name = local_name(watch, address);
	struct stat status;

	if (*name != '@') {
		name = subject_path(watch->scratch, notice->thread, AT_FDCWD, name, true);
		if (name == NULL || stat(name, &status) < 0)
			return;
	}
	observation_peer(watch->seen, name, !place_is_harmless_socket(name));
}

static void note_connect(
	struct watch *watch, const struct notice *notice, const struct act_row *row)
{
	char text[INET6_ADDRSTRLEN] = "";
	union address address;
	int family;

	(void)row;
	if (!read_address(watch, notice, &address))
		return;
	family = address.any.sa_family;
	if (family == AF_UNIX)
		note_local_peer(watch, notice, &address);
	if (family != AF_INET && family != AF_INET6)
		return;
	(void)inet_ntop(family,
		family == AF_INET ? (const void *)&address.inet.sin_addr
				  : (const void *)&address.inet6.sin6_addr,
		text, sizeof(text));
	/* Port 0: how getaddrinfo(3) asks which of its own addresses would be used. */
	if (port_of(&address) != 0)
		observation_peer(watch->seen,
			arena_printf(watch->scratch, "%s port %d", text, port_of(&address)),
			port_of(&address) != PORT_NAMES);
}

static void note_bind(struct watch *watch, const struct notice *notice, const struct act_row *row)
{
	union address address;
	const char *path;
	int family;

	(void)row;
	if (!read_address(watch, notice, &address))
		return;
	family = address.any.sa_family;
	if ((family == AF_INET || family == AF_INET6) && port_of(&address) > 0 &&
		port_of(&address) < PORT_PRIVILEGED)
		act_capability(watch, notice, CAP_NET_BIND_SERVICE);
	if (family != AF_UNIX || *address.local.sun_path == '\0')
		return;
	path = subject_path(
		watch->scratch, notice->thread, AT_FDCWD, local_name(watch, &address), false);
	if (path != NULL)
		observation_change(watch->seen, path, CHANGE_ENTRY);
}

static bool is_among(uint32_t id, const uint32_t *ids)
{
	return id == (uint32_t)-1 || id == ids[0] || id == ids[1] || id == ids[2];
}

/* `extra`: how many ids it takes. Giving up a part of what one is changes nothing for anybody. */
static void note_identity(
	struct watch *watch, const struct notice *notice, const struct act_row *row)
{
	bool users = row->capability == CAP_SETUID;
	struct subject_size size;

	if (!subject_measure(notice->thread, &size))
		return;
	for (int i = 0; i < row->extra; i++)
		if (!is_among((uint32_t)notice->arguments[i], users ? size.uids : size.gids)) {
			act_capability(watch, notice, row->capability);
			if ((size.capabilities >> row->capability & 1) != 0)
				observation_elevated(watch->seen,
					arena_printf(watch->scratch, "%s(2)", row->name));
			return;
		}
}

static void note_groups(struct watch *watch, const struct notice *notice, const struct act_row *row)
{
	struct subject_size size;

	act_capability(watch, notice, row->capability);
	if (subject_measure(notice->thread, &size) &&
		(size.capabilities >> row->capability & 1) != 0)
		observation_elevated(watch->seen, "setgroups(2)");
}

static void note_signal(struct watch *watch, const struct notice *notice, const struct act_row *row)
{
	pid_t process = (pid_t)notice->arguments[0];

	(void)row;
	if ((int)notice->arguments[1] != 0 && process != 0 &&
		!act_is_own(watch, process < -1 ? -process : process))
		observation_signal(watch->seen, process);
}

#define NAMESPACES                                                                                 \
	(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER |             \
		CLONE_NEWPID | CLONE_NEWNET)

static void note_fork(struct watch *watch, const struct notice *notice, const struct act_row *row)
{
	struct peaks *peaks = &watch->seen->peaks;
	uint64_t before = peaks->processes, flags = 0;

	peaks->processes = 0;
	watch_measure(watch);
	peaks->processes++;
	if (peaks->processes < before)
		peaks->processes = before;
	if (strcmp(row->name, "clone") == 0)
		flags = notice->arguments[0];
	else if (strcmp(row->name, "clone3") == 0)
		(void)subject_memory(notice->thread, notice->arguments[0], &flags, sizeof(flags));
	if ((flags & NAMESPACES) != 0)
		observation_call(watch->seen, "clone");
}

static void note_exit(struct watch *watch, const struct notice *notice, const struct act_row *row)
{
	(void)notice;
	(void)row;
	watch_measure(watch);
}

/* Changes of what all programs share. */
static void note_system(struct watch *watch, const struct notice *notice, const struct act_row *row)
{
	if (row->capability >= 0)
		act_capability(watch, notice, row->capability);
	observation_elevated(watch->seen, arena_printf(watch->scratch, "%s(2)", row->name));
}

/* Without a mode it only asks. `extra`: which argument has it. */
static void note_clock(struct watch *watch, const struct notice *notice, const struct act_row *row)
{
	unsigned modes = 0;

	if (subject_memory(notice->thread, notice->arguments[row->extra], &modes, sizeof(modes)) ==
			sizeof(modes) &&
		modes != 0)
		note_system(watch, notice, row);
}

static void note_use(struct watch *watch, const struct notice *notice, const struct act_row *row)
{
	act_capability(watch, notice, row->capability);
}

const struct act_row act_system_rows[] = {
	{"socket", note_socket, -1, -1, -1, -1},
	{"socketpair", note_pair, -1, -1, -1, -1},
	{"sendmmsg", note_message, -1, -1, -1, -1},
	{"recvmsg", note_message, -1, -1, -1, -1},
	{"recvmmsg", note_message, -1, -1, -1, -1},
	{"listen", note_message, -1, -1, -1, -1},
	{"connect", note_message, -1, -1, -1, -1},
	{"connect", note_connect, -1, -1, -1, -1},
	{"bind", note_message, -1, -1, -1, -1},
	{"bind", note_bind, -1, -1, -1, -1},
	{"setuid", note_identity, -1, -1, 1, CAP_SETUID},
	{"setreuid", note_identity, -1, -1, 2, CAP_SETUID},
	{"setresuid", note_identity, -1, -1, 3, CAP_SETUID},
	{"setfsuid", note_identity, -1, -1, 1, CAP_SETUID},
	{"setgid", note_identity, -1, -1, 1, CAP_SETGID},
	{"setregid", note_identity, -1, -1, 2, CAP_SETGID},
	{"setresgid", note_identity, -1, -1, 3, CAP_SETGID},
	{"setfsgid", note_identity, -1, -1, 1, CAP_SETGID},
	{"setgroups", note_groups, -1, -1, -1, CAP_SETGID},
	{"kill", note_signal, -1, -1, -1, -1},
	{"fork", note_fork, -1, -1, -1, -1},
	{"vfork", note_fork, -1, -1, -1, -1},
	{"clone", note_fork, -1, -1, -1, -1},
	{"clone3", note_fork, -1, -1, -1, -1},
	{"exit_group", note_exit, -1, -1, -1, -1},
	{"mount", note_system, -1, -1, -1, CAP_SYS_ADMIN},
	{"umount2", note_system, -1, -1, -1, CAP_SYS_ADMIN},
	{"pivot_root", note_system, -1, -1, -1, CAP_SYS_ADMIN},
	{"move_mount", note_system, -1, -1, -1, CAP_SYS_ADMIN},
	{"mount_setattr", note_system, -1, -1, -1, CAP_SYS_ADMIN},
	{"fsmount", note_system, -1, -1, -1, CAP_SYS_ADMIN},
	{"setns", note_system, -1, -1, -1, CAP_SYS_ADMIN},
	{"init_module", note_system, -1, -1, -1, CAP_SYS_MODULE},
	{"finit_module", note_system, -1, -1, -1, CAP_SYS_MODULE},
	{"delete_module", note_system, -1, -1, -1, CAP_SYS_MODULE},
	{"kexec_load", note_system, -1, -1, -1, CAP_SYS_BOOT},
	{"kexec_file_load", note_system, -1, -1, -1, CAP_SYS_BOOT},
	{"reboot", note_system, -1, -1, -1, CAP_SYS_BOOT},
	{"swapon", note_system, -1, -1, -1, CAP_SYS_ADMIN},
	{"swapoff", note_system, -1, -1, -1, CAP_SYS_ADMIN},
	{"settimeofday", note_system, -1, -1, -1, CAP_SYS_TIME},
	{"clock_settime", note_system, -1, -1, -1, CAP_SYS_TIME},
	{"adjtimex", note_clock, -1, -1, 0, CAP_SYS_TIME},
	{"clock_adjtime", note_clock, -1, -1, 1, CAP_SYS_TIME},
	{"sethostname", note_system, -1, -1, -1, CAP_SYS_ADMIN},
	{"setdomainname", note_system, -1, -1, -1, CAP_SYS_ADMIN},
	{"acct", note_system, -1, -1, -1, CAP_SYS_PACCT},
	{"bpf", note_system, -1, -1, -1, CAP_BPF},
	{"iopl", note_system, -1, -1, -1, CAP_SYS_RAWIO},
	{"ioperm", note_system, -1, -1, -1, CAP_SYS_RAWIO},
	{"process_vm_writev", note_system, -1, -1, -1, CAP_SYS_PTRACE},
	{"chroot", note_use, -1, -1, -1, CAP_SYS_CHROOT},
	{"syslog", note_use, -1, -1, -1, CAP_SYSLOG},
	{NULL, NULL, -1, -1, -1, -1},
};
