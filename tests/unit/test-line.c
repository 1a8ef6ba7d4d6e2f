/* The line grammar: R2, and that a line never means one thing here and another in a shell. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/fd.h"
#include "base/strings.h"
#include "base/text.h"
#include "policy/line.h"
#include "random.h"

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

static void assert_words(
	struct arena *arena, const char *line, const char *const *expected, size_t count)
{
	struct strings words;
	struct line_error error;

	if (line_split(arena, line, strlen(line), &words, &error) < 0)
		fail_msg("%s: column %zu: %s", line, error.column, error.reason);
	assert_int_equal(error.column, 0);
	assert_int_equal(words.count, count);
	for (size_t i = 0; i < count; i++)
		assert_string_equal(words.items[i], expected[i]);
}

static void assert_refused(struct arena *arena, const char *line, size_t length, size_t column)
{
	struct strings words;
	struct line_error error;

	if (line_split(arena, line, length, &words, &error) == 0)
		fail_msg("accepted: %s", line);
	if (error.column != column)
		fail_msg("%s: column %zu, not %zu: %s", line, error.column, column, error.reason);
	assert_int_equal(error.limit, 0);
	assert_true(strlen(error.reason) > 10);
	assert_int_equal(text_refused(error.reason, strlen(error.reason)), strlen(error.reason));
}

static void words_as_in_a_shell(void **state)
{
	static const struct {
		const char *line, *words[5];
	} cases[] = {
		{"", {NULL}},
		{"    ", {NULL}},
		{"a", {"a"}},
		{"  a   b  ", {"a", "b"}},
		{"systemctl restart nginx.service", {"systemctl", "restart", "nginx.service"}},
		{"'a b' c", {"a b", "c"}},
		{"\"a b\" c", {"a b", "c"}},
		{"a\\ b c", {"a b", "c"}},
		{"a'b'\"c\"\\d", {"abcd"}},
		{"''", {""}},
		{"\"\" '' a", {"", "", "a"}},
		{"''\"\"", {""}},
		{"'\\'", {"\\"}},
		{"'a'\\''b'", {"a'b"}},
		{"\"a'b\"", {"a'b"}},
		{"'a\"b'", {"a\"b"}},
		{"\"\\$ \\` \\\" \\\\\"", {"$ ` \" \\"}},
		{"\"\\a\\n\\'\"", {"\\a\\n\\'"}},
		{"\\a\\n\\'", {"an'"}},
		{"\\|\\&\\;\\<\\>\\(\\)\\$\\`", {"|&;<>()$`"}},
		{"\\*\\?\\[\\]\\{\\}\\!\\~\\#\\^", {"*?[]{}!~#^"}},
		{"'| & ; < > ( ) $ ` * ? [ ] { } ! ~ # ^ A=b'",
			{"| & ; < > ( ) $ ` * ? [ ] { } ! ~ # ^ A=b"}},
		{"\"|&;<>()*?[]{}~#^\"", {"|&;<>()*?[]{}~#^"}},
		{"a#b ''# c#", {"a#b", "#", "c#"}},
		{"a~ a~b ''~", {"a~", "a~b", "~"}},
		{"cmd a=b A=b", {"cmd", "a=b", "A=b"}},
		{"'A'=b", {"A=b"}},
		{"A\\=b", {"A=b"}},
		{"1A=b", {"1A=b"}},
		{"a-b=c", {"a-b=c"}},
		{"=b", {"=b"}},
		{"a^b c ^d", {"a^b", "c", "^d"}},
		{"--lines=5 -n5 --", {"--lines=5", "-n5", "--"}},
		{"a@b %c +d ,e :f", {"a@b", "%c", "+d", ",e", ":f"}},
		{"na\303\257ve \346\227\245\346\234\254 \360\237\231\202",
			{"na\303\257ve", "\346\227\245\346\234\254", "\360\237\231\202"}},
		{"a\302\240b", {"a\302\240b"}}, /* a no-break space is no blank */
		{"\\\303\251", {"\303\251"}},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		size_t count = 0;

		while (count < COUNT(cases[i].words) && cases[i].words[count] != NULL)
			count++;
		assert_words(*state, cases[i].line, cases[i].words, count);
	}
}

