/* Decisions on functions: inputs, conditions, bytes, the rule as a text, calls of the gateway. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policy-fixture.h"
#include "policy/validate.h"
#include "random.h"

struct scene {
	struct fixture *fixture;
	struct arena *arena; /* of the requests */
	struct endpoint *jea, *single;
	struct command *deploy, *hidden, *plain;
};

static struct command *add_function(struct fixture *fixture, const char *name)
{
	struct command *command = fixture_command(fixture, name, name, NULL);
	struct function *function = arena_alloc(fixture->arena, sizeof(*function));

	function->command = command;
	command->function = function;
	return command;
}

static struct strings list(struct fixture *fixture, const char *values)
{
	return fixture_split(fixture->arena, values, ",");
}

static void show_if(struct fixture *fixture, struct parameter *parameter,
	const struct parameter *other, const char *values)
{
	parameter->show_if = other;
	parameter->show_values = list(fixture, values);
}

/* mode decides on force and reason, force on window. */
static void add_deploy(struct scene *scene, struct fixture *fixture)
{
	struct command *deploy = add_function(fixture, "web deploy");
	struct parameter *mode = fixture_parameter(fixture, deploy, "mode", PARAMETER_CHOICE);
	struct parameter *force = fixture_parameter(fixture, deploy, "force", PARAMETER_BOOLEAN);
	struct parameter *reason = fixture_parameter(fixture, deploy, "reason", PARAMETER_TEXT);
	struct parameter *window = fixture_parameter(fixture, deploy, "window", PARAMETER_DATE);
	struct parameter *host = fixture_parameter(fixture, deploy, "host @1", PARAMETER_CHOICE);
	struct parameter *loud = fixture_parameter(fixture, deploy, "loud", PARAMETER_FLAG);
	struct parameter *sound = fixture_parameter(fixture, deploy, "sound", PARAMETER_STRING);
	struct parameter *key = fixture_parameter(fixture, deploy, "key -k", PARAMETER_STRING);

	mode->choices = list(fixture, "soft,hard,none");
	mode->default_value = "soft";
	force->default_value = "true";
	show_if(fixture, force, mode, "hard,none");
	reason->validate = validator_find("none");
	reason->required = true;
	show_if(fixture, reason, mode, "hard");
	show_if(fixture, window, force, "false");
	host->choices_from = deploy;
	show_if(fixture, sound, loud, "true");
	key->secret = true;
	scene->deploy = deploy;
	fixture_grants(fixture, deploy,
		"ops: *; strict: mode={soft} host; half: mode={hard}; "
		"other: reason force");
}

