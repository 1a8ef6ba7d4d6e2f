/*
 * What a profile gives and takes besides system calls: capabilities, limits, and what stands for a
 * script. Each program is started as a gateway starts it. Needs root.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "confine/filter.h"
#include "confine/support.h"
#include "record/record.h"
#include "config/interpreter.h"
#include "spawn/spawn.h"

#define CAPABILITY(number) ((uint64_t)1 << (number))

static const struct support no_support;
static struct arena *arena;
static struct account nobody, root;
static char *directory; /* trusted */

static uid_t operator_uid(void)
{
	uid_t now;

	assert_int_equal(record_get_login_uid(&now), 0);
	return now;
}

static char *output_of(const struct confinement *confinement, const struct account *account,
	const struct spawn_program *program, char *const *argv)
{
	static char *const environment[] = {(char *)(uintptr_t) "PATH=/usr/bin", NULL};
	_cleanup_fd_ int null = open("/dev/null", O_RDONLY | O_CLOEXEC), ours = -1;
	struct spawn_failure failure;
	struct spawn spawn = {.program = *program,
		.argv = argv,
		.envp = environment,
		.account = account,
		.login_uid = operator_uid(),
		.confinement = confinement,
		.support = &no_support,
		.terminal = -1};
	int ends[2], status;
	size_t length;
	char *text;
	pid_t pid;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	ours = ends[0];
	spawn.streams[0] = null;
	spawn.streams[1] = spawn.streams[2] = ends[1];
	if (spawn_start(&spawn, &pid, &failure) < 0) {
		close(ends[1]);
		return arena_printf(arena, "FAILED %s %d", failure.step, failure.error);
	}
	close(ends[1]);
	text = fd_read_all(arena, ours, 1 << 20, &length);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? text
				 : arena_printf(arena, "%sKILLED %d", text, WTERMSIG(status));
}

static char *run(const struct confinement *confinement, const struct account *account,
	const char *path, const char *const *argv)
{
	struct spawn_program program = {.script = -1};
	char *text;

	program.image = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(program.image >= 0);
	text = output_of(confinement, account, &program, (char *const *)(uintptr_t)argv);
	spawn_close_program(&program);
	return text;
}

static int attempt(
	const struct confinement *confinement, const struct account *account, const char *name)
{
	const char *argv[] = {"attacker", name, NULL};
	char *text = run(confinement, account, ATTACKER, argv);
	size_t length = strlen(name);

	if (strncmp(text, name, length) != 0 || text[length] != ' ')
		fail_msg("%s: %s", name, text);
	return (int)strtol(text + length, NULL, 10);
}

static char *status_of(const struct confinement *confinement, const struct account *account)
{
	static const char *const argv[] = {"cat", "/proc/self/status", NULL};

	return run(confinement, account, "/usr/bin/cat", argv);
}

static struct confinement *keeping(uint64_t capabilities)
{
	struct confinement *confinement = arena_alloc(arena, sizeof(*confinement));

	confinement->restriction.has[RESTRICT_CAPABILITIES] = true;
	confinement->restriction.capabilities = capabilities;
	return confinement;
}

static struct confinement *limited(enum restriction_field field, uint64_t limit)
{
	struct confinement *confinement = arena_alloc(arena, sizeof(*confinement));

	confinement->restriction.has[field] = true;
	confinement->restriction.limits[field] = limit;
	return confinement;
}

static void expect_sets(const char *status, const char *const *names, uint64_t value)
{
	for (; *names != NULL; names++)
		if (strstr(status, arena_printf(arena, "\n%s:\t%016llx\n", *names,
					   (unsigned long long)value)) == NULL)
			fail_msg("%s is not %llx in:\n%s", *names, (unsigned long long)value,
				status);
}

static const char *const all_sets[] = {"CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", NULL};
static const char *const root_sets[] = {"CapPrm", "CapEff", "CapBnd", NULL};
static const char *const no_root_sets[] = {"CapInh", "CapAmb", NULL};

static void account_keeps_exactly_what_is_listed(void **state)
{
	const uint64_t two = CAPABILITY(CAP_NET_RAW) | CAPABILITY(CAP_NET_BIND_SERVICE);
	struct confinement nothing_said = {.filter = NULL};

	(void)state;
	expect_sets(status_of(keeping(two), &nobody), all_sets, two);
	expect_sets(status_of(keeping(0), &nobody), all_sets, 0);
	expect_sets(status_of(&nothing_said, &nobody), all_sets, 0);
}

