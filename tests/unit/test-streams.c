/* Which files of a caller's may be a program's streams under a profile's rules. Needs root. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "gateway/request.h"

enum { CALLER = 60001, ACCOUNT = 60002, OTHER = 60003 };

/* A file of this owner and mode, opened so. */
static int open_file(uid_t owner, mode_t mode, int flags)
{
	char path[] = "/tmp/rolegate-streams-XXXXXX";
	_cleanup_fd_ int made = mkstemp(path);
	int fd;

	assert_true(made >= 0);
	assert_int_equal(fchown(made, owner, owner), 0);
	assert_int_equal(fchmod(made, mode), 0);
	fd = open(path, flags | O_CLOEXEC);
	assert_int_equal(unlink(path), 0);
	assert_true(fd >= 0);
	return fd;
}

static bool refused(const struct restriction *restriction, int fd)
{
	const struct account account = {.name = "service", .uid = ACCOUNT, .gid = ACCOUNT};
	const char *complaint = stream_file_complaint(fd, CALLER, &account, restriction);

	close(fd);
	return complaint != NULL;
}

static void need_root(void)
{
	if (geteuid() != 0) {
		print_message("test needs root, for files of others\n");
		skip();
	}
}

static struct restriction reads_only(void)
{
	struct restriction restriction = {.execute = EXECUTE_NONE};

	restriction.has[RESTRICT_EXECUTE] = restriction.has[RESTRICT_WRITE] = true;
	return restriction;
}

/* /proc/self/fd/0 would open it for writing. */
static void R37_no_file_that_the_account_could_write_is_its_input(void **state)
{
	struct restriction restriction = reads_only();

	(void)state;
	need_root();
	assert_true(refused(&restriction, open_file(ACCOUNT, 0644, O_RDONLY)));
	assert_true(refused(&restriction, open_file(OTHER, 0666, O_RDONLY)));
	assert_true(refused(&restriction, open_file(OTHER, 0664, O_RDONLY)));
	assert_false(refused(&restriction, open_file(OTHER, 0644, O_RDONLY)));
	assert_false(refused(&restriction, open_file(0, 0644, O_RDONLY)));
	restriction.capabilities = 1ULL << CAP_DAC_OVERRIDE;
	assert_true(refused(&restriction, open_file(OTHER, 0644, O_RDONLY)));
}

static void R37_a_callers_own_file_is_any_stream(void **state)
{
	struct restriction restriction = reads_only();

	(void)state;
	need_root();
	assert_false(refused(&restriction, open_file(CALLER, 0666, O_RDONLY)));
	assert_false(refused(&restriction, open_file(CALLER, 0600, O_WRONLY | O_APPEND)));
	assert_false(refused(&restriction, open_file(OTHER, 0666, O_RDWR)));
	assert_false(refused(&restriction, open_file(OTHER, 0662, O_WRONLY)));
}

/* /proc/self/fd/1 would open it for reading. */
static void R37_no_file_that_the_caller_could_not_read_is_its_output(void **state)
{
	struct restriction restriction = reads_only();
	const char *hidden = "/srv/secret";

	(void)state;
	need_root();
	restriction.has[RESTRICT_HIDDEN] = true;
	restriction.hidden = (struct strings){.items = &hidden, .count = 1};
	assert_true(refused(&restriction, open_file(ACCOUNT, 0602, O_WRONLY)));
	assert_true(refused(&restriction, open_file(OTHER, 0642, O_WRONLY)));
	assert_false(refused(&restriction, open_file(OTHER, 0602, O_WRONLY)));
	assert_false(refused(&restriction, open_file(OTHER, 0644, O_WRONLY)));
	assert_false(refused(&restriction, open_file(CALLER, 0640, O_WRONLY)));
}

static void R37_no_file_is_a_stream_where_programs_are_listed(void **state)
{
	struct restriction restriction = {.execute = EXECUTE_LISTED};
	int ends[2];

	(void)state;
	need_root();
	restriction.has[RESTRICT_EXECUTE] = true;
	assert_true(refused(&restriction, open_file(CALLER, 0600, O_RDONLY)));
	assert_true(refused(&restriction, open_file(CALLER, 0600, O_RDWR)));
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	assert_false(refused(&restriction, ends[0]));
	assert_false(refused(&restriction, ends[1]));
	assert_false(refused(&restriction, open("/dev/null", O_RDWR | O_CLOEXEC)));
}

static void files_are_streams_where_nothing_limits_them(void **state)
{
	struct restriction restriction = {.execute = EXECUTE_NONE};

	(void)state;
	need_root();
	restriction.has[RESTRICT_EXECUTE] = true;
	assert_false(refused(&restriction, open_file(ACCOUNT, 0666, O_RDONLY)));
	assert_false(refused(&restriction, open_file(OTHER, 0666, O_WRONLY)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(R37_no_file_that_the_account_could_write_is_its_input),
		cmocka_unit_test(R37_a_callers_own_file_is_any_stream),
		cmocka_unit_test(R37_no_file_that_the_caller_could_not_read_is_its_output),
		cmocka_unit_test(R37_no_file_is_a_stream_where_programs_are_listed),
		cmocka_unit_test(files_are_streams_where_nothing_limits_them),
	};

	return cmocka_run_group_tests_name("streams", tests, NULL, NULL);
}
