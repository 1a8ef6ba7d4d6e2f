/* From words to a decision: src/policy/decide.h, roles.h and index.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "policy-fixture.h"
#include "policy/validate.h"

struct scene {
	struct fixture *fixture;
	struct arena *arena; /* of the requests */
	struct endpoint *jea, *single;
};

static void add_systemctl(struct fixture *fixture)
{
	struct command *restart =
		fixture_command(fixture, "systemctl restart", "/usr/bin/systemctl", "restart");
	struct command *systemctl = fixture_command(fixture, "systemctl", "/usr/bin/systemctl", NULL);
	struct command *status =
		fixture_command(fixture, "systemctl status", "/usr/bin/systemctl", "status");

	fixture_parameter(fixture, restart, "unit @1", PARAMETER_STRING)->required = true;
	restart->parameters.items[0].validate = validator_find("systemd-unit");
	restart->parameters.items[0].repeat = 3;
	fixture_parameter(fixture, restart, "mode --mode", PARAMETER_STRING);
	fixture_parameter(fixture, systemctl, "verb @1", PARAMETER_STRING);
	fixture_parameter(fixture, systemctl, "unit @2", PARAMETER_STRING);
	fixture_parameter(fixture, status, "unit @1", PARAMETER_STRING);
	restart->run_as = "svc-restart";
	restart->profile_name = "service-control";
	fixture_grants(fixture, restart,
		"web: unit={nginx.service,php.service}; mail: unit=/postfix.*/ mode={fast}");
	fixture_grants(fixture, systemctl, "wide: *");
	fixture_grants(fixture, status, "reader: *; web: unit");
}

static void add_others(struct fixture *fixture)
{
	struct command *off = fixture_command(fixture, "off", "/usr/bin/off", NULL);
	struct command *login = fixture_command(fixture, "login", "/usr/bin/login", NULL);
	struct command *levels = fixture_command(fixture, "levels", "/usr/bin/levels", NULL);

	off->enabled = false;
	fixture_grants(fixture, off, "web: *");
	fixture_parameter(fixture, login, "user @1", PARAMETER_STRING)->required = true;
	fixture_parameter(fixture, login, "password -p --password", PARAMETER_STRING)->secret = true;
	fixture_grants(fixture, login, "web: *; mail: user password={hunter2}");
	fixture_parameter(fixture, levels, "level --level", PARAMETER_STRING)->default_value = "low";
	fixture_parameter(fixture, levels, "quiet -q", PARAMETER_FLAG)->default_value = "true";
	fixture_parameter(fixture, levels, "tag --tag", PARAMETER_STRING)->common = true;
	fixture_grants(fixture, levels, "web: -; mail: level={high}; reader: level={low,high}");
	fixture_grants(fixture, fixture_external(fixture, "/usr/bin/uptime"), "web: *; mail: *");
	fixture_grants(fixture, fixture_external(fixture, "/opt/my tools/run"), "web: *");
	fixture_grants(fixture, fixture_command(fixture, "secretly", "/usr/bin/secretly", NULL), "nobody: *");
}

static int set_up(void **state)
{
	struct fixture *fixture = fixture_new("web,mail,reader,wide,nobody,empty");
	struct scene *scene = arena_alloc(fixture->arena, sizeof(*scene));

	*scene = (struct scene){ .fixture = fixture, .arena = arena_new() };
	add_systemctl(fixture);
	add_others(fixture);
	fixture_alias(fixture, "bounce", "systemctl restart", "mail,empty");
	fixture_alias(fixture, "up", "/usr/bin/uptime", "web");
	scene->jea = fixture_endpoint(fixture, "operations");
	scene->jea->run_as = "svc-ops";
	scene->jea->profile_name = "standard";
	scene->single = fixture_endpoint(fixture, "strict");
	scene->single->merge = MERGE_SINGLE_ROLE;
	fixture_finish(fixture);
	*state = scene;
	return 0;
}

static int tear_down(void **state)
{
	struct scene *scene = *state;

	arena_free(scene->arena);
	fixture_free(scene->fixture);
	return 0;
}

static struct decision ask(struct scene *scene, const char *roles, const char *words)
{
	return fixture_decide(scene->fixture, scene->arena, scene->jea, roles, words);
}

static const char *joined(struct scene *scene, const struct strings *list)
{
	return strings_join(scene->arena, list, "|");
}

static void assert_allowed(
	struct scene *scene, const struct decision *decision, const char *argv)
{
	if (decision->verdict != VERDICT_ALLOW)
		fail_msg("denied: %s: %s", reason_code(decision->reason), decision->detail);
	assert_int_equal(decision->reason, REASON_PERMITTED);
	assert_null(decision->detail);
	assert_string_equal(joined(scene, &decision->argv), argv);
	assert_string_equal(decision->argv.items[0], decision->program);
}

static void assert_denied(const struct decision *decision, enum reason reason)
{
	assert_int_equal(decision->verdict, VERDICT_DENY);
	assert_string_equal(reason_code(decision->reason), reason_code(reason));
	assert_non_null(decision->detail);
	assert_null(decision->program);
	assert_null(decision->run_as);
	assert_null(decision->profile);
	assert_int_equal(decision->argv.count, 0);
	assert_int_equal(decision->shown.count, 0);
	assert_int_equal(decision->roles.count, 0);
	assert_int_equal(decision->environment.count, 0);
}

/* "web:12 web:12/unit", in the order of the decision. */
static const char *sources(struct scene *scene, const struct decision *decision)
{
	struct strings parts = { 0 };

	for (size_t i = 0; i < decision->source_count; i++) {
		const struct decision_source *source = &decision->sources[i];

		assert_string_equal(source->source.file,
			arena_printf(scene->arena, "roles.d/%s.role", source->role));
		strings_add(scene->arena, &parts,
			arena_printf(scene->arena, "%s%s%s", source->role,
				source->parameter != NULL ? "/" : "",
				source->parameter != NULL ? source->parameter : ""));
	}
	return strings_join(scene->arena, &parts, " ");
}