static int set_up(void **state)
{
	struct fixture *fixture = fixture_new("ops,strict,half,other,empty");
	struct scene *scene = arena_alloc(fixture->arena, sizeof(*scene));

	scene->fixture = fixture;
	scene->arena = arena_new();
	add_deploy(scene, fixture);
	scene->hidden = add_function(fixture, "hidden");
	fixture_parameter(fixture, scene->hidden, "note", PARAMETER_TEXT)->validate =
		validator_find("none");
	scene->plain = fixture_command(fixture, "plain", "/usr/bin/plain", NULL);
	fixture_parameter(fixture, scene->plain, "unit @1", PARAMETER_STRING)->required = true;
	fixture_grants(fixture, scene->plain, "ops: *");
	scene->jea = fixture_endpoint(fixture, "operations");
	scene->jea->run_as = "svc-ops";
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

static const char *value_of(const struct decision *decision, const char *name)
{
	const struct parameters *inputs = &decision->command->parameters;

	for (size_t i = 0; i < inputs->count; i++)
		if (strcmp(inputs->items[i].name, name) == 0)
			return decision->inputs.items[i].count > 0
				       ? decision->inputs.items[i].values[0].text
				       : "-";
	fail_msg("no input %s", name);
	return NULL;
}

/* "mode=soft force=-", of all inputs that are asked for. */
static const char *values(struct scene *scene, const struct decision *decision, const char *names)
{
	struct strings wanted = fixture_split(scene->arena, names, " "), parts = {0};

	if (decision->verdict != VERDICT_ALLOW)
		return arena_printf(
			scene->arena, "%s: %s", reason_code(decision->reason), decision->detail);
	for (size_t i = 0; i < wanted.count; i++)
		strings_add(scene->arena, &parts,
			arena_printf(scene->arena, "%s=%s", wanted.items[i],
				value_of(decision, wanted.items[i])));
	return strings_join(scene->arena, &parts, " ");
}

/* What each call comes to: the values, or the refusal. */
static void inputs_are_there_while_their_condition_holds(void **state)
{
	static const struct {
		const char *words, *result;
	} rows[] = {
		{"web|deploy", "mode=soft force=- reason=- window=- sound=-"},
		{"web|deploy|--mode|none", "mode=none force=true reason=- window=- sound=-"},
		{"web|deploy|--mode=hard|--reason=x",
			"mode=hard force=true reason=x window=- sound=-"},
		{"web|deploy|--mode|none|--force|false|--window|2026-02-28",
			"mode=none force=false reason=- window=2026-02-28 sound=-"},
		{"web|deploy|--loud|--sound|bell",
			"mode=soft force=- reason=- window=- sound=bell"},
		{"web|deploy|--mode|hard", "missing-parameter: --reason is missing"},
		{"web|deploy|--reason|x",
			"parameter-not-allowed: --reason is only there while --mode is \"hard\""},
		{"web|deploy|--mode|none|--reason|x",
			"parameter-not-allowed: --reason is only there while --mode is \"hard\""},
		{"web|deploy|--force|true",
			"parameter-not-allowed: --force is only there while --mode is \"hard\" or "
			"\"none\""},
		{"web|deploy|--sound|bell",
			"parameter-not-allowed: --sound is only there while --loud is \"true\""},
		/* force is true unless it is said: window depends on it */
		{"web|deploy|--mode|none|--window|2026-02-28",
			"parameter-not-allowed: --window is only there while --force is "
			"\"false\""},
		/* force is hidden itself, whatever its default */
		{"web|deploy|--window|2026-02-28",
			"parameter-not-allowed: --window is only there while --force is "
			"\"false\""},
		{"web|deploy|--mode|none|--force|false|--window|2026-02-30",
			"invalid-value: --window: \"2026-02-30\" is refused; expected a date, such "
			"as 2026-01-31"},
		{"web|deploy|--mode|none|--force|yes",
			"invalid-value: --force: \"yes\" is refused; expected true or false"},
		{"web|deploy|--mode|none|--force|TRUE",
			"invalid-value: --force: \"TRUE\" is refused; expected true or false"},
		{"web|deploy|--mode|firm",
			"invalid-value: --mode: \"firm\" is refused; expected one of: soft, hard, "
			"none"},
		{"web|deploy|--Mode|hard", "parameter-not-allowed: parameter \"--Mode\" is not "
					   "allowed"},
	};
	struct scene *scene = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct decision decision = ask(scene, "ops", rows[i].words);

		assert_string_equal(
			values(scene, &decision, "mode force reason window sound"), rows[i].result);
	}
}

static void a_hidden_input_is_named_with_its_word(void **state)
{
	struct decision decision = ask(*state, "ops", "web|deploy|--loud|--reason|x");

	assert_int_equal(decision.reason, REASON_PARAMETER_NOT_ALLOWED);
	assert_int_equal(decision.word, 4);
	assert_string_equal(decision.parameter->name, "reason");
	assert_ptr_equal(decision.command, ((struct scene *)*state)->deploy);
}

/* A flag that is on by default shows what waits for it, and one that is off what waits for that. */
static void the_default_of_a_flag_counts(void **state)
{
	struct scene *scene = *state;
	struct parameter *loud = &scene->deploy->parameters.items[5];
	struct parameter *sound = &scene->deploy->parameters.items[6];
	struct decision decision;

	loud->default_value = "true";
	decision = ask(scene, "ops", "web|deploy|--sound|x");
	assert_string_equal(values(scene, &decision, "sound"), "sound=x");
	loud->default_value = NULL;
	sound->show_values.items[0] = "false";
	decision = ask(scene, "ops", "web|deploy|--sound|x");
	assert_string_equal(values(scene, &decision, "sound"), "sound=x");
	decision = ask(scene, "ops", "web|deploy|--loud|--sound|x");
	assert_int_equal(decision.reason, REASON_PARAMETER_NOT_ALLOWED);
}

