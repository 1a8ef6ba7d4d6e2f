/* What is said of a kernel, by made-up kernels; and what this one says of itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <sys/capability.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/config.h"
#include "confine/support.h"

static const struct support everything = { .filters = true,
	.filters_logged = true,
	.landlock = 5,
	.mounts = true,
	.proc_hidepid = true,
	.ambient = true,
	.capabilities = ~UINT64_C(0),
	.cgroup = "/sys/fs/cgroup/test",
	.cgroup_memory = true,
	.cgroup_pids = true,
	.cgroup_cpu = true };
static const struct support nothing = { .filters = false };

/* A restriction that says the one field, as strictly as it can be said. */
static struct restriction only(enum restriction_field field)
{
	static const char *items[] = { "/x" };
	static const struct strings one = { .items = items, .count = 1 };
	struct restriction restriction = { .hidden = one,
		.protected_names = one,
		.denied_calls = one,
		.own_proc = true,
		.own_tmp = true };

	restriction.has[field] = true;
	return restriction;
}

static const char *means(
	struct arena *arena, const struct support *support, enum restriction_field field)
{
	struct restriction restriction = only(field);

	assert_true(support_concerns(&restriction, field));
	return support_means(arena, support, &restriction, field);
}

static void what_the_gateway_does_itself_needs_no_kernel(void **state)
{
	static const enum restriction_field fields[] = { RESTRICT_SECONDS, RESTRICT_BLOCKED,
		RESTRICT_ALLOWED, RESTRICT_CLASSES, RESTRICT_AUDIT };
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		assert_non_null(strstr(means(arena, &nothing, fields[i]), "the gateway"));
	arena_free(arena);
}

static void a_field_without_its_mechanism_has_no_means(void **state)
{
	static const enum restriction_field fields[] = { RESTRICT_EXECUTE, RESTRICT_NETWORK,
		RESTRICT_SYSTEM_CALLS, RESTRICT_HIDDEN, RESTRICT_PROTECTED, RESTRICT_PROC,
		RESTRICT_TMP, RESTRICT_READ, RESTRICT_WRITE, RESTRICT_CPU_PERCENT };
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		struct restriction restriction = only(fields[i]);

		assert_null(means(arena, &nothing, fields[i]));
		assert_true(strlen(support_lack(arena, &nothing, &restriction, fields[i])) > 10);
	}
	arena_free(arena);
}

static void limits_name_what_they_are_counted_over(void **state)
{
	struct arena *arena = arena_new();

	(void)state;
	assert_string_equal(
		means(arena, &everything, RESTRICT_MEMORY), "cgroup v2 (the whole run)");
	assert_string_equal(means(arena, &nothing, RESTRICT_MEMORY), "setrlimit (each process)");
	assert_string_equal(
		means(arena, &everything, RESTRICT_PROCESSES), "cgroup v2 (the whole run)");
	assert_non_null(strstr(means(arena, &nothing, RESTRICT_PROCESSES), "not of root"));
	assert_non_null(means(arena, &everything, RESTRICT_CPU_PERCENT));
	arena_free(arena);
}

static void a_filter_that_nobody_hears_of_is_said_to_be_one(void **state)
{
	struct support silent = everything;
	struct arena *arena = arena_new();

	(void)state;
	assert_string_equal(means(arena, &everything, RESTRICT_NETWORK), "seccomp");
	silent.filters_logged = false;
	assert_non_null(strstr(means(arena, &silent, RESTRICT_NETWORK), "not logged"));
	arena_free(arena);
}

static void what_keeps_processes_apart_is_said_with_the_filter(void **state)
{
	static const enum restriction_field fields[] = { RESTRICT_EXECUTE, RESTRICT_SYSTEM_CALLS };
	static const char *items[] = { "ptrace" };
	struct support first = everything;
	struct arena *arena = arena_new();

	(void)state;
	first.landlock = 1;
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		struct restriction restriction = only(fields[i]);

		restriction.denied_calls = (struct strings){ .items = items, .count = 1 };
		assert_string_equal(support_means(arena, &everything, &restriction, fields[i]),
			"seccomp; Landlock keeps it out of other processes");
		assert_string_equal(
			support_means(arena, &first, &restriction, fields[i]), "seccomp");
	}
	assert_string_equal(means(arena, &everything, RESTRICT_SYSTEM_CALLS), "seccomp");
	arena_free(arena);
}

