/* Words to values to argv: R1, R3, R24 and R39. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/strings.h"
#include "policy/arguments.h"
#include "policy/validate.h"
#include "random.h"
#include "sample.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static int arena_set_up(void **state)
{
	*state = arena_new();
	return 0;
}

static int arena_tear_down(void **state)
{
	arena_free(*state);
	return 0;
}

/* Everything that the words go through. 0 and argv, or -1 and the refusal. */
static int run(struct arena *arena, const struct command *command, const bool *allowed,
	const struct strings *words, struct strings *argv, struct strings *shown,
	struct refusal *refusal)
{
	struct arguments arguments;

	if (arguments_parse(
		    arena, command, allowed, words->items, words->count, &arguments, refusal) < 0 ||
		arguments_validate(arena, command, &arguments, refusal) < 0)
		return -1;
	assert_int_equal(refusal->reason, REASON_PERMITTED);
	arguments_build(arena, command, &arguments, argv, shown);
	return 0;
}

/* A list of words as it is written in a table: NULL at the end. */
static struct strings list(struct arena *arena, const char *const *words)
{
	struct strings strings = {0};

	for (; *words != NULL; words++)
		strings_add(arena, &strings, *words);
	return strings;
}

/* `expected` is what stands behind "/usr/bin/deploy --batch", with " | " between the words. */
static void assert_argv(struct arena *arena, const struct command *command,
	const char *const *given, const char *expected)
{
	struct strings words = list(arena, given), argv, shown;
	struct refusal refusal;
	char *joined;

	if (run(arena, command, NULL, &words, &argv, &shown, &refusal) < 0)
		fail_msg("%s: %s", strings_join(arena, &words, " | "), refusal.detail);
	joined = strings_join(arena, &argv, " | ");
	assert_string_equal(joined, arena_printf(arena, "/usr/bin/deploy | --batch%s%s",
					    expected[0] ? " | " : "", expected));
}

static struct refusal assert_refused(struct arena *arena, const struct command *command,
	const bool *allowed, const char *const *given, enum reason reason, size_t word)
{
	struct strings words = list(arena, given), argv, shown;
	struct refusal refusal;

	if (run(arena, command, allowed, &words, &argv, &shown, &refusal) == 0)
		fail_msg("accepted: %s", strings_join(arena, &words, " | "));
	if (refusal.reason != reason || refusal.word != word)
		fail_msg("%s: %s at %zu: %s", strings_join(arena, &words, " | "),
			reason_code(refusal.reason), refusal.word, refusal.detail);
	return refusal;
}

/* The sample without its default, so that argv is what was given. */
static struct command *plain_command(struct arena *arena, unsigned variant)
{
	struct command *command = sample_command(arena, variant);

	command->parameters.items[SAMPLE_MODE].default_value = NULL;
	return command;
}

static void R1_argv_is_rebuilt_in_one_form(void **state)
{
	static const struct {
		const char *words[10], *argv;
	} cases[] = {
		{{NULL}, ""},
		{{"-n", "5"}, "--lines=5"},
		{{"-n5"}, "--lines=5"},
		{{"--lines", "5"}, "--lines=5"},
		{{"--lines=5"}, "--lines=5"},
		{{"-f"}, "--follow"},
		{{"--follow"}, "--follow"},
		{{"-fa"}, "--follow | -a"},
		{{"-af"}, "--follow | -a"},
		{{"-fff"}, "--follow | --follow | --follow"},
		{{"-fan5"}, "--lines=5 | --follow | -a"},
		{{"-fan", "5"}, "--lines=5 | --follow | -a"},
		{{"-a", "-n", "5", "-f"}, "--lines=5 | --follow | -a"},
		{{"-pxyz"}, "-pxyz"},
		{{"-p", "xyz"}, "-pxyz"},
		{{"-p", ""}, "-p | "}, /* "-p" alone would take the next word */
		{{"-p=x"}, "-p | =x"}, /* some parsers would take the "=" away */
		{{"-pf"}, "-pf"},
		{{"-p", "x", "-f"}, "--follow | -px"},
		{{"--label", "x"}, "--label=x"},
		{{"--label="}, "--label="},
		{{"--label=a=b"}, "--label=a=b"},
		{{"--label", "a b"}, "--label=a b"},
		{{"--mode", "slow and safe"}, "--mode=slow and safe"},
		{{"--priority", "-20"}, "--priority=-20"},
		{{"--priority=-20"}, "--priority=-20"},
		{{"-r", "--"}, "-r--"},
		{{"-r", "-f"}, "-r-f"},
		{{"-r-f"}, "-r-f"},
		{{"-ua.service", "--unit", "b.service"}, "--unit=a.service | --unit=b.service"},
		{{"one"}, "--both=one"},
		{{"--both", "one"}, "--both=one"},
		{{"--both=one", "/srv/data/x"}, "--both=one | -- | /srv/data/x"},
		{{"/srv/data/x", "--both=one"}, "--both=one | -- | /srv/data/x"},
		{{"one", "/srv/data/x"}, "--both=one | -- | /srv/data/x"},
		{{"one", "/srv/data/x", "a", "b", "c", "d"},
			"--both=one | -- | /srv/data/x | a | b | c | d"},
		{{"one", "--", "/srv/data/x", "a"}, "--both=one | -- | /srv/data/x | a"},
		{{"one", "-f", "/srv/data/x", "-n5", "a"},
			"--lines=5 | --follow | --both=one | -- | /srv/data/x | a"},
		{{"--", "one"}, "--both=one"},
		{{"--"}, ""},
		{{"one", "/srv/data/x", "", "a b"}, "--both=one | -- | /srv/data/x |  | a b"},
	};
	struct command *command = plain_command(*state, 0);

	for (size_t i = 0; i < COUNT(cases); i++)
		assert_argv(*state, command, cases[i].words, cases[i].argv);
}