/* Its condition would hold by the default of an input that is not there itself. */
static void the_default_of_a_hidden_input_does_not_count(void **state)
{
	struct scene *scene = *state;
	struct decision decision;

	scene->deploy->parameters.items[1].default_value = "false";
	decision = ask(scene, "ops", "web|deploy|--window|2026-02-28");
	assert_int_equal(decision.reason, REASON_PARAMETER_NOT_ALLOWED);
	decision = ask(scene, "ops", "web|deploy|--mode|none|--window|2026-02-28");
	assert_string_equal(
		values(scene, &decision, "force window"), "force=false window=2026-02-28");
}

/* What another function prints is asked for later; what every value must be is not. */
static void computed_choices_are_taken_as_they_come(void **state)
{
	struct scene *scene = *state;
	struct decision decision = ask(scene, "ops", "web|deploy|web1.example.org");

	assert_string_equal(values(scene, &decision, "host"), "host=web1.example.org");
	decision = ask(scene, "ops", "web|deploy|--|-x");
	assert_int_equal(decision.reason, REASON_INVALID_VALUE);
}

static void the_shown_form_is_canonical_and_has_no_secret(void **state)
{
	static const char *const calls[] = {
		"web|deploy|-k|hunter2|web1|--mode=soft|--loud",
		"web|deploy|--loud|--mode|soft|-khunter2|web1",
		"web|deploy|web1|-k|hunter2|--loud",
	};
	struct scene *scene = *state;

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		struct decision decision = ask(scene, "ops", calls[i]);

		assert_int_equal(decision.verdict, VERDICT_ALLOW);
		assert_string_equal(strings_join(scene->arena, &decision.shown, "|"),
			"web|deploy|--mode=soft|--loud|-k<secret>|--|web1");
		assert_int_equal(decision.argv.count, 1);
		assert_string_equal(decision.argv.items[0], "web deploy");
		assert_string_equal(value_of(&decision, "key"), "hunter2");
	}
}

static struct decision decide_words(struct scene *scene, const struct endpoint *endpoint,
	const char *roles, const char *const *words, size_t count, const struct command *ungranted)
{
	struct role_set set = fixture_roles(scene->fixture, roles);
	struct decision_request request = {
		.policy = scene->fixture->policy,
		.endpoint = endpoint,
		.roles = &set,
		.words = words,
		.count = count,
		.ungranted = ungranted,
	};
	struct decision decision;

	memset(&decision, 0xff, sizeof(decision));
	decide(scene->arena, &request, &decision);
	return decision;
}

/* An input of a type that takes `good`; a text takes line ends and tabs too. */
static void check_bytes_of(struct scene *scene, enum parameter_type type, bool joined)
{
	struct command *command = scene->deploy;
	struct parameter *input = &command->parameters.items[6];

	input->show_if = NULL;
	input->type = type;
	input->choices_from = type == PARAMETER_CHOICE ? command : NULL;
	input->validate =
		type == PARAMETER_STRING || type == PARAMETER_TEXT ? validator_find("none") : NULL;
	for (unsigned byte = 1; byte < 256; byte++) {
		char value[] = {'a', (char)byte, 'b', '\0'}, word[16] = "--sound=";
		const char *const apart[] = {"web", "deploy", "--sound", value};
		const char *const as_one[] = {"web", "deploy", strcat(word, value)};
		struct decision decision = decide_words(
			scene, scene->jea, "ops", joined ? as_one : apart, joined ? 3 : 4, NULL);
		bool plain = byte >= 0x20 && byte < 0x7f, layout = byte == '\n' || byte == '\t';
		bool free = type == PARAMETER_STRING || type == PARAMETER_TEXT ||
			    type == PARAMETER_CHOICE;
		enum reason expected = REASON_INVALID_VALUE;

		if (!plain && !(layout && type == PARAMETER_TEXT))
			expected = REASON_SYNTAX;
		else if (free)
			expected = REASON_PERMITTED;
		if (decision.reason != expected)
			fail_msg("type %s, byte %02x: %s", parameter_type_name(type), byte,
				reason_code(decision.reason));
		if (expected == REASON_PERMITTED)
			assert_string_equal(value_of(&decision, "sound"), value);
	}
}