/* The order of the checks, by the reason that each gives. */
static void each_check_has_its_reason(void **state)
{
	static const struct {
		const char *words;
		enum reason reason;
		size_t word;
		const char *parameter;
	} rows[] = {
		{ NULL, REASON_SYNTAX, SIZE_MAX, NULL },
		{ "systemctl|restart|nginx.service\n", REASON_SYNTAX, 2, NULL },
		{ "secretly|\x1b[m", REASON_SYNTAX, 1, NULL },
		{ "systemctl|restart|\xff", REASON_SYNTAX, 2, NULL },
		{ "", REASON_NOT_PERMITTED, 0, NULL },
		{ "nothing", REASON_NOT_PERMITTED, 0, NULL },
		{ "secretly", REASON_NOT_PERMITTED, 0, NULL },
		{ "systemctl", REASON_NOT_PERMITTED, 0, NULL },
		{ "systemctl restart|nginx.service", REASON_NOT_PERMITTED, 0, NULL },
		{ "systemctl|restart nginx.service", REASON_NOT_PERMITTED, 0, NULL },
		{ "Systemctl|restart|nginx.service", REASON_NOT_PERMITTED, 0, NULL },
		{ "off", REASON_DISABLED, 0, NULL },
		{ "off|--what", REASON_DISABLED, 0, NULL },
		{ "systemctl|restart|--mode|fast|x", REASON_PARAMETER_NOT_ALLOWED, 2, NULL },
		{ "systemctl|restart|--no|x", REASON_PARAMETER_NOT_ALLOWED, 2, NULL },
		{ "systemctl|status|a|b", REASON_PARAMETER_NOT_ALLOWED, 3, NULL },
		{ "systemctl|restart|no unit", REASON_INVALID_VALUE, 2, "unit" },
		{ "systemctl|restart|-x.service", REASON_PARAMETER_NOT_ALLOWED, 2, NULL },
		{ "systemctl|restart|--|-x.service", REASON_INVALID_VALUE, 3, "unit" },
		{ "systemctl|restart|nginx.service|sshd.service", REASON_VALUE_NOT_ALLOWED, 3, "unit" },
		{ "systemctl|restart|Nginx.service", REASON_VALUE_NOT_ALLOWED, 2, "unit" },
		{ "systemctl|restart", REASON_MISSING_PARAMETER, SIZE_MAX, "unit" },
		{ "login|-p", REASON_MISSING_PARAMETER, 1, "password" },
	};
	struct scene *scene = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct decision decision = ask(scene, "web", rows[i].words);

		assert_denied(&decision, rows[i].reason);
		assert_int_equal(decision.word, rows[i].word);
		if (rows[i].parameter == NULL)
			assert_null(decision.parameter);
		else
			assert_string_equal(decision.parameter->name, rows[i].parameter);
	}
}

/* A value that no role allows is named before something else that is missing. */
static void missing_comes_last(void **state)
{
	struct scene *scene = *state;
	struct decision decision = ask(scene, "mail", "login|-p|wrong");

	assert_denied(&decision, REASON_VALUE_NOT_ALLOWED);
	decision = ask(scene, "mail", "login|-p|hunter2");
	assert_denied(&decision, REASON_MISSING_PARAMETER);
	assert_string_equal(decision.parameter->name, "user");
}

static struct decision ask_on(
	struct scene *scene, enum terminal terminal, const char *roles, const char *words)
{
	struct role_set set = fixture_roles(scene->fixture, roles);
	struct strings list = fixture_split(scene->arena, words, "|");
	struct decision_request request = {
		.policy = scene->fixture->policy,
		.endpoint = scene->jea,
		.roles = &set,
		.words = list.items,
		.count = list.count,
		.terminal = terminal,
	};
	struct decision decision;

	decide(scene->arena, &request, &decision);
	return decision;
}

static void what_needs_a_terminal_is_refused_without(void **state)
{
	struct scene *scene = *state;
	struct strings words = fixture_split(scene->arena, "systemctl|status", "|");
	struct role_set set = fixture_roles(scene->fixture, "reader");
	size_t used;
	struct command *command = (struct command *)(uintptr_t)decide_command(
		scene->fixture->policy, &set, words.items, words.count, &used);
	struct decision decision = ask_on(scene, TERMINAL_NONE, "reader", "systemctl|status");

	assert_allowed(scene, &decision, "/usr/bin/systemctl|status");
	command->needs_terminal = true;
	decision = ask_on(scene, TERMINAL_THERE, "reader", "systemctl|status");
	assert_allowed(scene, &decision, "/usr/bin/systemctl|status");
	/* A question has none, and gets its answer. */
	decision = ask_on(scene, TERMINAL_UNKNOWN, "reader", "systemctl|status");
	assert_allowed(scene, &decision, "/usr/bin/systemctl|status");
	decision = ask_on(scene, TERMINAL_NONE, "reader", "systemctl|status");
	assert_denied(&decision, REASON_MISSING_PARAMETER);
	assert_string_equal(decision.detail, "\"systemctl status\" needs a terminal: run it by itself, at the "
					     "prompt or by ssh -t");
	/* R24: whoever may not run it does not learn so. */
	decision = ask_on(scene, TERMINAL_NONE, "mail", "systemctl|status");
	assert_denied(&decision, REASON_NOT_PERMITTED);
}

static void nobody_without_a_role_gets_further(void **state)
{
	struct decision decision = ask(*state, "", "systemctl|status");

	assert_denied(&decision, REASON_NO_ROLE);
	decision = ask(*state, "", "bad\x01");
	assert_denied(&decision, REASON_SYNTAX);
}

static void R1_argv_is_rebuilt_from_values(void **state)
{
	struct scene *scene = *state;
	struct decision decision = ask(scene, "web,mail", "systemctl|restart|postfix.service|--mode=fast");

	assert_allowed(scene, &decision,
		"/usr/bin/systemctl|restart|--mode=fast|--|postfix.service");
	assert_string_equal(decision.run_as, "svc-restart");
	assert_string_equal(decision.profile, "service-control");
	assert_string_equal(decision.command->name, "systemctl restart");
	decision = ask(scene, "reader", "systemctl|status");
	assert_allowed(scene, &decision, "/usr/bin/systemctl|status");
	assert_string_equal(decision.run_as, "svc-ops");
	assert_string_equal(decision.profile, "standard");
	decision = fixture_decide(scene->fixture, scene->arena, NULL, "reader", "systemctl|status");
	assert_allowed(scene, &decision, "/usr/bin/systemctl|status");
	assert_null(decision.run_as);
}

