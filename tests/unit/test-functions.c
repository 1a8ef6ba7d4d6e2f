/* functions.d: what a function becomes, what is said of one that is wrong, and script files. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/fd.h"
#include "config-cases.h"
#include "config-fixture.h"
#include "config/scripts.h"
#include "config/trust.h"
#include "policy/validate.h"

static const struct command *function_of(const struct policy *policy, const char *name)
{
	const struct command *command = table_get(&policy->command_by_name, name);

	assert_non_null(command);
	assert_non_null(command->function);
	assert_ptr_equal(command->function->command, command);
	return command;
}

static void every_key_is_read(void **state)
{
	struct loaded loaded = load_with(NULL, NULL, 0);
	const struct command *drain, *file;
	const struct function *function;

	(void)state;
	assert_string_equal(problem_lines(&loaded, PROBLEM_ERROR), "");
	drain = function_of(loaded.policy, "drain node");
	function = drain->function;
	assert_string_equal(drain->description, "Take a node out");
	assert_string_equal(drain->run_as, "caller");
	assert_string_equal(drain->profile->name, "base");
	assert_int_equal(drain->command_class, CLASS_WRITE_CAPABLE);
	assert_true(drain->enabled && drain->word_count == 2 && drain->timeout == 30);
	assert_string_equal(drain->directory, "/srv");
	assert_string_equal(drain->environment.items[0].name, "LC_ALL");
	assert_string_equal(drain->source.file, "functions.d/base.conf");
	assert_int_equal(drain->source.line, 7);
	assert_null(function->script.path);
	assert_string_equal(function->script.interpreter, "/bin/bash");
	assert_string_equal(function->script.content.bytes, "#!/bin/sh\ndate\n");
	assert_int_equal(function->script.content.length, 15);
	assert_string_equal(function->script.content.digest,
		"14f7e22ac4ee3230b425f81d6a871ce07dee3ef8715f22b13410c1c9b577fd2f");
	assert_true(function->show_errors && function->audit_steps);
	assert_int_equal(function->transaction.count, 2);
	assert_string_equal(function->transaction.items[1], "/srv/b");
	assert_ptr_equal(function->rollback, function_of(loaded.policy, "undo drain"));
	assert_true(function->approval.required && function->approval.self_approval);
	assert_int_equal(function->approval.approvers, 2);
	assert_string_equal(function->approval.groups.items[0], "leads");
	file = function_of(loaded.policy, "from-file");
	assert_string_equal(file->function->script.path, "/usr/lib/x/y");
	assert_string_equal(file->program, "/usr/lib/x/y");
	assert_int_equal(file->function->approval.approvers, 1);
	assert_false(file->function->approval.required || file->function->show_errors);
	loaded_free(&loaded);
}

static void every_key_of_an_input_is_read(void **state)
{
	struct loaded loaded = load_with(NULL, NULL, 0);
	const struct parameters *inputs = &function_of(loaded.policy, "drain node")->parameters;
	const struct parameter *item = inputs->items;

	(void)state;
	assert_int_equal(inputs->count, 6);
	assert_string_equal(item[0].description, "Which one");
	assert_true(item[0].type == PARAMETER_CHOICE && item[0].required);
	assert_ptr_equal(item[0].choices_from, function_of(loaded.policy, "hosts"));
	assert_null(item[1].choices_from);
	assert_true(item[2].type == PARAMETER_BOOLEAN);
	assert_string_equal(item[2].default_value, "false");
	assert_ptr_equal(item[2].show_if, &item[1]);
	assert_int_equal(item[2].show_values.count, 1);
	assert_string_equal(item[2].show_values.items[0], "hard");
	assert_true(item[3].type == PARAMETER_DATE && item[3].show_if == NULL);
	assert_true(item[4].type == PARAMETER_TEXT);
	assert_string_equal(item[4].default_value, "no\n\treason");
	assert_int_equal(item[4].show_values.count, 2);
	assert_string_equal(item[5].validate->name, "ticket");
	assert_string_equal(item[5].validate->expected, "a ticket such as OPS-12");
	assert_int_equal(item[5].options.count, 2);
	assert_null(validate_value(loaded.arena, &item[5], "OPS-1"));
	assert_string_equal(
		validate_value(loaded.arena, &item[5], "ops-1"), "a ticket such as OPS-12");
	assert_non_null(validate_value(loaded.arena, &item[5], "OPS-1\n"));
	loaded_free(&loaded);
}

static void every_mistake_is_told_exactly(void **state)
{
	(void)state;
	for (const struct config_case *test = function_cases; test->file != NULL; test++) {
		struct loaded loaded = load_with(test->file, test->text, strlen(test->text));

		assert_string_equal(problem_lines(&loaded, PROBLEM_ERROR), test->problems);
		assert_null(loaded.policy);
		loaded_free(&loaded);
	}
}

static struct loaded load_text(const char *file, const char *text)
{
	return load_with(file, text, strlen(text));
}

static const char *warnings_of(const char *file, const char *text)
{
	static char lines[1024];
	struct loaded loaded = load_text(file, text);

	assert_string_equal(problem_lines(&loaded, PROBLEM_ERROR), "");
	snprintf(lines, sizeof(lines), "%s", problem_lines(&loaded, PROBLEM_WARNING));
	loaded_free(&loaded);
	return lines;
}

static void what_another_function_needs_and_is_disabled_is_told(void **state)
{
	(void)state;
	assert_string_equal(
		warnings_of("functions.d/x.conf",
			"functions = (\n { name = \"f\"; script = \"#!/bin/sh\"; rollback = \"g\"; "
			"},\n"
			" { name = \"g\"; script = \"#!/bin/sh\"; enabled = false; } );\n"),
		"functions.d/x.conf:2: function \"f\": \"g\" (its rollback) is disabled, so that "
		"every run that needs it fails");
	assert_string_equal(
		warnings_of("functions.d/x.conf",
			"functions = (\n { name = \"f\"; script = \"#!/bin/sh\"; inputs = ( { name "
			"= "
			"\"a\"; type = \"choice\"; choices_from = \"g\"; } ); },\n"
			" { name = \"g\"; script = \"#!/bin/sh\"; enabled = false; } );\n"),
		"functions.d/x.conf:2: function \"f\": \"g\" (its choices_from) is disabled, so "
		"that every run that needs it fails");
}

/* What this program keeps its own things in, and what has that in it. */
/* Stopped by whoever called it, it would keep its directories from everybody else. */
static void R22_a_transaction_has_an_end(void **state)
{
	struct loaded loaded = load_text("functions.d/x.conf",
		"functions = (\n"
		"  { name = \"f\"; script = \"#!/bin/sh\"; profile = \"unrestricted\";\n"
		"    transaction = { paths = [ \"/srv/a\" ]; }; },\n"
		"  { name = \"g\"; script = \"#!/bin/sh\"; profile = \"unrestricted\";\n"
		"    transaction = { paths = [ \"/srv/a\" ]; }; timeout = 86400; },\n"
		"  { name = \"h\"; script = \"#!/bin/sh\"; } );");

	(void)state;
	assert_string_equal(problem_lines(&loaded, PROBLEM_ERROR), "");
	assert_int_equal(function_of(loaded.policy, "f")->timeout, 3600);
	assert_int_equal(function_of(loaded.policy, "g")->timeout, 86400);
	assert_int_equal(function_of(loaded.policy, "h")->timeout, 0);
	loaded_free(&loaded);
}

