/* Profiles: what is inherited, what the built-in ones are, and what they make of a decision. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "config-fixture.h"
#include "policy/decide.h"

#define TEXT(text) text, sizeof(text) - 1

/* The policy of these profiles alone. */
static struct loaded profiles_of(const char *text)
{
	const struct config_file files[] = {{"profiles.d/p.conf", text, strlen(text)}};
	struct loaded loaded = load_only(files, 1);

	assert_string_equal(problem_lines(&loaded, PROBLEM_ERROR), "");
	return loaded;
}

static const struct profile *profile_of(const struct loaded *loaded, const char *name)
{
	const struct profile *profile = table_get(&loaded->policy->profile_by_name, name);

	assert_non_null(profile);
	return profile;
}

static const char standard_calls[] =
	"@bpf, @clock, @cpu-emulation, @debug, @io-uring, @keyring, @module, @mount, @namespaces, "
	"@obsolete, @raw-io, @reboot, @swap";

/* "execute=none filesystem.write=none …" */
static const char *said(const struct loaded *loaded, const char *name)
{
	const struct restriction *restriction = &profile_of(loaded, name)->restriction;
	struct strings parts = {0};

	for (enum restriction_field field = 0; field < RESTRICT_COUNT; field++) {
		const char *text = restriction_field_text(loaded->arena, restriction, field);

		if (!restriction->has[field])
			continue;
		if (field == RESTRICT_SYSTEM_CALLS && strcmp(text, standard_calls) == 0)
			text = "standard";
		strings_add(loaded->arena, &parts,
			arena_printf(loaded->arena, "%s=%s", restriction_field_name(field), text));
	}
	return strings_join(loaded->arena, &parts, "; ");
}

static void the_built_in_profiles_are_what_is_documented(void **state)
{
	static const struct {
		const char *name, *said;
	} built_in[] = {
		{"unrestricted", ""},
		{"standard", "execute=none; system_calls.deny=standard"},
		{"read-only", "execute=none; filesystem.write=none; filesystem.tmp=own; "
			      "system_calls.deny=standard"},
		{"read-only-offline",
			"execute=none; network=none; filesystem.write=none; filesystem.proc=own; "
			"system_calls.deny=standard"},
		{"content-editor",
			"execute=none; network=none; "
			"filesystem.read=the areas that the person's roles make visible; "
			"filesystem.write=the areas that the person's roles make visible; "
			"filesystem.protect=.*; filesystem.tmp=own; system_calls.deny=standard"},
		{"service-control", "execute=none; network=local; filesystem.write=none; "
				    "system_calls.deny=standard"},
		{"user-drive",
			"execute=none; network=none; filesystem.read=/drive; "
			"filesystem.write=/drive; filesystem.proc=own; "
			"system_calls.deny=@bpf, @clock, @cpu-emulation, @debug, @io-uring, "
			"@keyring, @module, @mount, @namespaces, @obsolete, @raw-io, @reboot, "
			"@swap, fsetxattr, link, linkat, lsetxattr, mkdir, mkdirat, mknod, "
			"mknodat, setxattr, symlink, symlinkat, truncate; limits.memory=1G; "
			"limits.open_files=256"},
	};
	struct loaded loaded = load_only(NULL, 0);

	(void)state;
	assert_int_equal(loaded.policy->profile_count, 7);
	for (size_t i = 0; i < sizeof(built_in) / sizeof(built_in[0]); i++) {
		const struct profile *profile = profile_of(&loaded, built_in[i].name);

		assert_string_equal(said(&loaded, built_in[i].name), built_in[i].said);
		assert_true(profile->built_in && !profile->optional);
		assert_non_null(profile->description);
		assert_int_equal(profile->source.line, 0);
	}
	loaded_free(&loaded);
}

/* One member of each set that `standard` denies. */
static void standard_denies_what_changes_the_host(void **state)
{
	static const char *const denied[] = {"bpf", "settimeofday", "modify_ldt", "ptrace",
		"io_uring_setup", "keyctl", "init_module", "mount", "umount2", "setns", "uselib",
		"iopl", "reboot", "kexec_load", "swapon"};
	static const char *const left[] = {"read", "openat", "socket", "connect", "kill", "clone"};
	struct loaded loaded = load_only(NULL, 0);
	const struct strings *calls = &profile_of(&loaded, "standard")->restriction.denied_calls;

	(void)state;
	for (size_t i = 0; i < sizeof(denied) / sizeof(denied[0]); i++)
		if (!strings_contain(calls, denied[i]))
			fail_msg("%s is not denied", denied[i]);
	for (size_t i = 0; i < sizeof(left) / sizeof(left[0]); i++)
		assert_false(strings_contain(calls, left[i]));
	loaded_free(&loaded);
}

