/* Decisions and lists as JSON, read back with jansson, and as text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "answer/answer.h"
#include "answer/json_out.h"
#include "answer/page.h"
#include "policy-fixture.h"
#include "policy/validate.h"

struct scene {
	struct fixture *fixture;
	struct arena *arena;
	struct endpoint *endpoint;
};

static void add_journalctl(struct fixture *fixture)
{
	struct command *command =
		fixture_command(fixture, "journalctl", "/usr/bin/journalctl", "--no-pager");
	struct parameter *parameter;

	command->description = "Read the journal of one unit";
	command->run_as = "svc-logs";
	parameter = fixture_parameter(fixture, command, "unit -u --unit", PARAMETER_STRING);
	parameter->required = true;
	parameter->validate = validator_find("systemd-unit");
	parameter = fixture_parameter(fixture, command, "lines -n --lines", PARAMETER_INTEGER);
	parameter->has_minimum = parameter->has_maximum = true;
	parameter->minimum = 1;
	parameter->maximum = 10000;
	parameter->default_value = "100";
	fixture_parameter(fixture, command, "follow -f --follow", PARAMETER_FLAG);
	parameter = fixture_parameter(fixture, command, "output", PARAMETER_CHOICE);
	parameter->choices = fixture_split(fixture->arena, "short,json", ",");
	fixture_grants(fixture, command, "reader: *; web: unit={nginx.service} lines");
}

static void add_others(struct fixture *fixture)
{
	struct command *restart =
		fixture_command(fixture, "systemctl restart", "/usr/bin/systemctl", "restart");
	struct command *login = fixture_command(fixture, "login", "/usr/bin/login", NULL);
	struct command *hidden = fixture_command(fixture, "hidden", "/usr/bin/hidden", NULL);

	fixture_parameter(fixture, restart, "unit @1", PARAMETER_STRING)->required = true;
	restart->parameters.items[0].repeat = 2;
	fixture_grants(fixture, restart,
		"web: unit={nginx.service,php.service}; mail: unit=/postfix.*/; web: unit={a}");
	fixture_role(fixture, "web")->grants.items[2]->constraints[0].set.items[0] = "a b";
	fixture_parameter(fixture, login, "user @1", PARAMETER_STRING);
	fixture_parameter(fixture, login, "password --password", PARAMETER_STRING)->secret = true;
	login->parameters.items[1].default_value = "hunter1";
	login->enabled = false;
	fixture_grants(fixture, login, "web: user password={hunter2,hunter3}; open: *");
	fixture_grants(fixture, hidden, "nobody: *");
	fixture_grants(fixture, fixture_external(fixture, "/usr/bin/uptime"), "mail: *");
}

static int set_up(void **state)
{
	struct fixture *fixture = fixture_new("web,mail,reader,open,nobody,empty");
	struct scene *scene = arena_alloc(fixture->arena, sizeof(*scene));

	*scene = (struct scene){ .fixture = fixture, .arena = arena_new() };
	add_journalctl(fixture);
	add_others(fixture);
	fixture_alias(fixture, "jc", "journalctl", "web,empty");
	fixture_alias(fixture, "up", "/usr/bin/uptime", "reader");
	fixture_provider(fixture, "web", "web-logs", "/var/log/nginx,/var/log/php");
	fixture_provider(fixture, "mail", "web-logs", "/var/log/nginx,/var/log/php");
	scene->endpoint = fixture_endpoint(fixture, "operations");
	scene->endpoint->run_as = "svc-ops";
	scene->endpoint->motd = "Careful";
	scene->endpoint->contact = "the desk";
	scene->endpoint->pipelines = true;
	scene->endpoint->profile_name = "standard";
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

/* jansson's own compact form, so that a golden text also proves that it is JSON. */
static void assert_json(const char *text, const char *expected)
{
	json_error_t error;
	json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &error);
	char *again;

	if (root == NULL)
		fail_msg("%s in %s", error.text, text);
	again = json_dumps(root, JSON_COMPACT | JSON_ENSURE_ASCII);
	assert_string_equal(text, expected);
	assert_string_equal(again, expected);
	free(again);
	json_decref(root);
}

static char *decision_json(
	struct scene *scene, const char *roles, const char *words, bool for_operator)
{
	struct decision decision = fixture_decide(
		scene->fixture, scene->arena, scene->endpoint, roles, words);

	return answer_decision_json(scene->arena, &decision, NULL, for_operator);
}