static void a_transaction_is_not_over_what_the_gateway_keeps(void **state)
{
	static const char *const paths[] = {ROLEGATE_STATE_DIR, ROLEGATE_STATE_DIR "/x",
		ROLEGATE_CONFIG_DIR, ROLEGATE_RUN_DIR, ROLEGATE_LOG_DIR "/y"};
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		char *upper = arena_strdup(arena, paths[i]);
		const char *const tried[] = {paths[i], upper};

		*strrchr(upper, '/') = '\0';
		for (size_t k = 0; k < 2; k++) {
			struct loaded loaded = load_text("functions.d/x.conf",
				arena_printf(arena,
					"functions = ( { name = \"f\"; script = \"#!/bin/sh\"; "
					"transaction = { paths = [ \"%s\" ]; }; } );",
					tried[k]));

			assert_non_null(strstr(problem_lines(&loaded, PROBLEM_ERROR),
				"is not for scripts to change"));
			loaded_free(&loaded);
		}
	}
	arena_free(arena);
}

/* rolegate.conf is read first and functions.d last; both serve commands.d, which is between. */
static void validators_are_known_wherever_they_stand(void **state)
{
	static const char main_file[] =
		"validators = ( { name = \"colour\"; pattern = \"[a-z]+\"; message = \"c\"; } );\n"
		"endpoints = ( { name = \"operations\"; run_as = \"caller\"; } );\n";
	static const char commands[] =
		"commands = ( { name = \"x\"; program = \"/bin/x\"; parameters = (\n"
		"  { name = \"a\"; validate = \"colour\"; default = \"red\"; },\n"
		"  { name = \"b\"; validate = \"late\"; },\n"
		"  { name = \"c\"; type = \"path\"; validate = \"late\"; } ); } );\n";
	static const char functions[] =
		"validators = ( { name = \"late\"; pattern = \"/x[0-9]\"; message = \"/x and a "
		"digit\"; } );\n";
	static const char roles[] =
		"visible_commands = ( { name = \"x\"; parameters = ( { name = \"b\"; set = [ "
		"\"/x1\" ]; } ); } );\n";
	const struct config_file files[] = {
		{"commands.d/x.conf", commands, sizeof(commands) - 1},
		{"rolegate.conf", main_file, sizeof(main_file) - 1},
		{"roles.d/r.role", roles, sizeof(roles) - 1},
		{"functions.d/x.conf", functions, sizeof(functions) - 1},
	};
	struct loaded loaded = load_only(files, sizeof(files) / sizeof(files[0]));
	const struct command *command;

	(void)state;
	assert_string_equal(problem_lines(&loaded, PROBLEM_ERROR), "");
	command = table_get(&loaded.policy->command_by_name, "x");
	assert_null(validate_value(loaded.arena, &command->parameters.items[0], "blue"));
	assert_string_equal(
		validate_value(loaded.arena, &command->parameters.items[0], "Blue"), "c");
	assert_string_equal(validate_value(loaded.arena, &command->parameters.items[1], "/x"),
		"/x and a digit");
	assert_null(validate_value(loaded.arena, &command->parameters.items[2], "/x2"));
	assert_string_equal(validate_value(loaded.arena, &command->parameters.items[2], "/y2"),
		"/x and a digit");
	loaded_free(&loaded);
}