static void R3_a_value_binds_to_one_slot(void **state)
{
	static const char *const words[] = {
		"systemctl|restart|postfix x.service",
		"systemctl|restart|postfix|x.service",
		"systemctl|restart|nginx.service php.service",
		"systemctl|restart|nginx.service,php.service",
		"systemctl|restart|nginx.service|--|postfix|--mode=fast",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		assert_int_equal(ask(*state, "web", words[i]).verdict, VERDICT_DENY);
}

/* A defined "systemctl restart" is never reached through "systemctl". */
static void the_longest_defined_name_wins(void **state)
{
	struct scene *scene = *state;
	struct decision decision = ask(scene, "wide", "systemctl|stop|nginx.service");

	assert_allowed(scene, &decision, "/usr/bin/systemctl|--|stop|nginx.service");
	decision = ask(scene, "wide", "systemctl|restart|nginx.service");
	assert_denied(&decision, REASON_NOT_PERMITTED);
	decision = ask(scene, "wide,web", "systemctl|restart|nginx.service");
	assert_allowed(scene, &decision, "/usr/bin/systemctl|restart|--|nginx.service");
	decision = ask(scene, "wide,web", "systemctl|restart|sshd.service");
	assert_denied(&decision, REASON_VALUE_NOT_ALLOWED);
}

/* The same words with another first word: everything but that word has to be the same. */
static void assert_alike(struct scene *scene, const char *roles, const char *known,
	const char *unknown, const char *rest)
{
	struct decision one = ask(scene, roles, arena_printf(scene->arena, "%s%s", known, rest));
	struct decision other = ask(scene, roles, arena_printf(scene->arena, "%s%s", unknown, rest));
	size_t length = strcspn(known, "|");

	assert_denied(&one, REASON_NOT_PERMITTED);
	assert_denied(&other, REASON_NOT_PERMITTED);
	assert_string_equal(one.detail,
		arena_printf(scene->arena, "\"%.*s\" is not permitted", (int)length, known));
	assert_string_equal(other.detail,
		arena_printf(scene->arena, "\"%.*s\" is not permitted",
			(int)strcspn(unknown, "|"), unknown));
	assert_int_equal(one.word, other.word);
	assert_ptr_equal(one.command, other.command);
	assert_ptr_equal(one.parameter, other.parameter);
	assert_int_equal(one.source_count, other.source_count);
}

static void R24_unknown_and_forbidden_look_the_same(void **state)
{
	static const char *const rests[] = { "", "|x", "|--help", "|a|b|c|d|e", "|\xc3\xa4" };
	struct scene *scene = *state;

	for (size_t i = 0; i < sizeof(rests) / sizeof(*rests); i++) {
		assert_alike(scene, "reader", "secretly", "publicly", rests[i]);
		assert_alike(scene, "reader", "off", "of", rests[i]);
		assert_alike(scene, "reader", "/usr/bin/uptime", "/usr/bin/uptime2", rests[i]);
		assert_alike(scene, "reader", "bounce", "bounces", rests[i]);
		assert_alike(scene, "empty", "bounce", "bounces", rests[i]);
		assert_alike(scene, "empty", "systemctl|restart", "systemdtl|restart", rests[i]);
	}
}

/* The second word is named only where it would be part of a name that the person has. */
static void a_refused_subcommand_is_named_with_its_command(void **state)
{
	static const struct {
		const char *roles, *words, *detail;
	} rows[] = {
		{ "reader", "systemctl|stop|x", "\"systemctl stop\" is not permitted" },
		{ "reader", "systemctl|restart|x", "\"systemctl restart\" is not permitted" },
		{ "reader", "systemctl", "\"systemctl\" is not permitted" },
		{ "reader", "systemctl|--now", "\"systemctl\" is not permitted" },
		{ "empty", "systemctl|stop|x", "\"systemctl\" is not permitted" },
		{ "reader", "setpw|hunter2", "\"setpw\" is not permitted" },
		{ "reader", "a\u202e\"b", "\"a\\u{202e}\"b\" is not permitted" },
	};
	struct scene *scene = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct decision decision = ask(scene, rows[i].roles, rows[i].words);

		assert_denied(&decision, REASON_NOT_PERMITTED);
		assert_string_equal(decision.detail, rows[i].detail);
	}
}

static void a_long_name_is_refused_and_cut(void **state)
{
	struct scene *scene = *state;
	char *word = arena_alloc(scene->arena, 70001);
	struct decision decision;

	for (size_t length = 4080; length < 4110; length++) {
		memset(word, 'x', length);
		decision = ask(scene, "web", word);
		assert_denied(&decision, REASON_NOT_PERMITTED);
		decision = ask(scene, "web", arena_printf(scene->arena, "systemctl|%s", word));
		assert_denied(&decision, REASON_NOT_PERMITTED);
	}
	memset(word, 'x', 70000);
	decision = ask(scene, "web", word);
	assert_denied(&decision, REASON_NOT_PERMITTED);
	assert_true(strlen(decision.detail) < 300);
	assert_non_null(strstr(decision.detail, "xxx...\" is not permitted"));
}

/* The text of a refusal says what is allowed, but of a secret nothing. */
static void a_refused_value_is_told_what_is_allowed(void **state)
{
	static const struct {
		const char *roles, *words, *detail;
	} rows[] = {
		{ "web", "systemctl|restart|sshd.service",
			"UNIT: \"sshd.service\" is not allowed; allowed: nginx.service, php.service" },
		{ "mail", "systemctl|restart|sshd.service",
			"UNIT: \"sshd.service\" is not allowed; allowed: what matches postfix.*" },
		{ "web,mail", "systemctl|restart|nginx.service",
			"UNIT: \"nginx.service\" is not allowed; allowed: what matches postfix.* (a set has "
			"it, but patterns take the place of sets)" },
		{ "mail", "login|dana|-p|hunter3", "-p, --password: the value is not allowed" },
	};
	struct scene *scene = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct decision decision = ask(scene, rows[i].roles, rows[i].words);

		assert_denied(&decision, REASON_VALUE_NOT_ALLOWED);
		assert_string_equal(decision.detail, rows[i].detail);
	}
}