static void a_decision_has_the_fields_of_the_contract(void **state)
{
	static const struct {
		const char *roles, *words, *json;
	} rows[] = {
		{ "web", "journalctl|-n5|-u|nginx.service",
			"{\"decision\":\"allow\",\"reason\":\"permitted\",\"command\":\"journalctl\","
			"\"program\":\"/usr/bin/journalctl\",\"argv\":[\"/usr/bin/journalctl\","
			"\"--no-pager\",\"--unit=nginx.service\",\"--lines=5\"],\"run_as\":\"svc-logs\","
			"\"profile\":\"standard\",\"roles\":[\"web\"],\"sources\":["
			"{\"role\":\"web\",\"file\":\"roles.d/web.role\",\"line\":7},"
			"{\"role\":\"web\",\"file\":\"roles.d/web.role\",\"line\":7,\"parameter\":\"unit\"},"
			"{\"role\":\"web\",\"file\":\"roles.d/web.role\",\"line\":7,\"parameter\":\"lines\"}"
			"]}" },
		{ "web", "journalctl|-u|sshd.service",
			"{\"decision\":\"deny\",\"reason\":\"value-not-allowed\",\"message\":"
			"\"-u, --unit: \\\"sshd.service\\\" is not allowed; allowed: nginx.service\","
			"\"command\":\"journalctl\",\"roles\":[],\"sources\":["
			"{\"role\":\"web\",\"file\":\"roles.d/web.role\",\"line\":7,\"parameter\":\"unit\"}],"
			"\"word\":2,\"parameter\":\"unit\"}" },
		{ "web", "hidden",
			"{\"decision\":\"deny\",\"reason\":\"not-permitted\",\"message\":"
			"\"\\\"hidden\\\" is not permitted\",\"roles\":[],\"sources\":[],\"word\":0}" },
		{ "mail", "/usr/bin/uptime|\xc3\xa4\xf0\x9f\x98\x80\\\"/",
			"{\"decision\":\"allow\",\"reason\":\"permitted\",\"command\":\"/usr/bin/uptime\","
			"\"program\":\"/usr/bin/uptime\",\"argv\":[\"/usr/bin/uptime\","
			"\"\\u00E4\\uD83D\\uDE00\\\\\\\"/\"],\"run_as\":\"svc-ops\",\"profile\":\"standard\","
			"\"roles\":[\"mail\"],\"sources\":[{\"role\":\"mail\",\"file\":"
			"\"roles.d/mail.role\",\"line\":21}]}" },
	};
	struct scene *scene = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_json(decision_json(scene, rows[i].roles, rows[i].words, false), rows[i].json);
}

/* What others may do is not the operator's to know (R24). */
static void R24_an_operator_sees_no_sources_of_a_denial(void **state)
{
	struct scene *scene = *state;

	assert_json(decision_json(scene, "web", "journalctl|-u|sshd.service", true),
		"{\"decision\":\"deny\",\"reason\":\"value-not-allowed\",\"message\":"
		"\"-u, --unit: \\\"sshd.service\\\" is not allowed; allowed: nginx.service\","
		"\"command\":\"journalctl\",\"roles\":[],\"word\":2,\"parameter\":\"unit\"}");
	assert_non_null(strstr(decision_json(scene, "mail", "/usr/bin/uptime", true), "\"sources\""));
}

static void facts_of_a_run_are_added(void **state)
{
	struct scene *scene = *state;
	struct decision decision = fixture_decide(scene->fixture, scene->arena, scene->endpoint,
		"mail", "/usr/bin/uptime");
	struct answer_facts facts = { .request = "0123", .run_as = "dana", .status = 3 };
	struct answer_message messages[] = { { .type = "success", .text = "a\x1b[2J" },
		{ .type = "invalid", .input = "port", .text = "no" } };
	const struct answer_result result = { .outcome = "invalid-input", .messages = messages,
		.count = 2, .truncated = true };
	const char *start = "{\"request\":\"0123\",\"decision\":\"allow\",\"reason\":\"permitted\","
			    "\"command\":\"/usr/bin/uptime\",\"program\":\"/usr/bin/uptime\","
			    "\"argv\":[\"/usr/bin/uptime\"],\"run_as\":\"dana\","
			    "\"profile\":\"standard\",\"roles\":[\"mail\"],\"sources\":[{\"role\":\"mail\","
			    "\"file\":\"roles.d/mail.role\",\"line\":21}]";

	assert_json(answer_decision_json(scene->arena, &decision, &facts, true),
		arena_printf(scene->arena, "%s,\"status\":3}", start));
	facts.status = 137;
	facts.signal = 9;
	facts.timed_out = true;
	assert_json(answer_decision_json(scene->arena, &decision, &facts, true),
		arena_printf(scene->arena, "%s,\"status\":137,\"signal\":9,\"timed_out\":true}", start));
	facts = (struct answer_facts){ .request = "0123", .run_as = "dana", .status = 1,
		.result = &result };
	assert_json(answer_decision_json(scene->arena, &decision, &facts, true),
		arena_printf(scene->arena,
			"%s,\"status\":1,\"result\":{\"outcome\":\"invalid-input\",\"messages\":["
			"{\"type\":\"success\",\"text\":\"a\\u001B[2J\"},"
			"{\"type\":\"invalid\",\"input\":\"port\",\"text\":\"no\"}],"
			"\"truncated\":true}}",
			start));
	decision = (struct decision){ .reason = REASON_ACCOUNT_REFUSED, .word = SIZE_MAX };
	assert_json(answer_decision_json(scene->arena, &decision, &facts, true),
		"{\"request\":\"0123\",\"decision\":\"deny\",\"reason\":\"account-refused\",\"roles\":[]}");
}