static void grants_are_checked_by_validators_of_the_configuration(void **state)
{
	struct loaded loaded = load_text("roles.d/x.role",
		"visible_functions = ( { name = \"drain node\"; parameters = (\n"
		" { name = \"ticket-id\"; set = [ \"x\" ]; } ); } );\n");

	(void)state;
	assert_string_equal(problem_lines(&loaded, PROBLEM_ERROR),
		"roles.d/x.role:2: grant \"drain node\": parameter \"ticket-id\": \"x\" in the set "
		"can never be given; expected a ticket such as OPS-12");
	loaded_free(&loaded);
}

static void wildcards_of_functions_name_no_commands(void **state)
{
	struct loaded loaded = load_text("roles.d/x.role", "visible_functions = ( \"*n*\" );\n");
	const struct role *role = policy_role(loaded.policy, "x");

	(void)state;
	assert_int_equal(role->grants.count, 2);
	assert_string_equal(role->grants.items[0]->command->name, "drain node");
	assert_string_equal(role->grants.items[1]->command->name, "undo drain");
	assert_string_equal(role->grants.items[1]->wildcard, "*n*");
	assert_int_equal(policy_role(loaded.policy, "reader")->startup_functions.count, 1);
	loaded_free(&loaded);
	loaded = load_text("roles.d/x.role", "visible_commands = ( \"*n*\" );\n");
	for (size_t i = 0; i < policy_role(loaded.policy, "x")->grants.count; i++)
		assert_null(policy_role(loaded.policy, "x")->grants.items[i]->command->function);
	loaded_free(&loaded);
}