static void R1_argv_is_rebuilt_with_separate_values(void **state)
{
	static const struct {
		const char *words[10], *argv;
	} cases[] = {
		{{"--lines=5"}, "-n | 5"},
		{{"-n5", "-f"}, "-n | 5 | -f"},
		{{"-pxyz"}, "-p | xyz"},
		{{"-p", ""}, "-p | "},
		{{"--label=x"}, "--label | x"},
		{{"--mode=fast"}, "--mode | fast"},
		{{"--priority=-5"}, "--priority | -5"},
		{{"-r--"}, "-r | --"},
		{{"one", "/srv/data/x"}, "--both | one | -- | /srv/data/x"},
	};
	struct command *command = plain_command(*state, SAMPLE_SEPARATE);

	for (size_t i = 0; i < COUNT(cases); i++)
		assert_argv(*state, command, cases[i].words, cases[i].argv);
}

/* With "-name" declared, "-x" and "ame" … must not come out as a word that reads as another. */
static void R1_attached_values_never_spell_another_option(void **state)
{
	static const struct {
		const char *words[6], *argv;
	} cases[] = {
		{{"-name", "abc"}, "-x | abc"},
		{{"-x", "abc"}, "-x | abc"},
		{{"-xabc"}, "-x | abc"},
		{{"-pame"}, "-p | ame"},
		{{"-n", "5"}, "--lines=5"},
	};
	struct command *command = plain_command(*state, SAMPLE_WORDS);

	for (size_t i = 0; i < COUNT(cases); i++)
		assert_argv(*state, command, cases[i].words, cases[i].argv);
}

/* A word option that is its parameter's first spelling is always separate. */
static void word_options_are_written_separately(void **state)
{
	const char *words[] = {"-name", "abc", NULL};
	struct command *command = plain_command(*state, SAMPLE_WORDS);

	command->parameters.items[SAMPLE_WORD].options.items++;
	command->parameters.items[SAMPLE_WORD].options.count = 1;
	assert_argv(*state, command, words, "-name | abc");
}

static void without_end_of_options_there_are_no_dashes(void **state)
{
	const char *words[] = {"one", "/srv/data/x", NULL}, *dash[] = {"one", "--", "-x", NULL};
	struct command *command = plain_command(*state, SAMPLE_NO_DASHES);

	assert_argv(*state, command, words, "--both=one | /srv/data/x");
	assert_refused(*state, command, NULL, dash, REASON_INVALID_VALUE, 2);
}

