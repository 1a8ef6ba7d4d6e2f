/*
 * Control groups on a real hierarchy of version 2, without controllers where version 1 has them:
 * what limits do is tested in tests/vm.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <linux/magic.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "confine/cgroup.h"
#include "confine/cgroup_files.h"
#include "spawn/spawn.h"

static struct {
	struct arena *arena;
	struct support support;
	char mount[64], base[128], home[CGROUP_VALUE_MAX + 64];
	bool mounted;
} t;

static bool is_hierarchy(const char *path)
{
	struct statfs found;

	return statfs(path, &found) == 0 && found.f_type == CGROUP2_SUPER_MAGIC;
}

static void move_to(const char *path)
{
	_cleanup_fd_ int directory = cgroup_directory(path);

	assert_int_equal(cgroup_write(directory, "cgroup.procs", "0"), 0);
}

static int open_hierarchy(void **state)
{
	char own[CGROUP_VALUE_MAX];

	(void)state;
	if (geteuid() != 0)
		return 0;
	snprintf(t.mount, sizeof(t.mount), "/tmp/test-cgroup.XXXXXX");
	if (mkdtemp(t.mount) == NULL || cgroup_own(own, sizeof(own)) != 0)
		return 0;
	t.mounted = mount("none", t.mount, "cgroup2", 0, NULL) == 0 && is_hierarchy(t.mount);
	snprintf(t.base, sizeof(t.base), "%s/rolegate-test-%d", t.mount, (int)getpid());
	snprintf(t.home, sizeof(t.home), "%s%s", t.mount, own);
	return 0;
}

static int close_hierarchy(void **state)
{
	(void)state;
	if (t.mounted)
		umount2(t.mount, MNT_DETACH);
	rmdir(t.mount);
	return 0;
}

static int set_up(void **state)
{
	const char *complaint = NULL;

	(void)state;
	if (!t.mounted)
		return 0;
	t.arena = arena_new();
	memset(&t.support, 0, sizeof(t.support));
	if (cgroup_prepare(t.arena, &t.support, t.base, &complaint) == 0)
		return 0;
	fprintf(stderr, "%s\n", complaint);
	return -1;
}

static int tear_down(void **state)
{
	const char *complaint = NULL;

	(void)state;
	if (!t.mounted)
		return 0;
	move_to(t.home);
	(void)cgroup_prepare(t.arena, &t.support, t.base, &complaint); /* sweeps */
	move_to(t.home);
	arena_free(t.arena);
	rmdir(arena_printf(t.arena = arena_new(), "%s/gateway", t.base));
	rmdir(arena_printf(t.arena, "%s/sessions", t.base));
	rmdir(arena_printf(t.arena, "%s/runs", t.base));
	arena_free(t.arena);
	return rmdir(t.base);
}

static void need_hierarchy(void)
{
	if (t.mounted)
		return;
	print_message("skipped: no cgroup2 can be mounted\n");
	skip();
}

static struct cgroup open_run(const char *request, bool kept)
{
	const struct restriction restriction = { .has = { false } };
	const char *complaint = NULL;
	struct cgroup cgroup;

	if (cgroup_open(t.arena, &t.support, request, &restriction, kept, &cgroup, &complaint) != 0)
		fail_msg("%s", complaint);
	return cgroup;
}

static bool exists(const char *kind, const char *name)
{
	return access(arena_printf(t.arena, "%s/%s/%s", t.base, kind, name), F_OK) == 0;
}

/*
 * Only the first is the reaper's child; the next becomes that when it is dead, and by then there
 * are more of them than before.
 */
static _Noreturn void chain(void)
{
	(void)setsid();
	for (;;) {
		usleep(1000);
		if (fork() != 0)
			for (;;)
				pause();
	}
}

static void start_chain(void)
{
	if (fork() == 0)
		chain();
	usleep(50 * 1000);
}

static void wait_for(pid_t pid, int expected)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), expected);
}

static void the_gateway_sits_in_a_leaf(void **state)
{
	char own[CGROUP_VALUE_MAX];

	(void)state;
	need_hierarchy();
	assert_string_equal(t.support.cgroup, t.base);
	assert_int_equal(cgroup_own(own, sizeof(own)), 0);
	assert_non_null(strstr(own, "/gateway"));
	assert_true(exists("sessions", "."));
	assert_true(exists("runs", "."));
}

