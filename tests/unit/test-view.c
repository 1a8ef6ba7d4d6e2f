/*
 * What a program finds in a view, as an attacker: each test enters a view in a process of its own,
 * becomes an account without rights, and tries. In a mount namespace of its own; needs root.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/magic.h>
#include <netdb.h>
#include <pwd.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/fd.h"
#include "confine/view.h"

enum {
	ACCOUNT = 65534,
	ENTER_FAILED = 201, /* statuses of a process that did not get as far as its attack */
	NOT_AS_ASKED,
	STILL_ROOT,
};

static struct arena *arena;
static int entering_error; /* expected from view_enter() */

static void write_file(const char *path, const char *text, uid_t owner, mode_t mode)
{
	_cleanup_fd_ int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(fd_write_all(fd, text, strlen(text)), 0);
	assert_int_equal(fchown(fd, owner, owner), 0);
	assert_int_equal(fchmod(fd, mode), 0);
}

static void make_directory(const char *path, uid_t owner, mode_t mode)
{
	assert_int_equal(mkdir(path, mode), 0);
	assert_int_equal(chown(path, owner, owner), 0);
	assert_int_equal(chmod(path, mode), 0);
}

static void copy_program(const char *from, const char *to)
{
	_cleanup_fd_ int in = open(from, O_RDONLY | O_CLOEXEC);
	_cleanup_fd_ int out = open(to, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0755);
	size_t length;
	char *bytes;

	assert_true(in >= 0 && out >= 0);
	bytes = fd_read_all(arena, in, 64 << 20, &length);
	assert_non_null(bytes);
	assert_int_equal(fd_write_all(out, bytes, length), 0);
	assert_int_equal(fchmod(out, 0755), 0);
}

/* An account's areas, and what is not its own, in memory on /srv. */
static void make_files(void)
{
	assert_int_equal(mount("srv", "/srv", "tmpfs", 0, "mode=755"), 0);
	make_directory("/srv/area", ACCOUNT, 0755);
	write_file("/srv/area/page", "page", ACCOUNT, 0644);
	write_file("/srv/area/.htaccess", "rules", ACCOUNT, 0644);
	make_directory("/srv/area/sub", ACCOUNT, 0755);
	write_file("/srv/area/sub/page", "page", ACCOUNT, 0644);
	write_file("/srv/area/sub/.profile", "rules", ACCOUNT, 0644);
	make_directory("/srv/area/.git", ACCOUNT, 0755);
	write_file("/srv/area/.git/config", "rules", ACCOUNT, 0644);
	write_file("/srv/area/first", "page", ACCOUNT, 0644);
	assert_int_equal(link("/srv/area/first", "/srv/area/.second"), 0);
	assert_int_equal(symlink("/etc", "/srv/area/out"), 0);
	make_directory("/srv/area/mounted", ACCOUNT, 0755);
	assert_int_equal(mount("sub", "/srv/area/mounted", "tmpfs", 0, "mode=777"), 0);
	write_file("/srv/area/mounted/page", "page", ACCOUNT, 0666);
	make_directory("/srv/other", ACCOUNT, 0755);
	write_file("/srv/other/file", "other", ACCOUNT, 0644);
	make_directory("/srv/secret", 0, 0755);
	write_file("/srv/secret/key", "secret", 0, 0644);
	write_file("/srv/secret/plain", "secret", 0, 0644);
	assert_int_equal(symlink("secret", "/srv/alias"), 0);
	make_directory("/srv/bin", 0, 0755);
	copy_program("/usr/bin/echo", "/srv/bin/echo");
	write_file("/srv/bin/script", "#!/bin/sh\necho script\n", 0, 0755);
	make_directory("/srv/area/bin", ACCOUNT, 0755);
	copy_program("/usr/bin/echo", "/srv/area/bin/echo");
	assert_int_equal(chown("/srv/area/bin/echo", ACCOUNT, ACCOUNT), 0);
}