/* Neither a verdict with one bit too few nor one with any other value is an allow. */
static void R43_only_the_whole_verdict_reads_as_allow(void **state)
{
	struct scene *scene = *state;
	struct decision decision = { .word = SIZE_MAX };

	for (unsigned bit = 0; bit < 32; bit++) {
		decision.verdict = (enum verdict)((unsigned)VERDICT_ALLOW ^ 1U << bit);
		assert_non_null(strstr(
			answer_decision_json(scene->arena, &decision, NULL, true), "\"deny\""));
	}
}

static void assert_no_secret(const char *text)
{
	if (text != NULL && strstr(text, "hunter") != NULL)
		fail_msg("a secret in: %s", text);
}

static void secrets_are_in_no_answer(void **state)
{
	static const char *const words[] = {
		"login|dana|--password=hunter2",
		"login|--password|hunter3|dana",
		"login|dana|--password=hunter4",
		"login|dana|--password=-hunter",
		"login|dana|x|--password=hunter2",
	};
	static const char *const describe[] = { "login" };
	struct scene *scene = *state;
	struct command *login = table_get(&scene->fixture->policy->command_by_name, "login");

	login->enabled = true;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		for (size_t j = 0; j < 2; j++) {
			const char *roles = j == 0 ? "web" : "open";
			struct decision decision = fixture_decide(scene->fixture, scene->arena,
				scene->endpoint, roles, words[i]);
			struct role_set set = fixture_roles(scene->fixture, roles);
			const struct policy *policy = scene->fixture->policy;

			assert_no_secret(decision.detail);
			for (size_t k = 0; k < decision.shown.count; k++)
				assert_no_secret(decision.shown.items[k]);
			assert_no_secret(decision_json(scene, roles, words[i], false));
			for (size_t k = 0; k < 2; k++) {
				assert_no_secret(answer_list_json(scene->arena, policy, scene->endpoint,
					&set, "dana", k != 0));
				assert_no_secret(answer_list_text(scene->arena, policy, scene->endpoint,
					&set, "dana", k != 0));
			}
			assert_no_secret(answer_describe_json(
				scene->arena, policy, scene->endpoint, &set, describe, 1));
			assert_no_secret(answer_describe_text(
				scene->arena, policy, scene->endpoint, &set, describe, 1));
		}
	assert_non_null(strstr(decision_json(scene, "web", words[0], true), "--password=<secret>"));
}

static char *list_json(struct scene *scene, const char *roles, const char *user, bool with_sources)
{
	struct role_set set = fixture_roles(scene->fixture, roles);

	return answer_list_json(scene->arena, scene->fixture->policy, scene->endpoint, &set, user,
		with_sources);
}

static char *list_text(struct scene *scene, const char *roles, const char *user, bool with_sources)
{
	struct role_set set = fixture_roles(scene->fixture, roles);

	return answer_list_text(scene->arena, scene->fixture->policy, scene->endpoint, &set, user,
		with_sources);
}

static void a_list_has_the_fields_of_the_contract(void **state)
{
	struct scene *scene = *state;

	assert_json(list_json(scene, "reader", NULL, false),
		"{\"roles\":[\"reader\"],\"endpoint\":\"operations\",\"motd\":\"Careful\","
		"\"contact\":\"the desk\","
		"\"pipelines\":true,\"commands\":[{\"name\":\"journalctl\",\"description\":"
		"\"Read the journal of one unit\",\"run_as\":\"svc-logs\",\"program\":"
		"\"/usr/bin/journalctl\",\"profile\":\"standard\",\"external\":false,\"enabled\":true,\"parameters\":["
		"{\"name\":\"unit\",\"type\":\"string\",\"options\":[\"-u\",\"--unit\"],"
		"\"required\":true,\"repeat\":1,\"validate\":\"systemd-unit\",\"allowed\":\"any\"},"
		"{\"name\":\"lines\",\"type\":\"integer\",\"options\":[\"-n\",\"--lines\"],"
		"\"required\":false,\"repeat\":1,\"default\":\"100\",\"minimum\":1,\"maximum\":10000,"
		"\"allowed\":\"any\"},"
		"{\"name\":\"follow\",\"type\":\"flag\",\"options\":[\"-f\",\"--follow\"],"
		"\"required\":false,\"repeat\":1,\"allowed\":\"any\"},"
		"{\"name\":\"output\",\"type\":\"choice\",\"options\":[],\"required\":false,"
		"\"repeat\":1,\"choices\":[\"short\",\"json\"],\"allowed\":\"any\"}]}],"
		"\"aliases\":[],\"providers\":[]}");
	assert_json(list_json(scene, "empty", "sam", true),
		"{\"user\":\"sam\",\"roles\":[\"empty\"],\"commands\":[],\"aliases\":[],\"providers\":[]}");
}

