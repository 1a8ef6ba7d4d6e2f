/*
 * Tries one thing that a program under a profile may not do. Prints "NAME NUMBER": 0 when it got
 * what it wanted, else the errno. test-filter.c says what is right.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/io_uring.h>
#include <linux/keyctl.h>
#include <linux/perf_event.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define TARGET "/usr/bin/true"

static char *const arguments[] = {(char *)(uintptr_t) "true", NULL};
static char *const environment[] = {NULL};

static int number_of(long result)
{
	return result < 0 ? errno : 0;
}

static int status_of(pid_t pid)
{
	int status;

	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

/* `act` is what only returns when it fails. */
static int in_child(void (*act)(void))
{
	pid_t pid = fork();

	if (pid == 0) {
		act();
		_exit(errno);
	}
	return status_of(pid);
}

static void do_execve(void)
{
	execve(TARGET, arguments, environment);
}

static int try_execve(void)
{
	return in_child(do_execve);
}

static int try_vfork(void)
{
	pid_t pid = vfork();

	if (pid == 0) {
		execve(TARGET, arguments, environment);
		_exit(errno);
	}
	return status_of(pid);
}

static int try_posix_spawn(void)
{
	pid_t pid;
	int error = posix_spawn(&pid, TARGET, NULL, NULL, arguments, environment);

	return error != 0 ? error : status_of(pid);
}

static void do_execveat_path(void)
{
	syscall(SYS_execveat, AT_FDCWD, TARGET, arguments, environment, 0);
}

static int try_execveat_path(void)
{
	return in_child(do_execveat_path);
}

static void do_execveat_descriptor(void)
{
	syscall(SYS_execveat, open(TARGET, O_RDONLY), "", arguments, environment, AT_EMPTY_PATH);
}

static int try_execveat_descriptor(void)
{
	return in_child(do_execveat_descriptor);
}

/* As the one call that was let through, but that an absolute path needs no descriptor. */
static void do_execveat_absolute(void)
{
	syscall(SYS_execveat, 4096, TARGET, arguments, environment, AT_EMPTY_PATH);
}

static int try_execveat_absolute(void)
{
	return in_child(do_execveat_absolute);
}

static int try_raise_open_files(void)
{
	const struct rlimit limit = {8192, 8192};

	return number_of(prlimit(0, RLIMIT_NOFILE, &limit, NULL));
}

static int try_descriptor_number(void)
{
	(void)try_raise_open_files();
	return number_of(dup2(open(TARGET, O_RDONLY), 4096));
}

static void do_execveat_number(void)
{
	(void)try_raise_open_files();
	if (dup2(open(TARGET, O_RDONLY), 4096) == 4096)
		syscall(SYS_execveat, 4096, "", arguments, environment, AT_EMPTY_PATH);
}

static int try_execveat_number(void)
{
	return in_child(do_execveat_number);
}

static void do_memfd(void)
{
	int from = open(TARGET, O_RDONLY), to = memfd_create("true", 0);
	char bytes[4096];
	ssize_t got;

	if (to < 0)
		return;
	while ((got = read(from, bytes, sizeof(bytes))) > 0)
		if (write(to, bytes, (size_t)got) != got)
			return;
	fexecve(to, arguments, environment);
}

static int try_memfd(void)
{
	return in_child(do_memfd);
}

static void do_own_image(void)
{
	char *const own[] = {(char *)(uintptr_t) "attacker", NULL};

	execve("/proc/self/exe", own, environment);
}

static int try_own_image(void)
{
	return in_child(do_own_image);
}

static void do_loader(void)
{
	char *const own[] = {(char *)(uintptr_t) "ld.so", (char *)(uintptr_t)TARGET, NULL};

	execve("/lib64/ld-linux-x86-64.so.2", own, environment);
}

static int try_loader(void)
{
	return in_child(do_loader);
}