/* What may be chosen is known at a call alone: by default, and as a condition. */
static void computed_choices_may_have_a_default(void **state)
{
	static const char text[] = "functions = (\n"
		" { name = \"f\"; script = \"#!/bin/sh\"; inputs = (\n"
		"   { name = \"b\"; validate = \"none\"; show_if = { input = \"a\"; value = \"y\"; }; },\n"
		"   { name = \"a\"; type = \"choice\"; choices_from = \"g\"; default = %s; } ); },\n"
		" { name = \"g\"; script = \"#!/bin/sh\"; } );\n";
	struct arena *arena = arena_new();
	struct loaded loaded;
	const struct command *command;

	(void)state;
	loaded = load_text("functions.d/x.conf", arena_printf(arena, text, "\"x\""));
	assert_string_equal(problem_lines(&loaded, PROBLEM_ERROR), "");
	command = table_get(&loaded.policy->command_by_name, "f");
	assert_string_equal(command->parameters.items[1].default_value, "x");
	assert_non_null(command->parameters.items[1].choices_from);
	loaded_free(&loaded);
	loaded = load_text("functions.d/x.conf", arena_printf(arena, text, "\"-x\""));
	assert_string_equal(problem_lines(&loaded, PROBLEM_ERROR),
		"functions.d/x.conf:4: input \"a\": default = \"-x\" is not valid; expected a value "
		"that doesn't start with \"-\"");
	loaded_free(&loaded);
	arena_free(arena);
}

/* The same deep chain is fine one function shorter. */
static void four_functions_may_run_one_within_the_other(void **state)
{
	struct arena *arena = arena_new();
	char *text = arena_strdup(arena, "functions = ( ");
	struct loaded loaded;

	(void)state;
	for (unsigned i = 1; i <= FUNCTION_NESTING_MAX; i++)
		text = arena_printf(arena,
			"%s{ name = \"f%u\"; script = \"#!/bin/sh\"; inputs = ( { name = \"a\"; "
			"type = "
			"\"choice\"; %s } ); }%s",
			text, i,
			i < FUNCTION_NESTING_MAX ? arena_printf(arena, "choices_from = \"f%u\";", i + 1)
			      : "choices = [ \"x\" ];",
			i < FUNCTION_NESTING_MAX ? ", " : " );");
	loaded = load_text("functions.d/x.conf", text);
	assert_string_equal(problem_lines(&loaded, PROBLEM_ERROR), "");
	loaded_free(&loaded);
	arena_free(arena);
}

/* A configuration on the disk with one function, whose script is `script`. */
struct disk {
	struct arena *arena;
	char base[64];
};

static void put(struct disk *disk, const char *name, const char *bytes, size_t length)
{
	const char *path = arena_printf(disk->arena, "%s/%s", disk->base, name);
	_cleanup_fd_ int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(fd_write_all(fd, bytes, length), 0);
}

static void put_text(struct disk *disk, const char *name, const char *text)
{
	put(disk, name, text, strlen(text));
}

static int set_up_disk(void **state)
{
	static const char *const places[] = {"/run", "/var/lib", "/root"};
	struct disk *disk = calloc(1, sizeof(*disk));
	const char *complaint;

	assert_non_null(disk);
	disk->arena = arena_new();
	*state = disk;
	umask(022);
	for (size_t i = 0; geteuid() == 0 && i < sizeof(places) / sizeof(places[0]); i++) {
		_cleanup_fd_ int fd = trust_open(disk->arena, places[i], O_PATH, &complaint);

		snprintf(disk->base, sizeof(disk->base), "%s/rolegate-test-XXXXXX", places[i]);
		if (fd < 0 || mkdtemp(disk->base) == NULL)
			continue;
		assert_int_equal(chmod(disk->base, 0755), 0);
		assert_int_equal(
			mkdir(arena_printf(disk->arena, "%s/functions.d", disk->base), 0755), 0);
		put_text(disk, "rolegate.conf", "endpoints = ( { name = \"e\"; } );\n");
		put_text(disk, "functions.d/x.conf",
			arena_printf(disk->arena,
				"functions = (\n { name = \"f\"; file = \"%s/script\"; } );\n",
				disk->base));
		return 0;
	}
	disk->base[0] = '\0';
	return 0;
}

