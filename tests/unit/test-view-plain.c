/* A path opened without any link on the way, by openat2(2) and without it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "confine/view_parts.h"

static char top[] = "/tmp/test-view-plain.XXXXXX";
static int root = -1;

static int set_up(void **state)
{
	(void)state;
	if (mkdtemp(top) == NULL)
		return -1;
	root = open(top, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root < 0 || mkdirat(root, "real", 0755) != 0 ||
		symlinkat("real", root, "link") != 0 || symlinkat("file", root, "real/last") != 0)
		return -1;
	return close(openat(root, "real/file", O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
}

static int tear_down(void **state)
{
	(void)state;
	(void)unlinkat(root, "real/file", 0);
	(void)unlinkat(root, "real/last", 0);
	(void)unlinkat(root, "link", 0);
	(void)unlinkat(root, "real", AT_REMOVEDIR);
	close(root);
	return rmdir(top);
}

static void check_found(int (*by)(int, const char *), const char *path, const char *wanted)
{
	_cleanup_fd_ int fd = by(root, path);
	struct stat found, expected;

	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &found), 0);
	assert_int_equal(fstatat(root, wanted, &expected, AT_SYMLINK_NOFOLLOW), 0);
	assert_int_equal(found.st_ino, expected.st_ino);
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
}

static void check_refused(int (*by)(int, const char *), const char *path, int error)
{
	errno = 0;
	assert_int_equal(by(root, path), -1);
	assert_int_equal(errno, error);
}

static void a_path_without_links_is_opened(void **state)
{
	static int (*const ways[])(int, const char *) = { view_open_plain, view_open_by_steps };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		check_found(ways[i], "/real/file", "real/file");
		check_found(ways[i], "real/file", "real/file");
		check_found(ways[i], "/real", "real");
		check_found(ways[i], "/", ".");
		check_refused(ways[i], "/real/none", ENOENT);
		check_refused(ways[i], "/real/file/below", ENOTDIR);
	}
}

static void R45_no_link_is_followed(void **state)
{
	static int (*const ways[])(int, const char *) = { view_open_plain, view_open_by_steps };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		check_refused(ways[i], "/link/file", ELOOP);
		check_refused(ways[i], "/link", ELOOP);
		check_refused(ways[i], "/real/last", ELOOP);
	}
	check_refused(view_open_by_steps, "/../etc", EXDEV);
	check_refused(view_open_by_steps, "/real/../../etc", EXDEV);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_path_without_links_is_opened),
		cmocka_unit_test(R45_no_link_is_followed),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