static void refusals_name_the_word_and_the_reason(void **state)
{
	static const struct {
		const char *words[8];
		enum reason reason;
		size_t word;
	} cases[] = {
		{{"-z"}, REASON_PARAMETER_NOT_ALLOWED, 0},
		{{"-fz"}, REASON_PARAMETER_NOT_ALLOWED, 0},
		{{"-f", "-z"}, REASON_PARAMETER_NOT_ALLOWED, 1},
		{{"--zzz"}, REASON_PARAMETER_NOT_ALLOWED, 0},
		{{"--zzz=1"}, REASON_PARAMETER_NOT_ALLOWED, 0},
		{{"--line=5"}, REASON_PARAMETER_NOT_ALLOWED, 0}, /* no abbreviations */
		{{"--line", "5"}, REASON_PARAMETER_NOT_ALLOWED, 0},
		{{"--linesx=5"}, REASON_PARAMETER_NOT_ALLOWED, 0},
		{{"--Lines=5"}, REASON_PARAMETER_NOT_ALLOWED, 0},
		{{"-lines=5"}, REASON_PARAMETER_NOT_ALLOWED, 0},
		{{"--n=5"}, REASON_PARAMETER_NOT_ALLOWED, 0},
		{{"--=5"}, REASON_PARAMETER_NOT_ALLOWED, 0},
		{{"---"}, REASON_PARAMETER_NOT_ALLOWED, 0},
		{{"--f"}, REASON_PARAMETER_NOT_ALLOWED, 0},
		{{"-\303\251"}, REASON_PARAMETER_NOT_ALLOWED, 0},
		{{"one", "/srv/data/x", "a", "b", "c", "d", "e"}, REASON_PARAMETER_NOT_ALLOWED, 6},
		{{"-n"}, REASON_MISSING_PARAMETER, 0},
		{{"--lines"}, REASON_MISSING_PARAMETER, 0},
		{{"-f", "-an"}, REASON_MISSING_PARAMETER, 1},
		{{"--follow=1"}, REASON_INVALID_VALUE, 0},
		{{"--follow="}, REASON_INVALID_VALUE, 0},
		{{"-ffff"}, REASON_INVALID_VALUE, 0},
		{{"-f", "-ff", "-f"}, REASON_INVALID_VALUE, 2},
		{{"-a", "-a"}, REASON_INVALID_VALUE, 1},
		{{"-n5", "-n", "6"}, REASON_INVALID_VALUE, 2},
		{{"-n", "-n"}, REASON_INVALID_VALUE, 1},
		{{"-n=5"}, REASON_INVALID_VALUE, 0},
		{{"-n0"}, REASON_INVALID_VALUE, 0},
		{{"--lines="}, REASON_INVALID_VALUE, 0},
		{{"--lines", "5 "}, REASON_INVALID_VALUE, 1},
		{{"--unit=nginx"}, REASON_INVALID_VALUE, 0},
		{{"--mode=slow"}, REASON_INVALID_VALUE, 0},
		{{"-xA"}, REASON_INVALID_VALUE, 0},
		{{"one", "x"}, REASON_INVALID_VALUE, 1},
		{{"-", "/srv/data/x"}, REASON_INVALID_VALUE, 0},
		{{"--label=a\nb"}, REASON_INVALID_VALUE, 0},
		{{"--label=\377"}, REASON_INVALID_VALUE, 0},
	};
	struct command *command = plain_command(*state, 0);

	for (size_t i = 0; i < COUNT(cases); i++)
		assert_refused(
			*state, command, NULL, cases[i].words, cases[i].reason, cases[i].word);
}

static void R39_option_injection_is_refused(void **state)
{
	static const char *const hostile[] = {"-oProxyCommand=id", "--checkpoint-action=exec=id",
		"--to-command=id", "-eid", "--rsh=id", "-S/bin/sh", "--use-compress-program=id",
		"-exec", "--upload-pack=id", "--config=core.pager=id", "-i", "--", "-",
		"--output=/etc/passwd", "-\303\251", "-1", "--help", "-V"};
	struct command *command = plain_command(*state, 0);

	for (size_t i = 0; i < COUNT(hostile); i++) {
		const char *const slots[][5] = {
			{"--both", hostile[i], NULL},
			{"-p", hostile[i], NULL},
			{"--unit", hostile[i], NULL},
			{"--label", hostile[i], NULL},
			{"--", hostile[i], NULL},
			{"one", "--", hostile[i], NULL},
			{"one", "/srv/data/x", "--", hostile[i], NULL},
		};
		static const size_t word[] = {1, 1, 1, 1, 1, 2, 3};

		for (size_t j = 0; j < COUNT(slots); j++)
			assert_refused(
				*state, command, NULL, slots[j], REASON_INVALID_VALUE, word[j]);
	}
}

