/* What a configuration becomes, and what is said of one that is wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "config-cases.h"
#include "config-fixture.h"

#define TEXT(text) text, sizeof(text) - 1

static const struct command *command_of(const struct policy *policy, const char *name)
{
	const struct command *command = table_get(&policy->command_by_name, name);

	assert_non_null(command);
	return command;
}

static void test_every_key_is_read(void **state)
{
	struct loaded loaded = load_with(NULL, NULL, 0);
	const struct policy *policy = loaded.policy;
	const struct command *journal;
	const struct parameter *parameters;

	(void)state;
	assert_string_equal(problem_lines(&loaded, PROBLEM_ERROR), "");
	assert_string_equal(problem_lines(&loaded, PROBLEM_WARNING), "");
	assert_non_null(policy);
	assert_string_equal(policy->event_log, "/var/log/rolegate/events.json");
	assert_int_equal(policy->sessions_max, 100);
	journal = command_of(policy, "journal");
	assert_string_equal(journal->description, "Read");
	assert_string_equal(journal->program, "/usr/bin/journalctl");
	assert_int_equal(journal->arguments.count, 3);
	assert_string_equal(journal->run_as, "svc-logs");
	assert_string_equal(journal->profile_name, "unrestricted");
	assert_string_equal(journal->profile->name, "unrestricted");
	assert_int_equal(journal->command_class, CLASS_READ_ONLY);
	assert_int_equal(journal->transcript.mode, TRANSCRIPT_BEST_EFFORT);
	assert_true(journal->needs_terminal);
	assert_true(journal->transcript.input);
	assert_int_equal(command_of(policy, "drain node")->transcript.mode, TRANSCRIPT_OFF);
	assert_true(command_of(policy, "drain node")->transcript.input);
	assert_int_equal(policy_role(policy, "web")->transcript.mode, TRANSCRIPT_REQUIRED);
	assert_false(policy_role(policy, "web")->transcript.input);
	assert_int_equal(policy_endpoint(policy, "second")->transcript.mode, TRANSCRIPT_OFF);
	assert_true(journal->enabled && journal->outlives_client && !journal->end_of_options);
	assert_int_equal(journal->emit, EMIT_SEPARATE);
	assert_int_equal(journal->timeout, 60);
	assert_string_equal(journal->directory, "/var");
	assert_string_equal(journal->environment.items[0].value, "C");
	assert_int_equal(journal->source.line, 2);
	assert_string_equal(journal->source.file, "commands.d/base.conf");
	parameters = journal->parameters.items;
	assert_int_equal(journal->parameters.count, 6);
	assert_int_equal(journal->parameters.positions, 1);
	assert_true(parameters[0].required && parameters[0].repeat == 3);
	assert_int_equal(parameters[0].max_length, 100);
	assert_string_equal(parameters[0].message, "a unit");
	assert_int_equal(parameters[0].source.line, 8);
	assert_true(parameters[1].maximum == INT64_C(9000000000) && parameters[1].minimum == -5);
	assert_string_equal(parameters[1].default_value, "10");
	assert_true(parameters[1].leading_dash);
	assert_true(parameters[2].common && parameters[2].type == PARAMETER_FLAG);
	assert_string_equal(parameters[3].options.items[0], "--order");
	assert_true(parameters[4].has_pattern && parameters[4].validate == NULL);
	assert_int_equal(parameters[5].options.count, 0);
	assert_string_equal(parameters[5].under.items[0], "/var/log");
	loaded_free(&loaded);
}

static void test_endpoints_are_read(void **state)
{
	struct loaded loaded = load_with(NULL, NULL, 0);
	const struct endpoint *endpoint = policy_endpoint(loaded.policy, "operations");
	const struct endpoint *second = policy_endpoint(loaded.policy, "second");

	(void)state;
	assert_int_equal(endpoint->transcript.mode, TRANSCRIPT_REQUIRED);
	assert_true(endpoint->transcript.input);
	assert_int_equal(endpoint->definition_count, 2);
	assert_string_equal(endpoint->definitions[0].group, "web-ops");
	assert_null(endpoint->definitions[0].user);
	assert_string_equal(endpoint->definitions[1].user, "dana");
	assert_int_equal(endpoint->definitions[1].role_count, 2);
	assert_ptr_equal(endpoint->definitions[1].roles[1], policy_role(loaded.policy, "reader"));
	assert_int_equal(endpoint->required_groups->kind, GROUP_ALL);
	assert_string_equal(endpoint->required_groups->rules[0].name, "staff");
	assert_int_equal(endpoint->required_groups->rules[1].kind, GROUP_ANY);
	assert_int_equal(endpoint->required_groups->rules[1].count, 2);
	assert_int_equal(endpoint->audit, AUDIT_LEVEL_FULL);
	assert_int_equal(endpoint->audit_failure, AUDIT_FAILURE_DENY);
	assert_int_equal(endpoint->authenticate, AUTHENTICATE_SESSION);
	assert_int_equal(endpoint->merge, MERGE_SINGLE_ROLE);
	assert_true(endpoint->allow_unset_loginuid);
	assert_int_equal(endpoint->limits.sessions_per_user, 5);
	assert_int_equal(endpoint->limits.request_size, 4096);
	assert_int_equal(endpoint->limits.handshake_timeout, 20);
	assert_string_equal(endpoint->motd, "Careful.\nTwo lines.");
	assert_false(endpoint->pipelines);
	assert_string_equal(endpoint->contact, "the desk");
	assert_null(second->contact);
	assert_null(second->motd);
	assert_true(second->pipelines);
	assert_int_equal(second->audit_failure, AUDIT_FAILURE_CONTINUE);
	assert_int_equal(second->audit, AUDIT_LEVEL_STANDARD);
	assert_false(second->allow_unset_loginuid);
	assert_int_equal(second->limits.sessions_per_user, 32);
	assert_int_equal(second->limits.request_size, 65536);
	assert_int_equal(second->limits.handshake_timeout, 10);
	loaded_free(&loaded);
}

static void test_grants_keep_their_source(void **state)
{
	struct loaded loaded = load_with(NULL, NULL, 0);
	const struct role *web = policy_role(loaded.policy, "web");
	const struct grant *journal = web->grants.items[0], *restart = web->grants.items[1];

	(void)state;
	/* Sorted by name, though the other file came first. */
	assert_ptr_equal(web, &loaded.policy->roles[1]);
	assert_int_equal(web->index, 1);
	/* journal, restart, "systemctl *" twice, uptime */
	assert_int_equal(web->grants.count, 5);
	assert_int_equal(journal->source.line, 3);
	assert_string_equal(journal->source.file, "roles.d/web.role");
	assert_true(journal->lists_parameters && journal->constraint_count == 3);
	assert_int_equal(journal->constraints[1].set.count, 2);
	assert_int_equal(journal->constraints[1].source.line, 5);
	assert_string_equal(journal->constraints[2].set.items[1], "50");
	assert_true(restart->constraints[0].has_pattern && restart->constraints[0].set.count == 1);
	assert_string_equal(web->grants.items[2]->wildcard, "systemctl *");
	assert_string_equal(web->grants.items[2]->command->name, "systemctl restart");
	assert_string_equal(web->grants.items[3]->command->name, "systemctl stop");
	assert_false(web->grants.items[3]->lists_parameters);
	assert_true(web->grants.items[4]->command->external);
	assert_int_equal(web->grants.items[4]->source.line, 11);
	assert_int_equal(loaded.policy->grant_count, 9);
	assert_int_equal(loaded.policy->alias_count, 2);
	assert_int_equal(loaded.policy->aliases[0]->view_count, 2);
	assert_int_equal(loaded.policy->aliases[0]->views[0].source.line, 12);
	assert_true(loaded.policy->aliases[1]->command->external);
	assert_string_equal(web->providers[0].provider->read.items[0], "/var/log/nginx");
	assert_string_equal(web->environment.items[0].name, "COLORS");
	assert_int_equal(loaded.policy->longest_name, 2);
	/* `parameters = ()` is a list, and an empty one. */
	assert_true(command_of(loaded.policy, "disk free")->grants->items[0]->lists_parameters);
	loaded_free(&loaded);
}

