/* What becomes of an approved command: a grant of it and of nothing else, in a file of its own. */
#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "approval/grant.h"
#include "approval/grant_parts.h"
#include "base/fd.h"
#include "config-fixture.h"
#include "config/trust.h"
#include "policy/decide.h"
#include "policy/line.h"

#define TEXT(text) text, sizeof(text) - 1

static const struct config_file conf = {"rolegate.conf",
	TEXT("endpoints = ( { name = \"ops\"; run_as = \"svc\"; learn = true;\n"
	     "  role_definitions = ( { group = \"web\"; roles = [ \"web\" ]; } ); } );\n")};
static const struct config_file commands = {"commands.d/base.conf",
	TEXT("commands = (\n"
	     "  { name = \"say\"; program = \"/usr/bin/printf\"; parameters = (\n"
	     "      { name = \"text\"; options = [ \"--text\" ]; validate = \"none\"; repeat = 3; "
	     "},\n"
	     "      { name = \"count\"; options = [ \"-n\" ]; type = \"integer\"; default = 3; },\n"
	     "      { name = \"loud\"; options = [ \"-l\" ]; type = \"flag\"; },\n"
	     "      { name = \"key\"; options = [ \"--key\" ]; validate = \"none\"; secret = true; "
	     "} ); },\n"
	     "  { name = \"off\"; program = \"/usr/bin/true\"; enabled = false; },\n"
	     "  { name = \"say more\"; program = \"/usr/bin/printf\"; parameters = (\n"
	     "      { name = \"unit\"; position = 1; validate = \"systemd-unit\"; required = true; "
	     "} ); } );\n")};
static const struct config_file web = {
	"roles.d/web.role", TEXT("visible_commands = ( { name = \"say more\"; parameters = (\n"
				 "  { name = \"unit\"; pattern = \"nginx.*\"; } ); } );\n"
				 "visible_external_commands = [ \"/usr/bin/uptime\" ];\n")};

static const char *const nasty[] = {"plain", "two words", "\"", "\\", "\\\"", "a\\nb", "#", "//",
	"/*", "*/", "\"; }; visible_commands = ( \"*\" ); #", "@include \"/etc/passwd\"", "$(id)",
	"%s%n", "{", "}", ")", "];", "\xc3\xa4\xe2\x82\xac", "'", "`", "0", " ", "\\x41", "a|b",
	".*", "\\E.*\\Q", "^$", "(?i)x"};

enum { NASTY_COUNT = sizeof(nasty) / sizeof(nasty[0]) };

/* The role file of one grant for dana, as bytes. */
static char *role_text(struct arena *arena, const char *line, const char *reason)
{
	const struct approval_person person = {.uid = 1001, .name = "erin"};
	struct grant_entry entry = {
		.number = 7, .comment = grant_comment(arena, 7, &person, 0, reason), .line = line};
	struct grant_file file;

	grant_file_head(arena, &file, "dana", 1000, "ops");
	file.entries = &entry;
	file.count = 1;
	return grant_file_text(arena, &file);
}

static struct loaded load_role(const char *text)
{
	const struct config_file files[] = {
		conf, commands, web, {"roles.d/approved.role", text, strlen(text)}};

	return load_only(files, 4);
}

static void assert_loads(const struct loaded *loaded)
{
	if (loaded->policy == NULL)
		fail_msg("%s", problem_lines(loaded, PROBLEM_ERROR));
}

static struct strings words_of(struct arena *arena, const char *const *words, size_t count)
{
	struct strings list = {0};

	for (size_t i = 0; i < count; i++)
		strings_add(arena, &list, words[i]);
	return list;
}

static struct role_set roles_for(struct arena *arena, const struct policy *policy, bool in_web)
{
	struct subject subject = {.user = "dana"};

	if (in_web)
		strings_add(arena, &subject.groups, "web");
	return roles_of(arena, policy, &policy->endpoints[0], &subject);
}

static struct decision ask(
	const struct loaded *loaded, bool in_web, const char *const *words, size_t count)
{
	struct role_set roles = roles_for(loaded->arena, loaded->policy, in_web);
	const struct decision_request request = {.policy = loaded->policy,
		.endpoint = &loaded->policy->endpoints[0],
		.roles = &roles,
		.words = words,
		.count = count};
	struct decision decision;

	decide(loaded->arena, &request, &decision);
	return decision;
}