struct inheritance {
	const char *parent, *child, *said; /* of the child */
};

static const struct inheritance inheritances[] = {
	{"execute = \"none\"; network = \"local\";", "", "execute=none; network=local"},
	{"execute = \"none\"; network = \"local\";", "network = \"any\";",
		"execute=none; network=any"},
	{"execute = [ \"/a\" ];", "execute = [ \"/b\", \"/a\" ];", "execute=/a, /b"},
	{"execute = [ \"/a\" ];", "execute = \"none\";", "execute=none"},
	{"filesystem = { read = [ \"/\" ]; write = [ \"/srv\" ]; };",
		"filesystem = { write = []; };", "filesystem.read=/; filesystem.write=none"},
	{"filesystem = { hidden = [ \"/root\", \"/srv/b\" ]; protect = [ \"*.key\" ]; };",
		"filesystem = { hidden = [ \"/srv\" ]; protect = [ \".*\" ]; };",
		"filesystem.hidden=/root, /srv; filesystem.protect=*.key, .*"},
	{"filesystem = { read = [ \"/a\" ]; hidden = [ \"/a/b\" ]; };", "filesystem = \"any\";",
		"filesystem.hidden=/a/b"},
	/* What is written can be read: the same list where only one is given. */
	{"filesystem = { read = [ \"/a\" ]; };", "", "filesystem.read=/a; filesystem.write=/a"},
	{"filesystem = { write = [ \"/a\" ]; };", "", "filesystem.write=/a"},
	{"filesystem = \"providers\";", "",
		"filesystem.read=the areas that the person's roles make visible; "
		"filesystem.write=the areas that the person's roles make visible"},
	{"filesystem = { write = []; };", "filesystem = { providers = true; };",
		"filesystem.read=the areas that the person's roles make visible; "
		"filesystem.write=the areas that the person's roles make visible, within none"},
	{"filesystem = \"providers\";", "filesystem = { providers = false; };", ""},
	{"filesystem = \"providers\";", "filesystem = \"any\";", ""},
	{"filesystem = { proc = \"own\"; tmp = \"own\"; };", "filesystem = { tmp = \"shared\"; };",
		"filesystem.proc=own; filesystem.tmp=shared"},
	{"capabilities = [ \"CAP_KILL\" ];", "capabilities = [];", "capabilities=none"},
	{"capabilities = [ \"CAP_KILL\" ];", "capabilities = [ \"CAP_CHOWN\" ];",
		"capabilities=CAP_CHOWN"},
	{"limits = { processes = 5; memory = \"1G\"; };", "limits = { memory = \"2G\"; };",
		"limits.processes=5; limits.memory=2G"},
	{"limits = { file_size = 1048576; seconds = 5; };", "limits = { file_size = \"0\"; };",
		"limits.file_size=0 bytes; limits.seconds=5"},
	{"blocked_commands = [ \"a\" ]; allowed_commands = [ \"b\" ];",
		"blocked_commands = [ \"c *\" ]; allowed_commands = [ \"d\", \"/usr/bin/*\" ];",
		"blocked_commands=a, c *; allowed_commands=/usr/bin/*, d"},
	{"classes = [ \"elevated\" ]; audit = \"full\";", "classes = [ \"read-only\" ];",
		"classes=read-only; audit=full"},
	{"audit = \"full\";", "audit = \"none\";", "audit=none"},
};

static void a_child_replaces_and_adds(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(inheritances) / sizeof(inheritances[0]); i++) {
		char text[2048];
		struct loaded loaded;

		snprintf(text, sizeof(text),
			"profiles = ( { name = \"child\"; extends = \"parent\"; %s },\n"
			"  { name = \"parent\"; %s } );\n",
			inheritances[i].child, inheritances[i].parent);
		loaded = profiles_of(text);
		assert_string_equal(said(&loaded, "child"), inheritances[i].said);
		loaded_free(&loaded);
	}
}

