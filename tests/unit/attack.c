#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attack.h"
#include "base/fd.h"

struct arena *attack_arena;

void attack_file(const char *path, const char *text, uid_t owner, mode_t mode)
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

void attack_copy_program(const char *from, const char *to)
{
	_cleanup_fd_ int in = open(from, O_RDONLY | O_CLOEXEC);
	_cleanup_fd_ int out = open(to, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0755);
	size_t length;
	char *bytes;

	assert_true(in >= 0 && out >= 0);
	bytes = fd_read_all(attack_arena, in, 64 << 20, &length);
	assert_non_null(bytes);
	assert_int_equal(fd_write_all(out, bytes, length), 0);
	assert_int_equal(fchmod(out, 0755), 0);
}

/* An account's areas, and what is not its own, in memory on /srv. */
static void make_files(void)
{
	assert_int_equal(mount("srv", "/srv", "tmpfs", 0, "mode=755"), 0);
	make_directory("/srv/area", ATTACK_ACCOUNT, 0755);
	attack_file("/srv/area/page", "page", ATTACK_ACCOUNT, 0644);
	attack_file("/srv/area/.htaccess", "rules", ATTACK_ACCOUNT, 0644);
	make_directory("/srv/area/sub", ATTACK_ACCOUNT, 0755);
	attack_file("/srv/area/sub/page", "page", ATTACK_ACCOUNT, 0644);
	attack_file("/srv/area/sub/.profile", "rules", ATTACK_ACCOUNT, 0644);
	make_directory("/srv/area/.git", ATTACK_ACCOUNT, 0755);
	attack_file("/srv/area/.git/config", "rules", ATTACK_ACCOUNT, 0644);
	attack_file("/srv/area/first", "page", ATTACK_ACCOUNT, 0644);
	assert_int_equal(link("/srv/area/first", "/srv/area/.second"), 0);
	assert_int_equal(symlink("/etc", "/srv/area/out"), 0);
	make_directory("/srv/area/mounted", ATTACK_ACCOUNT, 0755);
	assert_int_equal(mount("sub", "/srv/area/mounted", "tmpfs", 0, "mode=777"), 0);
	attack_file("/srv/area/mounted/page", "page", ATTACK_ACCOUNT, 0666);
	make_directory("/srv/other", ATTACK_ACCOUNT, 0755);
	attack_file("/srv/other/file", "other", ATTACK_ACCOUNT, 0644);
	make_directory("/srv/secret", 0, 0755);
	attack_file("/srv/secret/key", "secret", 0, 0644);
	attack_file("/srv/secret/plain", "secret", 0, 0644);
	assert_int_equal(symlink("secret", "/srv/alias"), 0);
	make_directory("/srv/bin", 0, 0755);
	attack_copy_program("/usr/bin/echo", "/srv/bin/echo");
	attack_file("/srv/bin/script", "#!/bin/sh\necho script\n", 0, 0755);
	make_directory("/srv/area/bin", ATTACK_ACCOUNT, 0755);
	attack_copy_program("/usr/bin/echo", "/srv/area/bin/echo");
	assert_int_equal(chown("/srv/area/bin/echo", ATTACK_ACCOUNT, ATTACK_ACCOUNT), 0);
}

int attack_set_up(void **state)
{
	(void)state;
	attack_arena = arena_new();
	if (geteuid() != 0 || unshare(CLONE_NEWNS) != 0 ||
		mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
		return 0;
	make_files();
	return 0;
}

int attack_tear_down(void **state)
{
	(void)state;
	arena_free(attack_arena);
	return 0;
}

void attack_need_root(void)
{
	struct stat status;

	if (geteuid() != 0 || stat("/srv/area", &status) != 0) {
		print_message("test needs root, for mounts\n");
		skip();
	}
}

struct strings attack_list(const char *const *paths)
{
	struct strings list = {.count = 0};

	for (; *paths != NULL; paths++)
		strings_add(attack_arena, &list, *paths);
	return list;
}

struct restriction attack_writes(struct strings areas)
{
	struct restriction restriction = {.execute = EXECUTE_ANY};

	restriction.has[RESTRICT_WRITE] = true;
	restriction.write = areas;
	return restriction;
}

struct restriction attack_executes(struct strings paths)
{
	struct restriction restriction = {.execute = EXECUTE_LISTED};

	restriction.has[RESTRICT_EXECUTE] = true;
	restriction.execute_paths = paths;
	return restriction;
}

void attack_become_account(void)
{
	if (setgroups(0, NULL) != 0 ||
		setresgid(ATTACK_ACCOUNT, ATTACK_ACCOUNT, ATTACK_ACCOUNT) != 0 ||
		setresuid(ATTACK_ACCOUNT, ATTACK_ACCOUNT, ATTACK_ACCOUNT) != 0 ||
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
		prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) != 0) /* as after execve */
		_exit(ATTACK_STILL_ROOT);
}

int attack_status(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

int attack_start(const char *path, const char *const *words)
{
	static const char *const environment[] = {"PATH=/usr/bin", NULL};
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

struct restriction attack_complete(const struct restriction *restriction)
{
	struct restriction complete = *restriction;

	complete.has[RESTRICT_HIDDEN] = complete.hidden.count > 0;
	complete.has[RESTRICT_PROTECTED] = complete.protected_names.count > 0;
	complete.has[RESTRICT_PROC] = complete.own_proc;
	complete.has[RESTRICT_TMP] = complete.own_tmp;
	return complete;
}
