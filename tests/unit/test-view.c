/*
 * What a program finds in a view, as an attacker: each test enters a view in a process of its own,
 * becomes an account without rights, and tries. In a mount namespace of its own; needs root.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <grp.h>
#include <linux/magic.h>
#include <netdb.h>
#include <pwd.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include "attack-view.h"
#include "base/fd.h"
#include "confine/view.h"

/* --- write --- */

static const char *proc_of_parent(const char *name)
{
	return arena_printf(attack_arena, "/proc/%d/%s", getppid(), name);
}

static int try_to_write(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "/srv/other/socket"};
	struct timespec times[2] = {{1, 0}, {1, 0}};

	REFUSED(open("/srv/other/file", O_WRONLY), EROFS);
	REFUSED(open("/srv/other/file", O_RDWR | O_TRUNC), EROFS);
	REFUSED(open("/srv/other/new", O_CREAT | O_WRONLY, 0600), EROFS);
	REFUSED(open("/srv/other", O_TMPFILE | O_WRONLY, 0600), EROFS);
	REFUSED(truncate("/srv/other/file", 0), EROFS);
	REFUSED(chmod("/srv/other/file", 0777), EROFS);
	REFUSED(chown("/srv/other/file", ATTACK_ACCOUNT, ATTACK_ACCOUNT), EROFS);
	REFUSED(utimensat(AT_FDCWD, "/srv/other/file", times, 0), EROFS);
	REFUSED(unlink("/srv/other/file"), EROFS);
	REFUSED(mkdir("/srv/other/new", 0700), EROFS);
	REFUSED(mkfifo("/srv/other/new", 0700), EROFS);
	REFUSED(symlink("/etc", "/srv/other/new"), EROFS);
	REFUSED(bind(socket(AF_UNIX, SOCK_STREAM, 0), (void *)&address, sizeof(address)), EROFS);
	REFUSED(open("/tmp/new", O_CREAT | O_WRONLY, 0600), EROFS);
	REFUSED(open("/dev/shm/new", O_CREAT | O_WRONLY, 0600), EROFS);
	REFUSED(open("/proc/sys/kernel/domainname", O_WRONLY), EACCES);
	REFUSED(chmod("/proc/sys/kernel/domainname", 0666), EROFS);
	REFUSED(chmod(proc_of_parent("comm"), 0666), EROFS);
	WORKS(open("/proc/self/comm", O_WRONLY) >= 0);
	WORKS(open("/dev/null", O_WRONLY) >= 0);
	WORKS(open("/dev/ptmx", O_RDWR | O_NOCTTY) >= 0);
	return 0;
}

static void R37_nothing_is_written_where_nothing_may_be(void **state)
{
	struct restriction none = attack_writes((struct strings){.count = 0});

	(void)state;
	attack_need_root();
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
	struct restriction one = attack_writes(LIST("/srv/area", "/srv/missing"));

	(void)state;
	attack_need_root();
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
	struct restriction one = attack_writes(LIST("/srv/area/page"));

	(void)state;
	attack_need_root();
	assert_int_equal(attack_in(&one, try_one_file), 0);
}

/* The account's own link would make a hole in /etc. */
static void R45_no_link_of_an_account_is_followed(void **state)
{
	struct restriction led = attack_writes(LIST("/srv/area/out"));

	(void)state;
	attack_need_root();
	assert_int_equal(attack_fails_to_enter(&led, ELOOP), 0);
	led.write = LIST("/srv/area/out/alternatives");
	assert_int_equal(attack_fails_to_enter(&led, ELOOP), 0);
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
	} file = {.handle.handle_bytes = 128};
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
	struct restriction restriction = attack_writes(LIST("/srv/area"));

	(void)state;
	attack_need_root();
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
	struct restriction restriction = attack_writes(LIST("/srv/area"));

	(void)state;
	attack_need_root();
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
	struct restriction restriction = {.execute = EXECUTE_ANY};

	(void)state;
	attack_need_root();
	restriction.hidden = LIST("/srv/secret");
	assert_int_equal(attack_as(0, &restriction, root_sees_nothing), 0);
}

static void R45_no_link_of_an_account_is_hidden_in_its_place(void **state)
{
	struct restriction restriction = {.execute = EXECUTE_ANY};

	(void)state;
	attack_need_root();
	restriction.hidden = LIST("/srv/area/out");
	assert_int_equal(attack_fails_to_enter(&restriction, ELOOP), 0);
}

static int see_no_propagation(void)
{
	_cleanup_fd_ int fd = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
	size_t length;
	const char *text = fd_read_all(attack_arena, fd, 1 << 20, &length);

	WORKS(text != NULL && strstr(text, "/srv") != NULL);
	WORKS(strstr(text, "shared:") == NULL && strstr(text, "master:") == NULL);
	return 0;
}

/* What would be mounted outside later would come in without its flags. */
static void R37_no_mount_comes_in_later(void **state)
{
	struct restriction restriction = attack_writes(LIST("/srv/area"));

	(void)state;
	attack_need_root();
	assert_int_equal(mount(NULL, "/srv/area/mounted", NULL, MS_SHARED, NULL), 0);
	assert_int_equal(attack_in(&restriction, see_no_propagation), 0);
	assert_int_equal(mount(NULL, "/srv/area/mounted", NULL, MS_PRIVATE, NULL), 0);
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
	struct restriction restriction = attack_writes(LIST("/srv/area"));

	(void)state;
	attack_need_root();
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
	struct restriction restriction = attack_writes(LIST("/srv/area", "/srv/area/.htaccess"));

	(void)state;
	attack_need_root();
	restriction.protected_names = LIST(".*");
	assert_int_equal(attack_in(&restriction, try_listed), 0);
}

