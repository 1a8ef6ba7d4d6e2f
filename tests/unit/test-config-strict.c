/* R5, R6, R8: nothing that is misspelled or out of its character set gets through. */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "config-fixture.h"

static const char *const keys[] = {"audit_failure", "event_log", "sessions", "endpoints", "name",
	"role_definitions", "group", "user", "roles", "required_groups", "all", "any", "run_as",
	"profile", "audit", "authenticate", "merge", "allow_unset_loginuid", "sessions_per_user",
	"request_size", "handshake_timeout", "service_timeout", "commands", "description", "program", "arguments",
	"enabled", "end_of_options", "emit", "timeout", "directory", "detach", "transcript", "terminal",
	"transcript_input", "environment",
	"value", "parameters", "type", "options", "position", "validate", "pattern", "choices",
	"minimum", "maximum", "under", "required", "default", "repeat", "secret", "common",
	"message", "max_length", "leading_dash", "visible_commands", "visible_functions",
	"visible_external_commands", "visible_aliases", "visible_providers", "alias_definitions",
	"command", "environment_variables", "command_definitions", "set", "providers", "read",
	"write", "profiles", "extends", "execute", "network", "filesystem", "hidden", "protect",
	"proc", "tmp", "capabilities", "system_calls", "deny", "allow", "limits", "processes",
	"memory", "cpu_seconds", "cpu_percent", "file_size", "open_files", "seconds",
	"blocked_commands", "allowed_commands", "classes", "if_unsupported", "class",
	"functions", "function_definitions", "startup_functions", "validators", "file", "script",
	"interpreter", "show_errors", "transaction", "paths", "rollback", "audit_steps", "approval",
	"self_approval", "approvers", "approver_groups", "inputs", "choices_from", "show_if",
	"input", "values", "trusted_keys", "key", "trusted", "id", "function", "content_hash",
	"signed_by", "interpreter_hash", "level", "on_mismatch", "exports", "others",
	"motd", "pipelines", "contact"};

enum { KEY_COUNT = sizeof(keys) / sizeof(keys[0]), TEXT_MAX = 8192 };

/* The next "NAME =" from `text` on; NULL if there is none. */
static const char *next_key(const char *text, size_t *length)
{
	for (; *text != '\0'; text++) {
		size_t size = strspn(text, "abcdefghijklmnopqrstuvwxyz_");

		if (size > 0 && text[size] == ' ' && text[size + 1] == '=') {
			*length = size;
			return text;
		}
		text += size > 0 ? size - 1 : 0;
	}
	return NULL;
}

static bool is_refused(const char *name, const char *text, size_t length)
{
	struct loaded loaded = load_with(name, text, length);
	bool refused = loaded.policy == NULL && loaded.problems.errors > 0;

	loaded_free(&loaded);
	return refused;
}

/* One letter replaced, dropped, doubled, and in upper case. */
static void mutate(const struct config_file *file, size_t at)
{
	char text[TEXT_MAX];
	size_t rest = file->length - at;

	memcpy(text, file->bytes, file->length);
	text[at] = text[at] == 'q' ? 'x' : 'q';
	assert_true(is_refused(file->name, text, file->length));
	text[at] = (char)toupper((unsigned char)file->bytes[at]);
	if (text[at] != file->bytes[at])
		assert_true(is_refused(file->name, text, file->length));
	memcpy(text + at, file->bytes + at + 1, rest - 1);
	assert_true(is_refused(file->name, text, file->length - 1));
	memcpy(text + at + 1, file->bytes + at, rest);
	text[at] = file->bytes[at];
	assert_true(is_refused(file->name, text, file->length + 1));
}

static void R5_a_key_with_one_wrong_letter_is_refused(void **state)
{
	bool seen[KEY_COUNT] = {false};

	(void)state;
	for (size_t i = 0; i < good_file_count; i++) {
		const char *text = good_files[i].bytes, *key = text;
		size_t length;

		assert_true(good_files[i].length + 1 < TEXT_MAX);
		for (; (key = next_key(key, &length)) != NULL; key += length) {
			for (size_t k = 0; k < KEY_COUNT; k++)
				if (strlen(keys[k]) == length && strncmp(keys[k], key, length) == 0)
					seen[k] = true;
			for (size_t k = 0; k < length; k++)
				mutate(&good_files[i], (size_t)(key - text) + k);
		}
	}
	for (size_t k = 0; k < KEY_COUNT; k++)
		if (!seen[k])
			fail_msg("key \"%s\" is in no good file", keys[k]);
}