/* A value is one word of argv, whatever it holds; two words are never one value. */
static void R3_pattern_binds_to_one_slot(void **state)
{
	static const char *const values[] = {
		"a b", "a  b", " ", "a -- b", "a -f", "'a b'", "a=b", "$(id)", "a\302\240b", "*"};
	struct command *command = plain_command(*state, 0);
	const char *pair[] = {"-x", "a b", NULL}, *two[] = {"-x", "a", "b", NULL},
		   *lone[] = {"-x", "a", "/srv/data/x b", NULL};

	assert_argv(*state, command, pair, "-xa b");
	assert_argv(*state, command, two, "-xa | --both=b");
	assert_argv(*state, command, lone, "-xa | --both=/srv/data/x b");
	for (size_t i = 0; i < COUNT(values); i++) {
		const char *words[] = {"--label", values[i], "one", "/srv/data/x", values[i], NULL};
		struct strings given = list(*state, words), argv, shown;
		struct refusal refusal;

		assert_int_equal(run(*state, command, NULL, &given, &argv, &shown, &refusal), 0);
		assert_int_equal(argv.count, 7);
		assert_string_equal(argv.items[2], arena_printf(*state, "--label=%s", values[i]));
		assert_string_equal(argv.items[6], values[i]);
	}
}

static void R3_no_value_with_a_line_end_or_tab(void **state)
{
	static const char *const values[] = {
		"a\tb", "a\nb", "a\rb", "\n", "a\n", "a\342\200\250b", "a\302\205b"};
	struct command *command = plain_command(*state, 0);

	for (size_t i = 0; i < COUNT(values); i++) {
		const char *const slots[][4] = {{"--label", values[i], NULL},
			{"-x", values[i], NULL}, {"-p", values[i], NULL}, {"one", values[i], NULL}};

		for (size_t j = 0; j < COUNT(slots); j++)
			assert_refused(*state, command, NULL, slots[j], REASON_INVALID_VALUE, 1);
	}
}

/* The same command without its options from `first` on. */
static struct command *without_options(struct arena *arena, size_t first)
{
	struct command *command = plain_command(arena, 0);

	command->parameters.count = first;
	command->parameters.positions = 0;
	return command;
}

static void R24_undeclared_and_not_allowed_look_the_same(void **state)
{
	static const char *const lines[][4] = {
		{"-u", "nginx.service"},
		{"-unginx.service"},
		{"--unit=nginx.service"},
		{"--unit"},
		{"-u"},
		{"-fu", "x"},
		{"-p", "hunter2"},
		{"-phunter2"},
		{"--priority", "5"},
		{"-r"},
		{"--mode=x"},
		{"--label"},
		{"one"},
		{"one", "two"},
		{"--", "one"},
		{"--", "-x"},
		{"--both=x"},
		{"-xf"},
		{"-\303\251"},
	};
	struct command *all = plain_command(*state, 0),
		       *some = without_options(*state, SAMPLE_UNIT);
	bool allowed[SAMPLE_PARAMETERS] = {0};

	for (size_t i = 0; i < SAMPLE_UNIT; i++)
		allowed[i] = true;
	for (size_t i = 0; i < COUNT(lines); i++) {
		struct strings words = list(*state, lines[i]), argv, shown;
		struct refusal forbidden, unknown;

		assert_int_equal(run(*state, all, allowed, &words, &argv, &shown, &forbidden), -1);
		assert_int_equal(run(*state, some, NULL, &words, &argv, &shown, &unknown), -1);
		assert_int_equal(forbidden.reason, REASON_PARAMETER_NOT_ALLOWED);
		assert_int_equal(unknown.reason, REASON_PARAMETER_NOT_ALLOWED);
		assert_int_equal(forbidden.word, unknown.word);
		assert_string_equal(forbidden.detail, unknown.detail);
		assert_null(forbidden.parameter);
		assert_null(unknown.parameter);
	}
}

static void secrets_are_in_argv_and_not_in_what_is_shown(void **state)
{
	const char *attached[] = {"-phunter2", NULL}, *bad[] = {"-p", "hunter2\n", NULL};
	struct strings words = list(*state, attached), argv, shown;
	struct refusal refusal;

	for (unsigned variant = 0; variant <= SAMPLE_SEPARATE; variant++) {
		struct command *command = plain_command(*state, variant);

		assert_int_equal(run(*state, command, NULL, &words, &argv, &shown, &refusal), 0);
		assert_non_null(strstr(strings_join(*state, &argv, " "), "hunter2"));
		assert_null(strstr(strings_join(*state, &shown, " "), "hunter2"));
		assert_string_equal(strings_join(*state, &shown, " "),
			variant == 0 ? "/usr/bin/deploy --batch -p<secret>"
				     : "/usr/bin/deploy --batch -p <secret>");
		refusal = assert_refused(*state, command, NULL, bad, REASON_INVALID_VALUE, 1);
		assert_null(strstr(refusal.detail, "hunter2"));
	}
}