static void what_a_shell_would_expand_or_run_is_refused(void **state)
{
	static const struct {
		const char *line;
		size_t column;
	} cases[] = {
		{"ls | cat", 4},
		{"ls|cat", 3},
		{"|", 1},
		{"ls &", 4},
		{"ls && id", 4},
		{"ls; id", 3},
		{"a >b", 3},
		{"a 2>b", 4},
		{"a <b", 3},
		{"a <<b", 3},
		{"a >&b", 3},
		{"(a)", 1},
		{"a)", 2},
		{"a () { b", 3},
		{"a $b", 3},
		{"a $(b)", 3},
		{"a ${b}", 3},
		{"a $'b'", 3},
		{"a $\"b\"", 3},
		{"a $", 3},
		{"a `b`", 3},
		{"a *", 3},
		{"a b*c", 4},
		{"a ?", 3},
		{"a [bc]", 3},
		{"a b]", 4},
		{"a {b,c}", 3},
		{"a b}", 4},
		{"a {}", 3},
		{"a !", 3},
		{"!!", 1},
		{"! a", 1},
		{"a b!c", 4},
		{"a \"b!\"", 5},
		{"a \"\\!\"", 5},
		{"a \"$b\"", 4},
		{"a \"b $\"", 6},
		{"a \"`b`\"", 4},
		{"a \"\\\\$b\"", 6},
		{"^a^b", 1},
		{"  ^a", 3},
		{"~", 1},
		{"a ~/b", 3},
		{"a ~root", 3},
		{"a b=~", 5},
		{"a --b=~/c", 7},
		{"a b:~", 5},
		{"#", 1},
		{"a #b", 3},
		{"a#b c# #", 8},
		{"A=b", 2},
		{"A=b c", 2},
		{"a=", 2},
		{"_a1=b", 4},
		{"A+=b", 3},
		{"  A=b", 4},
		{"\303\251\303\251 |", 4},
		{"'\346\227\245' ;", 5},
		{"\360\237\231\202$", 2},
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		assert_refused(*state, cases[i].line, strlen(cases[i].line), cases[i].column);
}

static void an_assignment_of_any_length_is_refused(void **state)
{
	char line[1002];

	memset(line, 'a', sizeof(line));
	line[1000] = '=';
	assert_refused(*state, line, sizeof(line), 1001);
}

static void an_open_quote_is_refused_where_it_began(void **state)
{
	static const struct {
		const char *line;
		size_t column;
	} cases[] = {
		{"a 'b", 3},
		{"a \"b c", 3},
		{"a b\\", 4},
		{"'", 1},
		{"\"", 1},
		{"\\", 1},
		{"'a' 'b", 5},
		{"a 'b\\'c'", 8},
		{"a \"b\\\"", 3},
		{"a \"b\\", 3},
		{"\303\251 'b", 3},
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		assert_refused(*state, cases[i].line, strlen(cases[i].line), cases[i].column);
}

/* What got past the filters of lshell, infrabroker and others. */
static void R1_bypasses_of_the_peers_are_refused(void **state)
{
	static const char *const lines[] = {
		"echo () sh && bash",
		"echo FREEDOM! && help () sh && help",
		"a\026\nbash",
		"ls\nid",
		"ls\rid",
		"echo`bash`",
		"echo $(bash)",
		"ls;bash",
		"ls|bash",
		"ls&bash",
		"cat <(id)",
		"cat >/etc/passwd",
		"ls >&FILE",
		"ls &>FILE",
		"ls 2>&1",
		"LD_PRELOAD=x ls",
		"PATH=. ls",
		"A=b",
		"A+=b",
		"ls ${IFS}x",
		"ls $IFS",
		"ls$@",
		"c${x}at x",
		"cat /etc/pass{w,}d",
		"/?\?\?/c?t",
		"cat /et[c]/shadow",
		"cat ~root/x",
		"cat $'\\x2fetc'",
		"eval \"$x\"",
		"x \"$(id)\"",
		"x \"`id`\"",
		"f(){ id;};f",
		"ls;;id",
		"ls||id",
		"#!x",
		"!-1",
		"^ls^id",
		"ls {-la,/root}",
		"awk {x}",
	};

	for (size_t i = 0; i < COUNT(lines); i++) {
		struct strings words;
		struct line_error error;

		if (line_split(*state, lines[i], strlen(lines[i]), &words, &error) == 0)
			fail_msg("accepted: %s", lines[i]);
	}
}

static bool is_control(unsigned char byte)
{
	return byte < 0x20 || byte == 0x7f;
}

static void check_clean(struct arena *arena, const char *line, size_t length, unsigned char byte)
{
	struct strings words;
	struct line_error error;

	if (line_split(arena, line, length, &words, &error) < 0) {
		assert_true(error.column >= 1 && error.column <= length + 1);
		return;
	}
	/* One byte above 0x7f alone can't be UTF-8. */
	assert_false(is_control(byte) || byte >= 0x80);
	for (size_t i = 0; i < words.count; i++)
		assert_int_equal(text_refused(words.items[i], strlen(words.items[i])),
			strlen(words.items[i]));
}

static void R2_every_byte_in_every_position(void **state)
{
	static const char *const lines[] = {"systemctl restart nginx.service", "a 'b c' d",
		"a \"b \\\" c\" d", "a\\ b c", "''", "A b"};
	char changed[64];

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++) {
		size_t length = strlen(lines[i]);

		for (size_t at = 0; at <= length; at++) {
			struct arena *arena = arena_new();

			for (unsigned byte = 0; byte < 256; byte++) {
				memcpy(changed, lines[i], length);
				changed[at] = (char)byte; /* instead of what is there, … */
				check_clean(arena, changed, length + (at == length),
					(unsigned char)byte);
				memcpy(changed, lines[i], at); /* … and before it */
				memcpy(changed + at + 1, lines[i] + at, length - at);
				check_clean(arena, changed, length + 1, (unsigned char)byte);
			}
			arena_free(arena);
		}
	}
}

static void R2_control_characters_and_bad_UTF8_are_refused(void **state)
{
	static const char *const lines[] = {"a\tb", "a\nb", "a\r", "a \033[m", "a \177",
		"a \302\205", "a \302\200", "a \342\200\250", "a \342\200\251", "a \300\257",
		"a \355\240\200", "a \364\220\200\200", "a \303", "a \377", "'a\n'", "\"a\\\nb\"",
		"a\\\n"};
	struct strings words;
	struct line_error error;

	for (size_t i = 0; i < COUNT(lines); i++)
		assert_int_equal(
			line_split(*state, lines[i], strlen(lines[i]), &words, &error), -1);
	assert_int_equal(line_split(*state, "a\0b", 3, &words, &error), -1);
	assert_int_equal(error.offset, 1);
}

static void assert_limit(struct arena *arena, const char *line, size_t length)
{
	struct strings words;
	struct line_error error;

	assert_int_equal(line_split(arena, line, length, &words, &error), -1);
	assert_int_not_equal(error.limit, 0);
	assert_true(error.column > 0);
}

static void long_lines_are_refused_as_a_limit(void **state)
{
	const size_t size = 1024 * 1024;
	char *line = arena_alloc(*state, size);
	struct strings words;
	struct line_error error;

	memset(line, 'a', size);
	assert_limit(*state, line, size);
	assert_limit(*state, line, LINE_LENGTH_MAX + 1);
	assert_int_equal(line_split(*state, line, LINE_LENGTH_MAX, &words, &error), 0);
	for (size_t i = 1; i < size; i += 2)
		line[i] = ' ';
	assert_limit(*state, line, 20000); /* 10,000 words */
	assert_limit(*state, line, 2 * LINE_WORDS_MAX + 1);
	assert_int_equal(line_split(*state, line, 2 * LINE_WORDS_MAX, &words, &error), 0);
	assert_int_equal(words.count, LINE_WORDS_MAX);
}

/* Pieces that test the quoting, and characters of every length. */
static char *random_word(struct arena *arena, uint64_t *seed)
{
	static const char *const pieces[] = {"'", "\"", "\\", " ", "$", "`", "!", "*", "~", "#",
		"=", ":", "^", "a", "B", "7", "-", "--", "/", "\303\251", "\346\227\245",
		"\360\237\231\202", "\302\240", "\\'", "{", "}", "|", ";", "%", "+"};
	char *word = arena_strdup(arena, "");

	for (size_t i = random_below(seed, 9); i > 0; i--)
		word = arena_printf(arena, "%s%s", word, pieces[random_below(seed, COUNT(pieces))]);
	return word;
}

static void R2_quote_then_split_gives_the_words_back(void **state)
{
	uint64_t seed = 20260131;

	(void)state;
	for (size_t run = 0; run < 20000; run++) {
		struct arena *arena = arena_new();
		const char *words[6];
		size_t count = random_below(&seed, COUNT(words) + 1);
		char *line;

		for (size_t i = 0; i < count; i++)
			words[i] = random_word(arena, &seed);
		line = line_quote(arena, words, count);
		assert_words(arena, line, words, count);
		arena_free(arena);
	}
}

static void plain_words_are_not_quoted(void **state)
{
	const char *words[] = {"systemctl", "restart", "--lines=5", "nginx.service"};
	const char *odd[] = {"A=b", "it's", ""};

	assert_string_equal(line_quote(*state, words, COUNT(words)),
		"systemctl restart --lines=5 nginx.service");
	assert_string_equal(line_quote(*state, odd, COUNT(odd)), "'A=b' 'it'\\''s' ''");
	assert_string_equal(line_quote(*state, NULL, 0), "");
}

static void the_beginning_of_a_line_is_completed(void **state)
{
	static const struct {
		const char *line;
		size_t count;
		const char *last, *partial;
	} cases[] = {
		{"", 0, NULL, ""},
		{"sys", 0, NULL, "sys"},
		{"systemctl ", 1, "systemctl", ""},
		{"systemctl re", 1, "systemctl", "re"},
		{"a 'b c", 1, "a", "b c"},
		{"a \"b c", 1, "a", "b c"},
		{"a \"b \\\"", 1, "a", "b \""},
		{"a b\\", 1, "a", "b"},
		{"a b\\ c", 1, "a", "b c"},
		{"a '' b", 2, "", "b"},
		{"a '", 1, "a", ""},
	};
	struct strings words;
	char *partial;

	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_int_equal(line_split_partial(*state, cases[i].line, strlen(cases[i].line),
					 &words, &partial),
			0);
		assert_int_equal(words.count, cases[i].count);
		assert_string_equal(partial, cases[i].partial);
		if (cases[i].last != NULL)
			assert_string_equal(words.items[words.count - 1], cases[i].last);
	}
	assert_int_equal(line_split_partial(*state, "a | b", 5, &words, &partial), -1);
	assert_int_equal(line_split_partial(*state, "a\tb", 3, &words, &partial), -1);
}

