/*
 * Landlock's domain and its rules, alone and on top of a view, as an attacker finds them. Needs
 * root, and a kernel that has Landlock: tests/vm runs it in one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attack.h"
#include "base/fd.h"
#include "confine/landlock.h"
#include "confine/view.h"

static struct support support;
static pid_t outside; /* a process of the account's in no confinement */
static int program = -1, from_outside = -1;
static volatile long word; /* in each process that is forked, at the same address */

static void need_landlock(void)
{
	attack_need_root();
	if (landlock_abi() == 0) {
		print_message("test needs a kernel with Landlock\n");
		skip();
	}
	support = (struct support){.landlock = landlock_abi()};
}

static void need_version(int version)
{
	if (support.landlock < version) {
		print_message("test needs version %d of Landlock's interface\n", version);
		skip();
	}
}

static int attack_in(const struct restriction *restriction, int (*attack)(void))
{
	const struct restriction complete = attack_complete(restriction);
	const struct landlock_open given = { .program = program, .script = -1 };
	pid_t pid = fork();

	if (pid == 0) {
		if (support.mounts && view_is_needed(&complete, &support) &&
			view_enter(&complete, program) < 0)
			_exit(ATTACK_NOT_ENTERED);
		attack_become_account();
		if (landlock_holds(&complete, &support))
			_exit(ATTACK_NOT_AS_ASKED);
		if (!landlock_is_needed(&complete, &support) ||
			landlock_enter(&complete, &support, &given) < 0) {
			perror("landlock_enter");
			_exit(ATTACK_NOT_ENTERED);
		}
		if (!landlock_holds(&complete, &support))
			_exit(ATTACK_NOT_AS_ASKED);
		_exit(attack());
	}
	return attack_status(pid);
}

static int try_to_write(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "/srv/other/socket"};

	REFUSED(open("/srv/other/file", O_WRONLY), EACCES);
	REFUSED(open("/srv/other/file", O_RDWR), EACCES);
	REFUSED(open("/srv/other/new", O_CREAT | O_WRONLY, 0600), EACCES);
	REFUSED(unlink("/srv/other/file"), EACCES);
	REFUSED(mkdir("/srv/other/new", 0700), EACCES);
	REFUSED(mkfifo("/srv/other/new", 0700), EACCES);
	REFUSED(symlink("/etc", "/srv/other/new"), EACCES);
	REFUSED(bind(socket(AF_UNIX, SOCK_STREAM, 0), (void *)&address, sizeof(address)), EACCES);
	REFUSED(link("/srv/other/file", "/srv/area/file"), EXDEV);
	REFUSED(open("/srv/area/out/new", O_CREAT | O_WRONLY, 0600), EACCES);
	WORKS(open("/proc/self/comm", O_WRONLY) >= 0);
	REFUSED(open("/tmp/rolegate-landlock", O_CREAT | O_WRONLY, 0600), EACCES);
	if (support.landlock >= 3)
		REFUSED(truncate("/srv/other/file", 0), EACCES);
	WORKS(open("/srv/other/file", O_RDONLY) >= 0);
	WORKS(open("/srv/area/page", O_RDWR | O_TRUNC) >= 0);
	WORKS(open("/srv/area/new", O_CREAT | O_WRONLY, 0600) >= 0);
	WORKS(rename("/srv/area/new", "/srv/area/sub/new") == 0);
	WORKS(unlink("/srv/area/sub/new") == 0);
	WORKS(open("/dev/null", O_WRONLY) >= 0);
	WORKS(open("/dev/full", O_WRONLY) >= 0);
	WORKS(open("/dev/ptmx", O_RDWR | O_NOCTTY) >= 0);
	WORKS(START("/bin/sh", "-c", "echo >/dev/null; cat /srv/other/file >/dev/null") == 0);
	return 0;
}

static void R37_only_the_areas_are_written(void **state)
{
	struct restriction restriction = attack_writes(LIST("/srv/area", "/srv/missing"));

	(void)state;
	need_landlock();
	assert_int_equal(attack_in(&restriction, try_to_write), 0);
}

static int try_to_read(void)
{
	REFUSED(open("/srv/secret/key", O_RDONLY), EACCES);
	REFUSED(open("/srv", O_RDONLY | O_DIRECTORY), EACCES);
	REFUSED(open("/root", O_RDONLY | O_DIRECTORY), EACCES);
	WORKS(open("/srv/other/file", O_RDONLY) >= 0);
	WORKS(open("/srv/area/page", O_RDWR) >= 0);
	WORKS(getpwuid(0) != NULL);
	WORKS(chdir("/srv") == 0);
	WORKS(START("/bin/sh", "-c", "/usr/bin/id -un >/dev/null") == 0);
	return 0;
}