static void a_long_set_is_cut_in_the_message(void **state)
{
	struct fixture *fixture = fixture_new("A");
	struct command *command = fixture_command(fixture, "c", "/bin/c", NULL);
	struct decision decision;

	(void)state;
	fixture_parameter(fixture, command, "p @1", PARAMETER_STRING);
	fixture_grants(fixture, command, "A: p={1,2,3,4,5}; A: p={5,6,7,8,9,10,11}");
	fixture_finish(fixture);
	decision = fixture_decide(fixture, fixture->arena, NULL, "A", "c|0");
	assert_string_equal(decision.detail,
		"P: \"0\" is not allowed; allowed: 1, 2, 3, 4, 5, 6, 7, 8 and 3 more");
	fixture_free(fixture);
}

static void R4_a_pattern_that_runs_away_is_a_refusal(void **state)
{
	struct fixture *fixture = fixture_new("A,B");
	struct command *command = fixture_command(fixture, "c", "/bin/c", NULL);
	struct decision decision;
	char words[64] = "c|";

	(void)state;
	memset(words + 2, 'a', 40);
	memcpy(words + 42, "!", 2);
	fixture_parameter(fixture, command, "p @1", PARAMETER_STRING);
	fixture_grants(fixture, command, "A: p=/(a|aa)+[xy]/; B: p=/.*!/");
	fixture_finish(fixture);
	decision = fixture_decide(fixture, fixture->arena, NULL, "A", words);
	assert_denied(&decision, REASON_VALUE_NOT_ALLOWED);
	assert_non_null(strstr(decision.detail, "too long to match"));
	decision = fixture_decide(fixture, fixture->arena, NULL, "A,B", words);
	assert_int_equal(decision.verdict, VERDICT_ALLOW);
	fixture_free(fixture);
}

/* Deny is zero, and no single bit makes an allow of a deny (R43). */
static void R43_a_flipped_bit_is_no_allow(void **state)
{
	struct decision zero = { 0 }, denied = ask(*state, "web", "nothing");
	unsigned bits = 0;

	assert_int_equal(zero.verdict, VERDICT_DENY);
	assert_int_equal(zero.reason, REASON_GATEWAY_ERROR);
	for (unsigned bit = 0; bit < 32; bit++) {
		assert_true((denied.verdict ^ 1U << bit) != VERDICT_ALLOW);
		bits += (unsigned)VERDICT_ALLOW >> bit & 1;
	}
	assert_true(bits >= 8 && bits <= 24);
}

static void an_alias_counts_for_those_who_see_it(void **state)
{
	struct scene *scene = *state;
	struct decision decision = ask(scene, "mail", "bounce|postfix.service");

	assert_allowed(scene, &decision, "/usr/bin/systemctl|restart|--|postfix.service");
	assert_string_equal(decision.command->name, "systemctl restart");
	assert_string_equal(sources(scene, &decision), "mail mail mail/unit");
	decision = ask(scene, "web", "bounce|nginx.service");
	assert_denied(&decision, REASON_NOT_PERMITTED);
	/* Merged: one role sees the alias, another grants the command. */
	decision = ask(scene, "web,empty", "bounce|nginx.service");
	assert_allowed(scene, &decision, "/usr/bin/systemctl|restart|--|nginx.service");
	assert_string_equal(sources(scene, &decision), "web empty web/unit");
	assert_string_equal(joined(scene, &decision.roles), "web");
	decision = ask(scene, "empty", "bounce|nginx.service");
	assert_denied(&decision, REASON_NOT_PERMITTED);
	decision = ask(scene, "mail", "bounce|sshd.service");
	assert_denied(&decision, REASON_VALUE_NOT_ALLOWED);
	assert_int_equal(decision.word, 1);
	decision = ask(scene, "web", "up|-s");
	assert_allowed(scene, &decision, "/usr/bin/uptime|-s");
}

static void external_commands_go_by_their_full_path(void **state)
{
	struct scene *scene = *state;
	struct decision decision = ask(scene, "web,mail", "/usr/bin/uptime|-p|--|x y|--since=1");

	assert_allowed(scene, &decision, "/usr/bin/uptime|-p|--|x y|--since=1");
	assert_string_equal(joined(scene, &decision.shown), joined(scene, &decision.argv));
	assert_string_equal(joined(scene, &decision.roles), "mail|web");
	assert_string_equal(decision.run_as, "svc-ops");
	assert_string_equal(sources(scene, &decision), "mail web");
	decision = ask(scene, "web", "/opt/my tools/run|1");
	assert_allowed(scene, &decision, "/opt/my tools/run|1");
	assert_int_equal(ask(scene, "web", "uptime").reason, REASON_NOT_PERMITTED);
	assert_int_equal(ask(scene, "web", "/usr/bin/../bin/uptime").reason, REASON_NOT_PERMITTED);
	assert_int_equal(ask(scene, "web", "/opt/my|tools/run").reason, REASON_NOT_PERMITTED);
	assert_int_equal(ask(scene, "reader", "/usr/bin/uptime").reason, REASON_NOT_PERMITTED);
}

/* A wildcard is one grant for each command when decide() sees it. */
static void a_wildcard_grants_each_command_it_was_expanded_to(void **state)
{
	struct fixture *fixture = fixture_new("A");
	struct role *role = fixture_role(fixture, "A");
	struct decision decision;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		static const char *const names[] = { "systemctl start", "systemctl stop", "journalctl" };
		struct command *command = fixture_command(fixture, names[i], "/bin/x", NULL);

		fixture_parameter(fixture, command, "unit @1", PARAMETER_STRING);
		if (i < 2)
			fixture_grants(fixture, command, "A: *");
	}
	role->grants.items[0]->wildcard = role->grants.items[1]->wildcard = "systemctl *";
	fixture_finish(fixture);
	decision = fixture_decide(fixture, fixture->arena, NULL, "A", "systemctl|stop|x");
	assert_int_equal(decision.verdict, VERDICT_ALLOW);
	decision = fixture_decide(fixture, fixture->arena, NULL, "A", "journalctl|x");
	assert_denied(&decision, REASON_NOT_PERMITTED);
	fixture_free(fixture);
}