static int set_up(void **state)
{
	(void)state;
	arena = arena_new();
	if (geteuid() != 0 || unshare(CLONE_NEWNS) != 0 ||
		mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
		return 0;
	make_files();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static void need_root(void)
{
	struct stat status;

	if (geteuid() != 0 || stat("/srv/area", &status) != 0) {
		print_message("test needs root, for mounts\n");
		skip();
	}
}

static struct strings list_of(const char *const *paths)
{
	struct strings list = { .count = 0 };

	for (; *paths != NULL; paths++)
		strings_add(arena, &list, *paths);
	return list;
}

#define LIST(...) list_of((const char *const[]){ __VA_ARGS__, NULL })

static void become_account(void)
{
	if (setgroups(0, NULL) != 0 || setresgid(ACCOUNT, ACCOUNT, ACCOUNT) != 0 ||
		setresuid(ACCOUNT, ACCOUNT, ACCOUNT) != 0 ||
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
		prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) != 0) /* as after execve */
		_exit(STILL_ROOT);
}

static int status_of(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

/* The attack's own status: 0, or the number of the line that it got past. */
static int attack_as(uid_t uid, const struct restriction *restriction, int (*attack)(void))
{
	pid_t pid = fork();

	if (pid == 0) {
		int error = view_enter(restriction, -1) == 0 ? 0 : errno;

		if (error != entering_error) {
			fprintf(stderr, "view_enter: %s\n", strerror(error));
			_exit(ENTER_FAILED);
		}
		if (error == 0 && !view_holds(restriction))
			_exit(NOT_AS_ASKED);
		if (uid != 0)
			become_account();
		_exit(error != 0 ? 0 : attack());
	}
	return status_of(pid);
}

static int attack_in(const struct restriction *restriction, int (*attack)(void))
{
	return attack_as(ACCOUNT, restriction, attack);
}

/* In an attack: `call` must fail with `error`. Says which one did not. */
#define REFUSED(call, error)                                                                       \
	do {                                                                                       \
		errno = 0;                                                                         \
		if ((call) >= 0 || errno != (error)) {                                             \
			fprintf(stderr, "line %d: %s: %s\n", __LINE__, #call, strerror(errno));    \
			return 1;                                                                  \
		}                                                                                  \
	} while (0)

#define WORKS(call)                                                                                \
	do {                                                                                       \
		errno = 0;                                                                         \
		if (!(call)) {                                                                     \
			fprintf(stderr, "line %d: %s: %s\n", __LINE__, #call, strerror(errno));    \
			return 1;                                                                  \
		}                                                                                  \
	} while (0)

static struct restriction writes(struct strings areas)
{
	struct restriction restriction = { .execute = EXECUTE_ANY };

	restriction.has[RESTRICT_WRITE] = true;
	restriction.write = areas;
	return restriction;
}

/* --- write --- */

static int try_to_write(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "/srv/other/socket" };
	struct timespec times[2] = { { 1, 0 }, { 1, 0 } };

	REFUSED(open("/srv/other/file", O_WRONLY), EROFS);
	REFUSED(open("/srv/other/file", O_RDWR | O_TRUNC), EROFS);
	REFUSED(open("/srv/other/new", O_CREAT | O_WRONLY, 0600), EROFS);
	REFUSED(open("/srv/other", O_TMPFILE | O_WRONLY, 0600), EROFS);
	REFUSED(truncate("/srv/other/file", 0), EROFS);
	REFUSED(chmod("/srv/other/file", 0777), EROFS);
	REFUSED(chown("/srv/other/file", ACCOUNT, ACCOUNT), EROFS);
	REFUSED(utimensat(AT_FDCWD, "/srv/other/file", times, 0), EROFS);
	REFUSED(unlink("/srv/other/file"), EROFS);
	REFUSED(mkdir("/srv/other/new", 0700), EROFS);
	REFUSED(mkfifo("/srv/other/new", 0700), EROFS);
	REFUSED(symlink("/etc", "/srv/other/new"), EROFS);
	REFUSED(bind(socket(AF_UNIX, SOCK_STREAM, 0), (void *)&address, sizeof(address)), EROFS);
	REFUSED(open("/tmp/new", O_CREAT | O_WRONLY, 0600), EROFS);
	REFUSED(open("/dev/shm/new", O_CREAT | O_WRONLY, 0600), EROFS);
	REFUSED(open("/proc/self/comm", O_WRONLY), EROFS);
	WORKS(open("/dev/null", O_WRONLY) >= 0);
	WORKS(open("/dev/ptmx", O_RDWR | O_NOCTTY) >= 0);
	return 0;
}

static void R37_nothing_is_written_where_nothing_may_be(void **state)
{
	struct restriction none = writes((struct strings){ .count = 0 });

	(void)state;
	need_root();
	assert_int_equal(attack_in(&none, try_to_write), 0);
}

static int try_around_an_area(void)
{
	WORKS(open("/srv/area/page", O_RDWR | O_TRUNC) >= 0);
	WORKS(open("/srv/area/new", O_CREAT | O_WRONLY, 0600) >= 0);
	WORKS(rename("/srv/area/new", "/srv/area/newer") == 0);
	WORKS(unlink("/srv/area/newer") == 0);
	WORKS(open("/srv/area/mounted/page", O_RDWR) >= 0);
	REFUSED(link("/srv/other/file", "/srv/area/file"), EXDEV);
	REFUSED(rename("/srv/other/file", "/srv/area/file"), EXDEV);
	REFUSED(rename("/srv/area/page", "/srv/other/file"), EXDEV);
	REFUSED(rename("/srv/area", "/srv/moved"), EROFS);
	REFUSED(open("/srv/area/out/new", O_CREAT | O_WRONLY, 0600), EROFS);
	REFUSED(open("/srv/area/../other/file", O_WRONLY), EROFS);
	return try_to_write();
}

static void R37_only_the_areas_are_written(void **state)
{
	struct restriction one = writes(LIST("/srv/area", "/srv/missing"));

	(void)state;
	need_root();
	assert_int_equal(attack_in(&one, try_around_an_area), 0);
}

static int try_one_file(void)
{
	WORKS(open("/srv/area/page", O_RDWR | O_TRUNC) >= 0);
	REFUSED(open("/srv/area/first", O_WRONLY), EROFS);
	REFUSED(rename("/srv/area/page", "/srv/area/page2"), EROFS);
	REFUSED(unlink("/srv/area/page"), EROFS);
	return try_to_write();
}

static void R37_an_area_may_be_one_file(void **state)
{
	struct restriction one = writes(LIST("/srv/area/page"));

	(void)state;
	need_root();
	assert_int_equal(attack_in(&one, try_one_file), 0);
}

static int nothing(void)
{
	return 0;
}

/* The account's own link would make a hole in /etc. */
static void R45_no_link_of_an_account_is_followed(void **state)
{
	struct restriction led = writes(LIST("/srv/area/out"));

	(void)state;
	need_root();
	entering_error = ELOOP;
	assert_int_equal(attack_in(&led, nothing), 0);
	led.write = LIST("/srv/area/out/alternatives");
	assert_int_equal(attack_in(&led, nothing), 0);
	entering_error = 0;
}

/* Without rights, and as root without CAP_SYS_ADMIN, as a run of root has it. */
static int try_to_undo(void)
{
	unsigned long flags = MS_REMOUNT | MS_BIND;

	if (geteuid() == 0)
		WORKS(prctl(PR_CAPBSET_DROP, 21) == 0 && setresuid(0, 0, 0) == 0);
	REFUSED(mount(NULL, "/srv", NULL, flags, NULL), EPERM);
	REFUSED(mount("/srv/other", "/srv/area", NULL, MS_BIND, NULL), EPERM);
	REFUSED(umount2("/srv/secret", MNT_DETACH), EPERM);
	REFUSED(umount2("/", MNT_DETACH), EPERM);
	REFUSED(syscall(SYS_pivot_root, ".", "."), EPERM);
	REFUSED(open_tree(AT_FDCWD, "/srv", OPEN_TREE_CLONE), EPERM);
	REFUSED(fsopen("tmpfs", 0), EPERM);
	REFUSED(unshare(CLONE_NEWNS), EPERM);
	return 0;
}

static int try_other_namespaces(void)
{
	struct {
		struct file_handle handle;
		unsigned char bytes[128];
	} file = { .handle.handle_bytes = 128 };
	int id, top = open("/", O_RDONLY | O_DIRECTORY);

	REFUSED(open("/proc/1/ns/mnt", O_RDONLY), EACCES);
	REFUSED(open("/proc/1/root/srv/other/file", O_WRONLY), EACCES);
	REFUSED(open("/proc/1/cwd/", O_RDONLY), EACCES);
	file.handle.handle_bytes = 64;
	if (name_to_handle_at(AT_FDCWD, "/srv/other/file", &file.handle, &id, 0) == 0)
		REFUSED(open_by_handle_at(top, &file.handle, O_WRONLY), EPERM);
	return try_to_undo();
}

static void R37_a_view_is_not_undone(void **state)
{
	struct restriction restriction = writes(LIST("/srv/area"));

	(void)state;
	need_root();
	restriction.hidden = LIST("/srv/secret");
	assert_int_equal(attack_in(&restriction, try_other_namespaces), 0);
}

/* --- hidden --- */

static int try_hidden(void)
{
	REFUSED(open("/srv/secret/key", O_RDONLY), EACCES);
	REFUSED(open("/srv/secret", O_RDONLY), EACCES);
	REFUSED(open("/srv/alias/key", O_RDONLY), EACCES);
	REFUSED(open("/srv/area/.git/config", O_RDONLY), EACCES);
	REFUSED(open("/srv/area/page", O_RDONLY), EACCES);
	REFUSED(open("/srv/area/page", O_WRONLY), EACCES);
	REFUSED(open("/proc/version", O_RDONLY), EACCES);
	REFUSED(rename("/srv/area/page", "/srv/area/page2"), EBUSY);
	REFUSED(unlink("/srv/area/page"), EBUSY);
	REFUSED(link("/srv/area/page", "/srv/area/page2"), EXDEV);
	REFUSED(rmdir("/srv/area/.git"), EBUSY);
	WORKS(rename("/srv/area/sub", "/srv/area/sub2") == 0);
	REFUSED(open("/srv/area/sub2/page", O_RDONLY), EACCES);
	WORKS(rename("/srv/area/sub2", "/srv/area/sub") == 0);
	REFUSED(chmod("/srv/area/page", 0777), EROFS);
	return 0;
}

static void R37_what_is_hidden_is_not_there(void **state)
{
	struct restriction restriction = writes(LIST("/srv/area"));

	(void)state;
	need_root();
	restriction.hidden = LIST("/srv/alias", "/srv/area/.git", "/srv/area/page", "/srv/missing",
		"/srv/area/page/below", "/srv/area/sub/page", "/proc/version");
	assert_int_equal(attack_in(&restriction, try_hidden), 0);
}

static int root_sees_nothing(void)
{
	struct stat status;

	WORKS(prctl(PR_CAPBSET_DROP, 21) == 0 && setresuid(0, 0, 0) == 0);
	REFUSED(stat("/srv/secret/key", &status), ENOENT);
	REFUSED(stat("/../file", &status), ENOENT);
	REFUSED(chmod("/srv/secret", 0777), EROFS);
	return 0;
}

static void R37_root_does_not_see_what_is_hidden(void **state)
{
	struct restriction restriction = { .execute = EXECUTE_ANY };

	(void)state;
	need_root();
	restriction.hidden = LIST("/srv/secret");
	assert_int_equal(attack_as(0, &restriction, root_sees_nothing), 0);
}

static void R45_no_link_of_an_account_is_hidden_in_its_place(void **state)
{
	struct restriction restriction = { .execute = EXECUTE_ANY };

	(void)state;
	need_root();
	restriction.hidden = LIST("/srv/area/out");
	entering_error = ELOOP;
	assert_int_equal(attack_in(&restriction, nothing), 0);
	entering_error = 0;
}

/* --- protected names --- */

static int try_protected(void)
{
	WORKS(open("/srv/area/page", O_RDWR | O_TRUNC) >= 0);
	WORKS(open("/srv/area/sub/page", O_RDWR) >= 0);
	WORKS(open("/srv/area/mounted/page", O_RDWR) >= 0);
	REFUSED(open("/srv/area/.htaccess", O_WRONLY), EROFS);
	REFUSED(open("/srv/area/sub/.profile", O_WRONLY), EROFS);
	REFUSED(open("/srv/area/.git/config", O_WRONLY), EROFS);
	REFUSED(open("/srv/area/first", O_WRONLY), EROFS);
	REFUSED(open("/srv/area/.new", O_CREAT | O_WRONLY, 0600), EROFS);
	REFUSED(open("/srv/area/mounted/.new", O_CREAT | O_WRONLY, 0600), EROFS);
	REFUSED(open("/srv/area", O_TMPFILE | O_WRONLY, 0600), EROFS);
	REFUSED(rename("/srv/area/sub/page", "/srv/area/.htaccess"), EROFS);
	REFUSED(rename("/srv/area/page", "/srv/area/.new"), EROFS);
	REFUSED(link("/srv/area/page", "/srv/area/.new"), EROFS);
	REFUSED(symlink("/etc/passwd", "/srv/area/.new"), EROFS);
	REFUSED(mkdir("/srv/area/.ssh", 0700), EROFS);
	REFUSED(unlink("/srv/area/.htaccess"), EROFS);
	REFUSED(rename("/srv/area/sub", "/srv/area/.sub"), EROFS);
	REFUSED(chmod("/srv/area/.htaccess", 0777), EROFS);
	return 0;
}

static void R37_protected_names_are_neither_written_nor_made(void **state)
{
	struct restriction restriction = writes(LIST("/srv/area"));

	(void)state;
	need_root();
	restriction.protected_names = LIST(".*", "*.key");
	assert_int_equal(attack_in(&restriction, try_protected), 0);
}

static int try_listed(void)
{
	WORKS(open("/srv/area/.htaccess", O_RDWR) >= 0);
	REFUSED(open("/srv/area/sub/.profile", O_WRONLY), EROFS);
	return 0;
}

static void R37_a_protected_name_may_be_listed(void **state)
{
	struct restriction restriction = writes(LIST("/srv/area", "/srv/area/.htaccess"));

	(void)state;
	need_root();
	restriction.protected_names = LIST(".*");
	assert_int_equal(attack_in(&restriction, try_listed), 0);
}

static void R43_an_area_too_large_to_protect_is_an_error(void **state)
{
	struct restriction restriction = writes(LIST("/srv/large"));

	(void)state;
	need_root();
	restriction.protected_names = LIST(".*");
	if (mkdir("/srv/large", 0755) == 0)
		for (int i = 0; i <= 4096; i++)
			write_file(arena_printf(arena, "/srv/large/%d", i), "", ACCOUNT, 0644);
	entering_error = ENFILE;
	assert_int_equal(attack_in(&restriction, nothing), 0);
	restriction = (struct restriction){ .execute = EXECUTE_ANY };
	restriction.protected_names = LIST(".*");
	entering_error = EINVAL;
	assert_int_equal(attack_in(&restriction, nothing), 0);
	entering_error = 0;
}

/* --- own /tmp, own /proc --- */

static int try_own_tmp(void)
{
	struct stat status;
	int fd;

	REFUSED(stat("/tmp/rolegate-view-test", &status), ENOENT);
	WORKS((fd = open("/tmp/new", O_CREAT | O_WRONLY, 0600)) >= 0);
	WORKS(open("/var/tmp/new", O_CREAT | O_WRONLY, 0600) >= 0);
	WORKS(open("/dev/shm/new", O_CREAT | O_WRONLY, 0600) >= 0);
	WORKS(symlink("/srv/bin/echo", "/tmp/link") == 0);
	WORKS(mkfifo("/tmp/fifo", 0600) == 0);
	REFUSED(fallocate(fd, 0, 0, 300 << 20), ENOSPC);
	return 0;
}

static void R37_an_own_tmp_is_empty_and_gone_afterwards(void **state)
{
	struct restriction restriction = { .execute = EXECUTE_ANY, .own_tmp = true };
	struct stat status;

	(void)state;
	need_root();
	write_file("/tmp/rolegate-view-test", "", ACCOUNT, 0644);
	assert_int_equal(attack_in(&restriction, try_own_tmp), 0);
	unlink("/tmp/rolegate-view-test");
	assert_int_not_equal(stat("/tmp/new", &status), 0);
	assert_int_not_equal(stat("/dev/shm/new", &status), 0);
}

static int try_own_proc(void)
{
	char path[32], text[8];
	int fd;

	REFUSED(open("/proc/1/cmdline", O_RDONLY), ENOENT);
	snprintf(path, sizeof(path), "/proc/%d/stat", getppid());
	REFUSED(open(path, O_RDONLY), ENOENT);
	WORKS((fd = open("/proc/self/comm", O_RDONLY)) >= 0 && read(fd, text, 8) > 0);
	WORKS(open("/proc/self/fd/0", O_PATH) >= 0);
	WORKS(open("/proc/meminfo", O_RDONLY) >= 0);
	return 0;
}

static void R37_an_own_proc_shows_no_other_account(void **state)
{
	struct restriction restriction = { .execute = EXECUTE_ANY, .own_proc = true };

	(void)state;
	need_root();
	assert_int_equal(attack_in(&restriction, try_own_proc), 0);
}

/* --- a narrow list of what is read --- */

static int try_narrow(void)
{
	struct stat status;
	struct statfs system;
	int fd;

	WORKS(open("/srv/other/file", O_RDONLY) >= 0);
	WORKS(open("/srv/area/page", O_RDWR) >= 0);
	WORKS(statfs("/", &system) == 0 && system.f_type == TMPFS_MAGIC);
	REFUSED(open("/srv/other/file", O_WRONLY), EROFS);
	REFUSED(stat("/srv/secret", &status), ENOENT);
	REFUSED(stat("/root", &status), ENOENT);
	REFUSED(stat("/etc/shadow", &status), ENOENT);
	REFUSED(stat("/../srv/secret", &status), ENOENT);
	REFUSED(mkdir("/new", 0700), EROFS);
	WORKS(getpwuid(0) != NULL && getgrgid(0) != NULL);
	WORKS(getservbyname("domain", "udp") != NULL || errno == ENOENT);
	WORKS((fd = open("/dev/urandom", O_RDONLY)) >= 0 && read(fd, &fd, sizeof(fd)) > 0);
	WORKS(open("/dev/null", O_WRONLY) >= 0);
	WORKS(open("/dev/fd/2", O_PATH) >= 0);
	WORKS(stat("/bin/sh", &status) == 0);
	return 0;
}

static int start(const char *path, const char *const *words)
{
	static const char *const environment[] = { "PATH=/usr/bin", NULL };
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		execve(path, (char *const *)(uintptr_t)words,
			(char *const *)(uintptr_t)environment);
		_exit(100 + (errno == EACCES ? 26 : 25));
	}
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

#define START(path, ...) start(path, (const char *const[]){ path, __VA_ARGS__, NULL })

static int start_in_narrow(void)
{
	WORKS(START("/usr/bin/id", "-un") == 0);
	WORKS(START("/bin/sh", "-c", "/bin/ls / /dev/null </dev/null >/dev/null") == 0);
	WORKS(START("/usr/bin/cat", "/srv/secret/key") == 1);
	return try_narrow();
}

static struct restriction reads(struct strings areas)
{
	struct restriction restriction = writes(LIST("/srv/area"));

	restriction.has[RESTRICT_READ] = true;
	restriction.read = areas;
	return restriction;
}

static void R37_only_what_is_listed_is_read(void **state)
{
	struct restriction restriction = reads(LIST("/srv/other"));

	(void)state;
	need_root();
	assert_int_equal(attack_in(&restriction, start_in_narrow), 0);
	restriction.own_proc = restriction.own_tmp = true;
	restriction.protected_names = LIST(".*");
	restriction.hidden = LIST("/srv/secret", "/srv/area/sub");
	assert_int_equal(attack_in(&restriction, start_in_narrow), 0);
}

/* --- lists of executables --- */

static struct restriction executes(struct strings paths)
{
	struct restriction restriction = { .execute = EXECUTE_LISTED };

	restriction.has[RESTRICT_EXECUTE] = true;
	restriction.execute_paths = paths;
	return restriction;
}

#define LOADER "/lib64/ld-linux-x86-64.so.2"

static int map_executable(const char *path)
{
	_cleanup_fd_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	void *code = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);

	if (code == MAP_FAILED)
		return -1;
	munmap(code, 4096);
	return 0;
}

static int map_then_protect(const char *path)
{
	_cleanup_fd_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	void *code = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0);

	return code == MAP_FAILED ? 0 : mprotect(code, 4096, PROT_READ | PROT_EXEC);
}

static int execute_at(int directory, const char *path, int flags)
{
	char *const words[] = { (char[]){ "x" }, NULL };
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		execveat(directory, path, words, words + 1, flags);
		_exit(errno);
	}
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return 0;
	errno = WEXITSTATUS(status);
	return errno == 0 ? 0 : -1;
}