/* Each %s stands for a name. */
static const struct {
	const char *file, *format, *good;
} places[] = {
	{"rolegate.conf", "endpoints = ( { name = \"%s\"; } );", "e"},
	{"rolegate.conf", "endpoints = ( { name = \"e\"; run_as = \"%s\"; } );", "svc"},
	{"rolegate.conf",
		"endpoints = ( { name = \"e\"; role_definitions = ( { user = \"%s\"; roles = [ "
		"\"web\" ]; } ); } );",
		"dana"},
	{"rolegate.conf",
		"endpoints = ( { name = \"e\"; role_definitions = ( { group = \"%s\"; roles = [ "
		"\"web\" ]; } ); } );",
		"ops"},
	{"rolegate.conf",
		"endpoints = ( { name = \"e\"; role_definitions = ( { user = \"d\"; roles = [ "
		"\"%s\" ]; } ); } );",
		"web"},
	{"rolegate.conf", "endpoints = ( { name = \"e\"; required_groups = \"%s\"; } );", "ops"},
	{"rolegate.conf",
		"endpoints = ( { name = \"e\"; required_groups = { any = ( \"a\", \"%s\" ); }; } "
		");",
		"ops"},
	{"commands.d/x.conf", "commands = ( { name = \"x%s\"; program = \"/x\"; } );", "y"},
	{"commands.d/x.conf",
		"commands = ( { name = \"x\"; program = \"/x\"; run_as = \"%s\"; } );", "svc"},
	{"commands.d/x.conf",
		"commands = ( { name = \"x\"; program = \"/x\"; parameters = ( { name = \"%s\"; "
		"type = \"flag\"; } ); } );",
		"p"},
	{"commands.d/x.conf",
		"commands = ( { name = \"x\"; program = \"/x\"; parameters = ( { name = \"p\"; "
		"type = \"flag\"; options = [ \"--%s\" ]; } ); } );",
		"p"},
	{"commands.d/x.conf",
		"commands = ( { name = \"x\"; program = \"/x\"; environment = ( { name = \"%s\"; "
		"value = \"\"; } ); } );",
		"V"},
	{"profiles.d/x.conf", "profiles = ( { name = \"%s\"; } );", "p"},
	{"roles.d/x.role", "visible_external_commands = [ \"/bin/%s\" ];", "id"},
	{"roles.d/x.role", "alias_definitions = ( { name = \"%s\"; command = \"journal\"; } );",
		"j"},
	{"roles.d/x.role", "environment_variables = ( { name = \"%s\"; value = \"\"; } );", "V"},
	{"providers.d/x.conf", "providers = ( { name = \"%s\"; read = [ \"/\" ]; } );", "p"},
	{"functions.d/x.conf",
		"functions = ( { name = \"x%s\"; script = \"#!/bin/sh\"; } );", "y"},
	{"functions.d/x.conf",
		"functions = ( { name = \"x\"; script = \"#!/bin/sh\"; run_as = \"%s\"; } );",
		"svc"},
	{"functions.d/x.conf",
		"functions = ( { name = \"x\"; script = \"#!/bin/sh\"; approver_groups = [ "
		"\"%s\" ]; } );",
		"ops"},
	{"functions.d/x.conf",
		"functions = ( { name = \"x\"; script = \"#!/bin/sh\"; inputs = ( { name = "
		"\"%s\"; type = \"flag\"; } ); } );",
		"p"},
	{"roles.d/x.role", "assigned_to = ( { endpoint = \"%s\"; user = \"dana\"; } );",
		"second"},
	{"roles.d/x.role", "assigned_to = ( { endpoint = \"second\"; user = \"%s\"; } );",
		"dana"},
	{"roles.d/x.role", "assigned_to = ( { endpoint = \"second\"; group = \"%s\"; } );",
		"mfa"},
	{"functions.d/x.conf",
		"validators = ( { name = \"%s\"; pattern = \"a\"; message = \"b\"; } );", "v"},
};

enum { PLACE_COUNT = sizeof(places) / sizeof(places[0]) };

static bool name_is_refused(size_t place, const char *name)
{
	struct arena *arena = arena_new();
	char *text;
	bool refused;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	text = arena_printf(arena, places[place].format, name);
#pragma GCC diagnostic pop
	refused = is_refused(places[place].file, text, strlen(text));
	arena_free(arena);
	return refused;
}