static void a_list_with_sources_has_the_place_of_everything(void **state)
{
	struct scene *scene = *state;

	assert_json(list_json(scene, "mail,web", "dana", true),
		"{\"user\":\"dana\",\"roles\":[\"mail\",\"web\"],\"commands\":["
		"{\"name\":\"/usr/bin/uptime\",\"run_as\":\"svc-ops\",\"program\":\"/usr/bin/uptime\","
		"\"profile\":\"standard\",\"external\":true,\"enabled\":true,\"parameters\":[],\"sources\":[{\"role\":\"mail\","
		"\"file\":\"roles.d/mail.role\",\"line\":21}]},"
		"{\"name\":\"journalctl\",\"description\":\"Read the journal of one unit\","
		"\"run_as\":\"svc-logs\",\"program\":\"/usr/bin/journalctl\",\"profile\":\"standard\",\"external\":false,"
		"\"enabled\":true,\"parameters\":[{\"name\":\"unit\",\"type\":\"string\","
		"\"options\":[\"-u\",\"--unit\"],\"required\":true,\"repeat\":1,"
		"\"validate\":\"systemd-unit\",\"allowed\":\"set\",\"values\":[\"nginx.service\"],"
		"\"sources\":[{\"role\":\"web\",\"file\":\"roles.d/web.role\",\"line\":7,"
		"\"values\":[\"nginx.service\"]}]},"
		"{\"name\":\"lines\",\"type\":\"integer\",\"options\":[\"-n\",\"--lines\"],"
		"\"required\":false,\"repeat\":1,\"default\":\"100\",\"minimum\":1,\"maximum\":10000,"
		"\"allowed\":\"any\",\"sources\":[{\"role\":\"web\",\"file\":\"roles.d/web.role\","
		"\"line\":7}]}],\"sources\":[{\"role\":\"web\",\"file\":\"roles.d/web.role\","
		"\"line\":7}]},"
		"{\"name\":\"login\",\"run_as\":\"svc-ops\",\"program\":\"/usr/bin/login\","
		"\"profile\":\"standard\",\"external\":false,\"enabled\":false,\"parameters\":[{\"name\":\"user\","
		"\"type\":\"string\",\"options\":[],\"position\":1,\"required\":false,\"repeat\":1,"
		"\"validate\":\"none\",\"allowed\":\"any\",\"sources\":[{\"role\":\"web\","
		"\"file\":\"roles.d/web.role\",\"line\":17}]},{\"name\":\"password\","
		"\"type\":\"string\",\"options\":[\"--password\"],\"required\":false,\"repeat\":1,"
		"\"secret\":true,\"validate\":\"none\",\"allowed\":\"set\",\"sources\":[{\"role\":"
		"\"web\",\"file\":\"roles.d/web.role\",\"line\":17}]}],\"sources\":[{\"role\":\"web\","
		"\"file\":\"roles.d/web.role\",\"line\":17}]},"
		"{\"name\":\"systemctl restart\",\"run_as\":\"svc-ops\",\"program\":"
		"\"/usr/bin/systemctl\",\"profile\":\"standard\",\"external\":false,\"enabled\":true,\"parameters\":[{\"name\":"
		"\"unit\",\"type\":\"string\",\"options\":[],\"position\":1,\"required\":true,"
		"\"repeat\":2,\"validate\":\"none\",\"allowed\":\"pattern\",\"values\":"
		"[\"postfix.*\"],\"sources\":[{\"role\":\"mail\",\"file\":\"roles.d/mail.role\","
		"\"line\":13,\"values\":[\"postfix.*\"]}],\"ignored\":[{\"role\":\"web\",\"file\":"
		"\"roles.d/web.role\",\"line\":12,\"values\":[\"nginx.service\",\"php.service\"]},"
		"{\"role\":\"web\",\"file\":\"roles.d/web.role\",\"line\":14,\"values\":[\"a b\"]}]}],"
		"\"sources\":[{\"role\":\"mail\",\"file\":\"roles.d/mail.role\",\"line\":13},"
		"{\"role\":\"web\",\"file\":\"roles.d/web.role\",\"line\":12},"
		"{\"role\":\"web\",\"file\":\"roles.d/web.role\",\"line\":14}]}],"
		"\"aliases\":[{\"name\":\"jc\",\"command\":\"journalctl\",\"sources\":[{\"role\":\"web\","
		"\"file\":\"roles.d/web.role\",\"line\":22}]}],"
		"\"providers\":[{\"name\":\"web-logs\",\"read\":[\"/var/log/nginx\",\"/var/log/php\"],"
		"\"write\":[],\"sources\":[{\"role\":\"mail\",\"file\":\"roles.d/mail.role\","
		"\"line\":26}]}]}");
}

