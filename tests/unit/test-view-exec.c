/*
 * Lists of executables in a view: an attacker tries to run something else. Each test enters a view
 * in a process of its own, becomes an account without rights, and tries. In a mount namespace of
 * its own; needs root.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attack-view.h"
#include "base/fd.h"
#include "confine/elf_needs.h"
#include "confine/view.h"

/* --- lists of executables --- */

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
	char *const words[] = {(char[]){"x"}, NULL};
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
	struct restriction restriction = attack_executes(LIST("/usr/bin/id"));

	(void)state;
	attack_need_root();
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
	struct restriction restriction = attack_executes(LIST("/usr/bin/id"));
	static const char there[] = "/usr/lib/x86_64-linux-gnu/rolegate-test-echo";
	int status;

	(void)state;
	attack_need_root();
	attack_copy_program("/usr/bin/echo", there);
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
	struct restriction restriction = attack_executes(LIST("/usr/bin/id", "/srv/bin/echo"));

	(void)state;
	attack_need_root();
	restriction.has[RESTRICT_WRITE] = true;
	restriction.write = LIST("/srv/other");
	assert_int_equal(attack_in(&restriction, try_listed_in_an_area), 0);
	restriction.has[RESTRICT_READ] = true;
	restriction.write = LIST("/srv/area");
	assert_int_equal(attack_in(&restriction, try_narrow_and_listed), 0);
}

static void R28_what_an_account_can_change_is_not_listed(void **state)
{
	struct restriction restriction = attack_executes(LIST("/srv/area/bin/echo"));

	(void)state;
	attack_need_root();
	assert_int_equal(attack_fails_to_enter(&restriction, EPERM), 0);
	restriction.execute_paths = LIST("/srv/bin/missing");
	assert_int_equal(attack_fails_to_enter(&restriction, ENOENT), 0);
}

/* Headers are root's, but nothing that they say is taken on trust. */
static void damaged_headers_are_read_within_their_file(void **state)
{
	_cleanup_fd_ int original = open("/srv/bin/echo", O_RDONLY | O_CLOEXEC);
	_cleanup_fd_ int copy = open("/srv/copy", O_CREAT | O_RDWR | O_CLOEXEC, 0600);
	struct elf_needs needs = {.interpreter = NULL};
	size_t length;
	char *bytes;

	(void)state;
	attack_need_root();
	bytes = fd_read_all(attack_arena, original, 1 << 20, &length);
	elf_read_needs(attack_arena, original, "/", &needs);
	assert_non_null(needs.interpreter);
	assert_true(strings_contain(&needs.libraries, "libc.so.6"));
	srandom(1);
	for (int i = 0; i < 3000; i++) {
		size_t size = i % 3 == 0 ? (size_t)random() % length : length;

		assert_int_equal(pwrite(copy, bytes, length, 0), length);
		for (int j = 0; j < 4; j++) {
			size_t where = j < 2 ? (size_t)random() % 1024
					     : length - 1 - (size_t)random() % (length / 4);
			char byte = (char)random();

			assert_int_equal(pwrite(copy, &byte, 1, (off_t)where), 1);
		}
		assert_int_equal(ftruncate(copy, (off_t)size), 0);
		elf_read_needs(attack_arena, copy, "/", &needs);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(R37_only_what_is_listed_is_executed),
		cmocka_unit_test(R37_programs_among_the_libraries_stay_out),
		cmocka_unit_test(R37_lists_of_files_and_executables_together),
		cmocka_unit_test(R28_what_an_account_can_change_is_not_listed),
		cmocka_unit_test(damaged_headers_are_read_within_their_file),
	};

	return cmocka_run_group_tests_name("view-exec", tests, attack_set_up, attack_tear_down);
}