static void test_every_mistake_is_told_exactly(void **state)
{
	(void)state;
	for (const struct config_case *test = config_cases; test->file != NULL; test++) {
		struct loaded loaded = load_with(test->file, test->text, strlen(test->text));

		assert_string_equal(problem_lines(&loaded, PROBLEM_ERROR), test->problems);
		assert_null(loaded.policy);
		loaded_free(&loaded);
	}
}

/* The order of the files given does not matter, and no error hides another. */
static void test_all_problems_in_one_go(void **state)
{
	static const struct config_file files[] = {
		{"roles.d/b.role", TEXT("visible_commands = ( \"nothing\" );\ncolour = 1;\n")},
		{"roles.d/a.role", TEXT("description = \"a\"\nvisible = syntax error;\n")},
		{"commands.d/c.conf",
			TEXT("commands = (\n  { name = \"x\"; },\n"
			     "  { name = \"y\"; program = \"y\"; timeout = 0; } );\n")},
		{"rolegate.conf", TEXT("endpoints = ( { name = \"e\"; merge = \"none\";\n"
				       "  role_definitions = ( { user = \"u\"; roles = [ \"a\", "
				       "\"c\" ]; } ); } );\n")},
	};
	struct loaded loaded = load_only(files, sizeof(files) / sizeof(files[0]));

	(void)state;
	assert_int_equal(loaded.problems.errors, 8);
	for (size_t i = 0; i < loaded.problems.count; i++) {
		static const struct source places[] = {{"commands.d/c.conf", 2},
			{"commands.d/c.conf", 3}, {"commands.d/c.conf", 3}, {"rolegate.conf", 1},
			{"rolegate.conf", 2}, {"roles.d/a.role", 2}, {"roles.d/b.role", 1},
			{"roles.d/b.role", 2}};

		assert_string_equal(loaded.problems.items[i].file, places[i].file);
		assert_int_equal(loaded.problems.items[i].line, places[i].line);
	}
	loaded_free(&loaded);
}

