/*
 * R37: only the kernel's means, and they hold. tests/unit/attacker.c is run with and without a
 * filter; whatever a filter refuses is seen to work where there is none. Needs root.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "confine/filter.h"
#include "confine/support.h"
#include "confine/system_calls.h"
#include "record/record.h"
#include "spawn/spawn.h"

enum { ANYTHING_ELSE = -1 };

static const struct support no_support;
static struct arena *arena;
static struct account nobody, root;
static int attacker;

static const char *const standard_sets[] = {"@bpf", "@clock", "@cpu-emulation", "@debug",
	"@io-uring", "@keyring", "@module", "@mount", "@namespaces", "@obsolete", "@raw-io",
	"@reboot", "@swap", NULL};
static const char *const no_sets[] = {NULL};

static int by_name(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static void deny(struct restriction *restriction, const char *const *names)
{
	struct strings *denied = &restriction->denied_calls;

	for (; *names != NULL; names++) {
		const char *const *set = filter_set(*names);

		if (set == NULL)
			strings_add(arena, denied, *names);
		for (; set != NULL && *set != NULL; set++)
			strings_add(arena, denied, *set);
	}
	restriction->has[RESTRICT_SYSTEM_CALLS] = denied->count > 0;
	if (denied->count > 0)
		qsort(denied->items, denied->count, sizeof(*denied->items), by_name);
}

static struct confinement *build(struct restriction restriction)
{
	struct confinement *confinement = arena_alloc(arena, sizeof(*confinement));
	const char *complaint = NULL;

	confinement->restriction = restriction;
	if (filter_build(arena, confinement, &complaint) != 0)
		fail_msg("%s", complaint);
	return confinement;
}

static struct confinement *open_confinement(void)
{
	return build((struct restriction){.providers = false});
}

static struct confinement *exec_none(void)
{
	struct restriction restriction = {.execute = EXECUTE_NONE};

	restriction.has[RESTRICT_EXECUTE] = true;
	return build(restriction);
}

/* What the attacker starts, which the view would keep it from otherwise. */
static struct confinement *exec_listed(void)
{
	struct restriction restriction = {.execute = EXECUTE_LISTED};

	restriction.has[RESTRICT_EXECUTE] = true;
	strings_add(arena, &restriction.execute_paths, "/usr/bin/true");
	return build(restriction);
}

static struct confinement *denying(const char *const *names)
{
	struct restriction restriction = {.providers = false};

	deny(&restriction, names);
	return build(restriction);
}

static struct confinement *network(enum restrict_network network)
{
	struct restriction restriction = {.network = network};

	restriction.has[RESTRICT_NETWORK] = true;
	return build(restriction);
}

static struct confinement *standard(void)
{
	struct restriction restriction = {.execute = EXECUTE_NONE};

	restriction.has[RESTRICT_EXECUTE] = true;
	deny(&restriction, standard_sets);
	return build(restriction);
}

static uid_t operator_uid(void)
{
	uid_t now;

	assert_int_equal(record_get_login_uid(&now), 0);
	return now;
}

/* Both with root's capabilities, whatever the account: what fails then is the filter's. */
static struct spawn spawn_for(const struct confinement *confinement, const struct account *account)
{
	static char *const environment[] = {(char *)(uintptr_t) "PATH=/usr/bin", NULL};

	return (struct spawn){
		.program = {.image = -1, .script = -1},
		.envp = environment,
		.account = account,
		.login_uid = operator_uid(),
		.confinement = confinement,
		.support = &no_support,
		.streams = {open("/dev/null", O_RDONLY | O_CLOEXEC), -1, -1},
		.terminal = -1,
	};
}

static char *output_of(struct spawn *spawn, const char *const *argv)
{
	struct spawn_failure failure;
	int ends[2], status;
	size_t length;
	char *text;
	pid_t pid;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	spawn->argv = (char *const *)(uintptr_t)argv;
	spawn->streams[1] = spawn->streams[2] = ends[1];
	if (spawn_start(spawn, &pid, &failure) < 0)
		text = arena_printf(arena, "FAILED %s %d", failure.step, failure.error);
	else
		text = NULL;
	close(ends[1]);
	if (text == NULL) {
		text = fd_read_all(arena, ends[0], 1 << 20, &length);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		if (!WIFEXITED(status))
			text = arena_printf(arena, "%sKILLED %d", text, WTERMSIG(status));
	}
	close(ends[0]);
	close(spawn->streams[0]);
	return text;
}