static void R2_every_byte_in_every_kind_of_input(void **state)
{
	for (enum parameter_type type = PARAMETER_STRING; type <= PARAMETER_TEXT; type++)
		if (type != PARAMETER_FLAG) {
			check_bytes_of(*state, type, false);
			check_bytes_of(*state, type, true);
		}
}

/* "-lt" and the text, in one word. */
static void a_text_may_stand_behind_flags(void **state)
{
	struct scene *scene = *state;
	struct command *command = scene->deploy;
	struct parameter *loud = &command->parameters.items[5],
			 *key = &command->parameters.items[7];
	const char *const words[] = {"web", "deploy", "-lka\nb"};
	struct decision decision;

	strings_add(scene->fixture->arena, &loud->options, "-l");
	decision = decide_words(scene, scene->jea, "ops", words, 3, NULL);
	assert_int_equal(decision.reason, REASON_SYNTAX);
	key->type = PARAMETER_TEXT;
	decision = decide_words(scene, scene->jea, "ops", words, 3, NULL);
	assert_int_equal(decision.reason, REASON_PERMITTED);
	assert_string_equal(value_of(&decision, "key"), "a\nb");
}

/* C1, line and paragraph separators, overlong and broken UTF-8 are no layout. */
static void R2_text_takes_no_other_control_character(void **state)
{
	static const char *const values[] = {"\r\n", "\v", "\f", "\x1b[2J", "\xc2\x85", "\xc2\x9b",
		"\u2028", "\u2029", "\x7f", "\xc0\x8a", "\xe0\x80\x8a", "a\xff", "\xed\xa0\x80"};
	struct scene *scene = *state;

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		const char *const words[] = {
			"web", "deploy", "--mode", "hard", "--reason", values[i]};
		struct decision decision = decide_words(scene, scene->jea, "ops", words, 6, NULL);

		assert_int_equal(decision.reason, REASON_SYNTAX);
		assert_int_equal(decision.word, 5);
	}
}

/* The name, an option, an operand, the value of another input; and then in a text too. */
static void R2_layout_stands_in_texts_alone(void **state)
{
	static const struct {
		const char *words;
		size_t word;
	} rows[] = {
		{"web\n|deploy", 0},
		{"web|deploy\t", 1},
		{"web deploy\n", 0},
		{"web|deploy|--mo\nde|hard", 2},
		{"web|deploy|ho\nst", 2},
		{"web|deploy|--mode|hard|--reason|a\nb|ho\tst", 6},
		{"web|deploy|--mode|ha\nrd|--reason|a\nb", 3},
		{"web|deploy|--mode|hard|--reason|a\nb|-k|x\ny", 7},
		{"web|deploy|--mode|hard|--reason|a|-kx\ny", 6},
		{"web|deploy|-k\n", 2},
		{"plain|a\nb", 1},
		{"unknown|a\nb", 1},
		{"hidden|--note|a\nb", 2},
	};
	struct scene *scene = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct decision decision = ask(scene, "ops", rows[i].words);

		if (decision.reason == REASON_PARAMETER_NOT_ALLOWED &&
			decision.word == rows[i].word)
			continue; /* the option itself is none */
		if (decision.reason != REASON_SYNTAX || decision.word != rows[i].word)
			fail_msg("%s: %s, word %zu", rows[i].words, reason_code(decision.reason),
				decision.word);
		assert_string_equal(decision.detail,
			arena_printf(scene->arena,
				"word %zu holds a control character or is not UTF-8",
				rows[i].word + 1));
	}
}