static int execute_by_fd(const char *path)
{
	_cleanup_fd_ int fd = open(path, O_RDONLY);

	return execute_at(fd, "", AT_EMPTY_PATH);
}

static int execute_by_proc(const char *path)
{
	_cleanup_fd_ int fd = open(path, O_RDONLY);
	char link[32];

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	return execute_at(AT_FDCWD, link, 0);
}

/* What a program of the account's own making has copied itself to. */
static int execute_copy(const char *to)
{
	_cleanup_fd_ int in = open("/srv/bin/echo", O_RDONLY | O_CLOEXEC), out = -1;
	char bytes[4096];
	ssize_t length;

	out = open(to, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0755);
	if (out < 0)
		return -1;
	while ((length = read(in, bytes, sizeof(bytes))) > 0)
		if (fd_write_all(out, bytes, (size_t)length) < 0)
			return -1;
	fd_close(&out);
	return execute_at(AT_FDCWD, to, 0);
}

static int try_to_execute(void)
{
	int status;

	WORKS(START("/usr/bin/id", "-un") == 0);
	REFUSED(execute_at(AT_FDCWD, "/usr/bin/cat", 0), EACCES);
	REFUSED(execute_at(AT_FDCWD, "/bin/sh", 0), EACCES);
	REFUSED(execute_at(AT_FDCWD, "/srv/bin/echo", 0), EACCES);
	REFUSED(execute_at(AT_FDCWD, "/srv/bin/script", 0), EACCES);
	REFUSED(execute_at(AT_FDCWD, "/srv/area/bin/echo", 0), EACCES);
	REFUSED(execute_by_fd("/srv/bin/echo"), EACCES);
	REFUSED(execute_by_proc("/srv/bin/echo"), EACCES);
	REFUSED(execute_copy("/tmp/rolegate-view-copy"), EACCES);
	REFUSED(execute_copy("/dev/shm/rolegate-view-copy"), EACCES);
	REFUSED(execute_copy("/srv/area/copy"), EACCES);
	unlink("/tmp/rolegate-view-copy");
	unlink("/dev/shm/rolegate-view-copy");
	unlink("/srv/area/copy");
	REFUSED(map_executable("/srv/bin/echo"), EPERM);
	REFUSED(map_then_protect("/srv/bin/echo"), EACCES);
	REFUSED(map_executable("/usr/bin/cat"), EPERM);
	WORKS((status = START(LOADER, "/usr/bin/id", "-u")) == 0 || status == 127);
	WORKS(START(LOADER, "/srv/bin/echo") == 127);
	WORKS(START(LOADER, "/usr/bin/cat") == 127);
	WORKS(START(LOADER, "--preload", "/srv/area/bin/echo", "/usr/bin/id") != 100);
	return 0;
}