/* A line of bytes that mean something somewhere, quoted or not. */
static char *random_line(struct arena *arena, uint64_t *seed)
{
	static const char alphabet[] = "ab  ''\"\"\\\\=:~#^-+@%,./A1_$`!*?[]{}|&;<>()\303\251";
	size_t length = 1 + random_below(seed, 12);
	char *line = arena_alloc(arena, length + 1);

	for (size_t i = 0; i < length; i++)
		line[i] = alphabet[random_below(
			seed, random_below(seed, 4) ? 26 : COUNT(alphabet) - 1)];
	return line;
}

/* What `shell` makes of the words of the script's lines: counts and words, each with a NUL. */
static char *run_shell(
	struct arena *arena, const char *shell, const char *directory, size_t *length)
{
	int output[2];
	char *bytes;
	pid_t child;

	assert_int_equal(pipe(output), 0);
	child = fork();
	if (child == 0) {
		if (dup2(output[1], STDOUT_FILENO) < 0 || chdir(directory) < 0)
			_exit(1);
		close(output[0]);
		close(output[1]);
		setenv("HOME", "/expanded", 1);
		execl(shell, shell, "./script", (char *)NULL);
		_exit(127);
	}
	close(output[1]);
	bytes = fd_read_all(arena, output[0], 64 << 20, length);
	close(output[0]);
	assert_non_null(bytes);
	assert_int_equal(waitpid(child, NULL, 0), child);
	return bytes;
}