static void R37_only_what_is_listed_is_read(void **state)
{
	struct restriction restriction = attack_writes(LIST("/srv/area"));

	(void)state;
	need_landlock();
	restriction.has[RESTRICT_READ] = true;
	restriction.read = LIST("/srv/other");
	assert_int_equal(attack_in(&restriction, try_to_read), 0);
}

static int run_program(void)
{
	static char *const words[] = {NULL};
	static char name[] = "echo";
	char *const arguments[] = {name, NULL};
	pid_t pid = fork();

	if (pid == 0) {
		execveat(program, "", arguments, words, AT_EMPTY_PATH);
		_exit(errno);
	}
	return attack_status(pid);
}

static int try_to_execute(void)
{
	WORKS(run_program() == 0);
	WORKS(START("/usr/bin/id", "-u") == 0);
	WORKS(START("/usr/bin/cat", "/dev/null") == 126);
	WORKS(START("/bin/sh", "-c", "true") == 126);
	WORKS(START("/lib64/ld-linux-x86-64.so.2", "/usr/bin/cat", "/dev/null") != 0);
	return 0;
}

/* With the view, without which the dynamic loader would start anything. */
static void R37_only_what_is_listed_is_executed(void **state)
{
	struct restriction restriction = attack_executes(LIST("/usr/bin/id"));

	(void)state;
	need_landlock();
	support.mounts = true;
	program = open("/srv/bin/echo", O_RDONLY | O_CLOEXEC);
	assert_int_equal(attack_in(&restriction, try_to_execute), 0);
	close(program);
	program = -1;
}

/* The account's, in no confinement; there once the pipe is closed. */
static pid_t idle_process(void)
{
	int ends[2];
	pid_t pid;
	char byte;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	pid = fork();
	if (pid == 0) {
		attack_become_account();
		close(ends[0]);
		close(ends[1]);
		for (;;)
			pause();
	}
	close(ends[1]);
	(void)!read(ends[0], &byte, 1);
	close(ends[0]);
	return pid;
}

static int try_without_a_view(void)
{
	WORKS(run_program() == 0);
	WORKS(START("/usr/bin/id", "-u") == 0);
	WORKS(START("/usr/bin/cat", "/dev/null") == 126);
	WORKS(START("/srv/bin/script", "") == 126);
	return 0;
}

static void R37_what_is_not_listed_is_not_executed_by_path(void **state)
{
	struct restriction restriction = attack_executes(LIST("/usr/bin/id"));

	(void)state;
	need_landlock();
	program = open("/srv/bin/echo", O_RDONLY | O_CLOEXEC);
	assert_int_equal(attack_in(&restriction, try_without_a_view), 0);
	close(program);
	program = -1;
}

static int write_into(pid_t pid)
{
	const long value = 1;
	char path[64];
	_cleanup_fd_ int fd = -1;

	snprintf(path, sizeof(path), "/proc/%d/mem", pid);
	fd = open(path, O_RDWR | O_CLOEXEC);
	return fd < 0 ? -1 : (int)pwrite(fd, &value, sizeof(value), (off_t)(uintptr_t)&word);
}

static int look_at(const char *name, bool link)
{
	char path[64], target[256];

	snprintf(path, sizeof(path), "/proc/%d/%s", outside, name);
	return link ? (int)readlink(path, target, sizeof(target)) : open(path, O_RDONLY);
}

static int trace(void)
{
	struct iovec memory = {.iov_base = (void *)(uintptr_t)&word, .iov_len = sizeof(word)};

	REFUSED(ptrace(PTRACE_SEIZE, outside, NULL, NULL), EPERM);
	REFUSED(process_vm_writev(outside, &memory, 1, &memory, 1, 0), EPERM);
	REFUSED(syscall(SYS_pidfd_getfd, syscall(SYS_pidfd_open, outside, 0), 0, 0), EPERM);
	return 0;
}

