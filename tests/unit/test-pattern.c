/* R4: a pattern matches the whole value or nothing, and gives up in time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "policy/pattern.h"

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

static struct pattern compile(struct arena *arena, const char *text)
{
	struct pattern pattern;
	size_t offset;
	const char *problem = pattern_compile(arena, text, &pattern, &offset);

	if (problem != NULL)
		fail_msg("%s: %s", text, problem);
	return pattern;
}

static enum pattern_result match(struct arena *arena, const char *text, const char *value)
{
	struct pattern pattern = compile(arena, text);

	return pattern_match(&pattern, value, strlen(value));
}

static void R4_a_pattern_matches_the_whole_value(void **state)
{
	static const struct {
		const char *pattern, *value;
		bool matches;
	} cases[] = {
		{"nginx", "nginx", true},
		{"nginx", "nginx.service", false},
		{"nginx", "xnginx", false},
		{"nginx", "nginx; id", false},
		{"nginx", "nginx\n", false},
		{"nginx$", "nginx\n", false},
		{"^nginx$", "nginx", true},
		{"^nginx$", "nginx\n", false},
		{"(?m)^nginx$", "nginx\nid", false},
		{"(?m)^nginx$\n?", "nginx\n", true},
		{"nginx\\Z", "nginx\n", false},
		{"a|b", "a", true},
		{"a|b", "b", true},
		{"a|b", "ab", false},
		{"a|b", "ac", false},
		{"a|b", "cb", false},
		{"a|ab", "ab", true},
		{"a|ab|abc", "abc", true},
		{"(a|ab)(c|bcd)", "abcd", true},
		{"a*?", "aaa", true},
		{"a??", "a", true},
		{"a", "", false},
		{"a*", "", true},
		{".*", "", true},
		{".*", "a\nb", false},
		{"(?s).*", "a\nb", true},
		{"(?i)nginx", "NGINX", true},
		{"nginx", "NGINX", false},
		{"(nginx|php.*)\\.service", "php8.2-fpm.service", true},
		{"(nginx|php.*)\\.service", "nginx.service.d", false},
		{".", "\303\251", true},
		{"\\d", "\331\243", false}, /* an Arabic digit is none here */
		{"\\w+", "caf\303\251", false},
		{"\\p{L}+", "caf\303\251", true},
		{"[*(]", "(", true},
		{"\\(*", "((", true},
		{"\\(?C", "(C", true},
		{"\\\\K", "\\K", true},
		{"(?=a)a(?!b)", "a", true},
		{"a(?=b)", "ab", false},
		{"a\\Eb", "ab", true},
		{"(?#comment)a", "a", true},
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		if ((match(*state, cases[i].pattern, cases[i].value) == PATTERN_MATCH) !=
			cases[i].matches)
			fail_msg("%s: %s", cases[i].pattern, cases[i].value);
}

/* As a shell script would write it, without anchors: the same as with them. */
static void R4_unanchored_behaves_as_anchored(void **state)
{
	static const char *const patterns[] = {"a", "a|b", "a.", "[ab]+", "(a)(b)?", "a{2}", "b$"};
	static const char *const values[] = {"", "a", "b", "ab", "ba", "aa", "abc", "a\n", "\na"};

	for (size_t i = 0; i < COUNT(patterns); i++)
		for (size_t j = 0; j < COUNT(values); j++)
			assert_int_equal(match(*state, patterns[i], values[j]),
				match(*state, arena_printf(*state, "^(?:%s)\\z", patterns[i]),
					values[j]));
}

static void R4_flags_and_groups_stay_in_their_pattern(void **state)
{
	struct pattern loud = compile(*state, "(?i)(?<n>a)"), quiet = compile(*state, "(?<n>b)\\1");

	assert_int_equal(pattern_match(&loud, "A", 1), PATTERN_MATCH);
	assert_int_equal(pattern_match(&quiet, "bb", 2), PATTERN_MATCH);
	assert_int_equal(pattern_match(&quiet, "BB", 2), PATTERN_NO_MATCH);
	assert_int_equal(pattern_match(&quiet, "ba", 2), PATTERN_NO_MATCH);
}