/* The script, and in `expected` what a shell has to print if it agrees. */
static void write_lines(struct arena *arena, FILE *script, FILE *expected)
{
	uint64_t seed = 42;

	fputs("p() { printf '%s\\0' \"$#\" \"$@\"; }\n", script);
	for (size_t accepted = 0; accepted < 4000;) {
		char *line = random_line(arena, &seed);
		struct strings words;
		struct line_error error;

		if (line_split(arena, line, strlen(line), &words, &error) < 0)
			continue;
		accepted++;
		fprintf(script, "p %s\n", line);
		fprintf(expected, "%zu%c", words.count, 0);
		for (size_t i = 0; i < words.count; i++)
			fprintf(expected, "%s%c", words.items[i], 0);
	}
}

static void a_line_means_the_same_in_a_shell(void **state)
{
	static const char *const shells[] = {"/bin/sh", "/bin/bash", "/bin/dash"};
	char directory[] = "/tmp/test-line-XXXXXX", path[64], *expected = NULL;
	size_t expected_length = 0, length;
	FILE *script, *memory = open_memstream(&expected, &expected_length);

	assert_non_null(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/script", directory);
	script = fopen(path, "w");
	assert_non_null(script);
	write_lines(*state, script, memory);
	fclose(script);
	fclose(memory);
	for (size_t i = 0; i < COUNT(shells); i++) {
		char *actual;

		if (access(shells[i], X_OK) != 0)
			continue;
		actual = run_shell(*state, shells[i], directory, &length);
		for (size_t at = 0; at < length && at < expected_length; at++)
			if (actual[at] != expected[at])
				fail_msg("%s: byte %zu differs", shells[i], at);
		assert_int_equal(length, expected_length);
	}
	free(expected);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(directory), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, arena_set_up, arena_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(words_as_in_a_shell),
		TEST(what_a_shell_would_expand_or_run_is_refused),
		TEST(an_assignment_of_any_length_is_refused),
		TEST(an_open_quote_is_refused_where_it_began),
		TEST(R1_bypasses_of_the_peers_are_refused),
		TEST(R2_every_byte_in_every_position),
		TEST(R2_control_characters_and_bad_UTF8_are_refused),
		TEST(long_lines_are_refused_as_a_limit),
		TEST(R2_quote_then_split_gives_the_words_back),
		TEST(plain_words_are_not_quoted),
		TEST(the_beginning_of_a_line_is_completed),
		TEST(a_line_means_the_same_in_a_shell),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