/* What `ps` shows is there, and an approved `kill` goes on to work. */
static int try_to_write_memory(void)
{
	static const char *const closed[] = {"mem", "environ", "maps", "fd/0", "auxv", "ns/mnt"};
	static const char *const links[] = {"exe", "cwd", "root"};
	static const char *const open_files[] = {"stat", "status", "cmdline", "comm", "cgroup"};
	pid_t child;

	REFUSED(write_into(outside), EACCES);
	for (size_t i = 0; i < sizeof(closed) / sizeof(closed[0]); i++)
		REFUSED(look_at(closed[i], false), EACCES);
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		REFUSED(look_at(links[i], true), EACCES);
	for (size_t i = 0; i < sizeof(open_files) / sizeof(open_files[0]); i++)
		WORKS(look_at(open_files[i], false) >= 0);
	WORKS(trace() == 0);
	WORKS(kill(outside, 0) == 0);
	child = fork();
	if (child == 0)
		for (;;)
			pause();
	WORKS(write_into(child) == sizeof(word));
	WORKS(kill(child, SIGKILL) == 0);
	WORKS(write_into(getpid()) == sizeof(word));
	return 0;
}

static int write_unconfined(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		attack_become_account();
		_exit(write_into(outside) == sizeof(word) ? 0 : 1);
	}
	return attack_status(pid);
}

/* As `standard` says, and as its first line alone does. */
static void R37_the_memory_of_another_process_is_its_own(void **state)
{
	struct restriction restriction = {.execute = EXECUTE_NONE},
			   denied = {.execute = EXECUTE_ANY};
	int without, none, tracing;

	(void)state;
	need_landlock();
	need_version(2);
	restriction.has[RESTRICT_EXECUTE] = true;
	denied.has[RESTRICT_SYSTEM_CALLS] = true;
	denied.denied_calls = LIST("ptrace");
	outside = idle_process();
	without = write_unconfined();
	none = attack_in(&restriction, try_to_write_memory);
	tracing = attack_in(&denied, try_to_write_memory);
	kill(outside, SIGKILL);
	(void)attack_status(outside);
	assert_int_equal(without, 0);
	assert_int_equal(none, 0);
	assert_int_equal(tracing, 0);
}

static int try_names(void)
{
	int unnamed = open("/srv/area", O_TMPFILE | O_RDWR, 0600);
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", unnamed);
	WORKS(linkat(AT_FDCWD, path, AT_FDCWD, "/srv/area/sub/named", AT_SYMLINK_FOLLOW) == 0);
	WORKS(rename("/srv/area/sub/named", "/srv/other/named") == 0);
	WORKS(link("/srv/other/named", "/srv/area/linked") == 0);
	WORKS(renameat2(AT_FDCWD, "/srv/area/linked", AT_FDCWD, "/srv/other/file",
		      RENAME_EXCHANGE) == 0);
	WORKS(rename("/srv/area/linked", "/srv/other/file") == 0);
	WORKS(mkdir("/srv/area/new", 0700) == 0);
	WORKS(rename("/srv/area/new", "/srv/other/new") == 0);
	WORKS(rmdir("/srv/other/new") == 0 && unlink("/srv/other/named") == 0);
	WORKS(mkdir("/srv/area/mounted/a", 0700) == 0 && mkdir("/srv/area/mounted/b", 0700) == 0);
	WORKS(rename("/srv/area/mounted/b", "/srv/area/mounted/a/b") == 0);
	WORKS(rmdir("/srv/area/mounted/a/b") == 0 && rmdir("/srv/area/mounted/a") == 0);
	WORKS(rename("/dev/shm/rolegate-a/name", "/dev/shm/rolegate-b/name") == 0);
	WORKS(renameat(from_outside, "srv/area/page", AT_FDCWD, "/srv/area/sub/page") == 0);
	REFUSED(rename("/srv/area/sub/page", "/srv/area/mounted/page"), EXDEV);
	return 0;
}