static void a_capability_that_the_gateway_lacks_is_named(void **state)
{
	struct restriction restriction = { .capabilities = UINT64_C(1) << CAP_NET_RAW };
	struct support without = everything;
	struct arena *arena = arena_new();

	(void)state;
	restriction.has[RESTRICT_CAPABILITIES] = true;
	assert_non_null(support_means(arena, &everything, &restriction, RESTRICT_CAPABILITIES));
	without.capabilities &= ~(UINT64_C(1) << CAP_NET_RAW);
	assert_null(support_means(arena, &without, &restriction, RESTRICT_CAPABILITIES));
	assert_non_null(strstr(support_lack(arena, &without, &restriction, RESTRICT_CAPABILITIES),
		"CAP_NET_RAW"));
	restriction.capabilities = 0;
	assert_string_equal(support_means(arena, &nothing, &restriction, RESTRICT_CAPABILITIES),
		"bounding set");
	arena_free(arena);
}

static void an_open_field_concerns_nobody(void **state)
{
	struct restriction open = { .execute = EXECUTE_ANY, .network = NETWORK_ANY };

	(void)state;
	for (enum restriction_field field = 0; field < RESTRICT_COUNT; field++)
		assert_false(support_concerns(&open, field));
	memset(open.has, true, sizeof(open.has));
	assert_false(support_concerns(&open, RESTRICT_EXECUTE));
	assert_false(support_concerns(&open, RESTRICT_NETWORK));
	assert_false(support_concerns(&open, RESTRICT_HIDDEN));
	assert_false(support_concerns(&open, RESTRICT_PROC));
	assert_true(support_concerns(&open, RESTRICT_WRITE));
}

/* A policy of one command, "job", run as `account` under a profile at profiles.d/x.conf:7. */
struct fixture {
	struct arena *arena;
	struct policy policy;
	struct profile profile;
	struct command command, *commands[1];
	struct confinement confinement, *confinements[4]; /* and as many of untrusted functions */
	struct problems problems;
};

static void build(struct fixture *fixture, enum restriction_field field, const char *account)
{
	*fixture = (struct fixture){ .arena = arena_new() };
	fixture->profile = (struct profile){ .name = "tight",
		.restriction = only(field),
		.source = { .file = "profiles.d/x.conf", .line = 7 } };
	fixture->confinement.restriction = fixture->profile.restriction;
	fixture->confinements[0] = &fixture->confinement;
	fixture->command = (struct command){ .name = "job",
		.run_as = account,
		.profile = &fixture->profile,
		.source = { .file = "commands.d/y.conf", .line = 3 } };
	fixture->commands[0] = &fixture->command;
	fixture->policy = (struct policy){ .arena = fixture->arena,
		.profiles = &fixture->profile,
		.profile_count = 1,
		.commands = fixture->commands,
		.command_count = 1,
		.confinements = fixture->confinements };
	fixture->problems.arena = fixture->arena;
}

static void what_cannot_be_enforced_is_an_error_of_its_line(void **state)
{
	struct fixture f;

	(void)state;
	build(&f, RESTRICT_NETWORK, "svc");
	support_check(&everything, &f.policy, &f.problems);
	assert_int_equal(f.problems.count, 0);
	support_check(&nothing, &f.policy, &f.problems);
	assert_int_equal(f.problems.errors, 1);
	assert_string_equal(f.problems.items[0].file, "profiles.d/x.conf");
	assert_int_equal(f.problems.items[0].line, 7);
	assert_non_null(strstr(f.problems.items[0].text, "\"tight\": network can't be enforced"));
	arena_free(f.arena);
}

static void a_profile_that_nobody_uses_is_no_matter(void **state)
{
	struct fixture f;

	(void)state;
	build(&f, RESTRICT_NETWORK, "svc");
	f.policy.command_count = 0;
	support_check(&nothing, &f.policy, &f.problems);
	assert_int_equal(f.problems.count, 0);
	arena_free(f.arena);
}

static void a_built_in_profile_points_at_who_names_it(void **state)
{
	struct fixture f;

	(void)state;
	build(&f, RESTRICT_NETWORK, "svc");
	f.profile.built_in = true;
	support_check(&nothing, &f.policy, &f.problems);
	assert_string_equal(f.problems.items[0].file, "commands.d/y.conf");
	arena_free(f.arena);
}

static void warn_leaves_out_and_says_so(void **state)
{
	struct fixture f;

	(void)state;
	build(&f, RESTRICT_NETWORK, "svc");
	f.profile.optional = true;
	support_check(&nothing, &f.policy, &f.problems);
	assert_int_equal(f.problems.errors, 0);
	assert_int_equal(f.problems.warnings, 1);
	assert_non_null(strstr(f.problems.items[0].text, "left out"));
	support_leave_out(&everything, &f.policy);
	assert_true(f.confinement.restriction.has[RESTRICT_NETWORK]);
	support_leave_out(&nothing, &f.policy);
	assert_false(f.confinement.restriction.has[RESTRICT_NETWORK]);
	arena_free(f.arena);
}