/* A function of others, one that nobody has, and a name that nothing has. */
static void R24_a_line_end_tells_nothing_of_what_others_have(void **state)
{
	static const char *const functions[] = {"hidden", "absent"};
	static const char *const roles[] = {"ops", "empty"};
	struct scene *scene = *state;

	for (size_t r = 0; r < 2; r++) {
		const char *first = NULL;

		for (size_t i = 0; i < 2; i++) {
			const char *const words[] = {functions[i], "--note", "a\nb"};
			struct decision decision =
				decide_words(scene, scene->jea, roles[r], words, 3, NULL);
			const char *text = arena_printf(scene->arena, "%s %zu %s",
				reason_code(decision.reason), decision.word, decision.detail);

			assert_null(decision.command);
			if (first == NULL)
				first = text;
			assert_string_equal(text, first);
		}
	}
}

static void lines_of_a_text_are_validated_one_by_one(void **state)
{
	struct scene *scene = *state;
	struct parameter text = {.name = "t", .type = PARAMETER_TEXT, .max_length = 4096};
	struct pattern pattern;
	size_t offset;

	text.validate = validator_find("printable-text");
	assert_null(validate_value(scene->arena, &text, "one\n\n\ttwo"));
	assert_null(validate_value(scene->arena, &text, ""));
	assert_null(validate_value(scene->arena, &text, "\n"));
	assert_non_null(validate_value(scene->arena, &text, "one\ntw\u202eo"));
	text.validate = NULL;
	text.has_pattern = true;
	assert_null(pattern_compile(scene->arena, "([a-z]+\\n)+", &text.pattern, &offset));
	assert_null(validate_value(scene->arena, &text, "one\ntwo\n"));
	assert_non_null(validate_value(scene->arena, &text, "one\ntwo"));
	assert_non_null(validate_value(scene->arena, &text, "one\n2\n"));
	assert_null(pattern_compile(scene->arena, "(?s).*", &text.pattern, &offset));
	assert_null(validate_value(scene->arena, &text, "one\n\ttwo"));
	assert_string_equal(validate_value(scene->arena, &text, "one\r\n"),
		"text without control characters but line ends and tabs");
	assert_null(pattern_compile(scene->arena, "([a-z]+\n)+", &text.pattern, &offset));
	text.max_length = 4;
	assert_string_equal(validate_value(scene->arena, &text, "one\ntwo\n"), "at most 4 bytes");
	assert_null(pattern_compile(scene->arena, "x", &pattern, &offset));
}

static void R4_a_validator_of_the_configuration_has_limits(void **state)
{
	struct scene *scene = *state;
	struct pattern pattern;
	const struct validator validator = {
		.name = "own", .expected = "letters", .pattern = &pattern};
	struct parameter input = {.name = "t", .validate = &validator, .max_length = 4096};
	size_t offset;

	assert_null(pattern_compile(scene->arena, "(a+)+", &pattern, &offset));
	assert_null(validate_value(scene->arena, &input, "aaa"));
	assert_string_equal(validate_value(scene->arena, &input, "aaab"), "letters");
	assert_non_null(strstr(validate_value(scene->arena, &input,
				       "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"),
		"within the limits"));
}

/* What the gateway calls itself: no grant is needed, and everything else holds. */
static void a_call_of_the_gateway_needs_no_grant(void **state)
{
	const char *const words[] = {"hidden", "--note", "a\nb"};
	struct scene *scene = *state;
	struct decision decision =
		decide_words(scene, scene->jea, "empty", words, 3, scene->hidden);

	assert_int_equal(decision.verdict, VERDICT_ALLOW);
	assert_ptr_equal(decision.command, scene->hidden);
	assert_string_equal(value_of(&decision, "note"), "a\nb");
	assert_int_equal(decision.source_count, 0);
	assert_int_equal(decision.roles.count, 0);
	assert_string_equal(decision.run_as, "svc-ops");
	/* Nobody's role at all, and an endpoint where one role must grant everything. */
	decision = decide_words(scene, scene->single, "", words, 3, scene->hidden);
	assert_int_equal(decision.verdict, VERDICT_ALLOW);
	decision = decide_words(scene, scene->jea, "ops", words, 3, NULL);
	assert_int_equal(decision.verdict, VERDICT_DENY);
}