static int try_files(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "/srv/area/socket"};
	int ends[2], image = memfd_create("image", MFD_CLOEXEC);
	char path[64];

	WORKS(mkfifo("/srv/area/fifo", 0600) == 0 && symlink("/etc", "/srv/area/link") == 0);
	WORKS(bind(socket(AF_UNIX, SOCK_STREAM, 0), (void *)&address, sizeof(address)) == 0);
	WORKS(truncate("/srv/area/first", 1) == 0);
	WORKS(pipe(ends) == 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", ends[1]);
	WORKS(open(path, O_WRONLY | O_NONBLOCK) >= 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", image);
	WORKS(open(path, O_RDWR) >= 0);
	WORKS(open("/proc/self/environ", O_RDONLY) >= 0);
	WORKS(open("/dev/ptmx", O_RDWR | O_NOCTTY) >= 0);
	WORKS(START("/bin/sh", "-c",
		      "cd /srv/area && echo a | cat - first >sub/sum && mv sub/sum sum &&"
		      "cp -p sum sub && ln sum sub/again && tail -n 1 /proc/$$/status >/dev/null &&"
		      "tar cf - sub | tar tf - >/dev/null && rm -r sub") == 0);
	return 0;
}

static int try_as_ever(void)
{
	return try_names() != 0 ? 1 : try_files();
}

/* On mounts, by names and without; a domain in which nothing may be moved would say EXDEV. */
static void R37_a_mere_domain_changes_no_rule_about_files(void **state)
{
	struct restriction restriction = {.execute = EXECUTE_NONE};
	int status;

	(void)state;
	need_landlock();
	need_version(2);
	restriction.has[RESTRICT_EXECUTE] = true;
	for (char end = 'a'; end <= 'b'; end++) {
		char path[] = "/dev/shm/rolegate-?";

		path[sizeof(path) - 2] = end;
		assert_int_equal(mkdir(path, 0700), 0);
		assert_int_equal(chown(path, ATTACK_ACCOUNT, ATTACK_ACCOUNT), 0);
	}
	attack_file("/dev/shm/rolegate-a/name", "", ATTACK_ACCOUNT, 0600);
	from_outside = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	status = attack_in(&restriction, try_as_ever);
	close(from_outside);
	(void)unlink("/dev/shm/rolegate-a/name");
	(void)unlink("/dev/shm/rolegate-b/name");
	(void)rmdir("/dev/shm/rolegate-a");
	(void)rmdir("/dev/shm/rolegate-b");
	assert_int_equal(status, 0);
}

static int try_other_process(void)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/root/srv/other/file", outside);
	REFUSED(open(path, O_WRONLY), EACCES);
	snprintf(path, sizeof(path), "/proc/%d/mem", outside);
	REFUSED(open(path, O_RDONLY), EACCES);
	snprintf(path, sizeof(path), "/proc/%d/ns/mnt", outside);
	REFUSED(open(path, O_RDONLY), EACCES);
	return 0;
}

static void R37_another_process_is_no_way_out(void **state)
{
	struct restriction restriction = attack_writes((struct strings){.count = 0});
	int status;

	(void)state;
	need_landlock();
	support.mounts = true;
	outside = idle_process();
	status = attack_in(&restriction, try_other_process);
	kill(outside, SIGKILL);
	(void)attack_status(outside);
	assert_int_equal(status, 0);
}

/* As a socket could bring it in: a directory of the world outside. */
static int try_descriptor(void)
{
	REFUSED(openat(from_outside, "srv/secret/key", O_RDONLY), EACCES);
	REFUSED(openat(from_outside, "usr", O_RDONLY | O_DIRECTORY), EACCES);
	REFUSED(openat(from_outside, "srv/other/file", O_WRONLY), EACCES);
	REFUSED(openat(from_outside, "tmp/new", O_CREAT | O_WRONLY, 0600), EACCES);
	WORKS(open("/srv/other/file", O_RDONLY) >= 0);
	return 0;
}

static void R37_a_directory_from_outside_is_no_way_out(void **state)
{
	struct restriction restriction = attack_writes(LIST("/srv/area"));

	(void)state;
	need_landlock();
	support.mounts = true;
	restriction.has[RESTRICT_READ] = true;
	restriction.read = LIST("/srv/other");
	from_outside = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(attack_in(&restriction, try_descriptor), 0);
	close(from_outside);
}

/* A process of the account's and an abstract socket, both outside. */
static int try_outside(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "\0rolegate-landlock"};
	pid_t child = fork();

	if (child == 0)
		for (;;)
			pause();
	WORKS(kill(child, SIGKILL) == 0);
	REFUSED(kill(outside, 0), EPERM);
	REFUSED(connect(socket(AF_UNIX, SOCK_STREAM, 0), (void *)&address, sizeof(address)), EPERM);
	return 0;
}

static void R37_no_network_means_no_signals_and_abstract_sockets(void **state)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "\0rolegate-landlock"};
	struct restriction restriction = {.execute = EXECUTE_ANY};
	int status, listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)state;
	need_landlock();
	need_version(6);
	restriction.has[RESTRICT_NETWORK] = true;
	assert_int_equal(bind(listener, (void *)&address, sizeof(address)), 0);
	assert_int_equal(listen(listener, 1), 0);
	outside = idle_process();
	status = attack_in(&restriction, try_outside);
	kill(outside, SIGKILL);
	(void)attack_status(outside);
	close(listener);
	assert_int_equal(status, 0);
}