static void sources_name_what_took_part(void **state)
{
	static const struct {
		const char *roles, *words, *sources, *granting;
	} rows[] = {
		{ "web", "systemctl|restart|nginx.service", "web web/unit", "web" },
		{ "web", "systemctl|restart|nginx.service|php.service", "web web/unit", "web" },
		{ "web,mail", "systemctl|restart|postfix.service", "mail web mail/unit", "mail|web" },
		{ "web,mail", "systemctl|restart|--mode|fast|postfix.service",
			"mail web mail/unit mail/mode", "mail|web" },
		{ "reader", "systemctl|status", "reader", "reader" },
		{ "web,reader", "systemctl|status|x", "reader web reader/unit web/unit", "reader|web" },
		{ "web,mail", "login|dana|-p|x", "mail web mail/user web/user web/password",
			"mail|web" },
		{ "reader,mail", "levels|--level|high", "mail reader mail/level reader/level",
			"mail|reader" },
	};
	struct scene *scene = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct decision decision = ask(scene, rows[i].roles, rows[i].words);

		if (decision.verdict != VERDICT_ALLOW)
			fail_msg("%s: %s", rows[i].words, decision.detail);
		assert_string_equal(sources(scene, &decision), rows[i].sources);
		assert_string_equal(joined(scene, &decision.roles), rows[i].granting);
	}
}

/* A parameter's line in the role file, not that of the grant it stands in. */
static void a_source_is_the_line_of_the_parameter(void **state)
{
	static const char *const words[] = { "login|dana|-phunter2", "login|dana|-pwrong" };
	struct scene *scene = *state;
	struct grant *grant = NULL;

	for (size_t i = 0; i < fixture_role(scene->fixture, "mail")->grants.count; i++) {
		grant = fixture_role(scene->fixture, "mail")->grants.items[i];
		if (strcmp(grant->command->name, "login") == 0)
			break;
	}
	grant->constraints[0].source.line = 1001;
	grant->constraints[1].source.line = 1002;
	for (size_t i = 0; i < 2; i++) {
		struct decision decision = ask(scene, "mail", words[i]);

		for (size_t j = 0; j < decision.source_count; j++) {
			const struct decision_source *source = &decision.sources[j];

			assert_int_equal(source->source.line,
				source->parameter == NULL                     ? grant->source.line
				: strcmp(source->parameter, "user") == 0 ? 1001
									 : 1002);
		}
		assert_int_equal(decision.source_count, i == 0 ? 3 : 1);
	}
}

static void sources_of_a_denial_are_the_nearest(void **state)
{
	static const struct {
		const char *roles, *words, *sources;
	} rows[] = {
		{ "web", "systemctl|restart|sshd.service", "web/unit" },
		/* The set that had it, then the pattern that decides. */
		{ "web,mail", "systemctl|restart|nginx.service", "web/unit mail/unit" },
		{ "web,mail", "systemctl|restart|sshd.service", "mail/unit" },
		{ "web,mail", "systemctl|restart", "mail web" },
		{ "web,mail", "systemctl|restart|--what", "mail web" },
		{ "mail,reader", "levels|--level|middle", "mail/level reader/level" },
		{ "web", "off", "web" },
		{ "web", "nothing", "" },
		{ "web", "secretly", "" },
	};
	struct scene *scene = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct decision decision = ask(scene, rows[i].roles, rows[i].words);

		assert_int_equal(decision.verdict, VERDICT_DENY);
		assert_string_equal(sources(scene, &decision), rows[i].sources);
	}
}

static void secrets_are_masked(void **state)
{
	struct scene *scene = *state;
	struct decision decision = ask(scene, "web", "login|-phunter2|dana");

	assert_allowed(scene, &decision, "/usr/bin/login|--password=hunter2|--|dana");
	assert_string_equal(joined(scene, &decision.shown), "/usr/bin/login|--password=<secret>|--|dana");
}

/* A default is the author's where no role speaks of the parameter, and else has to be allowed. */
static void defaults_obey_the_roles_that_restrict_them(void **state)
{
	struct scene *scene = *state;
	struct decision decision = ask(scene, "web", "levels");

	assert_allowed(scene, &decision, "/usr/bin/levels|--level=low|-q");
	assert_int_equal(ask(scene, "web", "levels|--level=low").reason, REASON_PARAMETER_NOT_ALLOWED);
	assert_int_equal(ask(scene, "web", "levels|-q").reason, REASON_PARAMETER_NOT_ALLOWED);
	decision = ask(scene, "mail", "levels");
	assert_denied(&decision, REASON_VALUE_NOT_ALLOWED);
	assert_int_equal(decision.word, SIZE_MAX);
	decision = ask(scene, "mail", "levels|--level=high");
	assert_allowed(scene, &decision, "/usr/bin/levels|--level=high|-q");
	decision = ask(scene, "reader", "levels");
	assert_allowed(scene, &decision, "/usr/bin/levels|--level=low|-q");
}

static void common_parameters_need_no_mention(void **state)
{
	struct scene *scene = *state;
	struct decision decision = ask(scene, "web", "levels|--tag|x");

	assert_allowed(scene, &decision, "/usr/bin/levels|--level=low|-q|--tag=x");
	assert_string_equal(sources(scene, &decision), "web");
	assert_int_equal(ask(scene, "wide", "levels|--tag|x").reason, REASON_NOT_PERMITTED);
}

static const char *environment(struct scene *scene, const struct decision *decision)
{
	struct strings parts = { 0 };

	for (size_t i = 0; i < decision->environment.count; i++)
		strings_add(scene->arena, &parts,
			arena_printf(scene->arena, "%s=%s", decision->environment.items[i].name,
				decision->environment.items[i].value));
	return joined(scene, &parts);
}