static void a_call_of_the_gateway_is_checked_all_the_same(void **state)
{
	static const struct {
		const char *words;
		enum reason reason;
	} rows[] = {
		{"hidden|--note|\x1b", REASON_SYNTAX},
		{"hidden|--what|x", REASON_PARAMETER_NOT_ALLOWED},
		{"hidden|operand", REASON_PARAMETER_NOT_ALLOWED},
		{"hidden|--note", REASON_MISSING_PARAMETER},
		{"plain|x", REASON_NOT_PERMITTED},
		{"web|deploy", REASON_NOT_PERMITTED},
		{"hid|--note|x", REASON_NOT_PERMITTED},
	};
	struct scene *scene = *state;
	const char *const none[] = {""};
	struct decision decision;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct strings words = fixture_split(scene->arena, rows[i].words, "|");

		decision = decide_words(
			scene, scene->jea, "ops", words.items, words.count, scene->hidden);
		assert_string_equal(reason_code(decision.reason), reason_code(rows[i].reason));
		assert_int_equal(decision.verdict, VERDICT_DENY);
	}
	decision = decide_words(scene, scene->jea, "ops", none, 0, scene->hidden);
	assert_int_equal(decision.reason, REASON_SYNTAX);
	scene->hidden->enabled = false;
	decision =
		decide_words(scene, scene->jea, "ops", &(const char *){"hidden"}, 1, scene->hidden);
	assert_int_equal(decision.reason, REASON_DISABLED);
}

/* A value outside a role's set may be what was approved. */
static void a_call_of_the_gateway_is_bound_by_no_role(void **state)
{
	const char *const words[] = {"web", "deploy", "--mode", "none"};
	struct scene *scene = *state;
	struct decision decision = decide_words(scene, scene->jea, "strict", words, 4, NULL);

	assert_int_equal(decision.reason, REASON_VALUE_NOT_ALLOWED);
	decision = decide_words(scene, scene->jea, "strict", words, 4, scene->deploy);
	assert_int_equal(decision.verdict, VERDICT_ALLOW);
	assert_int_equal(decision.source_count, 0);
}

/* The roles' sets hold for functions, and a single role must grant the whole call. */
static void roles_restrict_functions_as_they_do_commands(void **state)
{
	const char *const words[] = {"web", "deploy", "--mode", "hard", "--reason", "x"};
	struct scene *scene = *state;
	struct decision decision = decide_words(scene, scene->jea, "half,other", words, 6, NULL);

	assert_string_equal(values(scene, &decision, "mode reason"), "mode=hard reason=x");
	assert_int_equal(decision.roles.count, 2);
	decision = decide_words(scene, scene->single, "half,other", words, 6, NULL);
	assert_int_equal(decision.verdict, VERDICT_DENY);
	decision = decide_words(scene, scene->single, "half,other,ops", words, 6, NULL);
	assert_int_equal(decision.verdict, VERDICT_ALLOW);
	assert_int_equal(decision.roles.count, 1);
	assert_string_equal(decision.roles.items[0], "ops");
	decision = decide_words(scene, scene->jea, "strict", words, 4, NULL);
	assert_int_equal(decision.reason, REASON_VALUE_NOT_ALLOWED);
}

/*
 * Random rules. Each field is set or not by a bit, so that two rules are equal when their bits
 * are; names and values are chosen to be taken for each other by careless joining.
 */
enum { RULE_BITS = 26, RULES = 3000 };