/* What the attempt came to: 0, or an errno. */
static int attempt(
	const struct confinement *confinement, const struct account *account, const char *name)
{
	const char *argv[] = {"attacker", name, NULL};
	struct spawn spawn = spawn_for(confinement, account);
	size_t length = strlen(name);
	char *text;

	spawn.program.image = attacker;
	text = output_of(&spawn, argv);
	if (strncmp(text, name, length) != 0 || text[length] != ' ')
		fail_msg("%s: %s", name, text);
	return (int)strtol(text + length, NULL, 10);
}

struct expectation {
	const char *name;
	int without, with; /* ANYTHING_ELSE: not what `with` is */
};

static void expect(const struct confinement *confinement, const struct account *account,
	const struct expectation *table, size_t count)
{
	struct confinement *free_one = open_confinement();

	free_one->restriction =
		(struct restriction){.capabilities = confinement->restriction.capabilities};
	free_one->restriction.has[RESTRICT_CAPABILITIES] =
		confinement->restriction.has[RESTRICT_CAPABILITIES];
	for (size_t i = 0; i < count; i++) {
		int without = attempt(free_one, account, table[i].name);
		int with = attempt(confinement, account, table[i].name);

		if (with != table[i].with)
			fail_msg("%s with the filter: %s", table[i].name, strerror(with));
		if (table[i].without == ANYTHING_ELSE ? without == table[i].with
						      : without != table[i].without)
			fail_msg("%s without the filter: %s", table[i].name, strerror(without));
	}
}

#define EXPECT(confinement, account, table)                                                        \
	expect(confinement, account, table, sizeof(table) / sizeof(*(table)))

/* What the machine lets root do. */
static void give_all_capabilities(struct confinement *confinement)
{
	cap_t set = cap_get_proc();
	cap_flag_value_t value;

	confinement->restriction.has[RESTRICT_CAPABILITIES] = true;
	for (cap_value_t number = 0; number < 64; number++)
		if (cap_get_flag(set, number, CAP_PERMITTED, &value) == 0 && value == CAP_SET)
			confinement->restriction.capabilities |= (uint64_t)1 << number;
	cap_free(set);
}

static void R37_exec_none_starts_no_other_program(void **state)
{
	static const struct expectation table[] = {
		{"execve", 0, EACCES},
		{"vfork", 0, EACCES},
		{"posix_spawn", 0, EACCES},
		{"execveat_path", 0, EACCES},
		{"execveat_descriptor", 0, EACCES},
		{"execveat_absolute", 0, ENOSYS},
		{"execveat_number", EBADF, EBADF}, /* no program can have that number */
		{"memfd", 0, EACCES},
		{"own_image", 0, EACCES},
#ifdef __x86_64__
		{"loader", 0, EACCES},
		{"execve_32", 0, EPERM},
		{"execve_x32", ANYTHING_ELSE, EPERM},
		{"execve_x32_number", ENOSYS, ENOSYS},
#endif
		{"own_gate", 0, ENOSYS},
		{"raise_open_files", EPERM, EPERM},
		{"descriptor_number", EBADF, EBADF},
	};

	(void)state;
	EXPECT(exec_none(), &nobody, table);
}

/* With every capability that can be given, the one that raises limits is still none. */
static void R37_exec_none_holds_for_root(void **state)
{
	static const struct expectation table[] = {
		{"execve", 0, EACCES},
		{"execveat_absolute", 0, ENOSYS},
		{"own_gate", 0, ENOSYS},
		{"memfd", 0, EACCES},
	};
	struct confinement *confinement = exec_none();

	(void)state;
	give_all_capabilities(confinement);
	EXPECT(confinement, &root, table);
	EXPECT(confinement, &nobody, table);
	assert_int_equal(attempt(confinement, &root, "raise_open_files"), EPERM);
	assert_int_not_equal(attempt(confinement, &root, "execveat_number"), 0);
}

static void R37_what_is_no_exec_works_under_exec_none(void **state)
{
	static const struct expectation table[] = {
		{"nothing", 0, 0},
		{"fork", 0, 0},
		{"thread", 0, 0},
		{"socket_inet", 0, 0},
		{"window_size", 0, 0},
		{"unshare_files", 0, 0},
		{"proc_mem", 0, 0},
	};

	(void)state;
	EXPECT(exec_none(), &nobody, table);
	EXPECT(standard(), &nobody, table);
}

static void R37_listed_programs_come_from_files_alone(void **state)
{
	static const struct expectation table[] = {
		{"execve", 0, 0},
		{"fork", 0, 0},
		{"memfd", 0, EPERM},
		{"unshare_user", 0, EPERM}, /* and a file system of its own, that is not no-exec */
		{"clone_user", 0, EPERM},
		{"clone3_user", 0, ENOSYS},
		{"unshare_files", 0, 0},
		{"mount_alone", ANYTHING_ELSE, EPERM},
	};

	(void)state;
	EXPECT(exec_listed(), &nobody, table);
}

