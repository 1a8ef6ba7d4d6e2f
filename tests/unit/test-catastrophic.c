/*
 * R4: well-known patterns that take forever, with the values that make them. As an input's own
 * pattern and as a role's, each is refused by the limits of the matching, which the answer says;
 * no clock is looked at. Most are of advisories (CVE) and of OWASP's pages on ReDoS. A value has
 * the letters without which PCRE2 sees at once that nothing can match.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "policy-fixture.h"
#include "policy/validate.h"

static const struct attack {
	const char *source, *pattern;
	const char *head, *again, *tail;
	size_t times;
} attacks[] = {
	{"OWASP: nested repetition", "(a+)+", "", "a", "!", 40},
	{"OWASP: letters", "([a-zA-Z]+)*", "", "a", "!", 40},
	{"OWASP: alternatives that overlap", "(a|aa)+", "", "a", "!", 60},
	{"OWASP: an alternative that may be empty", "(a|a?)+", "", "a", "!", 40},
	{"OWASP: counted", "(.*a){12}", "", "a", "!", 60},
	{"OWASP: Java class name", "^(([a-z])+.)+[A-Z]([a-z])+$", "", "a", "!", 60},
	{"OWASP: email address",
		"^([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+[.]{1}(([a-z]{2,3})|"
		"([a-z]{2,3}[.]{1}[a-z]{2,3}))$",
		"", "a", "@.", 40},
	{"OWASP: multiple numbers", "^\\d*[0-9](|.\\d*[0-9]|)*$", "", "1", "!", 40},
	{"OWASP: person name", "^[a-zA-Z]+(([\\'\\,\\.\\- ][a-zA-Z ])?[a-zA-Z]*)*$", "", "a", "!",
		40},
	{"OWASP: domain name",
		"^([a-z0-9]+([\\-a-z0-9]*[a-z0-9]+)?\\.){0,}([a-z0-9]+([\\-a-z0-9]*[a-z0-9]+)?){1,"
		"63}"
		"(\\.[a-z0-9]{2,7})+$",
		"", "a", "!.", 40},
	{"regular-expressions.info: x", "(x+x+)+y", "", "x", "!y", 40},
	{"regular-expressions.info: fields", "^(.*?,){11}P", "", "1,", "xP", 60},
	{"a star of stars", "(a*)*b", "", "a", "!b", 40},
	{"Cox: optional before required", "(a?){30}a{30}", "", "a", "!", 30},
	{"words", "(\\w+\\s?)+", "", "word ", "!", 20},
	{"pairs", "((ab)*)+", "", "ab", "!", 30},
	{"what comes back", "(a*)*\\1b", "", "a", "!b", 40},
	{"units of a service", "([a-z.-]+)*\\.service", "", "nginx.", "socket", 12},
	{"Cloudflare, 2019", ".*.*=.*;", "x=", "x=", ";x", 200},
	{"CVE-2016-10521 (jshamcrest)",
		"^([a-z0-9_\\.\\-\\+])+\\@(([a-z0-9\\-])+\\.)+([a-z0-9]{2,4})+$", "a@a.", "a", "!",
		60},
	{"a version and what follows", "(\\d+\\.?)+-rc", "", "1", "!-rc", 40},
	{"CVE-2017-18077 (brace-expansion)", "^(.*,)+(.+)?$", "", ",", "\n", 40},
	{"CVE-2017-18214 (moment)", "D[oD]?(\\[[^\\[\\]]*\\]|\\s+)+MMMM?", "D", " ", "!MMMM", 40},
	{"CVE-2017-20162 (ms)", "^((?:\\d+)?\\.?\\d+) *(minutes?|mins?|m)?$", "", "5", " minutea",
		4000},
	{"CVE-2015-8854 (marked)", "^\\b_((?:__|[\\s\\S])+?)_\\b", "", "_", "!", 80},
	{"CVE-2018-1061 (difflib)", "\\s*#?\\s*$", "", " ", "##", 4000},
	{"CVE-2020-8492 (urllib)", "(?:.*,)*[ \\t]*([^ \\t]+)[ \\t]+realm=([\"']?)([^\"']*)\\2", "",
		",", "!realm=", 40},
	{"CVE-2020-28469 (glob-parent)", "[\\{\\[].*[\\/]*.*[\\}\\]]$", "{", "/", "", 4000},
	{"CVE-2016-10540 (minimatch)", "^(?:.*a.*a.*a.*a.*a.*a.*a.*a.*b)$", "", "a", "bx", 60},
	{"CVE-2016-10539 (negotiator)", "^\\s*(\\S+?)(?:-(\\S+?))?\\s*(?:;(.*))?$", "x", "-", " x",
		1000},
};

enum { ATTACKS = sizeof(attacks) / sizeof(attacks[0]) };

static char *value_of(struct arena *arena, const struct attack *attack)
{
	size_t length = strlen(attack->again);
	char *middle = arena_alloc(arena, length * attack->times + 1);

	for (size_t i = 0; i < attack->times; i++)
		memcpy(middle + i * length, attack->again, length);
	return arena_printf(arena, "%s%s%s", attack->head, middle, attack->tail);
}

struct scene {
	struct fixture *fixture;
	struct parameter *own, *granted;
	struct pattern *of_role;
};

/* f --own VALUE --granted VALUE; a role's pattern holds for the second one. */
static struct scene set_scene(const struct attack *attack)
{
	struct scene scene = {.fixture = fixture_new("ops")};
	struct command *command = fixture_command(scene.fixture, "f", "f", NULL);
	struct function *function = arena_alloc(scene.fixture->arena, sizeof(*function));
	size_t offset;