static int tear_down_disk(void **state)
{
	struct disk *disk = *state;

	if (disk->base[0] != '\0') {
		char *command = arena_printf(disk->arena, "rm -rf '%s'", disk->base);

		assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c) */
	}
	arena_free(disk->arena);
	free(disk);
	return 0;
}

static struct disk *need_root(void **state)
{
	struct disk *disk = *state;

	if (disk->base[0] == '\0')
		skip();
	return disk;
}

static struct loaded load_disk(struct disk *disk, unsigned flags)
{
	struct loaded loaded = {.arena = arena_new()};

	loaded.problems.arena = loaded.arena;
	loaded.policy = config_load(loaded.arena, disk->base, flags, &loaded.problems);
	return loaded;
}

/* Its only problem is the script's, in these words behind the name of the file. */
static void must_refuse(struct disk *disk, const char *complaint)
{
	struct loaded loaded = load_disk(disk, 0);

	assert_string_equal(problem_lines(&loaded, PROBLEM_ERROR),
		arena_printf(disk->arena, "functions.d/x.conf:2: function \"f\": %s/script: %s",
			disk->base, complaint));
	assert_null(loaded.policy);
	loaded_free(&loaded);
}

static void a_script_file_is_read_and_hashed_at_load(void **state)
{
	struct disk *disk = need_root(state);
	struct loaded loaded;
	const struct script_content *content;

	put_text(disk, "script", "#!/bin/sh\ndate\n");
	loaded = load_disk(disk, 0);
	assert_string_equal(problem_lines(&loaded, PROBLEM_ERROR), "");
	content = &function_of(loaded.policy, "f")->function->script.content;
	assert_string_equal(content->bytes, "#!/bin/sh\ndate\n");
	assert_string_equal(content->digest,
		"14f7e22ac4ee3230b425f81d6a871ce07dee3ef8715f22b13410c1c9b577fd2f");
	assert_int_equal(content->identity.size, 15);
	assert_true(content->identity.inode != 0);
	loaded_free(&loaded);
}

static void a_script_that_is_none_is_refused_at_load(void **state)
{
	struct disk *disk = need_root(state);
	char *large = arena_alloc(disk->arena, SCRIPT_SIZE_MAX + 2);

	must_refuse(disk, "No such file or directory");
	put(disk, "script", "", 0);
	must_refuse(disk, "it is empty");
	put(disk, "script", "#!/bin/sh\n\377\n", 12);
	must_refuse(disk, "it is not UTF-8 text");
	put(disk, "script", "#!/bin/sh\n\0\n", 12);
	must_refuse(disk, "it is not UTF-8 text");
	put(disk, "script", "\177ELF\2\1\1\0\0", 9);
	must_refuse(disk, "it is a program (ELF); expected a script, and a program among the "
			  "commands");
	put_text(disk, "script", "echo\n");
	must_refuse(disk,
		"it has no interpreter line (#!); expected one, or \"interpreter\" in the "
		"definition");
	put_text(disk, "script", "#!sh\n");
	must_refuse(disk, "its interpreter's path is not an absolute one without dots");
	put_text(disk, "script", "#!/bin/sh\r\nexit\r\n");
	must_refuse(disk, "its first line ends with CR LF, as no program's name does");
	memset(large, 'a', SCRIPT_SIZE_MAX + 1);
	memcpy(large, "#!/bin/sh\n", 10);
	put(disk, "script", large, SCRIPT_SIZE_MAX + 1);
	must_refuse(disk, "it is larger than 1 MiB");
	put(disk, "script", large, SCRIPT_SIZE_MAX);
	{
		struct loaded loaded = load_disk(disk, 0);

		assert_string_equal(problem_lines(&loaded, PROBLEM_ERROR), "");
		loaded_free(&loaded);
	}
}