static void environment_is_of_all_roles_and_the_command_wins(void **state)
{
	struct scene *scene = *state;
	struct fixture *fixture = scene->fixture;
	struct command *status = table_get(&fixture->policy->command_by_name, "systemctl status");
	struct decision decision;

	fixture_variable(fixture, &fixture_role(fixture, "web")->environment, "PAGER", "cat");
	fixture_variable(fixture, &fixture_role(fixture, "web")->environment, "COLOR", "0");
	fixture_variable(fixture, &fixture_role(fixture, "mail")->environment, "COLOR", "0");
	fixture_variable(fixture, &fixture_role(fixture, "empty")->environment, "MODE", "x");
	fixture_variable(fixture, &status->environment, "PAGER", "less");
	fixture_variable(fixture, &status->environment, "OWN", "1");
	decision = ask(scene, "web,mail,empty", "systemctl|status");
	assert_string_equal(environment(scene, &decision), "MODE=x|COLOR=0|PAGER=less|OWN=1");
	decision = ask(scene, "reader", "systemctl|status");
	assert_string_equal(environment(scene, &decision), "PAGER=less|OWN=1");
	decision = ask(scene, "mail", "/usr/bin/uptime");
	assert_string_equal(environment(scene, &decision), "COLOR=0");
	decision = fixture_decide(
		fixture, scene->arena, scene->single, "web,reader,empty", "systemctl|status|x");
	assert_string_equal(environment(scene, &decision), "PAGER=less|OWN=1");
}

static struct decision ask_single(struct scene *scene, const char *roles, const char *words)
{
	return fixture_decide(scene->fixture, scene->arena, scene->single, roles, words);
}

static void single_role_needs_one_role_for_the_whole_call(void **state)
{
	struct scene *scene = *state;
	struct decision decision;

	/* Rule 7 takes nothing away: web alone allows it. */
	decision = ask_single(scene, "web,mail", "systemctl|restart|nginx.service");
	assert_allowed(scene, &decision, "/usr/bin/systemctl|restart|--|nginx.service");
	assert_string_equal(joined(scene, &decision.roles), "web");
	assert_string_equal(sources(scene, &decision), "web web/unit");
	decision = ask_single(scene, "web,mail", "systemctl|restart|--mode|fast|postfix.service");
	assert_allowed(scene, &decision, "/usr/bin/systemctl|restart|--mode=fast|--|postfix.service");
	/* One unit from each role; merged by pattern or by set, no role has both. */
	decision = ask_single(scene, "web,mail", "systemctl|restart|nginx.service|postfix.service");
	assert_denied(&decision, REASON_VALUE_NOT_ALLOWED);
	decision = ask_single(scene, "web,mail", "systemctl|restart|--mode|fast|nginx.service");
	assert_denied(&decision, REASON_VALUE_NOT_ALLOWED);
	assert_int_equal(decision.word, 4);
	/* The alias, too, is of that same role. */
	decision = ask_single(scene, "web,empty", "bounce|nginx.service");
	assert_denied(&decision, REASON_NOT_PERMITTED);
	assert_string_equal(decision.detail, "\"bounce\" is not permitted");
	decision = ask_single(scene, "web,mail", "bounce|postfix.service");
	assert_allowed(scene, &decision, "/usr/bin/systemctl|restart|--|postfix.service");
}

static void single_role_gives_the_refusal_that_came_furthest(void **state)
{
	static const struct {
		const char *roles, *words;
		enum reason reason;
		const char *sources;
	} rows[] = {
		/* web knows no --mode; mail comes as far as the values. */
		{ "web,mail", "systemctl|restart|--mode|slow|postfix.service",
			REASON_VALUE_NOT_ALLOWED, "mail/mode" },
		/* web stops at the first unit, mail at the second. */
		{ "web,mail", "systemctl|restart|postfix.service|nginx.service",
			REASON_VALUE_NOT_ALLOWED, "mail/unit" },
		{ "web,mail", "login|-p|wrong", REASON_MISSING_PARAMETER,
			"web web/password" },
		{ "web,mail", "systemctl|restart|--what", REASON_PARAMETER_NOT_ALLOWED, "mail" },
		{ "web,mail", "off", REASON_DISABLED, "web" },
		{ "web,mail", "secretly", REASON_NOT_PERMITTED, "" },
	};
	struct scene *scene = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct decision decision = ask_single(scene, rows[i].roles, rows[i].words);

		assert_denied(&decision, rows[i].reason);
		assert_string_equal(sources(scene, &decision), rows[i].sources);
	}
}

static void a_command_is_found_for_description(void **state)
{
	static const struct {
		const char *roles, *words, *command;
		size_t name_words;
	} rows[] = {
		{ "web", "systemctl|restart|x", "systemctl restart", 2 },
		{ "web", "systemctl|restart", "systemctl restart", 2 },
		{ "wide", "systemctl|restart", NULL, 0 },
		{ "wide", "systemctl|stop", "systemctl", 1 },
		{ "mail", "bounce", "systemctl restart", 1 },
		{ "web", "bounce", NULL, 0 },
		{ "web", "off", "off", 1 },
		{ "web", "secretly", NULL, 0 },
		{ "", "off", NULL, 0 },
	};
	struct scene *scene = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct role_set roles = fixture_roles(scene->fixture, rows[i].roles);
		struct strings words = fixture_split(scene->arena, rows[i].words, "|");
		size_t name_words;
		const struct command *command = decide_command(
			scene->fixture->policy, &roles, words.items, words.count, &name_words);

		if (rows[i].command == NULL) {
			assert_null(command);
			continue;
		}
		assert_string_equal(command->name, rows[i].command);
		assert_int_equal(name_words, rows[i].name_words);
	}
}

static void the_index_orders_grants_by_role(void **state)
{
	struct scene *scene = *state;
	struct policy *policy = scene->fixture->policy;
	size_t count = 0;

	assert_int_equal(policy->longest_name, 2);
	for (size_t i = 0; i < policy->command_count; i++) {
		const struct grants *grants = policy->commands[i]->grants;

		count += grants->count;
		for (size_t j = 0; j < grants->count; j++) {
			assert_ptr_equal(grants->items[j]->command, policy->commands[i]);
			if (j > 0)
				assert_true(grants->items[j - 1]->role->index <
					grants->items[j]->role->index);
		}
	}
	assert_int_equal(policy->grant_count, count);
	assert_ptr_equal(policy_endpoint(policy, "strict"), scene->single);
	assert_null(policy_endpoint(policy, "stric"));
	assert_string_equal(policy_role(policy, "web")->name, "web");
	assert_null(policy_role(policy, "we"));
}

