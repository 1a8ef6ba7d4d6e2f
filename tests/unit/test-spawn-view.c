/* Programs and scripts that are started in a view, and what happens if it can't be made. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdlib.h>
#include <sched.h>
#include <sys/capability.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attack.h"
#include "base/fd.h"
#include "confine/filter.h"
#include "confine/landlock.h"
#include "spawn/spawn.h"
#include "transaction/transaction.h"

static const char *const environment[] = {"PATH=/usr/bin", NULL};
static struct support support;
static const char *directory, *fault;
static uid_t uid;
static bool without_rights, in_transaction;

static void need_root(void)
{
	attack_need_root();
	support_probe(attack_arena, &support);
	directory = fault = NULL;
	without_rights = in_transaction = false;
	uid = ATTACK_ACCOUNT;
}

static void give_up_rights(void)
{
	const cap_value_t administrator = CAP_SYS_ADMIN;
	cap_t set = cap_get_proc();

	cap_set_flag(set, CAP_PERMITTED, 1, &administrator, CAP_CLEAR);
	cap_set_flag(set, CAP_EFFECTIVE, 1, &administrator, CAP_CLEAR);
	if (cap_set_proc(set) < 0)
		_exit(1);
	cap_free(set);
}

/* The state of the gateway is not the test's. */
static void open_transaction(struct transaction *transaction)
{
	static const char *items[] = {"/srv/area/sub"};
	const struct strings paths = {.items = items, .count = 1};
	const char *complaint;

	if (unshare(CLONE_NEWNS) != 0 || mount("tmpfs", "/var/lib", "tmpfs", 0, "mode=755") != 0 ||
		transaction_open(attack_arena, "0123456789abcdef0123456789abcdef", &paths,
			transaction, &complaint) != 0)
		_exit(1);
}

/* What is there of the file that the program made. */
static void tell_commit(struct transaction *transaction, int output)
{
	const char *complaint;

	dprintf(output, access("/srv/area/sub/made", F_OK) == 0 ? "there before\n" : "");
	if (transaction_commit(transaction, NULL, NULL, &complaint) != 0)
		dprintf(output, "%s\n", complaint);
	if (unlink("/srv/area/sub/made") == 0)
		dprintf(output, "committed\n");
	transaction_close(transaction);
}

static struct spawn_program open_program(const char *path)
{
	struct spawn_program program;
	const char *complaint;

	if (spawn_open_program(attack_arena, path, &program, &complaint) < 0)
		_exit(1);
	return program;
}

static _Noreturn void run_gateway(
	const struct restriction *restriction, const struct strings *words, int output)
{
	struct confinement confinement = {.restriction = attack_complete(restriction)};
	const struct account account = {.name = "nobody", .uid = uid, .gid = uid};
	struct spawn_failure failure;
	struct spawn spawn = {
		.program = open_program(words->items[0]),
		.envp = (char *const *)(uintptr_t)environment,
		.account = &account,
		.login_uid = (uid_t)-1,
		.directory = directory,
		.confinement = &confinement,
		.support = &support,
		.streams = {open("/dev/null", O_RDONLY | O_CLOEXEC), output, output},
		.terminal = -1,
	};
	struct transaction transaction;
	const char *complaint;
	int status;
	pid_t pid;

	if (in_transaction) {
		open_transaction(&transaction);
		spawn.transaction = &transaction;
	}
	if (filter_build(attack_arena, &confinement, &complaint) < 0)
		_exit(1);
	spawn.argv = spawn_arguments(attack_arena, &spawn.program, words);
	if (without_rights)
		give_up_rights();
	if (fault != NULL)
		setenv("ROLEGATE_TEST_FAULT", fault, 1);
	if (spawn_start(&spawn, &pid, &failure) < 0)
		dprintf(output, "FAILED %s %d\n", failure.step, failure.error);
	else
		(void)waitpid(pid, &status, 0);
	if (in_transaction)
		tell_commit(&transaction, output);
	_exit(0);
}