static void R6_names_hold_no_separators(void **state)
{
	static const char separators[] = ",:;/ *!%&|<>()[]{}=?#~@^'`+";
	char name[64];

	(void)state;
	for (size_t i = 0; i < PLACE_COUNT; i++) {
		assert_false(name_is_refused(i, places[i].good));
		for (const char *separator = separators; *separator != '\0'; separator++) {
			bool deeper =
				*separator == '/' && strstr(places[i].format, "/bin/%") != NULL;

			snprintf(name, sizeof(name), "%s%c%s", places[i].good, *separator,
				places[i].good);
			/* "x y" is a command of two words; "/bin/a/b" is a path. */
			if (deeper ||
				(*separator == ' ' && strstr(places[i].format, "\"x%s\"") != NULL))
				continue;
			if (strchr("&|<>()[]{}=#~@^`+", *separator) != NULL &&
				strstr(places[i].format, "/bin/%") != NULL)
				continue; /* a path may */
			assert_true(name_is_refused(i, name));
			snprintf(name, sizeof(name), "%c%s", *separator, places[i].good);
			assert_true(name_is_refused(i, name));
			snprintf(name, sizeof(name), "%s%c", places[i].good, *separator);
			assert_true(name_is_refused(i, name));
		}
	}
}

static void R6_names_of_grants_hold_no_separators(void **state)
{
	static const char *const names[] = {"journal,systemctl stop", "journal:", "journal;x",
		"./journal", "journal ", " journal", "journal  x", "journal!", "%journal",
		"journal\\x0a", "journal\\x7f", "systemctl\\tstop", "journal\xc2\x85"};
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char *text = arena_printf(arena, "visible_commands = ( \"%s\" );", names[i]);

		assert_true(is_refused("roles.d/x.role", text, strlen(text)));
	}
	arena_free(arena);
}

static void R8_ids_are_not_accounts(void **state)
{
	static const char *const ids[] = {"-1", "0", "00", "2147483647", "2147483648", "4294967294",
		"4294967295", "4294967296", "0x0", "+0", " 0", "#0", "1000", ""};
	static const char *const numbers[] = {"-1", "0", "4294967295L", "1000", "1.0", "true"};
	struct arena *arena = arena_new();

	(void)state;
	for (size_t place = 0; place < PLACE_COUNT; place++) {
		const char *key = strstr(places[place].format, "run_as = \"%s\"");

		if (key == NULL)
			key = strstr(places[place].format, "user = \"%s\"");
		if (key == NULL)
			key = strstr(places[place].format, "group = \"%s\"");
		if (key == NULL)
			continue;
		for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
			assert_true(name_is_refused(place, ids[i]));
	}
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		char *text = arena_printf(
			arena, "endpoints = ( { name = \"e\"; run_as = %s; } );", numbers[i]);

		assert_true(is_refused("rolegate.conf", text, strlen(text)));
	}
	arena_free(arena);
}

/* libconfig alone makes -1294967296 of it, and 2^32 + 5 a 5. */
static void R8_numbers_do_not_wrap(void **state)
{
	static const char *const numbers[] = {"3000000000", "4294967301", "-2147483649",
		"0x100000005", "99999999999999999999L", "0x1ffffffffffffffffL",
		"-99999999999999999999L"};
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		char *text = arena_printf(arena,
			"commands = ( { name = \"x\"; program = \"/x\"; parameters = ( { name = "
			"\"p\"; "
			"type = \"integer\"; maximum = %s; } ); } );",
			numbers[i]);

		assert_true(is_refused("commands.d/x.conf", text, strlen(text)));
	}
	arena_free(arena);
}

/* Cut anywhere, a file that ends in the middle of something grants nothing. */
static void R5_a_file_cut_short_is_refused(void **state)
{
	const struct config_file *role = &good_files[2];
	const char *end = strstr(role->bytes, "\"systemctl *\" )");

	(void)state;
	assert_string_equal(role->name, "roles.d/web.role");
	for (const char *cut = strchr(role->bytes, '('); cut <= end; cut++)
		assert_true(is_refused(role->name, role->bytes, (size_t)(cut - role->bytes)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(R5_a_key_with_one_wrong_letter_is_refused),
		cmocka_unit_test(R5_a_file_cut_short_is_refused),
		cmocka_unit_test(R6_names_hold_no_separators),
		cmocka_unit_test(R6_names_of_grants_hold_no_separators),
		cmocka_unit_test(R8_ids_are_not_accounts),
		cmocka_unit_test(R8_numbers_do_not_wrap),
	};

	return cmocka_run_group_tests_name("config-strict", tests, NULL, NULL);
}