static void system_calls_are_added_and_taken_back(void **state)
{
	struct loaded loaded = profiles_of(
		"profiles = ( { name = \"a\"; system_calls = { deny = [ \"@swap\", \"ptrace\" ]; "
		"}; },\n"
		"{ name = \"b\"; extends = \"a\"; system_calls = { deny = [ \"bpf\" ];\n"
		"  allow = [ \"ptrace\", \"@swap\" ]; }; },\n"
		"{ name = \"c\"; extends = \"a\"; system_calls = { allow = [ \"swapon\" ]; }; } "
		");\n");
	const struct restriction *c = &profile_of(&loaded, "c")->restriction;
#define CALLS(name)                                                                                \
	restriction_field_text(                                                                    \
		loaded.arena, &profile_of(&loaded, name)->restriction, RESTRICT_SYSTEM_CALLS)

	(void)state;
	assert_string_equal(CALLS("a"), "@swap, ptrace");
	assert_string_equal(CALLS("b"), "bpf");
	assert_string_equal(CALLS("c"), "ptrace, swapoff");
	assert_int_equal(c->origins[RESTRICT_SYSTEM_CALLS].count, 2);
	loaded_free(&loaded);
}

/* A built-in profile counts as one that extends nothing. */
static void built_in_profiles_can_be_extended_and_replaced(void **state)
{
	struct loaded loaded = profiles_of(
		"profiles = ( { name = \"own\"; extends = \"read-only\"; network = \"none\"; },\n"
		"  { name = \"standard\"; network = \"local\"; if_unsupported = \"warn\"; } );\n");

	(void)state;
	assert_string_equal(said(&loaded, "standard"), "network=local");
	assert_false(profile_of(&loaded, "standard")->built_in);
	assert_true(profile_of(&loaded, "standard")->optional);
	assert_string_equal(said(&loaded, "read-only"),
		"network=local; filesystem.write=none; filesystem.tmp=own");
	assert_string_equal(
		said(&loaded, "own"), "network=none; filesystem.write=none; filesystem.tmp=own");
	assert_string_equal(said(&loaded, "unrestricted"), "");
	loaded_free(&loaded);
}

static void every_field_has_its_source(void **state)
{
	struct loaded loaded = profiles_of("profiles = (\n"
					   "  { name = \"a\"; execute = \"none\";\n"
					   "    filesystem = {\n"
					   "      hidden = [ \"/root\" ]; }; },\n"
					   "  { name = \"b\"; extends = \"a\";\n"
					   "    filesystem = { hidden = [ \"/home\" ];\n"
					   "      read = [ \"/\" ]; }; } );\n");
	const struct restriction *b = &profile_of(&loaded, "b")->restriction;
	const struct restriction_origins *hidden = &b->origins[RESTRICT_HIDDEN];

	(void)state;
	assert_int_equal(b->origins[RESTRICT_EXECUTE].count, 1);
	assert_string_equal(b->origins[RESTRICT_EXECUTE].items[0].profile, "a");
	assert_int_equal(b->origins[RESTRICT_EXECUTE].items[0].source.line, 2);
	assert_int_equal(hidden->count, 2);
	assert_string_equal(hidden->items[0].profile, "b");
	assert_int_equal(hidden->items[0].source.line, 6);
	assert_string_equal(hidden->items[1].source.file, "profiles.d/p.conf");
	assert_int_equal(hidden->items[1].source.line, 4);
	assert_int_equal(b->origins[RESTRICT_WRITE].items[0].source.line, 7);
	loaded_free(&loaded);
}

static void a_program_that_its_profile_hides_is_an_error(void **state)
{
	static const struct config_file files[] = {
		{"commands.d/c.conf", TEXT("commands = (\n { name = \"c\"; program = \"/opt/c\"; "
					   "profile = \"p\"; } );\n")},
		{"profiles.d/p.conf", TEXT("profiles = ( { name = \"p\"; filesystem = { hidden = [ "
					   "\"/opt\" ]; }; } );\n")},
	};
	struct loaded loaded = load_only(files, 2);

	(void)state;
	assert_string_equal(problem_lines(&loaded, PROBLEM_ERROR),
		"commands.d/c.conf:2: command \"c\": its program /opt/c is hidden by profile "
		"\"p\"; expected another profile");
	loaded_free(&loaded);
}

/* --- decisions --- */