static void test_problems_are_bounded(void **state)
{
	struct arena *arena = arena_new();
	struct strings entries = {0};
	struct loaded loaded;
	const char *text;

	(void)state;
	for (int i = 0; i < 3000; i++)
		strings_add(arena, &entries, arena_printf(arena, "\"unknown-%d\"", i));
	text = arena_printf(
		arena, "visible_commands = ( %s );\n", strings_join(arena, &entries, ",\n"));
	loaded = load_with("roles.d/x.role", text, strlen(text));
	assert_int_equal(loaded.problems.errors, 3000);
	assert_int_equal(loaded.problems.count, PROBLEMS_MAX + 1);
	assert_string_equal(problem_text(loaded.arena, &loaded.problems.items[PROBLEMS_MAX]),
		"more than 1000 errors; the rest is not shown");
	loaded_free(&loaded);
	arena_free(arena);
}

static void test_a_common_parameter_is_not_restricted(void **state)
{
	static const struct config_file files[] = {
		{"commands.d/x.conf",
			TEXT("commands = ( { name = \"x\"; program = \"/x\"; parameters = (\n"
			     "  { name = \"v\"; validate = \"none\"; common = true; } ); } );\n")},
		{"roles.d/x.role", TEXT("visible_commands = ( { name = \"x\"; parameters = (\n"
					"  { name = \"v\"; pattern = \"a\"; } ); } );\n")},
	};
	struct loaded loaded = load_only(files, 2);

	(void)state;
	assert_string_equal(problem_lines(&loaded, PROBLEM_ERROR),
		"roles.d/x.role:2: grant \"x\": parameter \"v\" is common, so that no role can "
		"restrict it; expected neither set nor pattern");
	loaded_free(&loaded);
}

static void test_a_command_without_an_account_is_told_of(void **state)
{
	static const char text[] =
		"endpoints = ( { name = \"e\"; profile = \"standard\";\n"
		"  role_definitions = ( { user = \"u\"; roles = [ \"web\" ]; } ); } );\n";
	struct loaded loaded = load_with("rolegate.conf", text, sizeof(text) - 1);

	(void)state;
	assert_non_null(loaded.policy);
	assert_string_equal(problem_lines(&loaded, PROBLEM_WARNING),
		"rolegate.conf:1: endpoint \"e\" has no run_as, and command \"systemctl restart\" "
		"of "
		"role \"web\" has none either; it can't run here");
	loaded_free(&loaded);
}

static void test_nothing_is_no_mistake(void **state)
{
	static const struct config_file files[] = {
		{"rolegate.conf", TEXT("endpoints = ();")},
		{"roles.d/empty.role", TEXT("")},
		{"roles.d/comment.role", TEXT("# no line end")},
		{"commands.d/empty.conf", TEXT("commands = ();\r\n")},
		{"providers.d/empty.conf", TEXT("providers = ();")},
	};
	struct loaded loaded = load_only(files, 5);

	(void)state;
	assert_string_equal(problem_lines(&loaded, PROBLEM_ERROR), "");
	assert_int_equal(loaded.policy->role_count, 2);
	assert_int_equal(loaded.policy->command_count, 0);
	loaded_free(&loaded);
	loaded = load_only(NULL, 0);
	assert_non_null(loaded.policy);
	loaded_free(&loaded);
}

static void test_wildcards_expand_over_definitions_alone(void **state)
{
	static const char text[] = "visible_commands = ( \"*\" );\n";
	struct loaded loaded = load_with("roles.d/x.role", text, sizeof(text) - 1);
	const struct role *role = policy_role(loaded.policy, "x");

	(void)state;
	/* disk free, journal, systemctl restart, systemctl stop; neither uptime nor aliases */
	assert_int_equal(role->grants.count, 4);
	loaded_free(&loaded);
}