/* The grant for these words, by the configuration without it. */
static char *line_for(struct arena *arena, bool in_web, const char *const *words, size_t count)
{
	const struct config_file files[] = {conf, commands, web};
	struct loaded loaded = load_only(files, 3);
	struct strings list = words_of(arena, words, count);
	struct refusal refusal;
	struct arguments arguments;
	const struct command *command;
	struct role_set roles;
	size_t name_words;
	char *line;

	assert_loads(&loaded);
	roles = roles_for(arena, loaded.policy, in_web);
	command = decide_defined(loaded.policy, &roles, list.items, count, &name_words);
	assert_non_null(command);
	assert_int_equal(arguments_parse(arena, command, NULL, list.items + name_words,
				 count - name_words, &arguments, &refusal),
		0);
	assert_int_equal(arguments_validate(arena, command, &arguments, &refusal), 0);
	line = approval_grant_line(arena, command, &arguments, &roles);
	loaded_free(&loaded);
	return line;
}

static void assigned_to_is_a_role_definition(void **state)
{
	struct loaded loaded =
		load_role("assigned_to = ( { endpoint = \"ops\"; user = \"dana\"; },\n"
			  "  { endpoint = \"ops\"; group = \"staff\"; } );\nvisible_commands = ( "
			  "\"say\" );\n");
	const struct endpoint *endpoint;

	(void)state;
	assert_loads(&loaded);
	endpoint = &loaded.policy->endpoints[0];
	assert_int_equal(endpoint->definition_count, 3);
	assert_string_equal(endpoint->definitions[1].user, "dana");
	assert_string_equal(endpoint->definitions[1].roles[0]->name, "approved");
	assert_string_equal(endpoint->definitions[2].group, "staff");
	assert_string_equal(endpoint->definitions[2].source.file, "roles.d/approved.role");
	assert_int_equal(endpoint->definitions[2].source.line, 2);
	loaded_free(&loaded);
}

/* As many as the endpoint has itself, and more: its array is one that grows. */
static void assigned_to_goes_beside_any_number_of_definitions(void **state)
{
	(void)state;
	for (unsigned count = 1; count <= 9; count++) {
		struct arena *arena = arena_new();
		struct strings own = {0}, assigned = {0};
		struct loaded loaded;
		const char *text, *role;

		for (unsigned i = 0; i < count; i++) {
			strings_add(arena, &own, "{ user = \"x\"; roles = [ \"r\" ]; }");
			strings_add(arena, &assigned, "{ endpoint = \"ops\"; user = \"dana\"; }");
		}
		text = arena_printf(arena,
			"endpoints = ( { name = \"ops\"; run_as = \"s\"; role_definitions = ( %s "
			"); } );",
			strings_join(arena, &own, ", "));
		role = arena_printf(
			arena, "assigned_to = ( %s );", strings_join(arena, &assigned, ", "));
		loaded = load_only(
			(const struct config_file[]){{"rolegate.conf", text, strlen(text)},
				{"roles.d/r.role", role, strlen(role)}},
			2);
		assert_loads(&loaded);
		assert_int_equal(loaded.policy->endpoints[0].definition_count, 2 * count);
		for (unsigned i = 0; i < 2 * count; i++)
			assert_string_equal(loaded.policy->endpoints[0].definitions[i].user,
				i < count ? "x" : "dana");
		loaded_free(&loaded);
		arena_free(arena);
	}
}

static void assert_refused(const char *role, const char *problem)
{
	struct loaded loaded = load_role(role);

	assert_null(loaded.policy);
	assert_string_equal(problem_lines(&loaded, PROBLEM_ERROR), problem);
	loaded_free(&loaded);
}