static const char *roles_for(struct scene *scene, const struct endpoint *endpoint, const char *user,
	const char *groups)
{
	struct subject subject = { user, fixture_split(scene->arena, groups, ",") };
	struct role_set set = roles_of(scene->arena, scene->fixture->policy, endpoint, &subject);
	struct strings names = role_set_names(scene->arena, scene->fixture->policy, &set);

	assert_int_equal(names.count, set.count);
	return joined(scene, &names);
}

static void roles_come_by_user_and_by_group(void **state)
{
	struct scene *scene = *state;
	struct fixture *fixture = scene->fixture;
	struct endpoint *endpoint = scene->jea;

	fixture_define(fixture, endpoint, NULL, "web-ops", "web");
	fixture_define(fixture, endpoint, "dana", NULL, "reader,mail");
	fixture_define(fixture, endpoint, NULL, "mail-ops", "mail,web");
	fixture_define(fixture, endpoint, NULL, "web-ops", "wide");
	assert_string_equal(roles_for(scene, endpoint, "dana", "users"), "mail|reader");
	assert_string_equal(roles_for(scene, endpoint, "dana", "web-ops"), "mail|reader|web|wide");
	assert_string_equal(roles_for(scene, endpoint, "sam", "mail-ops,web-ops"), "mail|web|wide");
	assert_string_equal(roles_for(scene, endpoint, "sam", "users"), "");
	/* A user's name is no group's, nor the other way round. */
	assert_string_equal(roles_for(scene, endpoint, "web-ops", "dana"), "");
	assert_string_equal(roles_for(scene, endpoint, "Dana", "Web-ops"), "");
	assert_string_equal(roles_for(scene, scene->single, "dana", "web-ops"), "");
}

static struct group_rule name_rule(const char *name)
{
	return (struct group_rule){ .kind = GROUP_NAME, .name = name };
}

static void required_groups_hold_as_a_tree(void **state)
{
	static const struct {
		const char *groups;
		bool holds;
	} rows[] = {
		{ "staff,mfa", true },
		{ "staff,breakglass", true },
		{ "mfa,breakglass,staff", true },
		{ "staff", false },
		{ "mfa", false },
		{ "mfa,breakglass", false },
		{ "", false },
		{ "Staff,mfa", false },
	};
	struct scene *scene = *state;
	struct group_rule second[] = { name_rule("mfa"), name_rule("breakglass") };
	struct group_rule all[] = { name_rule("staff"),
		{ .kind = GROUP_ANY, .rules = second, .count = 2 } };
	struct group_rule root = { .kind = GROUP_ALL, .rules = all, .count = 2 };
	struct group_rule empty_all = { .kind = GROUP_ALL }, empty_any = { .kind = GROUP_ANY };
	struct strings groups;

	scene->jea->required_groups = &root;
	fixture_define(scene->fixture, scene->jea, "dana", NULL, "web");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		groups = fixture_split(scene->arena, rows[i].groups, ",");
		assert_int_equal(group_rule_holds(&root, &groups), rows[i].holds);
		assert_string_equal(roles_for(scene, scene->jea, "dana", rows[i].groups),
			rows[i].holds ? "web" : "");
	}
	groups = fixture_split(scene->arena, "staff", ",");
	assert_false(group_rule_holds(&empty_all, &groups));
	assert_false(group_rule_holds(&empty_any, &groups));
}

static void a_set_of_roles_has_what_was_added(void **state)
{
	struct scene *scene = *state;
	struct policy policy = { .arena = scene->arena, .role_count = 200 };
	struct role_set set;
	size_t at = 0;

	policy.roles = arena_array(scene->arena, 200, sizeof(*policy.roles));
	for (size_t i = 0; i < 200; i++)
		policy.roles[i].index = i;
	set = role_set_new(scene->arena, &policy);
	assert_int_equal(role_set_next(&set, 0), 200);
	for (size_t i = 0; i < 200; i += 7) {
		role_set_add(&set, &policy.roles[i]);
		role_set_add(&set, &policy.roles[i]);
	}
	assert_int_equal(set.count, 29);
	for (size_t i = 0; i < 200; i++)
		assert_int_equal(role_set_has(&set, &policy.roles[i]), i % 7 == 0);
	for (size_t i = 0; i < 200; i += 7, at++)
		assert_int_equal(role_set_next(&set, i == 0 ? 0 : i - 6), i);
	assert_int_equal(role_set_next(&set, 197), 200);
	assert_int_equal(role_set_next(&set, 5000), 200);
}