static void processes_of_root_need_a_control_group(void **state)
{
	struct fixture f;

	(void)state;
	build(&f, RESTRICT_PROCESSES, "svc");
	support_check(&nothing, &f.policy, &f.problems);
	assert_int_equal(f.problems.count, 0);
	f.command.run_as = "root";
	support_check(&everything, &f.policy, &f.problems);
	assert_int_equal(f.problems.count, 0);
	support_check(&nothing, &f.policy, &f.problems);
	assert_int_equal(f.problems.errors, 1);
	assert_non_null(strstr(f.problems.items[0].text, "runs as root"));
	arena_free(f.arena);
}

/* How many warnings of devices there are, where root's command has this list for the field. */
static size_t device_warnings(
	const struct support *support, enum restriction_field field, const char *path)
{
	const struct strings list = { .items = &path, .count = path == NULL ? 0 : 1 };
	struct restriction *restriction;
	struct fixture f;
	size_t warnings;

	build(&f, field, "root");
	restriction = &f.confinement.restriction;
	*(field == RESTRICT_READ ? &restriction->read : &restriction->write) = list;
	support_check(support, &f.policy, &f.problems);
	warnings = f.problems.warnings;
	for (size_t i = 0; i < f.problems.count; i++) {
		assert_int_equal(f.problems.items[i].line, 3);
		assert_non_null(strstr(f.problems.items[i].text, "the devices in /dev"));
	}
	arena_free(f.arena);
	return warnings;
}

static void without_landlock_devices_are_roots_to_open(void **state)
{
	struct support without = everything;
	static const char *dev[] = { "/dev" };
	struct fixture f;

	(void)state;
	without.landlock = 0;
	assert_int_equal(device_warnings(&without, RESTRICT_WRITE, NULL), 1);
	assert_int_equal(device_warnings(&everything, RESTRICT_WRITE, NULL), 0);
	assert_int_equal(device_warnings(&without, RESTRICT_WRITE, "/"), 0); /* nothing is limited */
	assert_int_equal(device_warnings(&without, RESTRICT_NETWORK, NULL), 0);
	/* In a new root there are the few devices that everybody may use. */
	assert_int_equal(device_warnings(&without, RESTRICT_READ, "/srv"), 0);
	assert_int_equal(device_warnings(&without, RESTRICT_READ, "/devices"), 0);
	assert_int_equal(device_warnings(&without, RESTRICT_READ, "/dev"), 1);
	assert_int_equal(device_warnings(&without, RESTRICT_READ, "/dev/vda"), 1);
	build(&f, RESTRICT_WRITE, "svc");
	support_check(&without, &f.policy, &f.problems);
	assert_int_equal(f.problems.count, 0);
	f.command.run_as = "root";
	f.confinement.restriction.hidden = (struct strings){ .items = dev, .count = 1 };
	f.confinement.restriction.has[RESTRICT_HIDDEN] = true;
	support_check(&without, &f.policy, &f.problems);
	assert_int_equal(f.problems.count, 0);
	arena_free(f.arena);
}

/* Only what every kernel that rolegate runs on has. */
static void this_kernel_is_probed_without_a_trace(void **state)
{
	struct arena *arena = arena_new();
	struct stat before, after;
	struct support support;

	(void)state;
	assert_int_equal(stat("/proc/self/ns/mnt", &before), 0);
	support_probe(arena, &support);
	assert_int_equal(stat("/proc/self/ns/mnt", &after), 0);
	assert_int_equal(before.st_ino, after.st_ino);
	assert_true(support.filters);
	assert_true(support.ambient);
	assert_null(support.cgroup);
	if (cap_get_bound(CAP_SYS_ADMIN) != 1)
		assert_false(support.mounts);
	if (cap_get_bound(CAP_CHOWN) == 1)
		assert_true((support.capabilities & 1) != 0);
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_the_gateway_does_itself_needs_no_kernel),
		cmocka_unit_test(a_field_without_its_mechanism_has_no_means),
		cmocka_unit_test(limits_name_what_they_are_counted_over),
		cmocka_unit_test(a_filter_that_nobody_hears_of_is_said_to_be_one),
		cmocka_unit_test(what_keeps_processes_apart_is_said_with_the_filter),
		cmocka_unit_test(a_capability_that_the_gateway_lacks_is_named),
		cmocka_unit_test(an_open_field_concerns_nobody),
		cmocka_unit_test(what_cannot_be_enforced_is_an_error_of_its_line),
		cmocka_unit_test(a_profile_that_nobody_uses_is_no_matter),
		cmocka_unit_test(a_built_in_profile_points_at_who_names_it),
		cmocka_unit_test(warn_leaves_out_and_says_so),
		cmocka_unit_test(processes_of_root_need_a_control_group),
		cmocka_unit_test(without_landlock_devices_are_roots_to_open),
		cmocka_unit_test(this_kernel_is_probed_without_a_trace),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