static void R05_assigned_to_is_read_strictly(void **state)
{
	(void)state;
	assert_refused("assigned_to = ( { endpoint = \"opps\"; user = \"dana\"; } );\n",
		"roles.d/approved.role:1: assigned_to: endpoint \"opps\" does not exist "
		"(did you mean \"ops\"?)");
	assert_refused("assigned_to = ( { endpoint = \"ops\"; } );\n",
		"roles.d/approved.role:1: assigned_to: expected exactly one of \"user\" and "
		"\"group\"");
	assert_refused(
		"assigned_to = ( { endpoint = \"ops\"; user = \"dana\"; group = \"g\"; } );\n",
		"roles.d/approved.role:1: assigned_to: expected exactly one of \"user\" and "
		"\"group\"");
	assert_refused("assigned_to = ();\n", "roles.d/approved.role:1: assigned_to is "
					      "empty; expected at least one element");
	assert_refused("assigned_to = ( { endpoint = \"ops\"; user = \"../x\"; } );\n",
		"roles.d/approved.role:1: user = \"../x\" is refused; expected the name of an "
		"account (not a number): letters, digits, \"_\", \".\" and \"-\", at most 32 "
		"bytes");
}

/* One wrong letter in a key, and the whole is refused. */
static void R05_assigned_to_has_no_other_keys(void **state)
{
	static const char good[] = "assigned_to = ( { endpoint = \"ops\"; user = \"dana\"; } );";
	static const char *const keys[] = {"assigned_to", "endpoint", "user"};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		for (size_t k = 0; k < strlen(keys[i]); k++) {
			char text[sizeof(good)];
			struct loaded loaded;

			memcpy(text, good, sizeof(good));
			*(strstr(text, keys[i]) + k) = 'q';
			loaded = load_role(text);
			assert_null(loaded.policy);
			loaded_free(&loaded);
		}
	}
}

static void endpoints_say_who_approves(void **state)
{
	static const char text[] =
		"endpoints = ( { name = \"a\"; approval = \"required\"; learn = true;\n"
		"  self_approval = true; approvers = 2; approver_groups = [ \"sec\", \"ops\" ]; "
		"},\n"
		"  { name = \"b\"; approval = \"none\"; } );\n";
	struct loaded loaded =
		load_only((const struct config_file[]){{"rolegate.conf", TEXT(text)}}, 1);
	const struct approval_rule *rule;

	(void)state;
	assert_loads(&loaded);
	rule = &loaded.policy->endpoints[0].approval;
	assert_true(rule->required && rule->learn && rule->self_approval);
	assert_int_equal(rule->approvers, 2);
	assert_int_equal(rule->groups.count, 2);
	rule = &loaded.policy->endpoints[1].approval;
	assert_false(rule->required || rule->learn || rule->self_approval);
	assert_int_equal(rule->approvers, 1);
	assert_int_equal(rule->groups.count, 0);
	loaded_free(&loaded);
}

static void R05_approval_keys_are_read_strictly(void **state)
{
	static const char *const wrong[] = {"approval = \"maybe\"", "approval = true",
		"learn = \"yes\"", "approvers = 0", "approvers = 17", "approver_groups = []",
		"approver_groups = [ \"a,b\" ]", "self_aproval = true"};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		char text[256];
		struct loaded loaded;

		snprintf(text, sizeof(text), "endpoints = ( { name = \"a\"; %s; } );", wrong[i]);
		loaded = load_only(
			(const struct config_file[]){{"rolegate.conf", text, strlen(text)}}, 1);
		if (loaded.policy != NULL)
			fail_msg("taken: %s", wrong[i]);
		loaded_free(&loaded);
	}
}

static void a_grant_has_the_values_that_were_given_and_no_others(void **state)
{
	static const char *const words[] = {"say", "-l", "--text", "x", "--text=y", "--text=x"};
	struct arena *arena = arena_new();

	(void)state;
	assert_string_equal(line_for(arena, false, words, 6),
		"{ name = \"say\"; parameters = ( { name = \"text\"; set = [ \"x\", \"y\" ]; }, "
		"{ name = \"loud\"; } ); }");
	assert_string_equal(
		line_for(arena, false, words, 1), "{ name = \"say\"; parameters = (); }");
	arena_free(arena);
}