static void a_second_gateway_takes_nothing_from_the_first(void **state)
{
	struct support second = { .filters = false };
	const char *complaint = NULL;

	(void)state;
	need_hierarchy();
	assert_int_equal(cgroup_prepare(t.arena, &second, t.base, &complaint), -1);
	assert_non_null(strstr(complaint, "another gateway"));
	assert_null(second.cgroup);
}

static void what_is_no_group_or_others_can_write_is_refused(void **state)
{
	struct support other = { .filters = false };
	const char *complaint = NULL, *open = arena_printf(t.arena, "%s-open", t.base);

	(void)state;
	need_hierarchy();
	assert_int_equal(cgroup_prepare(t.arena, &other, "/tmp", &complaint), -1);
	assert_non_null(strstr(complaint, "no control group"));
	assert_int_equal(mkdir(open, 0755), 0);
	assert_int_equal(chmod(open, 0777), 0);
	assert_int_equal(cgroup_prepare(t.arena, &other, open, &complaint), -1);
	assert_non_null(strstr(complaint, "other than root"));
	assert_int_equal(chmod(open, 0755), 0);
	assert_int_equal(chown(open, 1, 1), 0);
	assert_int_equal(cgroup_prepare(t.arena, &other, open, &complaint), -1);
	assert_int_equal(rmdir(open), 0);
}

static void a_run_without_limits_has_no_group(void **state)
{
	struct cgroup cgroup;

	(void)state;
	need_hierarchy();
	cgroup = open_run("0123", false);
	assert_int_equal(cgroup.directory, -1);
	assert_true(cgroup_holds(&cgroup));
	assert_int_equal(cgroup_close(&cgroup), 0);
}

static void a_run_is_born_in_its_group(void **state)
{
	struct cgroup cgroup;
	pid_t pid;

	(void)state;
	need_hierarchy();
	cgroup = open_run("0123", true);
	assert_false(cgroup_holds(&cgroup));
	pid = cgroup_fork(&cgroup);
	if (pid == 0)
		_exit(cgroup_enter(&cgroup) == 0 && cgroup_holds(&cgroup) ? 0 : 1);
	wait_for(pid, 0);
	/* As a filter that refuses clone3(2) has it. */
	pid = fork();
	if (pid == 0)
		_exit(!cgroup_holds(&cgroup) && cgroup_enter(&cgroup) == 0 && cgroup_holds(&cgroup)
				? 0
				: 1);
	wait_for(pid, 0);
	assert_int_equal(cgroup_close(&cgroup), 0);
	assert_false(exists("runs", "kept-0123"));
}

static pid_t start_sleeper(const struct cgroup *cgroup)
{
	pid_t pid = cgroup_fork(cgroup);

	if (pid == 0) {
		(void)cgroup_enter(cgroup);
		pause();
		_exit(0);
	}
	return pid;
}