static double milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* Values that have every letter a pattern needs, but end wrongly: all that is left is backtracking.
 */
static void assert_gives_up(const struct pattern *pattern, size_t length)
{
	char value[PATTERN_SUBJECT_MAX];
	const char *letters = "ax0";

	for (const char *letter = letters; *letter != '\0'; letter++) {
		double start = milliseconds();

		memset(value, *letter, length);
		memcpy(value + length - 8, "bc1Xyz@!", 8);
		if (pattern_match(pattern, value, length) == PATTERN_MATCH)
			fail_msg("%s matched", pattern->text);
		/* Milliseconds in fact; the bound is for a sanitizer on a busy machine. */
		if (milliseconds() - start > 2000)
			fail_msg("%s took %.0f ms", pattern->text, milliseconds() - start);
	}
}

static void R4_runaway_patterns_give_up(void **state)
{
	static const char *const patterns[] = {
		"(a+)+b",
		"(a*)*b",
		"(a|aa)+b",
		"(a|a?)+b",
		"(.*)*b",
		"(.*a){20}",
		"(.*?,){20}b",
		"([a-zA-Z]+)*1",
		"(x+x+)+y",
		"(x*x*)*y",
		".*.*.*.*.*b",
		".*.*(?:.*+b|c)",
		"(?:a|b|ab)*c@",
		"(?i)(a+)+b",
		"^(([a-z])+.)+[A-Z]([a-z])+$",
		"(a?){60}a{60}",
		"(\\w+\\s?)*X",
		"(0|0?)+1",
		"([0-9]+)*1",
		"(?:\\X+)+b",
		"(a+)+(?<=b)",
		"(?:(?:a|x|aa)*)*c",
		"(\\p{L}+)+1",
		"^([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*"
		"(@){1}[a-z0-9]+[.]{1}(([a-z]{2,3})|([a-z]{2,3}[.]{1}[a-z]{2,3}))$",
		"(a(?R)?)+b",
		"(?:(a+)\\1?)+b",
		"(?=(a+)+b)a+",
		"((a{1,5}){1,5}){1,5}b",
		".*(?:.*.*+b|c)",
		"(\\s|.)*b",
		"(?R)?a|a(?R)b",
	};
	const size_t lengths[] = {40, 512, 513, PATTERN_SUBJECT_MAX};

	for (size_t i = 0; i < COUNT(patterns); i++) {
		struct pattern pattern = compile(*state, patterns[i]);

		for (size_t j = 0; j < COUNT(lengths); j++)
			assert_gives_up(&pattern, lengths[j]);
	}
}

static void R4_a_limit_is_told_from_no_match(void **state)
{
	char value[64];

	memset(value, 'a', sizeof(value));
	memcpy(value + 60, "b!", 3);
	assert_int_equal(match(*state, "(a+)+b", value), PATTERN_LIMIT);
	assert_int_equal(match(*state, "a+b", value), PATTERN_NO_MATCH);
}

static void R4_honest_patterns_match_the_longest_value(void **state)
{
	static const char *const patterns[] = {
		"a+", ".*", "(a|b)*", "(?:a+b?)+", "[a-z]+", "(?:a|b|c)+", "(?:aa)*", "(\\w\\w)+"};
	char value[PATTERN_SUBJECT_MAX + 1];

	memset(value, 'a', sizeof(value));
	for (size_t i = 0; i < COUNT(patterns); i++) {
		struct pattern pattern = compile(*state, patterns[i]);

		assert_int_equal(
			pattern_match(&pattern, value, PATTERN_SUBJECT_MAX), PATTERN_MATCH);
		assert_int_equal(
			pattern_match(&pattern, value, PATTERN_SUBJECT_MAX + 1), PATTERN_LIMIT);
	}
}