static void R03_nasty_values_are_granted_byte_for_byte(void **state)
{
	(void)state;
	for (size_t i = 0; i < NASTY_COUNT; i++) {
		struct arena *arena = arena_new();
		const char *given = arena_printf(arena, "--text=%s", nasty[i]);
		const char *other = arena_printf(arena, "--text=%s ", nasty[i]);
		const char *const words[] = {"say", given}, *const others[] = {"say", other};
		char *text = role_text(arena, line_for(arena, false, words, 2), nasty[i]);
		struct loaded loaded = load_role(text);
		struct grant_file file;
		struct decision decision;

		assert_loads(&loaded);
		decision = ask(&loaded, false, words, 2);
		if (decision.verdict != VERDICT_ALLOW)
			fail_msg("not granted: %s", nasty[i]);
		decision = ask(&loaded, false, others, 2);
		assert_int_equal(decision.reason, REASON_VALUE_NOT_ALLOWED);
		assert_int_equal(loaded.policy->grant_count, 3);
		assert_true(grant_file_parse(arena, text, &file));
		assert_int_equal(file.count, 1);
		assert_int_equal(file.entries[0].number, 7);
		loaded_free(&loaded);
		arena_free(arena);
	}
}

static void what_was_not_given_is_not_granted(void **state)
{
	static const char *const words[] = {"say", "--text=x"};
	static const char *const more[] = {"say", "--text=x", "-l"}, *const bare[] = {"say", "-n5"};
	struct arena *arena = arena_new();
	struct loaded loaded = load_role(role_text(arena, line_for(arena, false, words, 2), "r"));

	(void)state;
	assert_loads(&loaded);
	assert_int_equal(ask(&loaded, false, more, 3).reason, REASON_PARAMETER_NOT_ALLOWED);
	assert_int_equal(ask(&loaded, false, bare, 2).reason, REASON_PARAMETER_NOT_ALLOWED);
	loaded_free(&loaded);
	arena_free(arena);
}

/* Rule 7: a set beside another role's pattern would be ignored. */
static void beside_a_pattern_a_value_is_a_pattern(void **state)
{
	static const char *const words[] = {"say", "more", "apache.2.service"};
	static const char *const other[] = {"say", "more", "apacheX2.service"};
	struct arena *arena = arena_new();
	char *line = line_for(arena, true, words, 3);
	struct loaded loaded = load_role(role_text(arena, line, "r"));

	(void)state;
	assert_string_equal(line, "{ name = \"say more\"; parameters = ( { name = \"unit\"; "
				  "pattern = \"apache\\\\.2\\\\.service\"; } ); }");
	assert_loads(&loaded);
	assert_int_equal(ask(&loaded, true, words, 3).verdict, VERDICT_ALLOW);
	assert_int_equal(ask(&loaded, true, other, 3).reason, REASON_VALUE_NOT_ALLOWED);
	assert_non_null(strstr(line_for(arena, false, words, 3), "set = [ \"apache.2.service\" ]"));
	loaded_free(&loaded);
	arena_free(arena);
}

static void a_secret_is_in_no_role_file(void **state)
{
	static const char *const words[] = {"say", "--key=hunter2"};
	struct arena *arena = arena_new();

	(void)state;
	assert_string_equal(line_for(arena, false, words, 2),
		"{ name = \"say\"; parameters = ( { name = \"key\"; } ); }");
	arena_free(arena);
}

static void R32_a_reason_is_one_line_of_comment(void **state)
{
	static const char *const reasons[] = {"x\n);\nvisible_commands = ( \"say\" );\n# ", "\r\n",
		"\x1b[2J", "*/ visible_commands = ( \"*\" ); /*", "\xe2\x80\xae", "\xc2\x85",
		"\n  # approval 8 by x: "};
	static const char *const words[] = {"say", "--text=x"};

	(void)state;
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		struct arena *arena = arena_new();
		char *text = role_text(arena, line_for(arena, false, words, 2), reasons[i]);
		struct loaded loaded = load_role(text);

		assert_loads(&loaded);
		assert_int_equal(loaded.policy->grant_count, 3);
		assert_null(strchr(text, '\x1b'));
		assert_null(grant_lines_of(arena, text, 8));
		assert_string_equal(grant_lines_of(arena, text, 7), "lines 6 and 7");
		loaded_free(&loaded);
		arena_free(arena);
	}
}