/* A filter of its own that asks its own parent, who says yes to everything. */
static int open_own_gate(void)
{
	struct sock_filter instructions[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_execveat, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {4, instructions};

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	return (int)syscall(
		SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
}

static int try_own_gate(void)
{
	struct seccomp_notif question;
	struct seccomp_notif_resp reply = {.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
	int listener = open_own_gate();
	struct pollfd asked = {.fd = listener, .events = POLLIN};
	pid_t pid;

	if (listener < 0)
		return errno;
	pid = fork();
	if (pid == 0) {
		do_execveat_absolute();
		_exit(errno);
	}
	/* One that is refused by another filter asks nobody. */
	if (poll(&asked, 1, 1000) != 1)
		return status_of(pid);
	memset(&question, 0, sizeof(question));
	ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &question);
	reply.id = question.id;
	ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &reply);
	return status_of(pid);
}

/* What a 32-bit call can reach. */
static char *low_memory(void)
{
	return mmap(
		NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
}

static long call_32(long number, const void *one, const void *two, const void *three)
{
	long result = -ENOSYS;

#ifdef __x86_64__
	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "a"(number), "b"(one), "c"(two), "d"(three)
			 : "memory", "r8", "r9", "r10", "r11");
#endif
	return result;
}

static void do_execve_32(void)
{
	char *memory = low_memory();
	uint32_t *words = (uint32_t *)(void *)(memory + 64);

	memcpy(memory, TARGET, sizeof(TARGET));
	words[0] = (uint32_t)(uintptr_t)memory;
	words[1] = 0;
	errno = (int)-call_32(11, memory, words, words + 1);
}

static int try_execve_32(void)
{
	return in_child(do_execve_32);
}

static int try_getpid_32(void)
{
	long result = call_32(20, NULL, NULL, NULL);

	return result < 0 ? (int)-result : 0;
}

static void do_execve_x32(void)
{
	syscall(0x40000000 | 520, TARGET, arguments, environment);
}

static int try_execve_x32(void)
{
	return in_child(do_execve_x32);
}

static void do_execve_x32_number(void)
{
	syscall(520, TARGET, arguments, environment);
}

static int try_execve_x32_number(void)
{
	return in_child(do_execve_x32_number);
}

static int try_getpid_x32(void)
{
	return number_of(syscall(0x40000000 | SYS_getpid));
}

static int try_io_uring(void)
{
	struct io_uring_params parameters;

	memset(&parameters, 0, sizeof(parameters));
	return number_of(syscall(SYS_io_uring_setup, 4, &parameters));
}

static int try_ptrace(void)
{
	return number_of(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
}

static int try_process_vm_writev(void)
{
	char from = 1, to = 0;
	struct iovec local = {&from, 1}, remote = {&to, 1};

	return number_of(process_vm_writev(getpid(), &local, 1, &remote, 1, 0));
}

/* No filter can tell whose memory a file is. Kept to say so: it works, in its own process. */
static int try_proc_mem(void)
{
	static volatile char target = 0;
	char byte = 1;
	int fd = open("/proc/self/mem", O_RDWR | O_CLOEXEC);

	if (fd < 0 || pwrite(fd, &byte, 1, (off_t)(uintptr_t)&target) != 1)
		return errno;
	return target == 1 ? 0 : EFAULT;
}

static int try_unshare_user(void)
{
	return number_of(unshare(CLONE_NEWUSER));
}

static int try_unshare_mount(void)
{
	return number_of(unshare(CLONE_NEWNS));
}

static int try_unshare_time(void)
{
	return number_of(unshare(0x80));
}

static int try_unshare_files(void)
{
	return number_of(unshare(CLONE_FILES));
}

static int try_clone_user(void)
{
	long pid = syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, NULL, NULL, NULL, NULL);

	if (pid == 0)
		_exit(0);
	return pid < 0 ? errno : status_of((pid_t)pid);
}

static int try_clone3_user(void)
{
	struct clone_args args;
	long pid;

	memset(&args, 0, sizeof(args));
	args.flags = CLONE_NEWUSER;
	args.exit_signal = SIGCHLD;
	pid = syscall(SYS_clone3, &args, sizeof(args));
	if (pid == 0)
		_exit(0);
	return pid < 0 ? errno : status_of((pid_t)pid);
}

static int try_setns(void)
{
	return number_of(setns(open("/proc/self/ns/mnt", O_RDONLY), CLONE_NEWNS));
}

static int try_mount(void)
{
	int error = number_of(unshare(CLONE_NEWNS)); /* where that is allowed, it harms nobody */

	if (error == 0)
		error = number_of(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
	return error != 0 ? error : number_of(mount("none", "/mnt", "tmpfs", 0, NULL));
}

static int try_mount_alone(void)
{
	return number_of(mount("none", "/no/such/place", "tmpfs", 0, NULL));
}

static int try_fsopen(void)
{
	return number_of(syscall(SYS_fsopen, "tmpfs", 0));
}

static int try_open_tree_attr(void)
{
	return number_of(syscall(467, -1, "", 0, NULL, 0));
}

static int try_chroot(void)
{
	return number_of(chroot("/"));
}

static int try_keyctl(void)
{
	return number_of(syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_PROCESS_KEYRING, 1));
}

static int try_bpf(void)
{
	union bpf_attr attributes;

	memset(&attributes, 0, sizeof(attributes));
	attributes.map_type = BPF_MAP_TYPE_ARRAY;
	attributes.key_size = attributes.value_size = 4;
	attributes.max_entries = 1;
	return number_of(syscall(SYS_bpf, BPF_MAP_CREATE, &attributes, sizeof(attributes)));
}

/* Its own terminal, that it becomes the leader of. */
static int type_with(unsigned long request)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY), slave;
	char letter = 'x';

	unlockpt(master);
	slave = open(ptsname(master), O_RDWR);
	return number_of(syscall(SYS_ioctl, slave, request, &letter));
}