	function->command = command;
	command->function = function;
	scene.own = fixture_parameter(scene.fixture, command, "own", PARAMETER_TEXT);
	scene.granted = fixture_parameter(scene.fixture, command, "granted", PARAMETER_TEXT);
	scene.granted->validate = validator_find("none");
	scene.own->has_pattern = true;
	assert_null(pattern_compile(
		scene.fixture->arena, attack->pattern, &scene.own->pattern, &offset));
	fixture_grants(scene.fixture, command, "ops: own granted=/x/");
	fixture_finish(scene.fixture);
	scene.of_role = &command->grants->items[0]->constraints[1].pattern;
	*scene.of_role = scene.own->pattern;
	return scene;
}

static struct decision ask(
	struct fixture *fixture, struct arena *arena, const char *option, const char *value)
{
	const char *const words[] = {"f", option, value};
	struct role_set roles = fixture_roles(fixture, "ops");
	const struct decision_request request = {
		.policy = fixture->policy, .roles = &roles, .words = words, .count = 3};
	struct decision decision;

	decide(arena, &request, &decision);
	return decision;
}

static void check_attack(const struct attack *attack)
{
	struct scene scene = set_scene(attack);
	struct arena *arena = arena_new();
	const char *value = value_of(arena, attack);
	struct decision decision;

	if (pattern_match(&scene.own->pattern, value, strlen(value)) != PATTERN_LIMIT)
		fail_msg("%s: no limit was reached", attack->source);
	assert_string_equal(validate_value(arena, scene.own, value),
		"a value that its pattern can decide on within the limits");
	decision = ask(scene.fixture, arena, "--own", value);
	assert_int_equal(decision.verdict, VERDICT_DENY);
	assert_string_equal(reason_code(decision.reason), "invalid-value");
	assert_non_null(strstr(decision.detail, "within the limits"));
	decision = ask(scene.fixture, arena, "--granted", value);
	assert_int_equal(decision.verdict, VERDICT_DENY);
	assert_string_equal(reason_code(decision.reason), "value-not-allowed");
	assert_non_null(strstr(decision.detail, "took a pattern too long to match"));
	arena_free(arena);
	fixture_free(scene.fixture);
}

static void R4_catastrophic_patterns_are_refused_within_the_limits(void **state)
{
	(void)state;
	assert_true(ATTACKS >= 30);
	for (size_t i = 0; i < ATTACKS; i++)
		check_attack(&attacks[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(R4_catastrophic_patterns_are_refused_within_the_limits),
	};

	return cmocka_run_group_tests_name("catastrophic", tests, NULL, NULL);
}