static void an_edited_file_is_seen(void **state)
{
	struct arena *arena = arena_new();
	char *text = role_text(arena, "{ name = \"say\"; parameters = (); }", "r");
	struct grant_file file;

	(void)state;
	assert_true(grant_file_parse(arena, text, &file));
	for (size_t i = 0; text[i] != '\0'; i++) {
		char *edited = arena_printf(arena, "%.*s\n%s", (int)i, text, text + i);

		if (grant_file_parse(arena, edited, &file) && strcmp(edited, text) != 0 &&
			strcmp(grant_file_text(arena, &file), edited) != 0)
			fail_msg("not seen: a line end at %zu", i);
	}
	assert_false(grant_file_parse(arena, arena_printf(arena, "%s# mine\n", text), &file));
	assert_false(grant_file_parse(arena, "", &file));
	assert_false(grant_file_parse(arena, "visible_commands = ( \"say\" );\n", &file));
	arena_free(arena);
}

/* A configuration on disk, for root (uid 0) as the one who asked. */
struct fixture {
	struct arena *arena;
	const char *user; /* who asked; NULL: root */
	const char *name, *run_as; /* as it was when it was asked for; NULL: not defined */
	char base[256];
};

static void put(const char *base, const char *name, const char *text, size_t length)
{
	char path[512];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", base, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	assert_true(fd >= 0);
	assert_int_equal(fd_write_all(fd, text, length), 0);
	close(fd);
}

static int set_up(void **state)
{
	static const char *const places[] = {"/run", "/var/lib", "/root"};
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	const char *complaint;
	char path[512];

	fixture->arena = arena_new();
	*state = fixture;
	umask(022);
	for (size_t i = 0; geteuid() == 0 && i < 3; i++) {
		_cleanup_fd_ int fd = trust_open(fixture->arena, places[i], O_PATH, &complaint);

		snprintf(fixture->base, sizeof(fixture->base), "%s/rolegate-grant-XXXXXX",
			places[i]);
		if (fd >= 0 && mkdtemp(fixture->base) != NULL)
			break;
		fixture->base[0] = '\0';
	}
	if (fixture->base[0] == '\0')
		return 0;
	assert_int_equal(chmod(fixture->base, 0755), 0);
	snprintf(path, sizeof(path), "%s/roles.d", fixture->base);
	assert_int_equal(mkdir(path, 0755), 0);
	snprintf(path, sizeof(path), "%s/commands.d", fixture->base);
	assert_int_equal(mkdir(path, 0755), 0);
	put(fixture->base, conf.name, conf.bytes, conf.length);
	put(fixture->base, commands.name, commands.bytes, commands.length);
	put(fixture->base, web.name, web.bytes, web.length);
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	if (fixture->base[0] != '\0') {
		char *command = arena_printf(fixture->arena, "rm -rf '%s'", fixture->base);

		assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c) */
	}
	arena_free(fixture->arena);
	free(fixture);
	return 0;
}

static void need_place(const struct fixture *fixture)
{
	if (fixture->base[0] == '\0')
		skip();
}

static struct approval_entry entry_of(struct arena *arena, unsigned long number, const char *words)
{
	struct strings argv = {0};
	struct line_error error;

	assert_int_equal(line_split(arena, words, strlen(words), &argv, &error), 0);
	return (struct approval_entry){.number = number,
		.kind = APPROVAL_COMMAND,
		.endpoint = "ops",
		.argv = argv,
		.words = words,
		.user = "root"};
}

/* NULL: done; else the complaint. */
static const char *approve(
	struct fixture *fixture, unsigned long number, const char *words, const char *role)
{
	struct approval_entry entry = entry_of(fixture->arena, number, words);
	const struct approval_person person = {.uid = 1001, .name = "erin"};
	struct approval_grant grant;
	const char *complaint = NULL;

	if (fixture->user != NULL)
		entry.user = fixture->user;
	entry.name = fixture->name;
	entry.run_as = fixture->run_as;
	if (approval_grant_prepare(fixture->arena, fixture->base, &entry, &person, role, "why",
		    &grant, &complaint) == 0)
		assert_int_equal(approval_grant_commit(&grant, &complaint), 0);
	approval_grant_close(&grant);
	return complaint;
}