static void R37_other_architectures_are_refused_whole(void **state)
{
#ifdef __x86_64__
	static const struct expectation table[] = {
		{"getpid_32", 0, EPERM},
		{"getpid_x32", ANYTHING_ELSE, EPERM},
	};
	static const char *const names[] = {"@bpf", NULL};

	EXPECT(denying(names), &nobody, table);
	EXPECT(network(NETWORK_LOCAL), &nobody, table);
	EXPECT(exec_listed(), &nobody, table);
#endif
	(void)state;
}

/* Newer than the program that made the filter: as on the kernels that it knew. */
static void R37_unknown_system_calls_do_not_exist(void **state)
{
	const struct sock_filter *gate = exec_none()->gate;
	bool found = false;

	(void)state;
	for (size_t i = 0; i < exec_none()->gate_length; i++)
		found = found || (gate[i].code == (BPF_JMP | BPF_JGT | BPF_K) &&
					 gate[i].k == (uint32_t)system_call_highest());
	assert_true(found);
	assert_true(system_call_highest() < 1000);
	assert_int_equal(attempt(exec_none(), &nobody, "unknown_call"), ENOSYS);
}

/* R15 */
static void R37_no_filter_lets_a_program_type(void **state)
{
	static const struct expectation table[] = {
		{"typing", 0, EPERM},
		{"typing_disguised", 0, EPERM},
		{"window_size", 0, 0},
	};
	static const char *const names[] = {"@bpf", NULL};

	(void)state;
	EXPECT(denying(names), &nobody, table);
	EXPECT(network(NETWORK_LOCAL), &nobody, table);
	EXPECT(standard(), &nobody, table);
}

static void R37_standard_sets_are_refused(void **state)
{
	static const struct expectation table[] = {
		{"io_uring", 0, EPERM},
		{"ptrace", 0, EPERM},
		{"process_vm_writev", 0, EPERM},
		{"unshare_user", 0, EPERM},
		{"clone_user", 0, EPERM},
		{"clone3_user", 0, ENOSYS},
		{"keyctl", 0, EPERM},
		{"adjtimex", 0, EPERM},
		{"fork", 0, 0},
#ifdef __x86_64__
		{"modify_ldt", 0, EPERM},
#endif
	};

	(void)state;
	EXPECT(standard(), &nobody, table);
}

static void R37_standard_sets_are_refused_to_root(void **state)
{
	static const struct expectation table[] = {
		{"bpf", 0, EPERM},
		{"fsopen", 0, EPERM},
		{"open_tree_attr", ANYTHING_ELSE, EPERM},
		{"mount", 0, EPERM},
		{"mount_alone", ENOENT, EPERM},
		{"chroot", 0, EPERM},
		{"setns", 0, EPERM},
		{"unshare_mount", 0, EPERM},
		{"unshare_time", 0, EPERM},
		{"perf", 0, EPERM},
		{"userfaultfd", 0, EPERM},
		{"init_module", ANYTHING_ELSE, EPERM},
		{"reboot", EINVAL, EPERM},
		{"swapon", ENOENT, EPERM},
#ifdef __x86_64__
		{ "iopl", ANYTHING_ELSE, EPERM },
#endif
	};
	struct confinement *confinement = standard();

	(void)state;
	give_all_capabilities(confinement);
	EXPECT(confinement, &root, table);
}

static void R37_network_none_has_no_socket(void **state)
{
	static const struct expectation table[] = {
		{"socket_unix", 0, EPERM},
		{"socket_netlink", 0, EPERM},
		{"socket_inet", 0, EPERM},
		{"socket_inet6", 0, EPERM},
		{"socket_disguised", 0, EPERM},
		{"socket_others", 0, EPERM},
		{"io_uring", 0, EPERM},
		{"socketpair", 0, 0},
		{"socketpair_datagram", 0, EPERM},
		{"socketpair_raw", 0, EPERM},
		{"socketpair_others", ANYTHING_ELSE, EPERM},
		{"connect", EBADF, EPERM},
		{"bind", EBADF, EPERM},
		{"listen", EBADF, EPERM},
		{"sendto", EBADF, EPERM},
		{"sendmsg", EBADF, EPERM},
		{"sendmmsg", EBADF, EPERM},
		{"recvmsg", EBADF, EPERM},
		{"recvmmsg", EBADF, EPERM},
		{"execve", 0, 0},
	};

	(void)state;
	EXPECT(network(NETWORK_NONE), &nobody, table);
}