static void a_list_for_operators_reads_well(void **state)
{
	struct scene *scene = *state;

	assert_string_equal(list_text(scene, "reader,web,mail", NULL, false),
		"/usr/bin/uptime [ARGUMENT ...]\n"
		"\n"
		"journalctl -u UNIT [-n LINES] [-f] [--output OUTPUT]\n"
		"    Read the journal of one unit\n"
		"    -u, --unit UNIT    a systemd unit with its suffix, such as nginx.service\n"
		"    -n, --lines LINES  a whole number from 1 to 10000; default 100\n"
		"    -f, --follow\n"
		"    --output OUTPUT    short, json\n"
		"\n"
		"login [--password PASSWORD] [USER]\n"
		"    (disabled)\n"
		"    USER                 text without control characters\n"
		"    --password PASSWORD  a secret that a role allows\n"
		"\n"
		"systemctl restart UNIT ...\n"
		"    UNIT  what matches postfix.*\n"
		"\n"
		"jc: short for \"journalctl\"\n"
		"up: short for \"/usr/bin/uptime\"\n"
		"\n"
		"web-logs: files\n"
		"    read   /var/log/nginx, /var/log/php\n");
	assert_string_equal(list_text(scene, "empty", NULL, false), "No command is allowed.\n");
}

static void a_list_for_reviewers_has_the_places(void **state)
{
	struct scene *scene = *state;

	assert_string_equal(list_text(scene, "web,mail", "dana", true),
		"dana has the roles mail and web and may run:\n"
		"\n"
		"/usr/bin/uptime [ARGUMENT ...]\n"
		"    runs /usr/bin/uptime as svc-ops\n"
		"    profile standard\n"
		"    granted by role mail (roles.d/mail.role:21)\n"
		"\n"
		"journalctl -u UNIT [-n LINES]\n"
		"    Read the journal of one unit\n"
		"    runs /usr/bin/journalctl --no-pager as svc-logs\n"
		"    profile standard\n"
		"    granted by role web (roles.d/web.role:7)\n"
		"    -u, --unit UNIT    nginx.service\n"
		"                         from role web (roles.d/web.role:7)\n"
		"    -n, --lines LINES  a whole number from 1 to 10000; default 100\n"
		"                         from role web (roles.d/web.role:7)\n"
		"\n"
		"login [--password PASSWORD] [USER]\n"
		"    (disabled)\n"
		"    runs /usr/bin/login as svc-ops\n"
		"    profile standard\n"
		"    granted by role web (roles.d/web.role:17)\n"
		"    USER                 text without control characters\n"
		"                           from role web (roles.d/web.role:17)\n"
		"    --password PASSWORD  a secret that a role allows\n"
		"                           from role web (roles.d/web.role:17)\n"
		"\n"
		"systemctl restart UNIT ...\n"
		"    runs /usr/bin/systemctl restart as svc-ops\n"
		"    profile standard\n"
		"    granted by role mail (roles.d/mail.role:13)\n"
		"    granted by role web (roles.d/web.role:12)\n"
		"    granted by role web (roles.d/web.role:14)\n"
		"    UNIT  what matches postfix.*\n"
		"            from role mail (roles.d/mail.role:13)\n"
		"          not used, because patterns take the place of sets (rule 7):\n"
		"          nginx.service, php.service\n"
		"            from role web (roles.d/web.role:12)\n"
		"          'a b'\n"
		"            from role web (roles.d/web.role:14)\n"
		"\n"
		"jc: short for \"journalctl\"\n"
		"    from role web (roles.d/web.role:22)\n"
		"\n"
		"web-logs: files\n"
		"    read   /var/log/nginx, /var/log/php\n"
		"    from role mail (roles.d/mail.role:26)\n");
	assert_string_equal(list_text(scene, "empty", "sam", true),
		"sam has the role empty and may run:\n\nNo command is allowed.\n");
	assert_string_equal(list_text(scene, "", "sam", true),
		"sam has no role and may run:\n\nNo command is allowed.\n");
}