static const char *withdraw(
	struct fixture *fixture, unsigned long number, const char *role, bool *found)
{
	struct approval_entry entry = entry_of(fixture->arena, number, "say");
	struct approval_grant grant;
	const char *complaint = NULL;

	entry.role = role;
	*found = false;
	if (approval_grant_withdraw(fixture->arena, fixture->base, &entry, &grant, &complaint) ==
		0) {
		*found = grant.line != NULL;
		complaint = NULL;
		assert_int_equal(approval_grant_commit(&grant, &complaint), 0);
	}
	approval_grant_close(&grant);
	return complaint;
}

static char *content(struct fixture *fixture, const char *name)
{
	size_t length;

	return fd_read_file(fixture->arena,
		arena_printf(fixture->arena, "%s/roles.d/%s", fixture->base, name), 65536, &length);
}

static void assert_done(const char *complaint)
{
	if (complaint != NULL)
		fail_msg("%s", complaint);
}

static void grants_come_and_go_in_a_file_of_their_own(void **state)
{
	static const char file[] = "approved-0-ops.role";
	struct fixture *fixture = *state;
	struct stat status;
	bool found;

	need_place(fixture);
	assert_done(approve(fixture, 3, "say --text=x", NULL));
	assert_done(approve(fixture, 4, "say more x.service", NULL));
	assert_non_null(strstr(content(fixture, file), "# approval 3 by erin (uid 1001) at "));
	assert_non_null(strstr(content(fixture, file),
		"assigned_to = ( { endpoint = \"ops\"; user = \"root\"; } );\n"));
	assert_non_null(strstr(content(fixture, file), "say more"));
	assert_int_equal(
		stat(arena_printf(fixture->arena, "%s/roles.d/%s", fixture->base, file), &status),
		0);
	assert_int_equal(status.st_mode & 07777, 0644);
	assert_done(withdraw(fixture, 9, NULL, &found));
	assert_false(found);
	assert_done(withdraw(fixture, 3, NULL, &found));
	assert_true(found);
	assert_null(strstr(content(fixture, file), "approval 3"));
	assert_non_null(strstr(content(fixture, file), "approval 4"));
	assert_done(withdraw(fixture, 4, NULL, &found));
	assert_true(found);
	assert_null(content(fixture, file));
}

static void values_of_several_grants_are_said_to_combine(void **state)
{
	static const char *const lines[] = {"say --text=x -n1", "say --text=y -n2"};
	struct fixture *fixture = *state;

	need_place(fixture);
	for (size_t i = 0; i < 2; i++) {
		struct approval_entry entry = entry_of(fixture->arena, i + 1, lines[i]);
		const struct approval_person person = {.uid = 1001, .name = "erin"};
		struct approval_grant grant;
		const char *complaint = NULL;

		assert_int_equal(approval_grant_prepare(fixture->arena, fixture->base, &entry,
					 &person, NULL, "why", &grant, &complaint),
			0);
		if (i == 0)
			assert_null(grant.wider);
		else
			assert_non_null(strstr(grant.wider, "root has other grants of say"));
		assert_int_equal(approval_grant_commit(&grant, &complaint), 0);
		approval_grant_close(&grant);
	}
}

static void assert_complaint(const char *complaint, const char *part)
{
	if (complaint == NULL || strstr(complaint, part) == NULL)
		fail_msg("expected \"%s\" in: %s", part, complaint == NULL ? "(none)" : complaint);
}