static void write_rule(struct fixture *fixture, struct parameter *input,
	const struct parameter *other, const struct command *from, uint32_t bits)
{
	struct pattern *pattern = arena_alloc(fixture->arena, sizeof(*pattern));
	size_t offset;

	*input = (struct parameter){
		.name = bits & 1 ? "a" : "a required",
		.type = (enum parameter_type)(bits >> 1 & 7),
		.required = bits & 1 << 4,
		.secret = bits & 1 << 5,
		.repeat = bits & 1 << 6 ? 2 : 1,
		.leading_dash = bits & 1 << 7,
		.has_minimum = bits & 1 << 8,
		.has_maximum = bits & 1 << 9,
		.max_length = bits & 1 << 10 ? 5 : 4096,
		.position = bits & 1 << 11 ? 1 : 0,
		.default_value = bits & 1 << 12 ? (bits & 1 << 13 ? "x" : "x\" secret") : NULL,
		.choices = bits & 1 << 14 ? list(fixture, bits & 1 << 15 ? "a,b" : "a\",\"b")
					  : (struct strings){0},
		.under = bits & 1 << 16 ? list(fixture, "/a") : (struct strings){0},
		.has_pattern = bits & 1 << 17,
		.validate = bits & 1 << 18 ? validator_find("none") : NULL,
		.show_if = bits & 1 << 19 ? other : NULL,
		.show_values = bits & 1 << 19
				       ? list(fixture, bits & 1 << 20 ? "x" : "x\nname=\"b\"")
				       : (struct strings){0},
		.choices_from = bits & 1 << 21 ? from : NULL,
		.minimum = bits & 1 << 22 ? -1 : 1,
		.options = bits & 1 << 23 ? list(fixture, "-x,--y") : (struct strings){0},
		.common = bits & 1 << 24,
	};
	assert_null(pattern_compile(
		fixture->arena, bits & 1 << 25 ? "a\\.b" : "a\\\\.b", pattern, &offset));
	input->pattern = *pattern;
}

/* What bits say nothing of a rule, as the field that they belong to is not there. */
static uint32_t meaning(uint32_t bits)
{
	if (!(bits & 1 << 12))
		bits &= ~(1U << 13);
	if (!(bits & 1 << 14))
		bits &= ~(1U << 15);
	if (!(bits & 1 << 19))
		bits &= ~(1U << 20);
	if (!(bits & 1 << 8))
		bits &= ~(1U << 22);
	if (!(bits & 1 << 17))
		bits &= ~(1U << 25);
	return bits & ((1U << RULE_BITS) - 1);
}

struct seen {
	uint32_t bits;
};

static void different_rules_give_different_texts(void **state)
{
	struct scene *scene = *state;
	struct command *command = add_function(scene->fixture, "rules");
	const struct parameter *other =
		fixture_parameter(scene->fixture, command, "b", PARAMETER_STRING);
	struct parameter *input = fixture_parameter(scene->fixture, command, "a", PARAMETER_STRING);
	struct table texts = {0};
	uint64_t seed = 20261128;

	for (size_t i = 0; i < RULES; i++) {
		/* Neighbours too: one bit more or less. */
		uint32_t bits = (uint32_t)random_next(&seed);
		struct seen *mine = arena_alloc(scene->arena, sizeof(*mine)), *before;
		const char *text;

		if (i % 2 == 1)
			bits = 0x00aa5540U ^ 1U << i / 2 % (RULE_BITS + 1);
		mine->bits = meaning(bits);
		write_rule(scene->fixture, input, other, scene->hidden, bits);
		text = function_rule(scene->arena, command);
		before = table_put(scene->arena, &texts, text, mine);
		if (before != NULL && before->bits != mine->bits)
			fail_msg("%06x and %06x: %s", before->bits, mine->bits, text);
		write_rule(scene->fixture, input, other, scene->hidden, mine->bits);
		assert_string_equal(function_rule(scene->arena, command), text);
	}
	assert_true(texts.count > RULES / 3);
}

static void no_value_reads_as_the_rest_of_a_rule(void **state)
{
	struct scene *scene = *state;
	struct command *left = add_function(scene->fixture, "left");
	struct command *right = add_function(scene->fixture, "right");
	struct parameter *one = fixture_parameter(scene->fixture, left, "a", PARAMETER_STRING);
	struct parameter *two = fixture_parameter(scene->fixture, right, "a", PARAMETER_STRING);
	size_t offset;

	one->has_pattern = two->has_pattern = true;
	one->choices_from = scene->hidden;
	assert_null(pattern_compile(scene->arena, "x", &one->pattern, &offset));
	assert_null(
		pattern_compile(scene->arena, "x\" choices_from=\"hidden", &two->pattern, &offset));
	assert_string_not_equal(
		function_rule(scene->arena, left), function_rule(scene->arena, right));
	one->choices_from = NULL;
	two->pattern = one->pattern;
	one->default_value = "a\nb";
	two->default_value = "a\\x0ab";
	assert_string_not_equal(
		function_rule(scene->arena, left), function_rule(scene->arena, right));
}