static const struct config_file decision_files[] = {
	{"rolegate.conf",
		TEXT("endpoints = (\n"
		     "  { name = \"plain\"; run_as = \"svc\"; },\n"
		     "  { name = \"ceiling\"; run_as = \"svc\"; profile = \"limits\"; },\n"
		     "  { name = \"single\"; run_as = \"svc\"; merge = \"single-role\"; } );\n")},
	{"commands.d/c.conf",
		TEXT("commands = (\n"
		     "  { name = \"plain\"; program = \"/usr/bin/true\"; },\n"
		     "  { name = \"edit\"; program = \"/usr/bin/true\"; profile = \"editor\";\n"
		     "    timeout = 20; },\n"
		     "  { name = \"look\"; program = \"/usr/bin/true\"; class = \"read-only\";\n"
		     "    profile = \"unrestricted\"; },\n"
		     "  { name = \"stop it\"; program = \"/usr/bin/true\"; class = \"elevated\";\n"
		     "    timeout = 90; } );\n")},
	{"providers.d/p.conf", TEXT("providers = ( { name = \"logs\"; read = [ \"/var/log\" ]; },\n"
				    "  { name = \"site\"; read = [ \"/etc/site\" ]; write = [ "
				    "\"/srv/site\" ]; },\n"
				    "  { name = \"other\"; write = [ \"/srv/other\" ]; } );\n")},
	{"profiles.d/p.conf",
		TEXT("profiles = (\n"
		     "  { name = \"editor\"; filesystem = { providers = true; write = [ \"/srv\" "
		     "]; }; "
		     "},\n"
		     "  { name = \"limits\"; blocked_commands = [ \"stop *\" ]; audit = \"full\";\n"
		     "    classes = [ \"read-only\", \"write-capable\" ]; limits = { seconds = 60; "
		     "}; } "
		     ");\n")},
	{"roles.d/a.role", TEXT("visible_commands = ( \"*\" );\n"
				"visible_providers = [ \"logs\", \"site\" ];\n")},
	{"roles.d/b.role", TEXT("visible_commands = ( \"edit\", \"stop it\" );\n"
				"visible_providers = [ \"other\" ];\n")},
};

struct asking {
	struct loaded loaded;
	struct decision decision;
};

static struct asking ask(const char *endpoint, const char *roles, const char *command)
{
	struct asking asking = {.loaded = load_only(decision_files,
					sizeof(decision_files) / sizeof(decision_files[0]))};
	struct arena *arena = asking.loaded.arena;
	struct policy *policy = asking.loaded.policy;
	struct role_set set;
	const char *words[2] = {command, NULL};
	struct decision_request request = {.policy = policy, .roles = &set, .words = words};

	assert_string_equal(problem_lines(&asking.loaded, PROBLEM_ERROR), "");
	set = role_set_new(arena, policy);
	for (size_t i = 0; i < policy->role_count; i++)
		if (strstr(roles, policy->roles[i].name) != NULL)
			role_set_add(&set, &policy->roles[i]);
	request.endpoint = policy_endpoint(policy, endpoint);
	request.count = 1;
	if (strcmp(command, "stop it") == 0) {
		words[0] = "stop";
		words[1] = "it";
		request.count = 2;
	}
	decide(arena, &request, &asking.decision);
	return asking;
}

static void denied(const char *endpoint, const char *command, const char *detail)
{
	struct asking asking = ask(endpoint, "a", command);

	assert_int_equal(asking.decision.verdict, VERDICT_DENY);
	assert_int_equal(asking.decision.reason, REASON_BLOCKED_BY_PROFILE);
	assert_string_equal(asking.decision.detail, detail);
	loaded_free(&asking.loaded);
}

static void a_profile_blocks_by_name_and_class(void **state)
{
	struct asking asking = ask("ceiling", "a", "look");

	(void)state;
	assert_int_equal(asking.decision.verdict, VERDICT_ALLOW);
	loaded_free(&asking.loaded);
	denied("ceiling", "stop it", "\"stop it\" is blocked by profile \"limits\"");
	denied("ceiling", "plain",
		"\"plain\" has no class, so that it counts as elevated, which profile \"limits\" does not let through");
	asking = ask("plain", "a", "stop it");
	assert_int_equal(asking.decision.verdict, VERDICT_ALLOW);
	loaded_free(&asking.loaded);
}

/* R24: what is not granted is not told to be blocked. */
static void R24_blocked_and_not_granted_is_not_permitted(void **state)
{
	struct asking asking = ask("ceiling", "b", "look");

	(void)state;
	assert_int_equal(asking.decision.reason, REASON_NOT_PERMITTED);
	loaded_free(&asking.loaded);
}