/* A session finds the roles of a person who has very many of them, and pays for what it runs. */
static void roles_are_found_without_a_look_at_them(void **state)
{
	enum { ROLES = 1000 };
	struct scene *scene = *state;
	struct policy policy = { .arena = scene->arena, .role_count = ROLES };
	struct subject subject = { .user = "dana" };
	struct role_definition definition = { .user = "dana", .role_count = ROLES };
	struct endpoint endpoint = { .definitions = &definition, .definition_count = 1 };
	struct role_set set;

	policy.roles = mmap(NULL, ROLES * sizeof(*policy.roles), PROT_NONE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(policy.roles, MAP_FAILED);
	definition.roles = arena_array(scene->arena, ROLES, sizeof(*definition.roles));
	for (size_t i = 0; i < ROLES; i++)
		definition.roles[i] = &policy.roles[i];
	set = roles_of(scene->arena, &policy, &endpoint, &subject);
	assert_int_equal(set.count, ROLES);
	assert_int_equal(role_set_next(&set, ROLES - 1), ROLES - 1);
	munmap(policy.roles, ROLES * sizeof(*policy.roles));
}

/* A drive at the endpoint, and a command that takes files of it, in a fixture of their own. */
struct drive_scene {
	struct fixture *fixture;
	struct endpoint *with, *without;
	struct drive drive;
	struct command server;
};

static void drive_set_up(struct drive_scene *scene)
{
	struct command *count;

	*scene = (struct drive_scene){.fixture = fixture_new("driver,other")};
	count = fixture_command(scene->fixture, "count", "/usr/bin/wc", "-l");
	fixture_parameter(scene->fixture, count, "file @1", PARAMETER_DRIVE_FILE)->repeat = 9;
	fixture_grants(scene->fixture, count, "driver: *");
	scene->with = fixture_endpoint(scene->fixture, "with");
	scene->without = fixture_endpoint(scene->fixture, "without");
	scene->server = (struct command){.name = DRIVE_COMMAND,
		.word_count = 1,
		.program = "/usr/lib/openssh/sftp-server",
		.run_as = "caller",
		.enabled = true};
	scene->drive = (struct drive){.run_as = "caller", .command = &scene->server};
	fixture_finish(scene->fixture);
	scene->with = policy_endpoint(scene->fixture->policy, "with");
	scene->without = policy_endpoint(scene->fixture->policy, "without");
	scene->with->drive = &scene->drive;
}

static void R41_a_drive_is_reached_by_one_name(void **state)
{
	struct drive_scene scene;
	struct arena *arena = arena_new();
	struct decision decision;
	struct strings only = {0};
	struct role_set roles;
	static const char *const word[] = {"sftp"};
	struct decision_request request = {.words = word, .count = 1};

	(void)state;
	drive_set_up(&scene);
	decision = fixture_decide(scene.fixture, arena, scene.with, "other", "sftp");
	assert_int_equal(decision.verdict, VERDICT_ALLOW);
	assert_ptr_equal(decision.drive, &scene.drive);
	assert_string_equal(decision.run_as, "caller");
	decision = fixture_decide(scene.fixture, arena, scene.with, "other", "sftp|/etc");
	assert_denied(&decision, REASON_PARAMETER_NOT_ALLOWED);
	decision = fixture_decide(scene.fixture, arena, scene.with, "", "sftp");
	assert_denied(&decision, REASON_NO_ROLE);
	decision = fixture_decide(scene.fixture, arena, scene.without, "other", "sftp");
	assert_denied(&decision, REASON_NOT_PERMITTED);
	decision = fixture_decide(scene.fixture, arena, NULL, "other", "sftp");
	assert_denied(&decision, REASON_NOT_PERMITTED);
	/* Who acts as somebody else has no drive by that. */
	strings_add(arena, &only, "count");
	roles = fixture_roles(scene.fixture, "driver");
	roles.only = &only;
	request.policy = scene.fixture->policy;
	request.endpoint = scene.with;
	request.roles = &roles;
	decide(arena, &request, &decision);
	assert_denied(&decision, REASON_NOT_PERMITTED);
	arena_free(arena);
	fixture_free(scene.fixture);
}

static void R26_a_drive_file_is_a_descriptor(void **state)
{
	static const char *const refused[] = {"../a", "/etc/passwd", "a/b", ".", "..", "", "-a", "a\nb"};
	struct drive_scene scene;
	struct arena *arena = arena_new();
	struct decision decision;

	(void)state;
	drive_set_up(&scene);
	decision = fixture_decide(scene.fixture, arena, scene.with, "driver", "count|a file|b");
	assert_int_equal(decision.verdict, VERDICT_ALLOW);
	assert_string_equal(strings_join(arena, &decision.argv, "|"),
		"/usr/bin/wc|-l|--|/dev/fd/7|/dev/fd/8");
	assert_int_equal(decision.file_count, 2);
	assert_string_equal(decision.files[0].name, "a file");
	assert_string_equal(decision.files[1].name, "b");
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		decision = fixture_decide(scene.fixture, arena, scene.with, "driver",
			arena_printf(arena, "count|--|%s", refused[i]));
		assert_int_equal(decision.verdict, VERDICT_DENY);
		assert_int_equal(decision.file_count, 0);
	}
	decision = fixture_decide(scene.fixture, arena, scene.with, "driver", "count|1|2|3|4|5|6|7|8|9");
	assert_denied(&decision, REASON_LIMIT);
	decision = fixture_decide(scene.fixture, arena, scene.without, "driver", "count|a");
	assert_denied(&decision, REASON_INVALID_VALUE);
	arena_free(arena);
	fixture_free(scene.fixture);
}

#define scene_test(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(R41_a_drive_is_reached_by_one_name),
		cmocka_unit_test(R26_a_drive_file_is_a_descriptor),
		scene_test(each_check_has_its_reason),
		scene_test(missing_comes_last),
		scene_test(what_needs_a_terminal_is_refused_without),
		scene_test(nobody_without_a_role_gets_further),
		scene_test(R1_argv_is_rebuilt_from_values),
		scene_test(R3_a_value_binds_to_one_slot),
		scene_test(the_longest_defined_name_wins),
		scene_test(R24_unknown_and_forbidden_look_the_same),
		scene_test(a_refused_subcommand_is_named_with_its_command),
		scene_test(a_long_name_is_refused_and_cut),
		scene_test(a_refused_value_is_told_what_is_allowed),
		scene_test(a_long_set_is_cut_in_the_message),
		scene_test(R4_a_pattern_that_runs_away_is_a_refusal),
		scene_test(R43_a_flipped_bit_is_no_allow),
		scene_test(an_alias_counts_for_those_who_see_it),
		scene_test(external_commands_go_by_their_full_path),
		scene_test(a_wildcard_grants_each_command_it_was_expanded_to),
		scene_test(sources_name_what_took_part),
		scene_test(a_source_is_the_line_of_the_parameter),
		scene_test(sources_of_a_denial_are_the_nearest),
		scene_test(secrets_are_masked),
		scene_test(defaults_obey_the_roles_that_restrict_them),
		scene_test(common_parameters_need_no_mention),
		scene_test(environment_is_of_all_roles_and_the_command_wins),
		scene_test(single_role_needs_one_role_for_the_whole_call),
		scene_test(single_role_gives_the_refusal_that_came_furthest),
		scene_test(a_command_is_found_for_description),
		scene_test(the_index_orders_grants_by_role),
		scene_test(roles_come_by_user_and_by_group),
		scene_test(required_groups_hold_as_a_tree),
		scene_test(a_set_of_roles_has_what_was_added),
		scene_test(roles_are_found_without_a_look_at_them),
	};

	return cmocka_run_group_tests_name("decide", tests, NULL, NULL);
}