static void R43_an_area_too_large_to_protect_is_an_error(void **state)
{
	struct restriction restriction = attack_writes(LIST("/srv/large"));

	(void)state;
	attack_need_root();
	restriction.protected_names = LIST(".*");
	if (mkdir("/srv/large", 0755) == 0)
		for (int i = 0; i <= 4096; i++)
			attack_file(arena_printf(attack_arena, "/srv/large/%d", i), "",
				ATTACK_ACCOUNT, 0644);
	assert_int_equal(attack_fails_to_enter(&restriction, ENFILE), 0);
	restriction = (struct restriction){.execute = EXECUTE_ANY};
	restriction.protected_names = LIST(".*");
	assert_int_equal(attack_fails_to_enter(&restriction, EINVAL), 0);
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
	struct restriction restriction = {.execute = EXECUTE_ANY, .own_tmp = true};
	struct stat status;

	(void)state;
	attack_need_root();
	attack_file("/tmp/rolegate-view-test", "", ATTACK_ACCOUNT, 0644);
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
	struct restriction restriction = {.execute = EXECUTE_ANY, .own_proc = true};

	(void)state;
	attack_need_root();
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

static int start_in_narrow(void)
{
	WORKS(START("/usr/bin/id", "-un") == 0);
	WORKS(START("/bin/sh", "-c", "/bin/ls / /dev/null </dev/null >/dev/null") == 0);
	WORKS(START("/usr/bin/cat", "/srv/secret/key") == 1);
	return try_narrow();
}

static struct restriction reads(struct strings areas)
{
	struct restriction restriction = attack_writes(LIST("/srv/area"));

	restriction.has[RESTRICT_READ] = true;
	restriction.read = areas;
	return restriction;
}

static void R37_only_what_is_listed_is_read(void **state)
{
	struct restriction restriction = reads(LIST("/srv/other"));

	(void)state;
	attack_need_root();
	assert_int_equal(attack_in(&restriction, start_in_narrow), 0);
	restriction.own_proc = restriction.own_tmp = true;
	restriction.protected_names = LIST(".*");
	restriction.hidden = LIST("/srv/secret", "/srv/area/sub");
	assert_int_equal(attack_in(&restriction, start_in_narrow), 0);
}

/* --- reading back --- */

static bool holds(const struct restriction *restriction)
{
	const struct restriction complete = attack_complete(restriction);

	return view_holds(&complete);
}

static void R43_a_view_that_was_not_made_is_noticed(void **state)
{
	struct restriction restriction = attack_writes((struct strings){.count = 0});

	(void)state;
	attack_need_root();
	assert_false(holds(&restriction));
	restriction = reads(LIST("/srv/other"));
	restriction.has[RESTRICT_WRITE] = false;
	assert_false(holds(&restriction));
	restriction = attack_executes(LIST("/usr/bin/id"));
	assert_false(holds(&restriction));
	restriction = (struct restriction){.own_proc = true};
	assert_false(holds(&restriction));
	restriction = (struct restriction){.own_tmp = true};
	attack_file("/tmp/rolegate-view-test", "", ATTACK_ACCOUNT, 0644);
	assert_false(holds(&restriction));
	unlink("/tmp/rolegate-view-test");
	restriction = (struct restriction){.hidden = LIST("/srv/secret")};
	assert_false(holds(&restriction));
}

static void a_view_is_needed_where_a_field_says_so(void **state)
{
	const struct support landlock = {.landlock = 3}, mounts = {.mounts = true};
	struct restriction restriction = {.execute = EXECUTE_NONE};

	(void)state;
	restriction.has[RESTRICT_EXECUTE] = true;
	assert_false(view_is_needed(&restriction, &mounts));
	restriction.execute = EXECUTE_LISTED;
	assert_true(view_is_needed(&restriction, &mounts));
	restriction = attack_writes(LIST("/"));
	assert_false(view_is_needed(&restriction, &mounts));
	restriction = attack_writes((struct strings){.count = 0});
	assert_true(view_is_needed(&restriction, &mounts));
	assert_false(view_is_needed(&restriction, &landlock));
	assert_true(view_is_needed(&restriction, &(struct support){.landlock = 0}));
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
		cmocka_unit_test(R37_no_mount_comes_in_later),
		cmocka_unit_test(R37_protected_names_are_neither_written_nor_made),
		cmocka_unit_test(R37_a_protected_name_may_be_listed),
		cmocka_unit_test(R43_an_area_too_large_to_protect_is_an_error),
		cmocka_unit_test(R37_an_own_tmp_is_empty_and_gone_afterwards),
		cmocka_unit_test(R37_an_own_proc_shows_no_other_account),
		cmocka_unit_test(R37_only_what_is_listed_is_read),
		cmocka_unit_test(R43_a_view_that_was_not_made_is_noticed),
		cmocka_unit_test(a_view_is_needed_where_a_field_says_so),
	};

	return cmocka_run_group_tests_name("view", tests, attack_set_up, attack_tear_down);
}