static char *output_of(const struct restriction *restriction, struct strings words)
{
	int ends[2];
	size_t length;
	char *text;
	pid_t pid;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	pid = fork();
	if (pid == 0)
		run_gateway(restriction, &words, ends[1]);
	close(ends[1]);
	text = fd_read_all(attack_arena, ends[0], 1 << 20, &length);
	close(ends[0]);
	assert_int_equal(attack_status(pid), 0);
	return text;
}

#define OUTPUT(restriction, ...) output_of(restriction, LIST(__VA_ARGS__))

static void R26_a_script_runs_in_a_view(void **state)
{
	struct restriction restriction = attack_writes((struct strings){.count = 0});

	(void)state;
	need_root();
	assert_string_equal(OUTPUT(&restriction, "/srv/bin/script"), "script\n");
	restriction.has[RESTRICT_READ] = true;
	restriction.read = LIST("/srv/other");
	restriction.own_proc = restriction.own_tmp = true;
	restriction.hidden = LIST("/srv/secret");
	assert_string_equal(OUTPUT(&restriction, "/srv/bin/script"), "script\n");
}

static void R26_a_program_outside_its_view_runs(void **state)
{
	struct restriction restriction = attack_writes((struct strings){.count = 0});

	(void)state;
	need_root();
	restriction.has[RESTRICT_READ] = true;
	restriction.read = LIST("/srv/other");
	assert_string_equal(OUTPUT(&restriction, "/srv/bin/echo", "here"), "here\n");
	assert_string_equal(OUTPUT(&restriction, "/usr/bin/ls", "/srv"), "other\n");
	directory = "/srv/other";
	assert_string_equal(OUTPUT(&restriction, "/usr/bin/pwd"), "/srv/other\n");
	directory = "/srv/secret";
	assert_string_equal(OUTPUT(&restriction, "/usr/bin/pwd"), "FAILED directory 2\n");
}

/* The shell is no part of the list, but it is what is run. */
static void R37_a_program_starts_what_is_listed_and_no_more(void **state)
{
	struct restriction restriction = attack_executes(LIST("/srv/bin/echo"));
	const char *text;

	(void)state;
	need_root();
	text = OUTPUT(&restriction, "/usr/bin/dash", "-c",
		"/srv/bin/echo one; /usr/bin/echo two; /usr/bin/dash -c 'echo three'; echo four");
	assert_non_null(strstr(text, "one\n"));
	assert_null(strstr(text, "two\n"));
	assert_null(strstr(text, "three\n"));
	assert_non_null(strstr(text, "four\n"));
}

/* An interpreter that is not listed is not started by way of a script that is. */
static void R37_a_listed_script_brings_no_interpreter(void **state)
{
	struct restriction restriction = attack_executes(LIST("/srv/bin/script"));
	const char *text;

	(void)state;
	need_root();
	text = OUTPUT(&restriction, "/usr/bin/dash", "-c", "/srv/bin/script; echo end");
	assert_null(strstr(text, "script\n"));
	restriction.execute_paths = LIST("/srv/bin/script", "/usr/bin/dash");
	text = OUTPUT(&restriction, "/usr/bin/dash", "-c", "/srv/bin/script; echo end");
	assert_string_equal(text, "script\nend\n");
}

/* Where Landlock does not say so already. */
static void R37_root_looks_through_no_other_process(void **state)
{
	struct restriction restriction = {.hidden = LIST("/srv/secret")};
	const char *text;

	(void)state;
	need_root();
	uid = 0;
	text = OUTPUT(&restriction, "/usr/bin/cat",
		arena_printf(attack_arena, "/proc/%d/root/srv/secret/key", getpid()));
	assert_non_null(strstr(text, "Permission denied"));
	support.landlock = 0;
	text = OUTPUT(&restriction, "/usr/bin/cat",
		arena_printf(attack_arena, "/proc/%d/root/srv/secret/key", getpid()));
	assert_non_null(strstr(text, "Permission denied"));
}