static void R37_only_what_is_listed_is_executed(void **state)
{
	struct restriction restriction = executes(LIST("/usr/bin/id"));

	(void)state;
	need_root();
	assert_int_equal(attack_in(&restriction, try_to_execute), 0);
}

/* What lies in a library directory is not executable for that. */
static int try_library_directory(void)
{
	REFUSED(execute_at(AT_FDCWD, "/usr/lib/x86_64-linux-gnu/rolegate-test-echo", 0), EACCES);
	WORKS(START(LOADER, "/usr/lib/x86_64-linux-gnu/rolegate-test-echo") == 127);
	return 0;
}

static void R37_programs_among_the_libraries_stay_out(void **state)
{
	struct restriction restriction = executes(LIST("/usr/bin/id"));
	static const char there[] = "/usr/lib/x86_64-linux-gnu/rolegate-test-echo";
	int status;

	(void)state;
	need_root();
	copy_program("/usr/bin/echo", there);
	status = attack_in(&restriction, try_library_directory);
	unlink(there);
	assert_int_equal(status, 0);
}

static int try_listed_in_an_area(void)
{
	WORKS(START("/srv/bin/echo", "-n") == 0);
	WORKS(START("/usr/bin/id", "-u") == 0);
	REFUSED(open("/srv/area/page2", O_CREAT | O_WRONLY, 0600), EROFS);
	REFUSED(execute_copy("/srv/other/copy"), EACCES);
	unlink("/srv/other/copy");
	REFUSED(execute_at(AT_FDCWD, "/bin/sh", 0), EACCES);
	REFUSED(execute_at(AT_FDCWD, "/srv/bin/script", 0), EACCES);
	return 0;
}