static void the_shorter_timeout_applies(void **state)
{
	static const struct {
		const char *endpoint, *command;
		unsigned seconds;
	} cases[] = {{"plain", "plain", 0}, {"plain", "edit", 20}, {"plain", "stop it", 90},
		{"ceiling", "look", 60}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct asking asking = ask(cases[i].endpoint, "a", cases[i].command);

		assert_int_equal(asking.decision.timeout, cases[i].seconds);
		loaded_free(&asking.loaded);
	}
}

static void check_areas(const char *endpoint, const char *roles, const char *command,
	const char *read, const char *write)
{
	struct asking asking = ask(endpoint, roles, command);
	const struct confinement *confinement = asking.decision.confinement;
	struct arena *arena = asking.loaded.arena;

	assert_non_null(confinement);
	assert_false(confinement->restriction.providers);
	assert_string_equal(strings_join(arena, &confinement->restriction.read, " "), read);
	assert_string_equal(strings_join(arena, &confinement->restriction.write, " "), write);
	loaded_free(&asking.loaded);
}

/* Of all the person's roles; at an endpoint of single roles, of the one that grants the call. */
static void areas_are_those_of_the_roles(void **state)
{
	(void)state;
	check_areas("plain", "a", "edit", "/etc/site /srv/site /var/log", "/srv/site");
	check_areas("plain", "b", "edit", "/srv/other", "/srv/other");
	check_areas("plain", "ab", "edit", "/etc/site /srv/other /srv/site /var/log",
		"/srv/other /srv/site");
	check_areas("single", "ab", "edit", "/etc/site /srv/site /var/log", "/srv/site");
	check_areas("single", "b", "edit", "/srv/other", "/srv/other");
}

static void one_configuration_serves_every_call(void **state)
{
	struct asking asking = ask("plain", "a", "edit");
	const struct policy *policy = asking.loaded.policy;
	const struct command *edit = table_get(&policy->command_by_name, "edit");
	const struct confinement *shared =
		policy_confinement(policy, policy_endpoint(policy, "plain"), edit);

	(void)state;
	assert_ptr_not_equal(shared, asking.decision.confinement);
	assert_true(shared->restriction.providers);
	assert_int_equal(asking.decision.area_count, 2);
	assert_string_equal(asking.decision.areas[1].provider->name, "site");
	assert_string_equal(asking.decision.areas[1].role, "a");
	assert_int_equal(asking.decision.areas[1].source.line, 2);
	loaded_free(&asking.loaded);
}

static void a_run_is_confined_by_both_profiles(void **state)
{
	struct asking asking = ask("ceiling", "a", "look");
	const struct confinement *confinement = asking.decision.confinement;

	(void)state;
	assert_int_equal(confinement->profiles.count, 2);
	assert_string_equal(confinement->profiles.items[0], "limits");
	assert_string_equal(confinement->profiles.items[1], "unrestricted");
	assert_int_equal(confinement->restriction.limits[RESTRICT_SECONDS], 60);
	assert_int_equal(confinement->restriction.audit, AUDIT_LEVEL_FULL);
	assert_false(confinement->restriction.has[RESTRICT_EXECUTE]);
	loaded_free(&asking.loaded);
	asking = ask("plain", "a", "plain");
	assert_int_equal(asking.decision.confinement->profiles.count, 1);
	assert_string_equal(asking.decision.confinement->profiles.items[0], "standard");
	assert_int_equal(asking.decision.confinement->restriction.execute, EXECUTE_NONE);
	loaded_free(&asking.loaded);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_built_in_profiles_are_what_is_documented),
		cmocka_unit_test(standard_denies_what_changes_the_host),
		cmocka_unit_test(a_child_replaces_and_adds),
		cmocka_unit_test(system_calls_are_added_and_taken_back),
		cmocka_unit_test(built_in_profiles_can_be_extended_and_replaced),
		cmocka_unit_test(every_field_has_its_source),
		cmocka_unit_test(a_program_that_its_profile_hides_is_an_error),
		cmocka_unit_test(a_profile_blocks_by_name_and_class),
		cmocka_unit_test(R24_blocked_and_not_granted_is_not_permitted),
		cmocka_unit_test(the_shorter_timeout_applies),
		cmocka_unit_test(areas_are_those_of_the_roles),
		cmocka_unit_test(one_configuration_serves_every_call),
		cmocka_unit_test(a_run_is_confined_by_both_profiles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