/* What is typed for a parameter that is not allowed may be a secret as well. */
static void refusals_do_not_repeat_values(void **state)
{
	static const char *const lines[][3] = {
		{"--pasword=hunter2"}, {"-Phunter2"}, {"one", "/srv/data/x", NULL}};
	struct command *command = without_options(*state, SAMPLE_UNIT);

	for (size_t i = 0; i < COUNT(lines); i++) {
		struct refusal refusal = assert_refused(
			*state, command, NULL, lines[i], REASON_PARAMETER_NOT_ALLOWED, 0);

		assert_null(strstr(refusal.detail, "hunter2"));
		assert_null(strstr(refusal.detail, "one"));
	}
}

static void required_and_default_values(void **state)
{
	const char *none[] = {NULL}, *slow[] = {"--mode", "slow and safe", NULL};
	struct command *command = sample_command(*state, 0);
	struct parameter *items = command->parameters.items;
	struct refusal refusal;

	assert_argv(*state, command, none, "--mode=fast");
	assert_argv(*state, command, slow, "--mode=slow and safe");
	items[SAMPLE_FOLLOW].default_value = "true";
	assert_argv(*state, command, none, "--follow | --mode=fast");
	items[SAMPLE_UNIT].required = true;
	refusal = assert_refused(*state, command, NULL, none, REASON_MISSING_PARAMETER, SIZE_MAX);
	assert_ptr_equal(refusal.parameter, &items[SAMPLE_UNIT]);
	assert_string_equal(refusal.detail, "-u, --unit is missing");
	items[SAMPLE_UNIT].description = "which one";
	refusal = assert_refused(*state, command, NULL, none, REASON_MISSING_PARAMETER, SIZE_MAX);
	assert_string_equal(refusal.detail, "-u, --unit is missing: which one");
	items[SAMPLE_UNIT].default_value = "nginx.service";
	assert_argv(*state, command, none, "--follow | --unit=nginx.service | --mode=fast");
	items[SAMPLE_MODE].default_value = "neither";
	assert_refused(*state, command, NULL, none, REASON_INVALID_VALUE, SIZE_MAX);
}

/* An operand by default must not move into the place of one that is missing. */
static void R1_a_default_never_takes_another_operands_place(void **state)
{
	const char *one[] = {"one", NULL}, *both[] = {"one", "/srv/data/x", NULL};
	struct command *command = plain_command(*state, 0);
	struct parameter *items = command->parameters.items;
	struct refusal refusal;

	items[SAMPLE_REST].default_value = "rest";
	assert_argv(*state, command, both, "--both=one | -- | /srv/data/x | rest");
	refusal = assert_refused(*state, command, NULL, one, REASON_MISSING_PARAMETER, SIZE_MAX);
	assert_ptr_equal(refusal.parameter, &items[SAMPLE_SOURCE]);
	items[SAMPLE_SOURCE].default_value = "/srv/data";
	assert_argv(*state, command, one, "--both=one | -- | /srv/data | rest");
}

static void messages_say_what_was_expected(void **state)
{
	static const struct {
		const char *words[3], *detail;
	} cases[] = {
		{{"-n", "0"}, "-n, --lines: \"0\" is refused; expected a whole number from 1 to 10000"},
		{{"-u", "x\033y"},
			"-u, --unit: \"x\\x1by\" is refused; expected text without control characters"},
		{{"-p", "-x"}, "-p: the value is refused; expected a value that doesn't "
			       "start with \"-\""},
		{{"-z"}, "parameter \"-z\" is not allowed"},
		{{"--zz=x"}, "parameter \"--zz\" is not allowed"},
		{{"-n"}, "-n, --lines needs a value"},
		{{"--follow=x"}, "-f, --follow takes no value"},
		{{"-aa"}, "-a may be given only once"},
		{{"-ffff"}, "-f, --follow may be given at most 3 times"},
	};
	struct command *command = plain_command(*state, 0);

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct strings words = list(*state, cases[i].words), argv, shown;
		struct refusal refusal;

		assert_int_equal(run(*state, command, NULL, &words, &argv, &shown, &refusal), -1);
		assert_string_equal(refusal.detail, cases[i].detail);
	}
	command->parameters.items[SAMPLE_LINES].message = "between 1 and 10000, please";
	assert_string_equal(
		assert_refused(*state, command, NULL, cases[0].words, REASON_INVALID_VALUE, 1)
			.detail,
		"between 1 and 10000, please");
}