static void R28_a_script_that_others_may_write_is_refused_at_load(void **state)
{
	struct disk *disk = need_root(state);
	const char *path = arena_printf(disk->arena, "%s/script", disk->base);
	const char *other = arena_printf(disk->arena, "%s/other", disk->base);
	struct loaded loaded;

	put_text(disk, "script", "#!/bin/sh\n");
	assert_int_equal(chmod(path, 0664), 0);
	loaded = load_disk(disk, 0);
	assert_non_null(strstr(problem_lines(&loaded, PROBLEM_ERROR), "writable"));
	assert_null(loaded.policy);
	loaded_free(&loaded);
	assert_int_equal(chmod(path, 0644) | chown(path, 1000, 0), 0);
	loaded = load_disk(disk, 0);
	assert_non_null(strstr(problem_lines(&loaded, PROBLEM_ERROR), "1000"));
	loaded_free(&loaded);
	assert_int_equal(chown(path, 0, 0) | rename(path, other) | symlink(other, path), 0);
	loaded = load_disk(disk, 0);
	assert_int_equal(loaded.problems.errors, 1);
	loaded_free(&loaded);
	/* Offline, nothing is run from it: a warning. */
	assert_int_equal(unlink(path) | rename(other, path) | chmod(path, 0666), 0);
	loaded = load_disk(disk, CONFIG_TRUST_WARNS);
	assert_non_null(loaded.policy);
	assert_non_null(strstr(problem_lines(&loaded, PROBLEM_WARNING), "not trusted"));
	loaded_free(&loaded);
}

static atomic_bool stop_writing;

static void *keep_writing(void *path)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	while (!stop_writing)
		if (pwrite(fd, "#!/bin/sh\n", 10, 0) != 10)
			break;
	close(fd);
	return NULL;
}

/* The time of change moves on with the kernel's clock, so it takes some readings to be seen. */
static void a_script_that_changes_while_it_is_read_is_refused(void **state)
{
	struct disk *disk = need_root(state);
	char *path = arena_printf(disk->arena, "%s/script", disk->base);
	char *bytes = arena_alloc(disk->arena, SCRIPT_SIZE_MAX);
	const char *complaint = NULL;
	struct arena *arena;
	pthread_t thread;
	int result = 0;

	memset(bytes, 'a', SCRIPT_SIZE_MAX);
	put(disk, "script", bytes, SCRIPT_SIZE_MAX);
	stop_writing = false;
	assert_int_equal(pthread_create(&thread, NULL, keep_writing, path), 0);
	for (unsigned tries = 0; result == 0 && tries < 10000; tries++) {
		_cleanup_fd_ int fd = open(path, O_RDONLY | O_CLOEXEC);
		struct script_content content = {.bytes = NULL};

		arena = arena_new();
		result = script_read(arena, fd, &content, &complaint);
		arena_free(arena);
	}
	stop_writing = true;
	pthread_join(thread, NULL);
	assert_int_equal(result, -1);
	assert_string_equal(complaint, "it was changed while it was read");
}

#define DISK(name) cmocka_unit_test_setup_teardown(name, set_up_disk, tear_down_disk)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_key_is_read),
		cmocka_unit_test(every_key_of_an_input_is_read),
		cmocka_unit_test(every_mistake_is_told_exactly),
		cmocka_unit_test(what_another_function_needs_and_is_disabled_is_told),
		cmocka_unit_test(R22_a_transaction_has_an_end),
		cmocka_unit_test(a_transaction_is_not_over_what_the_gateway_keeps),
		cmocka_unit_test(validators_are_known_wherever_they_stand),
		cmocka_unit_test(grants_are_checked_by_validators_of_the_configuration),
		cmocka_unit_test(wildcards_of_functions_name_no_commands),
		cmocka_unit_test(computed_choices_may_have_a_default),
		cmocka_unit_test(four_functions_may_run_one_within_the_other),
		DISK(a_script_file_is_read_and_hashed_at_load),
		DISK(a_script_that_is_none_is_refused_at_load),
		DISK(R28_a_script_that_others_may_write_is_refused_at_load),
		DISK(a_script_that_changes_while_it_is_read_is_refused),
	};

	return cmocka_run_group_tests_name("functions", tests, NULL, NULL);
}