/* The order of inputs, choices and options in the file is none of the rule, nor are words. */
static void equal_rules_give_equal_texts(void **state)
{
	struct scene *scene = *state;
	struct command *left = add_function(scene->fixture, "left");
	struct command *right = add_function(scene->fixture, "right");
	struct parameter *input;
	const char *text;

	input = fixture_parameter(scene->fixture, left, "a -a --all", PARAMETER_CHOICE);
	input->choices = list(scene->fixture, "x,y,z");
	fixture_parameter(scene->fixture, left, "b", PARAMETER_DATE)->description = "one";
	fixture_parameter(scene->fixture, right, "b", PARAMETER_DATE)->message = "two";
	input = fixture_parameter(scene->fixture, right, "a --all -a", PARAMETER_CHOICE);
	input->choices = list(scene->fixture, "z,x,y");
	text = function_rule(scene->arena, left);
	assert_string_equal(text, function_rule(scene->arena, right));
	assert_string_equal(text, "name=\"a\" type=choice options=2[\"--all\",\"-a\"] position=0 "
				  "choices=3[\"x\",\"y\",\"z\"] max_length=4096 repeat=1\n"
				  "name=\"b\" type=date position=0 max_length=4096 repeat=1\n");
	assert_string_equal(function_rule(scene->arena, add_function(scene->fixture, "none")), "");
}

/* Two validators of one name, in two configurations, are two rules. */
static void a_rule_has_the_pattern_of_its_validator(void **state)
{
	struct scene *scene = *state;
	struct command *command = add_function(scene->fixture, "rules");
	struct pattern one, two;
	struct validator first = {.name = "t", .pattern = &one},
			 second = {.name = "t", .pattern = &two};
	struct parameter *input = fixture_parameter(scene->fixture, command, "a", PARAMETER_STRING);
	const char *text;
	size_t offset;

	assert_null(pattern_compile(scene->arena, "a", &one, &offset));
	assert_null(pattern_compile(scene->arena, "b", &two, &offset));
	input->validate = &first;
	text = function_rule(scene->arena, command);
	input->validate = &second;
	assert_string_not_equal(text, function_rule(scene->arena, command));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(inputs_are_there_while_their_condition_holds),
		TEST(a_hidden_input_is_named_with_its_word),
		TEST(the_default_of_a_flag_counts),
		TEST(the_default_of_a_hidden_input_does_not_count),
		TEST(computed_choices_are_taken_as_they_come),
		TEST(the_shown_form_is_canonical_and_has_no_secret),
		TEST(R2_every_byte_in_every_kind_of_input),
		TEST(a_text_may_stand_behind_flags),
		TEST(R2_text_takes_no_other_control_character),
		TEST(R2_layout_stands_in_texts_alone),
		TEST(R24_a_line_end_tells_nothing_of_what_others_have),
		TEST(lines_of_a_text_are_validated_one_by_one),
		TEST(R4_a_validator_of_the_configuration_has_limits),
		TEST(a_call_of_the_gateway_needs_no_grant),
		TEST(a_call_of_the_gateway_is_checked_all_the_same),
		TEST(a_call_of_the_gateway_is_bound_by_no_role),
		TEST(roles_restrict_functions_as_they_do_commands),
		TEST(different_rules_give_different_texts),
		TEST(no_value_reads_as_the_rest_of_a_rule),
		TEST(equal_rules_give_equal_texts),
		TEST(a_rule_has_the_pattern_of_its_validator),
	};

	return cmocka_run_group_tests_name("inputs", tests, NULL, NULL);
}