static void R37_network_local_has_two_families(void **state)
{
	static const struct expectation table[] = {
		{"socket_unix", 0, 0},
		{"socket_netlink", 0, 0},
		{"socket_inet", 0, EPERM},
		{"socket_inet6", 0, EPERM},
		{"socket_disguised", 0, EPERM},
		{"socket_others", 0, EPERM},
		{"io_uring", 0, EPERM},
		{"socketpair", 0, 0},
		{"socketpair_datagram", 0, 0},
		{"socketpair_others", ANYTHING_ELSE, EPERM},
		{"connect", EBADF, EBADF},
		{"recvmsg", EBADF, EBADF},
	};
	static const struct expectation packet[] = {{"socket_packet", 0, EPERM}};
	struct confinement *confinement = network(NETWORK_LOCAL);

	(void)state;
	EXPECT(confinement, &nobody, table);
	give_all_capabilities(confinement);
	EXPECT(confinement, &root, packet);
}

static void R37_single_calls_can_be_denied(void **state)
{
	static const char *const names[] = {"socketpair", "unshare", NULL};
	static const struct expectation table[] = {
		{"socketpair", 0, EPERM},
		{"unshare_files", 0, EPERM},
		{"socket_unix", 0, 0},
		{"clone_user", 0, 0},
	};

	(void)state;
	EXPECT(denying(names), &nobody, table);
}

static void R37_static_programs_are_no_different(void **state)
{
	static const char *const argv[] = {"ldconfig", "-p", NULL};
	struct spawn spawn = spawn_for(standard(), &nobody);
	const char *complaint = NULL;
	char *text;

	(void)state;
	if (spawn_open_program(arena, "/usr/sbin/ldconfig", &spawn.program, &complaint) != 0)
		skip();
	text = output_of(&spawn, argv);
	spawn_close_program(&spawn.program);
	assert_non_null(strstr(text, "libc.so.6"));
}

/* The filter is the program's, and its children's: what they start is under it too. */
static void R37_children_are_under_the_filter(void **state)
{
	static const char *const argv[] = {"sh", "-c",
		"(grep -h ^Seccomp: /proc/self/status) 2>&1; (: </dev/null; echo sub) | "
		"while read -r line; do echo \"$line\"; done",
		NULL};
	struct spawn spawn = spawn_for(standard(), &nobody);
	const char *complaint = NULL;
	char *text;

	(void)state;
	assert_int_equal(spawn_open_program(arena, "/usr/bin/dash", &spawn.program, &complaint), 0);
	text = output_of(&spawn, argv);
	spawn_close_program(&spawn.program);
	assert_non_null(strstr(text, "Permission denied"));
	assert_non_null(strstr(text, "sub\n"));
}

static void unknown_names_are_complained_of(void **state)
{
	static const char *const known[] = {"socketcall", "vm86", "pciconfig_read", "clone3",
		"open_tree_attr", "futex_waitv", SYSTEM_CALL_CLONE_NAMESPACES};
	static const char *const unknown[] = {"", "opne", "@mount", "Mount", "clone/", " mount"};
	struct confinement confinement = {.filter = NULL};
	const char *complaint = NULL;

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		assert_true(filter_knows(known[i]));
	for (size_t i = 0; i < sizeof(unknown) / sizeof(*unknown); i++)
		assert_false(filter_knows(unknown[i]));
	assert_null(filter_set("mount"));
	assert_null(filter_set("@no-such-set"));
	strings_add(arena, &confinement.restriction.denied_calls, "opne");
	confinement.restriction.has[RESTRICT_SYSTEM_CALLS] = true;
	assert_int_equal(filter_build(arena, &confinement, &complaint), -1);
	assert_string_equal(complaint, "there is no system call \"opne\"");
}

static void sets_hold_known_calls_alone(void **state)
{
	static const char *const names[] = {"@bpf", "@chown", "@clock", "@cpu-emulation", "@debug",
		"@io-uring", "@ipc", "@keyring", "@memlock", "@module", "@mount", "@namespaces",
		"@network-io", "@obsolete", "@pkey", "@privileged", "@raw-io", "@reboot",
		"@resources", "@setuid", "@swap"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const char *const *set = filter_set(names[i]);

		assert_non_null(set);
		for (; *set != NULL; set++)
			if (!filter_knows(*set))
				fail_msg("%s: %s", names[i], *set);
		/* Each makes a filter that a program can live under. */
		if (strcmp(names[i], "@network-io") != 0 && strcmp(names[i], "@ipc") != 0)
			assert_int_equal(attempt(denying((const char *[]){names[i], NULL}), &nobody,
						 "nothing"),
				0);
	}
}