static int try_narrow_and_listed(void)
{
	struct stat status;

	WORKS(START("/srv/bin/echo", "-n") == 0);
	REFUSED(stat("/srv/bin/script", &status), ENOENT);
	REFUSED(execute_at(AT_FDCWD, "/bin/sh", 0), EACCES);
	REFUSED(execute_copy("/srv/area/copy"), EACCES);
	unlink("/srv/area/copy");
	return 0;
}

static void R37_lists_of_files_and_executables_together(void **state)
{
	struct restriction restriction = executes(LIST("/usr/bin/id", "/srv/bin/echo"));

	(void)state;
	need_root();
	restriction.has[RESTRICT_WRITE] = true;
	restriction.write = LIST("/srv/other");
	assert_int_equal(attack_in(&restriction, try_listed_in_an_area), 0);
	restriction.has[RESTRICT_READ] = true;
	restriction.write = LIST("/srv/area");
	assert_int_equal(attack_in(&restriction, try_narrow_and_listed), 0);
}

static void R28_what_an_account_can_change_is_not_listed(void **state)
{
	struct restriction restriction = executes(LIST("/srv/area/bin/echo"));

	(void)state;
	need_root();
	entering_error = EPERM;
	assert_int_equal(attack_in(&restriction, nothing), 0);
	restriction.execute_paths = LIST("/srv/bin/missing");
	entering_error = ENOENT;
	assert_int_equal(attack_in(&restriction, nothing), 0);
	entering_error = 0;
}