static void R24_a_description_is_only_of_what_one_may_run(void **state)
{
	static const char *const words[][2] = {
		{ "hidden", "x" }, { "nothing", "x" }, { "systemctl", "restart" }, { "up", "x" } };
	static const char *const known[] = { "jc", "whatever" };
	struct scene *scene = *state;
	const struct policy *policy = scene->fixture->policy;
	struct role_set reader = fixture_roles(scene->fixture, "reader");
	struct role_set web = fixture_roles(scene->fixture, "web");

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		assert_null(answer_describe_json(
			scene->arena, policy, scene->endpoint, &reader, words[i], 2));
		assert_null(answer_describe_text(
			scene->arena, policy, scene->endpoint, &reader, words[i], 2));
	}
	assert_string_equal(
		answer_describe_text(scene->arena, policy, scene->endpoint, &web, known, 2),
		"journalctl -u UNIT [-n LINES]\n"
		"    Read the journal of one unit\n"
		"    runs /usr/bin/journalctl --no-pager as svc-logs\n"
		"    profile standard\n"
		"    -u, --unit UNIT    nginx.service\n"
		"    -n, --lines LINES  a whole number from 1 to 10000; default 100\n"
		"    for example:\n"
		"      journalctl -u nginx.service\n"
		"      journalctl -u nginx.service -n 100\n");
	assert_non_null(strstr(
		answer_describe_json(scene->arena, policy, scene->endpoint, &web, known, 1),
		"{\"name\":\"journalctl\""));
}

/* At an endpoint of single roles nothing is merged, so that nothing merged may be shown. */
static void single_roles_are_listed_one_by_one(void **state)
{
	static const char *const words[] = { "systemctl", "restart" };
	struct scene *scene = *state;
	struct role_set set = fixture_roles(scene->fixture, "web,mail");
	char *text;

	scene->endpoint->merge = MERGE_SINGLE_ROLE;
	text = answer_describe_text(scene->arena, scene->fixture->policy, scene->endpoint, &set, words, 2);
	assert_string_equal(text,
		"systemctl restart UNIT ...\n"
		"    with role mail alone\n"
		"    runs /usr/bin/systemctl restart as svc-ops\n"
		"    profile standard\n"
		"    UNIT  what matches postfix.*\n"
		"    for example:\n"
		"      systemctl restart postfix\n"
		"      systemctl restart postfixx\n"
		"\n"
		"systemctl restart UNIT ...\n"
		"    with role web alone\n"
		"    runs /usr/bin/systemctl restart as svc-ops\n"
		"    profile standard\n"
		"    UNIT  nginx.service, php.service, 'a b'\n"
		"    for example:\n"
		"      systemctl restart nginx.service\n"
		"      systemctl restart php.service\n");
	assert_null(strstr(list_text(scene, "web", NULL, false), "alone"));
	/* The alias is visible to one role, and the command to another. */
	assert_null(strstr(list_text(scene, "reader,empty", NULL, false), "jc:"));
	assert_null(strstr(list_text(scene, "reader,mail", NULL, false), "up:"));
	scene->endpoint->merge = MERGE_JEA;
	assert_non_null(strstr(list_text(scene, "reader,empty", NULL, false), "jc:"));
}

/* Nothing of the configuration reaches a terminal as it is (R32). */
static void R32_answers_hold_nothing_that_a_terminal_obeys(void **state)
{
	static const char hostile[] = "a\033[2Jb\u202ec\xc2\x9b" "d\ne\177\xff";
	struct scene *scene = *state;
	struct fixture *fixture = scene->fixture;
	struct command *command = table_get(&fixture->policy->command_by_name, "journalctl");
	struct grant *grant = fixture_role(fixture, "web")->grants.items[0];
	const char *texts[4];

	command->description = hostile;
	grant->constraints[0].set.items[0] = hostile;
	texts[0] = list_text(scene, "web", "dana", true);
	texts[1] = list_text(scene, "web", NULL, false);
	texts[2] = list_json(scene, "web", "dana", true);
	texts[3] = decision_json(scene, "web", "journalctl|-u|x.service", false);
	for (size_t i = 0; i < 4; i++) {
		assert_non_null(strstr(texts[i], i < 2 ? "\\x1b[2J" : "[2J"));
		for (const char *byte = texts[i]; *byte != '\0'; byte++)
			assert_true((*byte == '\n' && i < 2) || (*byte >= ' ' && *byte < 0x7f));
	}
}