static void what_cannot_be_granted_is_refused_with_the_reason(void **state)
{
	struct fixture *fixture = *state;
	bool found;

	need_place(fixture);
	assert_complaint(approve(fixture, 1, "nothing here", NULL), "no command is defined");
	fixture->name = "say";
	assert_complaint(
		approve(fixture, 1, "say more x.service", NULL), "is say more, run as svc");
	fixture->run_as = "nobody";
	assert_complaint(approve(fixture, 1, "say --text=x", NULL), "it has to be asked for again");
	fixture->name = NULL;
	assert_complaint(approve(fixture, 1, "/usr/bin/uptime -p", NULL), "takes any arguments");
	assert_complaint(
		approve(fixture, 1, "say --wrong", NULL), "the definition of say refuses it");
	assert_complaint(
		approve(fixture, 1, "say more", NULL), "the definition of say more refuses");
	assert_complaint(approve(fixture, 1, "off", NULL),
		"a grant would not be enough: \"off\" is disabled (disabled)");
	fixture->user = "dana";
	assert_complaint(approve(fixture, 1, "say", NULL), "uid 0 is root now");
	fixture->user = NULL;
	assert_complaint(approve(fixture, 1, "say", "../../etc/x"), "can't be the name of a role");
	assert_complaint(approve(fixture, 1, "say", "web"), "was not written by rolegatectl");
	assert_done(approve(fixture, 1, "say", "mine"));
	put(fixture->base, "roles.d/mine.role",
		TEXT("visible_commands = (\n  # approval 1 by\n  \"say\" );\n"));
	assert_complaint(approve(fixture, 2, "say", "mine"), "was edited");
	assert_complaint(withdraw(fixture, 1, "mine", &found), "take out lines 2 and 3");
	put(fixture->base, "roles.d/bad.role", "nonsense = 1;\n", 14);
	assert_complaint(approve(fixture, 2, "say", NULL), "the configuration can't be loaded");
	assert_null(content(fixture, "approved-0-ops.role"));
}

static int count_entries(const char *base)
{
	DIR *folder = opendir(base);
	int count = 0;

	assert_non_null(folder);
	while (readdir(folder) != NULL)
		count++;
	closedir(folder);
	return count;
}

/* Several approvers at once: no grant is lost, and nothing is left over. */
static void R36_grants_of_several_at_once_are_all_there(void **state)
{
	enum { WRITERS = 6, GRANTS = 5 };
	struct fixture *fixture = *state;
	struct grant_file file;
	int status, before;

	need_place(fixture);
	before = count_entries(fixture->base);
	for (int i = 0; i < WRITERS; i++) {
		if (fork() != 0)
			continue;
		for (int k = 0; k < GRANTS; k++)
			if (approve(fixture, (unsigned long)(i * GRANTS + k + 1),
				    arena_printf(fixture->arena, "say --text=%d.%d", i, k),
				    NULL) != NULL)
				_exit(1);
		_exit(0);
	}
	for (int i = 0; i < WRITERS; i++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	assert_true(
		grant_file_parse(fixture->arena, content(fixture, "approved-0-ops.role"), &file));
	assert_int_equal(file.count, WRITERS * GRANTS);
	assert_int_equal(count_entries(fixture->base), before);
}

static void R28_a_folder_of_others_gets_no_grant(void **state)
{
	struct fixture *fixture = *state;

	need_place(fixture);
	assert_int_equal(chmod(fixture->base, 0777), 0);
	assert_complaint(approve(fixture, 1, "say", NULL), "writable by everybody");
	assert_int_equal(chmod(fixture->base, 0755), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(assigned_to_is_a_role_definition),
		cmocka_unit_test(assigned_to_goes_beside_any_number_of_definitions),
		cmocka_unit_test(R05_assigned_to_is_read_strictly),
		cmocka_unit_test(R05_assigned_to_has_no_other_keys),
		cmocka_unit_test(endpoints_say_who_approves),
		cmocka_unit_test(R05_approval_keys_are_read_strictly),
		cmocka_unit_test(a_grant_has_the_values_that_were_given_and_no_others),
		cmocka_unit_test(R03_nasty_values_are_granted_byte_for_byte),
		cmocka_unit_test(what_was_not_given_is_not_granted),
		cmocka_unit_test(beside_a_pattern_a_value_is_a_pattern),
		cmocka_unit_test(a_secret_is_in_no_role_file),
		cmocka_unit_test(R32_a_reason_is_one_line_of_comment),
		cmocka_unit_test(an_edited_file_is_seen),
		cmocka_unit_test_setup_teardown(
			grants_come_and_go_in_a_file_of_their_own, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			values_of_several_grants_are_said_to_combine, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			what_cannot_be_granted_is_refused_with_the_reason, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			R36_grants_of_several_at_once_are_all_there, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			R28_a_folder_of_others_gets_no_grant, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