static void what_a_kept_run_leaves_stays(void **state)
{
	struct cgroup cgroup;
	pid_t pid;

	(void)state;
	need_hierarchy();
	cgroup = open_run("0123", true);
	pid = start_sleeper(&cgroup);
	assert_int_equal(cgroup_kill(&cgroup), 0);
	assert_int_equal(cgroup_close(&cgroup), 0);
	assert_int_equal(kill(pid, 0), 0);
	assert_int_equal(waitpid(pid, NULL, WNOHANG), 0);
	assert_true(exists("runs", "kept-0123"));
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void R16_a_chain_of_a_run_ends_with_its_group(void **state)
{
	struct cgroup cgroup;
	pid_t pid;

	(void)state;
	need_hierarchy();
	cgroup = open_run("0123", true);
	cgroup.kept = false;
	pid = cgroup_fork(&cgroup);
	if (pid == 0) {
		start_chain();
		_exit(0);
	}
	wait_for(pid, 0);
	assert_int_equal(cgroup_close(&cgroup), 0);
	assert_false(exists("runs", "kept-0123"));
}

/* In the child: a session with a chain that outlasts being killed one by one. */
static int end_session(void)
{
	char own[CGROUP_VALUE_MAX];
	const char *name = arena_printf(t.arena, "/sessions/%d", (int)getpid());

	if (cgroup_enter_session(&t.support) != 0 || spawn_become_reaper() != 0)
		return 2;
	start_chain();
	if (cgroup_kill_session(&t.support) != 0)
		return 3;
	if (cgroup_own(own, sizeof(own)) != 0 || strstr(own, name) == NULL)
		return 4; /* it went back */
	return spawn_kill_descendants(0) == 0 ? 0 : 5;
}

static void R16_a_chain_of_a_session_ends_with_its_group(void **state)
{
	pid_t pid;

	(void)state;
	need_hierarchy();
	pid = fork();
	if (pid == 0)
		_exit(end_session());
	wait_for(pid, 0);
	cgroup_session_ended(&t.support, pid, true);
	assert_false(exists("sessions", arena_printf(t.arena, "%d", (int)pid)));
}

static void what_a_crashed_session_leaves_is_ended(void **state)
{
	struct cgroup cgroup;
	const char *run;
	int status;
	pid_t pid;

	(void)state;
	need_hierarchy();
	pid = fork();
	if (pid == 0) {
		(void)cgroup_enter_session(&t.support);
		cgroup = open_run("4567", true);
		run = arena_printf(t.arena, "%s/runs/run-%d-4567", t.base, (int)getpid());
		(void)rename(cgroup.path, run); /* refused: cgroup2 has no rename */
		(void)mkdir(run, 0755);
		start_chain();
		raise(SIGKILL);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	run = arena_printf(t.arena, "run-%d-4567", (int)pid);
	assert_true(exists("runs", run));
	assert_true(exists("sessions", arena_printf(t.arena, "%d", (int)pid)));
	cgroup_session_ended(&t.support, pid, false);
	assert_false(exists("sessions", arena_printf(t.arena, "%d", (int)pid)));
	assert_false(exists("runs", run));
}

static void the_next_gateway_ends_what_is_left(void **state)
{
	const char *complaint = NULL, *session = arena_printf(t.arena, "%s/sessions/1", t.base);
	struct cgroup kept, left = { .directory = -1 };
	pid_t keeper, sleeper;

	(void)state;
	need_hierarchy();
	kept = open_run("0123", true);
	keeper = start_sleeper(&kept);
	assert_int_equal(mkdir(session, 0755), 0);
	left = (struct cgroup){ .directory = cgroup_directory(session), .path = session };
	sleeper = start_sleeper(&left);
	move_to(t.home);
	assert_int_equal(cgroup_prepare(t.arena, &t.support, t.base, &complaint), 0);
	assert_int_equal(waitpid(sleeper, NULL, 0), sleeper);
	assert_false(exists("sessions", "1"));
	assert_true(exists("runs", "kept-0123"));
	assert_int_equal(kill(keeper, SIGKILL), 0);
	assert_int_equal(waitpid(keeper, NULL, 0), keeper);
	assert_int_equal(cgroup_close(&kept), 0);
	close(left.directory);
}

static void nothing_is_done_where_nothing_is_delegated(void **state)
{
	const struct support none = { .cgroup = NULL };

	(void)state;
	assert_int_equal(cgroup_enter_session(&none), 0);
	assert_int_equal(cgroup_kill_session(&none), -1);
	cgroup_session_ended(&none, 1, false);
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH(the_gateway_sits_in_a_leaf),
		WITH(a_second_gateway_takes_nothing_from_the_first),
		WITH(what_is_no_group_or_others_can_write_is_refused),
		WITH(a_run_without_limits_has_no_group),
		WITH(a_run_is_born_in_its_group),
		WITH(what_a_kept_run_leaves_stays),
		WITH(R16_a_chain_of_a_run_ends_with_its_group),
		WITH(R16_a_chain_of_a_session_ends_with_its_group),
		WITH(what_a_crashed_session_leaves_is_ended),
		WITH(the_next_gateway_ends_what_is_left),
		cmocka_unit_test(nothing_is_done_where_nothing_is_delegated),
	};

	return cmocka_run_group_tests(tests, open_hierarchy, close_hierarchy);
}