static void long_words_are_cut_in_messages(void **state)
{
	char value[ARGUMENT_LENGTH_MAX + 100] = "";
	const char *words[] = {"--label", value, NULL};
	struct command *command = plain_command(*state, 0);
	struct refusal refusal;

	for (size_t i = 0; i < 2050; i++)
		memcpy(value + 1 + 2 * i, "\303\251", 3);
	value[0] = 'x';
	refusal = assert_refused(*state, command, NULL, words, REASON_INVALID_VALUE, 1);
	assert_true(strlen(refusal.detail) < 200);
	assert_non_null(strstr(refusal.detail, "\303\251...\""));
}

/* Words that mean something to the sample, whole and in pieces. */
static const char *random_word(struct arena *arena, uint64_t *seed)
{
	static const char *const words[] = {"-n", "-n5", "--lines=7", "--lines", "5", "0", "-f",
		"--follow", "-a", "-fa", "-af", "-u", "-ua.service", "--unit=b@1.service",
		"nginx.service", "-p", "-phunter2", "--priority", "-20", "--priority=-3", "19",
		"-r", "-r-", "--", "-", "--mode", "fast", "slow and safe", "--mode=fast", "--label",
		"--label=", "--label=a b", "-x", "-xab", "a b", "-name", "ame", "--both",
		"--both=x", "x", "", "/srv/data", "/srv/data/x y", "/srv/data/../x", "=",
		"-p=", "-x=a", "\303\251", "a\n", "-fn3", "-fanx"};
	const char *word = words[random_below(seed, COUNT(words))];

	if (random_below(seed, 10) == 0)
		word = arena_printf(arena, "%s%s", word, words[random_below(seed, COUNT(words))]);
	return word;
}

static void R1_the_rebuilt_argv_parses_to_the_same_values(void **state)
{
	uint64_t seed = 7;
	size_t accepted_count = 0;

	(void)state;
	for (size_t i = 0; i < 60000; i++) {
		struct arena *arena = arena_new();
		const char *words[8], *problem;
		size_t count = random_below(&seed, COUNT(words) + 1);
		bool allowed[SAMPLE_PARAMETERS], accepted;

		for (size_t j = 0; j < count; j++)
			words[j] = random_word(arena, &seed);
		for (size_t j = 0; j < SAMPLE_PARAMETERS; j++)
			allowed[j] = random_below(&seed, 12) > 0;
		problem =
			sample_check(arena, sample_command(arena, (unsigned)(i % SAMPLE_VARIANTS)),
				allowed, words, count, &accepted);
		if (problem != NULL) {
			struct strings given = {.items = words, .count = count};

			fail_msg("%s: %s", problem, strings_join(arena, &given, " | "));
		}
		accepted_count += accepted;
		arena_free(arena);
	}
	assert_true(accepted_count > 5000); /* or the words above are too wild to test anything */
}

static void ten_thousand_words_are_taken_in_stride(void **state)
{
	struct command *command = plain_command(*state, 0);
	struct strings words = {0}, argv, shown;
	struct refusal refusal;

	for (size_t i = 0; i < 10000; i++)
		strings_add(*state, &words, "x");
	assert_int_equal(run(*state, command, NULL, &words, &argv, &shown, &refusal), -1);
	assert_int_equal(refusal.reason, REASON_PARAMETER_NOT_ALLOWED);
	assert_int_equal(refusal.word, 6);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, arena_set_up, arena_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(R1_argv_is_rebuilt_in_one_form),
		TEST(R1_argv_is_rebuilt_with_separate_values),
		TEST(R1_attached_values_never_spell_another_option),
		TEST(word_options_are_written_separately),
		TEST(without_end_of_options_there_are_no_dashes),
		TEST(refusals_name_the_word_and_the_reason),
		TEST(R39_option_injection_is_refused),
		TEST(R3_pattern_binds_to_one_slot),
		TEST(R3_no_value_with_a_line_end_or_tab),
		TEST(R24_undeclared_and_not_allowed_look_the_same),
		TEST(secrets_are_in_argv_and_not_in_what_is_shown),
		TEST(refusals_do_not_repeat_values),
		TEST(required_and_default_values),
		TEST(R1_a_default_never_takes_another_operands_place),
		TEST(messages_say_what_was_expected),
		TEST(long_words_are_cut_in_messages),
		TEST(R1_the_rebuilt_argv_parses_to_the_same_values),
		TEST(ten_thousand_words_are_taken_in_stride),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