/* The examples of the design: what users are told works. required_groups is a list there. */
static const struct config_file design_files[] = {
	{"rolegate.conf", TEXT("endpoints = (\n"
			       "  { name = \"operations\";\n"
			       "    role_definitions = (\n"
			       "      { group = \"web-ops\"; roles = [ \"web-operator\" ]; },\n"
			       "      { user  = \"dana\";    roles = [ \"web-operator\", "
			       "\"log-reader\" ]; } );\n"
			       "    required_groups = { all = ( \"staff\", { any = [ \"mfa\", "
			       "\"breakglass\" ]; } ); };\n"
			       "    run_as       = \"svc-ops\";\n"
			       "    profile      = \"standard\";\n"
			       "    audit        = \"standard\";\n"
			       "    authenticate = \"never\";\n"
			       "    merge        = \"jea\"; } );\n")},
	{"commands.d/base.conf",
		TEXT("commands = (\n"
		     "  { name        = \"journalctl\";\n"
		     "    description = \"Read the journal of one unit\";\n"
		     "    program     = \"/usr/bin/journalctl\";\n"
		     "    arguments   = [ \"--no-pager\" ];\n"
		     "    run_as      = \"svc-logs\";\n"
		     "    profile     = \"read-only\";\n"
		     "    parameters  = (\n"
		     "      { name = \"unit\";   options = [ \"-u\", \"--unit\" ];   type = "
		     "\"string\"; validate = \"systemd-unit\"; required = true; },\n"
		     "      { name = \"lines\";  options = [ \"-n\", \"--lines\" ];  type = "
		     "\"integer\"; minimum = 1; maximum = 10000; },\n"
		     "      { name = \"follow\"; options = [ \"-f\", \"--follow\" ]; type = "
		     "\"flag\"; } ); },\n"
		     "  { name = \"systemctl restart\"; program = \"/usr/bin/systemctl\"; "
		     "arguments = [ \"restart\" ];\n"
		     "    parameters = ( { name = \"unit\"; position = 1; type = \"string\"; "
		     "validate = \"systemd-unit\"; required = true; } ); } );\n")},
	{"commands.d/status.conf",
		TEXT("commands = ( { name = \"systemctl status\"; program = "
		     "\"/usr/bin/systemctl\"; arguments = [ \"status\" ];\n"
		     "  parameters = ( { name = \"unit\"; position = 1; type = \"string\"; "
		     "validate = \"systemd-unit\"; required = true; } ); } );\n")},
	{"roles.d/web-operator.role",
		TEXT("description = \"Look after the web tier\";\n"
		     "visible_commands = (\n"
		     "  \"journalctl\",\n"
		     "  { name = \"systemctl restart\"; parameters = ( { name = \"unit\"; set = [ "
		     "\"nginx.service\", \"php8.2-fpm.service\" ]; } ); },\n"
		     "  { name = \"systemctl status\";  parameters = ( { name = \"unit\"; pattern "
		     "= \"(nginx|php.*)\\\\.service\"; } ); } );\n"
		     "visible_functions         = (  );\n"
		     "visible_external_commands = [ \"/usr/bin/uptime\" ];\n"
		     "visible_aliases           = [ \"jc\" ];\n"
		     "visible_providers         = [ \"web-logs\" ];\n"
		     "alias_definitions         = ( { name = \"jc\"; command = \"journalctl\"; } "
		     ");\n"
		     "environment_variables     = ( { name = \"SYSTEMD_COLORS\"; value = \"0\"; } "
		     ");\n"
		     "command_definitions       = ( /* as in commands.d, for a role that carries "
		     "its own */ );\n")},
	{"roles.d/log-reader.role", TEXT("visible_commands = ( \"journalctl\" );\n")},
	{"providers.d/base.conf",
		TEXT("providers = ( { name = \"web-logs\"; read = [ \"/var/log/nginx\" ]; } );\n")},
};

static void test_the_examples_of_the_design_load(void **state)
{
	struct loaded loaded =
		load_only(design_files, sizeof(design_files) / sizeof(design_files[0]));
	const struct role *role;

	(void)state;
	assert_string_equal(problem_lines(&loaded, PROBLEM_ERROR), "");
	role = policy_role(loaded.policy, "web-operator");
	assert_int_equal(role->grants.count, 4);
	assert_string_equal(
		role->grants.items[2]->constraints[0].pattern.text, "(nginx|php.*)\\.service");
	assert_int_equal(policy_endpoint(loaded.policy, "operations")->definition_count, 2);
	loaded_free(&loaded);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_key_is_read),
		cmocka_unit_test(test_endpoints_are_read),
		cmocka_unit_test(test_grants_keep_their_source),
		cmocka_unit_test(test_every_mistake_is_told_exactly),
		cmocka_unit_test(test_all_problems_in_one_go),
		cmocka_unit_test(test_problems_are_bounded),
		cmocka_unit_test(test_a_common_parameter_is_not_restricted),
		cmocka_unit_test(test_a_command_without_an_account_is_told_of),
		cmocka_unit_test(test_nothing_is_no_mistake),
		cmocka_unit_test(test_wildcards_expand_over_definitions_alone),
		cmocka_unit_test(test_the_examples_of_the_design_load),
	};

	return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