static void nothing_to_refuse_needs_no_filter(void **state)
{
	struct confinement *confinement = denying(no_sets);

	(void)state;
	assert_null(confinement->filter);
	assert_null(confinement->gate);
	confinement->restriction.execute = EXECUTE_ANY;
	confinement->restriction.network = NETWORK_ANY;
	confinement->restriction.has[RESTRICT_EXECUTE] = true;
	confinement->restriction.has[RESTRICT_NETWORK] = true;
	assert_false(filter_is_needed(&confinement->restriction));
}

/* R43: a restriction whose filter was forgotten is no open door. */
static void R43_a_filter_that_was_not_built_starts_nothing(void **state)
{
	static const char *const argv[] = {"attacker", "nothing", NULL};
	struct confinement *confinement = exec_none();
	struct spawn spawn = spawn_for(confinement, &nobody);

	(void)state;
	spawn.program.image = attacker;
	confinement->filter = NULL;
	assert_string_equal(
		output_of(&spawn, argv), arena_printf(arena, "FAILED filter %d", EINVAL));
	spawn = spawn_for(confinement, &nobody);
	spawn.program.image = attacker;
	confinement->gate = NULL;
	assert_string_equal(output_of(&spawn, argv), arena_printf(arena, "FAILED gate %d", EINVAL));
	/* One that asks for no key lets every execveat(2) of that number through. */
	confinement->gate = denying(standard_sets)->gate;
	confinement->gate_length = denying(standard_sets)->gate_length;
	assert_string_equal(output_of(&spawn, argv), arena_printf(arena, "FAILED gate %d", EINVAL));
}

static void same_filters_are_shared(void **state)
{
	struct confinement *items[12] = {standard(), NULL, exec_none(), standard(),
		open_confinement(), denying(standard_sets)};
	struct policy policy = {.arena = arena, .profile_count = 2, .confinements = items};
	const char *complaint = NULL;

	(void)state;
	for (size_t i = 0; i < 6; i++)
		if (items[i] != NULL)
			items[i]->filter = items[i]->gate = NULL;
	assert_int_equal(filter_build_all(&policy, &complaint), 0);
	assert_non_null(items[0]->filter);
	assert_ptr_equal(items[0]->filter, items[3]->filter);
	assert_ptr_equal(items[0]->gate, items[3]->gate);
	assert_ptr_not_equal(items[0]->filter, items[2]->filter);
	assert_ptr_not_equal(items[0]->filter, items[5]->filter);
	assert_null(items[4]->filter);
}

static int set_up(void **state)
{
	const char *complaint;

	(void)state;
	arena = arena_new();
	attacker = open(ATTACKER, O_RDONLY | O_CLOEXEC);
	if (attacker < 0 || account_by_name(arena, "nobody", &nobody, &complaint) < 0 ||
		account_by_name(arena, "root", &root, &complaint) < 0)
		return -1;
	alarm(300);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	close(attacker);
	arena_free(arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(R37_exec_none_starts_no_other_program),
		cmocka_unit_test(R37_exec_none_holds_for_root),
		cmocka_unit_test(R37_what_is_no_exec_works_under_exec_none),
		cmocka_unit_test(R37_listed_programs_come_from_files_alone),
		cmocka_unit_test(R37_other_architectures_are_refused_whole),
		cmocka_unit_test(R37_unknown_system_calls_do_not_exist),
		cmocka_unit_test(R37_no_filter_lets_a_program_type),
		cmocka_unit_test(R37_standard_sets_are_refused),
		cmocka_unit_test(R37_standard_sets_are_refused_to_root),
		cmocka_unit_test(R37_network_none_has_no_socket),
		cmocka_unit_test(R37_network_local_has_two_families),
		cmocka_unit_test(R37_single_calls_can_be_denied),
		cmocka_unit_test(R37_static_programs_are_no_different),
		cmocka_unit_test(R37_children_are_under_the_filter),
		cmocka_unit_test(unknown_names_are_complained_of),
		cmocka_unit_test(sets_hold_known_calls_alone),
		cmocka_unit_test(nothing_to_refuse_needs_no_filter),
		cmocka_unit_test(R43_a_filter_that_was_not_built_starts_nothing),
		cmocka_unit_test(same_filters_are_shared),
	};

	if (geteuid() != 0)
		return 77; /* automake: skipped */
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