static void R4_what_would_change_a_match_is_refused(void **state)
{
	static const struct {
		const char *pattern;
		size_t offset;
	} cases[] = {
		{"", 0},
		{"(*UTF)a", 0},
		{"(*UCP)\\d", 0},
		{"(*LIMIT_MATCH=4294967295)a", 0},
		{"(*CRLF)a", 0},
		{"a(*ACCEPT)b", 1},
		{"a(*SKIP)(*FAIL)|b", 1},
		{"(*positive_lookahead:a)", 0},
		{"\\\\(*F)", 2},
		{"[(*]", 1},
		{"a\\Kb", 2},
		{"(?=a\\K)", 5},
		{"\\\\\\K", 3},
		{"\\c\\\\K", 1},
		{"\\cA", 1},
		{"a(?C)b", 1},
		{"a(?C1)b", 1},
		{"a(?C'text')b", 1},
	};
	struct pattern pattern;
	size_t offset;

	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *problem = pattern_compile(*state, cases[i].pattern, &pattern, &offset);

		if (problem == NULL || offset != cases[i].offset)
			fail_msg("%s: %s at %zu", cases[i].pattern,
				problem == NULL ? "accepted" : problem, offset);
	}
}

static void R4_bad_patterns_are_refused_with_a_reason(void **state)
{
	static const char *const patterns[] = {"(", ")", "[", "a{2,1}", "*", "\\", "(?<n>", "\\1",
		"[z-a]", "(?<=a*)b", "\\C", "\\p{None}", "(?z)a", "[[:none:]]", "a**b(",
		"\\xg\\x{110000}", "\377", "a\303", "((((a{1000}){1000}){1000}){1000})",
		"(?<n>a)(?<n>b)"};
	struct pattern pattern;
	size_t offset;
	char *nested = arena_alloc(*state, 401), *longest = arena_alloc(*state, 1026);

	for (size_t i = 0; i < COUNT(patterns); i++) {
		const char *problem = pattern_compile(*state, patterns[i], &pattern, &offset);

		if (problem == NULL || problem[0] == '\0' || offset > strlen(patterns[i]))
			fail_msg("accepted: %s", patterns[i]);
	}
	memset(nested, '(', 200);
	memset(nested + 200, ')', 200);
	assert_non_null(pattern_compile(*state, nested, &pattern, &offset));
	memset(longest, 'a', PATTERN_LENGTH_MAX + 1);
	assert_non_null(pattern_compile(*state, longest, &pattern, &offset));
	longest[PATTERN_LENGTH_MAX] = '\0';
	assert_null(pattern_compile(*state, longest, &pattern, &offset));
}

static void bad_UTF8_is_no_match(void **state)
{
	assert_int_equal(match(*state, ".*", "\377"), PATTERN_NO_MATCH);
	assert_int_equal(match(*state, ".*", "a\303"), PATTERN_NO_MATCH);
	assert_int_equal(match(*state, ".*", "\355\240\200"), PATTERN_NO_MATCH);
}

/* The loader is another process, and what it compiled is read-only afterwards. */
static void a_pattern_compiled_in_a_child_is_whole(void **state)
{
	struct arena *arena = arena_new_shared(1 << 20);
	struct pattern *pattern = arena_alloc(arena, sizeof(*pattern));
	int status = 1;
	pid_t child = fork();
	size_t offset;

	(void)state;
	if (child == 0)
		_exit(pattern_compile(arena, "(?i)(nginx|php.*)\\.service", pattern, &offset) !=
			NULL);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(arena_seal(arena), 0);
	assert_int_equal(pattern_match(pattern, "PHP.service", 11), PATTERN_MATCH);
	assert_int_equal(pattern_match(pattern, "php.servic", 10), PATTERN_NO_MATCH);
	arena_free(arena);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, arena_set_up, arena_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(R4_a_pattern_matches_the_whole_value),
		TEST(R4_unanchored_behaves_as_anchored),
		TEST(R4_flags_and_groups_stay_in_their_pattern),
		TEST(R4_runaway_patterns_give_up),
		TEST(R4_a_limit_is_told_from_no_match),
		TEST(R4_honest_patterns_match_the_longest_value),
		TEST(R4_what_would_change_a_match_is_refused),
		TEST(R4_bad_patterns_are_refused_with_a_reason),
		TEST(bad_UTF8_is_no_match),
		TEST(a_pattern_compiled_in_a_child_is_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