static int try_typing(void)
{
	return type_with(TIOCSTI);
}

static int try_typing_disguised(void)
{
	return type_with(TIOCSTI | 0xabcd00000000UL);
}

static int try_window_size(void)
{
	struct winsize size;
	int master = posix_openpt(O_RDWR | O_NOCTTY);

	return number_of(ioctl(master, TIOCGWINSZ, &size));
}

static int try_perf(void)
{
	struct perf_event_attr attributes;

	memset(&attributes, 0, sizeof(attributes));
	attributes.type = PERF_TYPE_SOFTWARE;
	attributes.size = sizeof(attributes);
	attributes.config = PERF_COUNT_SW_CPU_CLOCK;
	return number_of(syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0));
}

static int try_userfaultfd(void)
{
	return number_of(syscall(SYS_userfaultfd, O_CLOEXEC));
}

static int try_socket_unix(void)
{
	return number_of(socket(AF_UNIX, SOCK_STREAM, 0));
}

static int try_socket_netlink(void)
{
	return number_of(socket(AF_NETLINK, SOCK_RAW, 0));
}

static int try_socket_inet(void)
{
	return number_of(socket(AF_INET, SOCK_STREAM, 0));
}

static int try_socket_inet6(void)
{
	return number_of(socket(AF_INET6, SOCK_DGRAM, 0));
}

static int try_socket_packet(void)
{
	return number_of(socket(AF_PACKET, SOCK_RAW, 0));
}

/* The kernel looks at the lower half alone. */
static int try_socket_disguised(void)
{
	return number_of(syscall(SYS_socket, 0x100000000UL | AF_INET, SOCK_STREAM, 0));
}

static int try_socket_others(void)
{
	for (int family = 0; family < 64; family++)
		if (family != AF_UNIX && family != AF_NETLINK &&
			(socket(family, SOCK_DGRAM, 0) >= 0 || errno != EPERM))
			return 0;
	return EPERM;
}

static int try_socketpair(void)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0)
		return errno;
	return send(ends[0], "x", 1, 0) == 1 ? 0 : errno;
}

/* One that can be led elsewhere: to any socket in the file system. */
static int try_socketpair_datagram(void)
{
	int ends[2];

	return number_of(socketpair(AF_UNIX, SOCK_DGRAM, 0, ends));
}

/* Another word for the same. */
static int try_socketpair_raw(void)
{
	int ends[2];

	return number_of(socketpair(AF_UNIX, SOCK_RAW | SOCK_CLOEXEC, 0, ends));
}

/* TIPC reaches other hosts by one. */
static int try_socketpair_others(void)
{
	int ends[2];

	for (int family = 0; family < 50; family++)
		if (family != AF_UNIX &&
			(socketpair(family, SOCK_STREAM, 0, ends) >= 0 || errno != EPERM))
			return errno;
	return EPERM;
}

/* What is done with a socket that came from somebody else; here there is none. */
static int try_connect(void)
{
	const struct sockaddr nobody = {.sa_family = AF_UNIX};

	return number_of(connect(-1, &nobody, sizeof(nobody)));
}

static int try_bind(void)
{
	const struct sockaddr nobody = {.sa_family = AF_UNIX};

	return number_of(bind(-1, &nobody, sizeof(nobody)));
}

static int try_listen(void)
{
	return number_of(listen(-1, 1));
}

static int try_recvmsg(void)
{
	struct msghdr message = {.msg_name = NULL};

	return number_of((int)recvmsg(-1, &message, 0));
}

static int try_recvmmsg(void)
{
	struct mmsghdr message = {.msg_len = 0};

	return number_of(recvmmsg(-1, &message, 1, 0, NULL));
}

static int try_sendmsg(void)
{
	struct msghdr message = {.msg_name = NULL};

	return number_of((int)sendmsg(-1, &message, 0));
}

static int try_sendmmsg(void)
{
	struct mmsghdr message = {.msg_len = 0};

	return number_of(sendmmsg(-1, &message, 1, 0));
}

static int try_sendto(void)
{
	const struct sockaddr nobody = {.sa_family = AF_UNIX};

	return number_of((int)sendto(-1, "x", 1, 0, &nobody, sizeof(nobody)));
}

static int try_socket_raw(void)
{
	return number_of(socket(AF_INET, SOCK_RAW, IPPROTO_ICMP));
}

static int try_bind_80(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(80)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return number_of(
		bind(fd, (const struct sockaddr *)(const void *)&address, sizeof(address)));
}

static int try_securebits(void)
{
	return number_of(prctl(PR_SET_SECUREBITS, 0, 0, 0, 0));
}

static int try_ambient(void)
{
	return number_of(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_SETUID, 0, 0));
}