static void every_code_point_survives_json(void **state)
{
	struct scene *scene = *state;

	for (unsigned point = 1; point < 0x110000; point += point < 0x900 ? 1 : 251) {
		char utf8[5] = "";
		struct output output = { .arena = scene->arena };
		json_t *root;

		if (point >= 0xd800 && point < 0xe000)
			continue;
		if (point < 0x80) {
			utf8[0] = (char)point;
		} else if (point < 0x800) {
			utf8[0] = (char)(0xc0 | point >> 6);
			utf8[1] = (char)(0x80 | (point & 0x3f));
		} else if (point < 0x10000) {
			utf8[0] = (char)(0xe0 | point >> 12);
			utf8[1] = (char)(0x80 | (point >> 6 & 0x3f));
			utf8[2] = (char)(0x80 | (point & 0x3f));
		} else {
			utf8[0] = (char)(0xf0 | point >> 18);
			utf8[1] = (char)(0x80 | (point >> 12 & 0x3f));
			utf8[2] = (char)(0x80 | (point >> 6 & 0x3f));
			utf8[3] = (char)(0x80 | (point & 0x3f));
		}
		json_out_open(&output, NULL, '[');
		json_out_string(&output, NULL, utf8);
		json_out_close(&output, ']');
		for (const char *byte = output_end(&output); *byte != '\0'; byte++)
			assert_true(*byte >= ' ' && *byte < 0x7f);
		root = json_loads(output_end(&output), 0, NULL);
		assert_non_null(root);
		assert_string_equal(json_string_value(json_array_get(root, 0)), utf8);
		json_decref(root);
	}
}

static void output_grows(void **state)
{
	struct scene *scene = *state;
	struct output output = { .arena = scene->arena };
	char *text;

	assert_string_equal(output_end(&output), "");
	for (size_t i = 0; i < 10000; i++)
		output_text(&output, "0123456789");
	text = output_end(&output);
	assert_int_equal(strlen(text), 100000);
	for (size_t i = 0; i < 100000; i++)
		assert_int_equal(text[i], '0' + (int)(i % 10));
}

/* Long lists are cut for a list, and are whole for a description. */
static void long_sets_wrap_and_are_cut(void **state)
{
	static const char *const words[] = { "c" };
	struct fixture *fixture = fixture_new("A");
	struct command *command = fixture_command(fixture, "c", "/bin/c", NULL);
	struct role_set set = fixture_roles(fixture, "A");
	struct strings values = { 0 }, lines;
	const char *list, *described;

	(void)state;
	for (size_t i = 0; i < 100; i++)
		strings_add(fixture->arena, &values,
			arena_printf(fixture->arena, "host%zu.example.org", i));
	fixture_parameter(fixture, command, "host @1", PARAMETER_STRING);
	fixture_grants(fixture, command,
		arena_printf(fixture->arena, "A: host={%s}",
			strings_join(fixture->arena, &values, ",")));
	fixture_finish(fixture);
	list = answer_list_text(fixture->arena, fixture->policy, NULL, &set, NULL, false);
	described = answer_describe_text(fixture->arena, fixture->policy, NULL, &set, words, 1);
	assert_non_null(strstr(list, "host23.example.org,"));
	assert_non_null(strstr(list, "and 76 more\n"));
	assert_null(strstr(list, "host24.example.org"));
	assert_non_null(strstr(described, "host99.example.org\n"));
	described = arena_strndup(fixture->arena, described,
		(size_t)(strstr(described, "    for example:") - described));
	lines = fixture_split(fixture->arena, described, "\n");
	for (size_t i = 0; i < lines.count; i++) {
		assert_true(page_columns(lines.items[i]) <= PAGE_WIDTH);
		if (i > 3 && lines.items[i][0] != '\0')
			assert_int_equal(strspn(lines.items[i], " "), 10);
	}
	fixture_free(fixture);
}

static struct fixture *function_fixture(void)
{
	struct fixture *fixture = fixture_new("ops");
	struct command *deploy = fixture_command(fixture, "deploy", "deploy", NULL);
	struct command *hosts = fixture_command(fixture, "hosts", "hosts", NULL);
	struct function *function = arena_alloc(fixture->arena, sizeof(*function));
	struct parameter *mode, *why;

	*function = (struct function){.command = deploy,
		.script.content = {.bytes = "#!/bin/sh\n# the text\n", .digest = "0123"}};
	deploy->function = function;
	mode = fixture_parameter(fixture, deploy, "mode", PARAMETER_CHOICE);
	mode->choices_from = hosts;
	mode->description = "How \x1b[2Jhard";
	why = fixture_parameter(fixture, deploy, "why", PARAMETER_TEXT);
	why->validate = validator_find("none");
	why->show_if = mode;
	why->show_values = fixture_split(fixture->arena, "hard,so\x1b" "ft", ",");
	fixture_parameter(fixture, deploy, "key", PARAMETER_STRING)->secret = true;
	fixture_parameter(fixture, deploy, "loud -l", PARAMETER_FLAG);
	fixture_grants(fixture, deploy, "ops: *");
	fixture_finish(fixture);
	return fixture;
}