/* --- reading back --- */

static void R43_a_view_that_was_not_made_is_noticed(void **state)
{
	struct restriction restriction = writes((struct strings){ .count = 0 });

	(void)state;
	need_root();
	assert_false(view_holds(&restriction));
	restriction = reads(LIST("/srv/other"));
	restriction.has[RESTRICT_WRITE] = false;
	assert_false(view_holds(&restriction));
	restriction = executes(LIST("/usr/bin/id"));
	assert_false(view_holds(&restriction));
	restriction = (struct restriction){ .own_proc = true };
	assert_false(view_holds(&restriction));
	restriction = (struct restriction){ .own_tmp = true };
	write_file("/tmp/rolegate-view-test", "", ACCOUNT, 0644);
	assert_false(view_holds(&restriction));
	unlink("/tmp/rolegate-view-test");
	restriction = (struct restriction){ .hidden = LIST("/srv/secret") };
	assert_false(view_holds(&restriction));
}

static void a_view_is_needed_where_a_field_says_so(void **state)
{
	const struct support landlock = { .landlock = 3 }, mounts = { .mounts = true };
	struct restriction restriction = { .execute = EXECUTE_NONE };

	(void)state;
	restriction.has[RESTRICT_EXECUTE] = true;
	assert_false(view_is_needed(&restriction, &mounts));
	restriction.execute = EXECUTE_LISTED;
	assert_true(view_is_needed(&restriction, &mounts));
	restriction = writes(LIST("/"));
	assert_false(view_is_needed(&restriction, &mounts));
	restriction = writes((struct strings){ .count = 0 });
	assert_true(view_is_needed(&restriction, &mounts));
	assert_false(view_is_needed(&restriction, &landlock));
	assert_true(view_is_needed(&restriction, &(struct support){ .landlock = 0 }));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(R37_nothing_is_written_where_nothing_may_be),
		cmocka_unit_test(R37_only_the_areas_are_written),
		cmocka_unit_test(R37_an_area_may_be_one_file),
		cmocka_unit_test(R45_no_link_of_an_account_is_followed),
		cmocka_unit_test(R37_a_view_is_not_undone),
		cmocka_unit_test(R37_what_is_hidden_is_not_there),
		cmocka_unit_test(R37_root_does_not_see_what_is_hidden),
		cmocka_unit_test(R45_no_link_of_an_account_is_hidden_in_its_place),
		cmocka_unit_test(R37_protected_names_are_neither_written_nor_made),
		cmocka_unit_test(R37_a_protected_name_may_be_listed),
		cmocka_unit_test(R43_an_area_too_large_to_protect_is_an_error),
		cmocka_unit_test(R37_an_own_tmp_is_empty_and_gone_afterwards),
		cmocka_unit_test(R37_an_own_proc_shows_no_other_account),
		cmocka_unit_test(R37_only_what_is_listed_is_read),
		cmocka_unit_test(R37_only_what_is_listed_is_executed),
		cmocka_unit_test(R37_programs_among_the_libraries_stay_out),
		cmocka_unit_test(R37_lists_of_files_and_executables_together),
		cmocka_unit_test(R28_what_an_account_can_change_is_not_listed),
		cmocka_unit_test(R43_a_view_that_was_not_made_is_noticed),
		cmocka_unit_test(a_view_is_needed_where_a_field_says_so),
	};

	return cmocka_run_group_tests_name("view", tests, set_up, tear_down);
}