static void account_does_with_one_what_took_root(void **state)
{
	(void)state;
	assert_int_equal(attempt(keeping(0), &nobody, "socket_raw"), EPERM);
	assert_int_equal(attempt(keeping(CAPABILITY(CAP_NET_RAW)), &nobody, "socket_raw"), 0);
	assert_int_equal(attempt(keeping(CAPABILITY(CAP_NET_RAW)), &nobody, "socket_packet"), 0);
	assert_int_equal(attempt(keeping(0), &nobody, "bind_80"), EACCES);
	assert_int_equal(attempt(keeping(CAPABILITY(CAP_NET_BIND_SERVICE)), &nobody, "bind_80"), 0);
	assert_int_equal(attempt(keeping(CAPABILITY(CAP_NET_RAW)), &nobody, "bind_80"), EACCES);
}

/* In a network of its own, so that nothing of the machine's is changed. */
static void account_sets_up_a_network_interface(void **state)
{
	static const char *const up[] = {"ip", "link", "set", "lo", "up", NULL};
	int status;
	pid_t pid;

	(void)state;
	if (access("/usr/bin/ip", X_OK) != 0)
		skip();
	pid = fork();
	if (pid == 0) {
		if (unshare(CLONE_NEWNET) != 0)
			_exit(1);
		if (strstr(run(keeping(0), &nobody, "/usr/bin/ip", up), "not permitted") == NULL)
			_exit(2);
		_exit(*run(keeping(CAPABILITY(CAP_NET_ADMIN)), &nobody, "/usr/bin/ip", up) == '\0'
				? 0
				: 3);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void account_can_unlock_nothing(void **state)
{
	const uint64_t set = CAPABILITY(CAP_SETPCAP) | CAPABILITY(CAP_SETUID);
	static const char *const regain[] = {"attacker", "regain", NULL};

	(void)state;
	assert_int_equal(attempt(keeping(0), &nobody, "securebits"), EPERM);
	assert_int_equal(attempt(keeping(set), &nobody, "securebits"), EPERM);
	assert_int_equal(attempt(keeping(set), &nobody, "ambient"), EPERM);
	assert_string_equal(run(keeping(0), &nobody, ATTACKER, regain),
		arena_printf(arena, "regain %d\n", EPERM));
	assert_string_equal(run(keeping(set), &nobody, ATTACKER, regain),
		arena_printf(arena, "chroot %d\n", EPERM));
}

static void root_keeps_exactly_what_is_listed(void **state)
{
	const uint64_t one = CAPABILITY(CAP_NET_RAW);
	char *status = status_of(keeping(one), &root);

	(void)state;
	expect_sets(status, root_sets, one);
	expect_sets(status, no_root_sets, 0);
	expect_sets(status_of(keeping(0), &root), root_sets, 0);
}

static uint64_t own_capabilities(cap_flag_t flag)
{
	cap_t set = cap_get_proc();
	cap_flag_value_t value;
	uint64_t bits = 0;

	for (cap_value_t number = 0; number < 64; number++)
		if (cap_get_flag(set, number, flag, &value) == 0 && value == CAP_SET)
			bits |= CAPABILITY(number);
	cap_free(set);
	return bits;
}

/* What the gateway holds for some profiles, and does not act with, is not root's by itself. */
static void root_gets_what_the_gateway_acts_with(void **state)
{
	const cap_value_t spare = CAP_NET_RAW;
	struct confinement confinement = {.filter = NULL};
	cap_t set = cap_get_proc();
	uint64_t wanted;

	(void)state;
	cap_set_flag(set, CAP_EFFECTIVE, 1, &spare, CAP_CLEAR);
	assert_int_equal(cap_set_proc(set), 0);
	wanted = own_capabilities(CAP_EFFECTIVE) & ~CAPABILITY(CAP_SYS_ADMIN);
	assert_true((wanted & CAPABILITY(CAP_NET_RAW)) == 0);
	expect_sets(status_of(&confinement, &root), root_sets, wanted);
	expect_sets(status_of(keeping(CAPABILITY(CAP_NET_RAW)), &nobody), all_sets,
		CAPABILITY(CAP_NET_RAW));
	cap_set_flag(set, CAP_EFFECTIVE, 1, &spare, CAP_SET);
	assert_int_equal(cap_set_proc(set), 0);
	cap_free(set);
}

static void R37_no_limit_can_be_raised_under_exec_rules(void **state)
{
	struct confinement *confinement = keeping(CAPABILITY(CAP_SYS_RESOURCE));
	const char *complaint = NULL;

	(void)state;
	confinement->restriction.has[RESTRICT_EXECUTE] = true;
	confinement->restriction.execute = EXECUTE_LISTED;
	assert_int_equal(filter_build(arena, confinement, &complaint), 0);
	expect_sets(status_of(confinement, &root), root_sets, 0);
	expect_sets(status_of(confinement, &nobody), all_sets, 0);
}

static void R43_a_capability_that_is_not_held_starts_nothing(void **state)
{
	const cap_value_t lost = CAP_SYS_TTY_CONFIG;
	char expected[48];
	int status;
	pid_t pid;

	(void)state;
	snprintf(expected, sizeof(expected), "FAILED capabilities %d", EPERM);
	pid = fork();
	if (pid == 0) {
		cap_t set = cap_get_proc();

		cap_set_flag(set, CAP_EFFECTIVE, 1, &lost, CAP_CLEAR);
		cap_set_flag(set, CAP_PERMITTED, 1, &lost, CAP_CLEAR);
		if (cap_set_proc(set) != 0)
			_exit(1);
		_exit(strcmp(status_of(keeping(CAPABILITY(lost)), &nobody), expected) != 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void expect_limit(const struct confinement *confinement, const char *line)
{
	static const char *const argv[] = {"cat", "/proc/self/limits", NULL};
	char *text = run(confinement, &nobody, "/usr/bin/cat", argv);

	if (strstr(text, line) == NULL)
		fail_msg("no \"%s\" in:\n%s", line, text);
}

static void limits_are_the_profiles(void **state)
{
	(void)state;
	expect_limit(limited(RESTRICT_PROCESSES, 40), "Max processes             40   "
						      "                40     ");
	expect_limit(limited(RESTRICT_MEMORY, 1 << 28), "Max address space         268435456 "
							"           268435456 ");
	expect_limit(limited(RESTRICT_MEMORY, 1 << 28), "Max data size             268435456 "
							"           268435456 ");
	expect_limit(limited(RESTRICT_CPU_SECONDS, 5), "Max cpu time              5    "
						       "                6     ");
	expect_limit(limited(RESTRICT_FILE_SIZE, 4096), "Max file size             4096 "
							"                4096 ");
	expect_limit(limited(RESTRICT_OPEN_FILES, 16), "Max open files            16   "
						       "                16   ");
	expect_limit(limited(RESTRICT_OPEN_FILES, 100000), "Max open files            4096 "
							   "                4096 ");
}

static void limits_have_effect(void **state)
{
	static const char *const spin[] = {"sh", "-c", "while :; do :; done", NULL};
	static const char *const write_much[] = {"dd", "if=/dev/zero", "of=/tmp/rolegate-limit",
		"bs=8192", "count=1", "status=none", NULL};
	struct account lonely = nobody;
	char expected[32];

	(void)state;
	lonely.uid = 64321;
	assert_int_equal(attempt(limited(RESTRICT_MEMORY, 128 << 20), &nobody, "allocate"), ENOMEM);
	assert_int_equal(attempt(limited(RESTRICT_MEMORY, 512 << 20), &nobody, "allocate"), 0);
	assert_int_equal(attempt(limited(RESTRICT_OPEN_FILES, 16), &nobody, "open_files"), 13);
	assert_int_equal(attempt(limited(RESTRICT_PROCESSES, 1), &lonely, "fork"), EAGAIN);
	assert_int_equal(attempt(limited(RESTRICT_PROCESSES, 2), &lonely, "fork"), 0);
	snprintf(expected, sizeof(expected), "KILLED %d", SIGXCPU);
	assert_string_equal(
		run(limited(RESTRICT_CPU_SECONDS, 1), &nobody, "/usr/bin/dash", spin), expected);
	snprintf(expected, sizeof(expected), "KILLED %d", SIGXFSZ);
	assert_string_equal(
		run(limited(RESTRICT_FILE_SIZE, 4096), &nobody, "/usr/bin/dd", write_much),
		expected);
	unlink("/tmp/rolegate-limit");
}

static char *script(const char *name, const char *text, size_t length)
{
	char *path = arena_printf(arena, "%s/%s", directory, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);

	assert_true(fd >= 0);
	assert_int_equal(fd_write_all(fd, text, length), 0);
	close(fd);
	return path;
}

static char *run_script(const struct confinement *confinement, const char *text)
{
	static const char *words[] = {"script", "one", "two words"};
	const struct strings argv = {.items = words, .count = 3};
	struct spawn_program program;
	const char *complaint = NULL;
	char *path = script("script", text, strlen(text)), *output;

	if (spawn_open_program(arena, path, &program, &complaint) != 0)
		return arena_printf(arena, "%s", complaint);
	output = output_of(confinement, &nobody, &program, spawn_arguments(arena, &program, &argv));
	spawn_close_program(&program);
	return output;
}

static struct confinement *exec_none(void)
{
	struct confinement *confinement = arena_alloc(arena, sizeof(*confinement));
	const char *complaint = NULL;

	confinement->restriction.has[RESTRICT_EXECUTE] = true;
	assert_int_equal(filter_build(arena, confinement, &complaint), 0);
	return confinement;
}

static void R26_scripts_run_and_start_nothing_else(void **state)
{
	static const char text[] =
		"#!/bin/sh\necho \"$0 $# $2\"\n/usr/bin/true || echo \"not $?\"\n";
	struct confinement open_one = {.filter = NULL};

	(void)state;
	assert_string_equal(run_script(&open_one, text), "/dev/fd/3 2 two words\n");
	assert_string_equal(run_script(exec_none(), text),
		"/dev/fd/3 2 two words\n/dev/fd/3: 3: /usr/bin/true: Permission denied\nnot 126\n");
}

/* Its output when the kernel itself runs it, by its path. */
static char *kernels_output(const char *path)
{
	int ends[2];
	size_t length;
	char *text;
	pid_t pid;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	pid = fork();
	if (pid == 0) {
		dup2(ends[1], 1);
		execl(path, "script", "one", "two words", (char *)NULL);
		_exit(1);
	}
	close(ends[1]);
	text = fd_read_all(arena, ends[0], 1 << 20, &length);
	close(ends[0]);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	return text;
}

static char *replace(const char *text, const char *what, const char *by)
{
	const char *found = strstr(text, what);

	assert_non_null(found);
	return arena_printf(arena, "%.*s%s%s", (int)(found - text), text, by, found + strlen(what));
}

static void scripts_get_the_arguments_that_the_kernel_gives(void **state)
{
	static const char *const lines[] = {"#!/usr/bin/printf <%s>\n",
		"#! /usr/bin/printf <%s> \n", "#!\t/usr/bin/printf \t <%s>x y\t\t \nmore",
		"#!/usr/bin/printf <%s>", "#!/usr/bin/echo\n", "#!/usr/bin/echo -n\n",
		"#!/bin/echo \n"};
	struct confinement open_one = {.filter = NULL};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		char *path = script("script", lines[i], strlen(lines[i]));

		assert_string_equal(run_script(&open_one, lines[i]),
			replace(kernels_output(path), path, "/dev/fd/3"));
	}
}

static void scripts_that_name_no_interpreter_are_refused(void **state)
{
	static const struct {
		const char *text, *complaint;
	} refused[] = {
		{"#!\n", "names no interpreter"},
		{"#!", "names no interpreter"},
		{"#! \t \necho\n", "names no interpreter"},
		{"#!sh\n", "not an absolute one"},
		{"#!bin/sh\n", "not an absolute one"},
		{"#!/usr/bin/../bin/sh\n", "not an absolute one"},
		{"#!/bin/sh\r\n", "CR LF"},
		{"#!/bin/sh -e\r\n", "CR LF"},
		{"#!/bin/sh \033[2J\n", "control byte"},
		{"#!/bin/\001sh\n", "control byte"},
		{"#!/no/such/interpreter\n", "/no: No such file"},
		{"#!/etc/passwd\n", "not executable"},
		{"#!/usr/bin\n", "not a regular file"},
		{"echo hello\n", "neither a program nor a script"},
		{"", "neither a program nor a script"},
		{"\177ELG", "neither a program nor a script"},
		{"MZ", "neither a program nor a script"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		char *text = run_script(exec_none(), refused[i].text);

		if (strstr(text, refused[i].complaint) == NULL)
			fail_msg("%s: %s", refused[i].text, text);
	}
}

static void programs_of_another_architecture_are_told_apart(void **state)
{
	_cleanup_fd_ int fd = open("/usr/bin/true", O_RDONLY | O_CLOEXEC);
	struct spawn_program program;
	const char *complaint = NULL;
	size_t length;
	char *bytes = fd_read_all(arena, fd, 1 << 20, &length), *path;

	(void)state;
	assert_non_null(bytes);
	path = script("other", bytes, length);
	assert_int_equal(spawn_open_program(arena, path, &program, &complaint), 0);
	assert_false(program.foreign);
	spawn_close_program(&program);
	bytes[18] ^= 1; /* e_machine */
	script("other", bytes, length);
	assert_int_equal(spawn_open_program(arena, path, &program, &complaint), 0);
	assert_true(program.foreign);
	spawn_close_program(&program);
	bytes[18] ^= 1;
	bytes[4] ^= 3; /* class */
	script("other", bytes, 40);
	assert_int_equal(spawn_open_program(arena, path, &program, &complaint), 0);
	assert_true(program.foreign);
	spawn_close_program(&program);
	unlink(path);
}

static void first_lines_have_an_end(void **state)
{
	char text[400];
	struct interpreter_line line;

	(void)state;
	memset(text, 'x', sizeof(text));
	memcpy(text, "#!/bin/sh ", 10);
	assert_non_null(interpreter_parse(arena, text, INTERPRETER_LINE_MAX + 1, &line));
	text[INTERPRETER_LINE_MAX] = '\n';
	assert_null(interpreter_parse(arena, text, INTERPRETER_LINE_MAX + 1, &line));
	assert_string_equal(line.path, "/bin/sh");
	assert_int_equal(strlen(line.argument), INTERPRETER_LINE_MAX - 10);
	text[20] = '\0';
	assert_non_null(interpreter_parse(arena, text, INTERPRETER_LINE_MAX + 1, &line));
}

static void R28_interpreters_are_trusted_as_programs_are(void **state)
{
	char *inner = script("inner", "#!/bin/sh\necho\n", 15);
	char *link = arena_printf(arena, "%s/link", directory);
	char *open_directory = arena_printf(arena, "%s/open", directory), *path;

	(void)state;
	assert_non_null(strstr(run_script(exec_none(), arena_printf(arena, "#!%s\n", inner)),
		"is a script itself"));
	assert_non_null(strstr(run_script(exec_none(), "#!/tmp/sh\n"), "/tmp"));
	/* A link of root's to what is trusted is followed; of somebody else's, or beside them, not.
	 */
	assert_int_equal(symlink("../../usr/bin/echo", link), 0);
	assert_string_equal(run_script(exec_none(), arena_printf(arena, "#!%s x\n", link)),
		"x /dev/fd/3 one two words\n");
	assert_int_equal(lchown(link, nobody.uid, nobody.gid), 0);
	assert_non_null(strstr(
		run_script(exec_none(), arena_printf(arena, "#!%s x\n", link)), "owned by uid"));
	unlink(link);
	assert_int_equal(symlink(link, link), 0);
	assert_non_null(
		strstr(run_script(exec_none(), arena_printf(arena, "#!%s x\n", link)), "followed"));
	unlink(link);
	path = arena_printf(arena, "%s/echo", open_directory);
	assert_int_equal(mkdir(open_directory, 0755), 0);
	assert_int_equal(chmod(open_directory, 0777), 0);
	assert_int_equal(symlink("/usr/bin/echo", path), 0);
	assert_non_null(
		strstr(run_script(exec_none(), arena_printf(arena, "#!%s x\n", path)), "writable"));
	unlink(path);
	rmdir(open_directory);
	unlink(inner);
}

static int set_up(void **state)
{
	static char template[] = "/run/rolegate-test-XXXXXX";
	const char *complaint;

	(void)state;
	arena = arena_new();
	directory = mkdtemp(template);
	if (directory == NULL || chmod(directory, 0755) != 0 ||
		account_by_name(arena, "nobody", &nobody, &complaint) < 0 ||
		account_by_name(arena, "root", &root, &complaint) < 0)
		return -1;
	umask(022);
	alarm(120);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	unlink(arena_printf(arena, "%s/script", directory));
	rmdir(directory);
	arena_free(arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(account_keeps_exactly_what_is_listed),
		cmocka_unit_test(account_does_with_one_what_took_root),
		cmocka_unit_test(account_sets_up_a_network_interface),
		cmocka_unit_test(account_can_unlock_nothing),
		cmocka_unit_test(root_keeps_exactly_what_is_listed),
		cmocka_unit_test(root_gets_what_the_gateway_acts_with),
		cmocka_unit_test(R37_no_limit_can_be_raised_under_exec_rules),
		cmocka_unit_test(R43_a_capability_that_is_not_held_starts_nothing),
		cmocka_unit_test(limits_are_the_profiles),
		cmocka_unit_test(limits_have_effect),
		cmocka_unit_test(R26_scripts_run_and_start_nothing_else),
		cmocka_unit_test(scripts_get_the_arguments_that_the_kernel_gives),
		cmocka_unit_test(scripts_that_name_no_interpreter_are_refused),
		cmocka_unit_test(programs_of_another_architecture_are_told_apart),
		cmocka_unit_test(first_lines_have_an_end),
		cmocka_unit_test(R28_interpreters_are_trusted_as_programs_are),
	};

	if (geteuid() != 0)
		return 77; /* automake: skipped */
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