static pid_t start_idle(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		attack_become_account();
		(void)execl("/usr/bin/sleep", "sleep", "60", (char *)NULL);
		_exit(1);
	}
	return pid;
}

/* No file rule, no view: what `standard` says. */
static void R37_a_program_that_starts_none_looks_into_no_other_process(void **state)
{
	struct restriction restriction = {.execute = EXECUTE_NONE};
	const char *status, *closed, *text, *without;
	pid_t idle;

	(void)state;
	need_root();
	restriction.has[RESTRICT_EXECUTE] = true;
	idle = start_idle();
	status = arena_printf(attack_arena, "/proc/%d/status", idle);
	closed = arena_printf(attack_arena, "/proc/%d/environ", idle);
	text = OUTPUT(&restriction, "/usr/bin/cat", status, closed);
	support.landlock = 0;
	without = OUTPUT(&restriction, "/usr/bin/cat", status, closed);
	kill(idle, SIGKILL);
	(void)attack_status(idle);
	assert_null(strstr(without, "Permission denied"));
	if (landlock_abi() < 2) {
		print_message("test needs a kernel with Landlock\n");
		skip();
	}
	assert_non_null(strstr(text, "environ: Permission denied"));
	assert_non_null(strstr(text, "Name:\tsleep\n"));
}

/* By the mount that it was opened by, which is not the view's. */
static void R37_a_program_does_not_change_itself(void **state)
{
	struct restriction restriction = attack_writes((struct strings){.count = 0});
	const char *text;

	(void)state;
	need_root();
	uid = 0;
	attack_copy_program("/usr/bin/chmod", "/srv/bin/chmod");
	attack_file("/srv/bin/rewrite", "#!/bin/sh\necho rewritten >/dev/fd/3\n", 0, 0755);
	assert_string_equal(
		OUTPUT(&restriction, "/usr/bin/readlink", "/proc/self/exe"), "/usr/bin/readlink\n");
	text = OUTPUT(&restriction, "/srv/bin/chmod", "0757", "/proc/self/exe");
	assert_non_null(strstr(text, "Read-only file system"));
	support.landlock = 0;
	text = OUTPUT(&restriction, "/srv/bin/rewrite");
	assert_non_null(strstr(text, "Read-only file system"));
}

/* What this program does as the one that is run. */
static int open_handle(void)
{
	struct file_handle handle = {.handle_bytes = 0};

	(void)open_by_handle_at(AT_FDCWD, &handle, O_RDONLY);
	puts(strerror(errno));
	return 0;
}

static void R37_a_file_handle_opens_nothing(void **state)
{
	struct restriction restriction = {.capabilities = 1ULL << CAP_DAC_READ_SEARCH};

	(void)state;
	need_root();
	attack_copy_program("/proc/self/exe", "/srv/bin/self");
	restriction.has[RESTRICT_CAPABILITIES] = true;
	assert_string_equal(OUTPUT(&restriction, "/srv/bin/self", "handle"), "Invalid argument\n");
	restriction.hidden = LIST("/srv/secret");
	assert_string_equal(
		OUTPUT(&restriction, "/srv/bin/self", "handle"), "Operation not permitted\n");
}

static void R37_a_view_narrows_what_a_transaction_shows(void **state)
{
	struct restriction none = attack_writes((struct strings){.count = 0}), open = {.hidden = {0}},
			   area = attack_writes(LIST("/srv/area/sub")), hidden = area;

	(void)state;
	need_root();
	if (strncmp(ROLEGATE_STATE_DIR, "/var/lib/", 9) != 0)
		skip(); /* see test-transaction.c */
	in_transaction = true;
	hidden.hidden = LIST("/srv/area/sub");
	assert_string_equal(OUTPUT(&open, "/usr/bin/touch", "/srv/area/sub/made"), "committed\n");
	assert_string_equal(OUTPUT(&area, "/usr/bin/touch", "/srv/area/sub/made"), "committed\n");
	assert_non_null(strstr(OUTPUT(&none, "/usr/bin/touch", "/srv/area/sub/made"), "Read-only"));
	assert_non_null(strstr(OUTPUT(&hidden, "/usr/bin/touch", "/srv/area/sub/made"), "denied"));
	support.landlock = 0;
	assert_string_equal(OUTPUT(&area, "/usr/bin/touch", "/srv/area/sub/made"), "committed\n");
	assert_non_null(strstr(OUTPUT(&none, "/usr/bin/touch", "/srv/area/sub/made"), "Read-only"));
	directory = "/srv/area/sub";
	assert_string_equal(OUTPUT(&open, "/usr/bin/touch", "made"), "committed\n");
}