static void a_function_is_described_without_its_script(void **state)
{
	struct fixture *fixture = function_fixture();
	struct role_set roles = fixture_roles(fixture, "ops");
	const char *word = "deploy";

	(void)state;
	assert_json(answer_describe_json(
			    fixture->arena, fixture->policy, NULL, &roles, &word, 1),
		"{\"name\":\"deploy\",\"kind\":\"function\",\"profile\":\"standard\","
		"\"external\":false,\"enabled\":true,\"parameters\":[{\"name\":\"mode\","
		"\"description\":\"How \\u001B[2Jhard\",\"type\":\"choice\",\"options\":[],"
		"\"required\":false,\"repeat\":1,\"choices_from\":\"hosts\",\"allowed\":\"any\"},"
		"{\"name\":\"why\",\"type\":\"text\",\"options\":[],\"required\":false,"
		"\"repeat\":1,\"show_if\":{\"input\":\"mode\",\"values\":[\"hard\","
		"\"so\\u001Bft\"]},\"validate\":\"none\",\"allowed\":\"any\"},"
		"{\"name\":\"key\",\"type\":\"string\",\"options\":[],\"required\":false,"
		"\"repeat\":1,\"secret\":true,\"validate\":\"none\",\"allowed\":\"any\"},"
		"{\"name\":\"loud\",\"type\":\"flag\",\"options\":[\"-l\"],\"required\":false,"
		"\"repeat\":1,\"allowed\":\"any\"}],\"examples\":[[\"deploy\"],[\"deploy\",\"-l\"]]}");
	assert_string_equal(answer_describe_text(
				    fixture->arena, fixture->policy, NULL, &roles, &word, 1),
		"deploy [--mode MODE] [--why WHY] [--key KEY] [-l]\n"
		"    (function)\n"
		"    runs a script of the configuration\n"
		"    profile standard\n"
		"    --mode MODE  How \\x1b[2Jhard\n"
		"                 one of those that \"hosts\" lists\n"
		"    --why WHY    text of several lines\n"
		"                 only while --mode is hard or so\\x1bft\n"
		"    --key KEY    a secret, kept out of all records\n"
		"    -l\n"
		"    for example:\n"
		"      deploy\n"
		"      deploy -l\n");
	fixture_free(fixture);
}

static void a_call_of_a_function_has_its_inputs(void **state)
{
	struct fixture *fixture = function_fixture();
	struct decision decision = fixture_decide(
		fixture, fixture->arena, NULL, "ops", "deploy|--key|hunter2|--mode|hard|-l|--why|a\n\"b");
	const char *inputs = "\"inputs\":{\"mode\":[\"hard\"],\"why\":[\"a\\u000A\\\"b\"],"
			     "\"key\":[\"<secret>\"],\"loud\":[\"true\"]}";
	char *json = answer_decision_json(fixture->arena, &decision, NULL, true);

	(void)state;
	assert_non_null(strstr(json, inputs));
	assert_null(strstr(json, "sha256"));
	assert_null(strstr(json, "hunter2"));
	json = answer_decision_json(fixture->arena, &decision, NULL, false);
	assert_non_null(strstr(json, inputs));
	assert_non_null(strstr(json, "\"script\":\"sha256:0123\""));
	assert_null(strstr(json, "the text"));
	fixture_free(fixture);
}

#define scene_test(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		scene_test(a_decision_has_the_fields_of_the_contract),
		scene_test(R24_an_operator_sees_no_sources_of_a_denial),
		scene_test(facts_of_a_run_are_added),
		scene_test(R43_only_the_whole_verdict_reads_as_allow),
		scene_test(secrets_are_in_no_answer),
		scene_test(a_list_has_the_fields_of_the_contract),
		scene_test(a_list_with_sources_has_the_place_of_everything),
		scene_test(a_list_for_operators_reads_well),
		scene_test(a_list_for_reviewers_has_the_places),
		scene_test(R24_a_description_is_only_of_what_one_may_run),
		scene_test(single_roles_are_listed_one_by_one),
		scene_test(R32_answers_hold_nothing_that_a_terminal_obeys),
		scene_test(every_code_point_survives_json),
		scene_test(output_grows),
		scene_test(long_sets_wrap_and_are_cut),
		cmocka_unit_test(a_function_is_described_without_its_script),
		cmocka_unit_test(a_call_of_a_function_has_its_inputs),
	};

	return cmocka_run_group_tests_name("answer", tests, NULL, NULL);
}