/* As root by name, does the next program hold what root does? */
static int try_regain(void)
{
	char *const own[] = {
		(char *)(uintptr_t) "attacker", (char *)(uintptr_t) "chroot", NULL};

	if (setuid(0) == 0)
		execve("/proc/self/exe", own, environment);
	return errno;
}

static int try_allocate(void)
{
	void *memory =
		mmap(NULL, 256 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return memory == MAP_FAILED ? errno : 0;
}

static int try_open_files(void)
{
	int count = 0;

	while (dup(0) >= 0)
		count++;
	return errno == EMFILE ? count : errno;
}

static int try_adjtimex(void)
{
	struct timex timex;

	memset(&timex, 0, sizeof(timex));
	return number_of(adjtimex(&timex));
}

static int try_modify_ldt(void)
{
#ifdef SYS_modify_ldt
	char room[64];

	return number_of(syscall(SYS_modify_ldt, 0, room, sizeof(room)));
#else
	return EPERM;
#endif
}

static int try_iopl(void)
{
#ifdef SYS_iopl
	return number_of(syscall(SYS_iopl, 3));
#else
	return EPERM;
#endif
}

static int try_init_module(void)
{
	return number_of(syscall(SYS_init_module, NULL, 0, ""));
}

static int try_reboot(void)
{
	return number_of(syscall(SYS_reboot, 0, 0, 0, NULL));
}

static int try_swapon(void)
{
	return number_of(syscall(SYS_swapon, "/no/such/file", 0));
}

static int try_unknown_call(void)
{
	return number_of(syscall(1000, 0));
}

static void *be_a_thread(void *argument)
{
	return argument;
}

static int try_thread(void)
{
	pthread_t thread;
	void *back = NULL;
	int error = pthread_create(&thread, NULL, be_a_thread, arguments[0]);

	if (error == 0)
		error = pthread_join(thread, &back);
	return error != 0 ? error : back == arguments[0] ? 0 : EINVAL;
}

static void do_nothing(void)
{
	_exit(0);
}

static int try_fork(void)
{
	return in_child(do_nothing);
}

static int try_nothing(void)
{
	return 0;
}

#define TRY(name)                                                                                  \
	{                                                                                          \
#name, try_##name                                                                  \
	}

static const struct attempt {
	const char *name;
	int (*make)(void);
} attempts[] = {
	TRY(adjtimex),
	TRY(allocate),
	TRY(ambient),
	TRY(bind),
	TRY(bind_80),
	TRY(bpf),
	TRY(chroot),
	TRY(clone3_user),
	TRY(clone_user),
	TRY(connect),
	TRY(descriptor_number),
	TRY(execve),
	TRY(execve_32),
	TRY(execve_x32),
	TRY(execve_x32_number),
	TRY(execveat_absolute),
	TRY(execveat_descriptor),
	TRY(execveat_number),
	TRY(execveat_path),
	TRY(fork),
	TRY(fsopen),
	TRY(getpid_32),
	TRY(getpid_x32),
	TRY(init_module),
	TRY(io_uring),
	TRY(iopl),
	TRY(keyctl),
	TRY(listen),
	TRY(loader),
	TRY(memfd),
	TRY(modify_ldt),
	TRY(mount),
	TRY(mount_alone),
	TRY(nothing),
	TRY(open_files),
	TRY(open_tree_attr),
	TRY(own_gate),
	TRY(own_image),
	TRY(perf),
	TRY(posix_spawn),
	TRY(proc_mem),
	TRY(process_vm_writev),
	TRY(ptrace),
	TRY(raise_open_files),
	TRY(reboot),
	TRY(recvmmsg),
	TRY(recvmsg),
	TRY(regain),
	TRY(securebits),
	TRY(sendmmsg),
	TRY(sendmsg),
	TRY(sendto),
	TRY(setns),
	TRY(socket_disguised),
	TRY(socket_inet),
	TRY(socket_inet6),
	TRY(socket_netlink),
	TRY(socket_others),
	TRY(socket_packet),
	TRY(socket_raw),
	TRY(socket_unix),
	TRY(socketpair),
	TRY(socketpair_datagram),
	TRY(socketpair_others),
	TRY(socketpair_raw),
	TRY(swapon),
	TRY(thread),
	TRY(typing),
	TRY(typing_disguised),
	TRY(unknown_call),
	TRY(unshare_files),
	TRY(unshare_mount),
	TRY(unshare_time),
	TRY(unshare_user),
	TRY(userfaultfd),
	TRY(vfork),
	TRY(window_size),
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc == 2 && i < sizeof(attempts) / sizeof(*attempts); i++) {
		if (strcmp(attempts[i].name, argv[1]) != 0)
			continue;
		printf("%s %d\n", argv[1], attempts[i].make());
		return 0;
	}
	return argc != 1;
}