static void R43_without_the_right_to_mount_nothing_runs(void **state)
{
	struct restriction restriction = attack_writes((struct strings){.count = 0});

	(void)state;
	need_root();
	without_rights = true;
	assert_string_equal(OUTPUT(&restriction, "/srv/bin/echo", "ran"), "FAILED view 1\n");
}

static void R43_nothing_runs_if_a_step_fails(void **state)
{
#ifdef FAULT_INJECTION
	struct restriction restriction = attack_writes((struct strings){.count = 0});

	(void)state;
	need_root();
	fault = "view";
	assert_string_equal(OUTPUT(&restriction, "/srv/bin/echo", "ran"), "FAILED view 5\n");
	fault = "view:lie";
	assert_string_equal(OUTPUT(&restriction, "/srv/bin/echo", "ran"), "FAILED view 0\n");
	in_transaction = true;
	fault = "transaction";
	assert_string_equal(OUTPUT(&restriction, "/srv/bin/echo", "ran"), "FAILED transaction 5\n");
	fault = "transaction:lie";
	assert_string_equal(OUTPUT(&restriction, "/srv/bin/echo", "ran"), "FAILED transaction 0\n");
	in_transaction = false;
	if (support.landlock == 0)
		return;
	fault = "landlock";
	assert_string_equal(OUTPUT(&restriction, "/srv/bin/echo", "ran"), "FAILED landlock 5\n");
	fault = "landlock:lie";
	assert_string_equal(OUTPUT(&restriction, "/srv/bin/echo", "ran"), "FAILED landlock 0\n");
	restriction = (struct restriction){.execute = EXECUTE_NONE};
	restriction.has[RESTRICT_EXECUTE] = true;
	fault = "landlock";
	assert_string_equal(OUTPUT(&restriction, "/srv/bin/echo", "ran"),
		support.landlock < 2 ? "ran\n" : "FAILED landlock 5\n");
	fault = "landlock:lie";
	assert_string_equal(OUTPUT(&restriction, "/srv/bin/echo", "ran"),
		support.landlock < 2 ? "ran\n" : "FAILED landlock 0\n");
#else
	(void)state;
	print_message("test needs --enable-fault-injection\n");
	skip();
#endif
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(R26_a_script_runs_in_a_view),
		cmocka_unit_test(R26_a_program_outside_its_view_runs),
		cmocka_unit_test(R37_a_program_starts_what_is_listed_and_no_more),
		cmocka_unit_test(R37_a_listed_script_brings_no_interpreter),
		cmocka_unit_test(R37_root_looks_through_no_other_process),
		cmocka_unit_test(R37_a_program_that_starts_none_looks_into_no_other_process),
		cmocka_unit_test(R37_a_program_does_not_change_itself),
		cmocka_unit_test(R37_a_file_handle_opens_nothing),
		cmocka_unit_test(R37_a_view_narrows_what_a_transaction_shows),
		cmocka_unit_test(R43_without_the_right_to_mount_nothing_runs),
		cmocka_unit_test(R43_nothing_runs_if_a_step_fails),
	};

	if (argc == 2 && strcmp(argv[1], "handle") == 0)
		return open_handle();
	return cmocka_run_group_tests_name("spawn-view", tests, attack_set_up, attack_tear_down);
}