static int try_in_both(void)
{
	WORKS(open("/srv/area/page", O_RDWR) >= 0);
	WORKS(open("/tmp/new", O_CREAT | O_WRONLY, 0600) >= 0);
	REFUSED(open("/srv/area/.htaccess", O_WRONLY), EROFS);
	REFUSED(open("/srv/other/file", O_WRONLY), EROFS);
	REFUSED(open("/srv/secret/key", O_RDONLY), ENOENT);
	WORKS(START("/usr/bin/id", "-u") == 0);
	return 0;
}

static void R37_rules_and_a_view_together(void **state)
{
	struct restriction restriction = attack_writes(LIST("/srv/area"));

	(void)state;
	need_landlock();
	support.mounts = true;
	restriction.has[RESTRICT_READ] = true;
	restriction.read = LIST("/srv/other");
	restriction.protected_names = LIST(".*");
	restriction.own_tmp = restriction.own_proc = true;
	assert_int_equal(attack_in(&restriction, try_in_both), 0);
}

static void landlock_is_needed_where_it_can_help(void **state)
{
	const struct support none = {.mounts = true}, some = {.landlock = 2};
	struct restriction restriction = {.execute = EXECUTE_NONE};

	(void)state;
	assert_false(landlock_is_needed(&restriction, &some));
	restriction.has[RESTRICT_NETWORK] = true;
	assert_false(landlock_is_needed(&restriction, &some));
	assert_true(landlock_is_needed(&restriction, &(struct support){.landlock = 6}));
	restriction.hidden = LIST("/srv/secret");
	assert_false(landlock_is_needed(&restriction, &some));
	restriction.has[RESTRICT_HIDDEN] = true;
	assert_true(landlock_is_needed(&restriction, &some));
	assert_false(landlock_is_needed(&restriction, &none));
}

/* Not in version 1, in which nothing could be moved any more. */
static void a_domain_goes_with_what_forbids_tracing(void **state)
{
	const struct support none = {.mounts = true}, first = {.landlock = 1},
			     some = {.landlock = 2};
	struct restriction restriction = {.execute = EXECUTE_NONE};

	(void)state;
	assert_false(landlock_keeps_apart(&restriction, &some));
	restriction.has[RESTRICT_EXECUTE] = true;
	assert_true(landlock_keeps_apart(&restriction, &some));
	assert_true(landlock_is_needed(&restriction, &some));
	assert_false(landlock_is_needed(&restriction, &first));
	assert_false(landlock_is_needed(&restriction, &none));
	restriction.execute = EXECUTE_LISTED;
	assert_true(landlock_keeps_apart(&restriction, &some));
	restriction.execute = EXECUTE_ANY;
	assert_false(landlock_is_needed(&restriction, &some));
	restriction.denied_calls = LIST("open", "ptrace");
	assert_false(landlock_is_needed(&restriction, &some));
	restriction.has[RESTRICT_SYSTEM_CALLS] = true;
	assert_true(landlock_is_needed(&restriction, &some));
	restriction.denied_calls = LIST("open");
	assert_false(landlock_is_needed(&restriction, &some));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(R37_only_the_areas_are_written),
		cmocka_unit_test(R37_only_what_is_listed_is_read),
		cmocka_unit_test(R37_only_what_is_listed_is_executed),
		cmocka_unit_test(R37_what_is_not_listed_is_not_executed_by_path),
		cmocka_unit_test(R37_another_process_is_no_way_out),
		cmocka_unit_test(R37_a_directory_from_outside_is_no_way_out),
		cmocka_unit_test(R37_no_network_means_no_signals_and_abstract_sockets),
		cmocka_unit_test(R37_rules_and_a_view_together),
		cmocka_unit_test(R37_the_memory_of_another_process_is_its_own),
		cmocka_unit_test(R37_a_mere_domain_changes_no_rule_about_files),
		cmocka_unit_test(landlock_is_needed_where_it_can_help),
		cmocka_unit_test(a_domain_goes_with_what_forbids_tracing),
	};

	return cmocka_run_group_tests_name("landlock", tests, attack_set_up, attack_tear_down);
}
