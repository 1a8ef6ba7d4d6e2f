/* JSON as a tree, and a call of a function on its way to be complete. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "client/form.h"
#include "client/tree.h"

static const char described[] =
	"{\"name\":\"node drain\",\"kind\":\"function\",\"parameters\":["
	"{\"name\":\"node\",\"type\":\"choice\",\"options\":[],\"position\":1,\"required\":true,"
	"\"repeat\":1,\"choices_from\":\"nodes\",\"allowed\":\"any\"},"
	"{\"name\":\"mode\",\"type\":\"choice\",\"options\":[\"-m\",\"--how\"],\"required\":false,"
	"\"default\":\"soft\",\"choices\":[\"soft\",\"hard\"],\"allowed\":\"any\"},"
	"{\"name\":\"wait\",\"type\":\"integer\",\"options\":[],\"required\":true,\"minimum\":1,"
	"\"maximum\":9,\"show_if\":{\"input\":\"mode\",\"values\":[\"soft\"]},\"allowed\":\"any\"},"
	"{\"name\":\"level\",\"type\":\"string\",\"options\":[],\"required\":true,"
	"\"show_if\":{\"input\":\"wait\",\"values\":[\"9\"]},\"allowed\":\"set\","
	"\"values\":[\"a\",\"b\"]},"
	"{\"name\":\"all\",\"type\":\"flag\",\"options\":[\"--all\"],\"allowed\":\"any\"},"
	"{\"name\":\"token\",\"type\":\"string\",\"options\":[\"-t\"],\"secret\":true,"
	"\"allowed\":\"any\"},"
	"{\"name\":\"note\",\"type\":\"text\",\"options\":[],\"allowed\":\"any\"}]}";

static struct arena *arena;

static int set_up(void **state)
{
	(void)state;
	arena = arena_new();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

/* Words with "|" between them. */
static struct strings split(const char *text)
{
	struct strings words = {0};

	for (;;) {
		size_t length = strcspn(text, "|");

		strings_add(arena, &words, arena_strndup(arena, text, length));
		if (text[length] == '\0')
			return words;
		text += length + 1;
	}
}

static struct form *form_of(const char *call)
{
	struct strings words = split(call);
	struct form *form = form_read(arena, described, &words);

	assert_non_null(form);
	return form;
}

static struct form_input *input(struct form *form, const char *name)
{
	for (size_t i = 0; i < form->count; i++)
		if (strcmp(form->inputs[i].name, name) == 0)
			return &form->inputs[i];
	fail_msg("no input %s", name);
	return NULL;
}

static void expect_given(const char *call, const char *name, const char *values)
{
	assert_string_equal(strings_join(arena, &input(form_of(call), name)->given, "|"), values);
}

static void what_was_given_is_seen_as_the_gateway_sees_it(void **state)
{
	(void)state;
	expect_given("node|drain", "node", "");
	expect_given("node|drain|web1", "node", "web1");
	expect_given("node|drain|--|-web1", "node", "-web1");
	expect_given("node|drain|--how=hard|web1", "mode", "hard");
	expect_given("node|drain|--how|hard|web1", "node", "web1");
	expect_given("node|drain|-mhard", "mode", "hard");
	expect_given("node|drain|-m|hard", "mode", "hard");
	expect_given("node|drain|--how", "mode", "");
	expect_given("node|drain|--wait=3", "wait", "3");
	expect_given("node|drain|--all|web1", "node", "web1");
	expect_given("node|drain|--all", "all", "true");
	expect_given("node|drain|--unknown|web1", "node", "web1");
	expect_given("nd|web1", "node", "web1"); /* an alias */
}

static void conditions_follow_values_and_defaults(void **state)
{
	struct form *form = form_of("node|drain|web1");

	(void)state;
	assert_true(form_shows(form, input(form, "wait")));
	assert_false(form_shows(form, input(form, "level")));
	assert_true(form_lacks(form));
	form = form_of("node|drain|web1|--how=hard");
	assert_false(form_shows(form, input(form, "wait")));
	assert_false(form_shows(form, input(form, "level")));
	assert_false(form_lacks(form));
	form = form_of("node|drain|web1|--wait=9");
	assert_true(form_shows(form, input(form, "level")));
	assert_true(form_lacks(form));
	/* What hangs on a hidden one is hidden. */
	form = form_of("node|drain|web1|--wait=9|--how=hard");
	assert_false(form_shows(form, input(form, "level")));
	form = form_of("node|drain|web1|--wait=3");
	assert_false(form_lacks(form));
	strings_add(arena, &input(form, "mode")->answered, "hard");
	assert_false(form_shows(form, input(form, "wait")));
	form = form_of("node|drain|--wait=3");
	assert_true(form_lacks(form));
}

static const char *joined(const struct form *form, bool masked)
{
	struct strings words = form_words(arena, form, masked);

	return strings_join(arena, &words, "|");
}

static void answers_become_words(void **state)
{
	struct form *form = form_of("node|drain|-t|hush");

	(void)state;
	assert_string_equal(joined(form, false), "node|drain|-t|hush");
	assert_string_equal(joined(form, true), "node|drain|-t|<secret>");
	strings_add(arena, &input(form, "node")->answered, "web1");
	strings_add(arena, &input(form, "mode")->answered, "soft");
	strings_add(arena, &input(form, "wait")->answered, "3");
	strings_add(arena, &input(form, "note")->answered, "a\nb");
	strings_add(arena, &input(form, "all")->answered, "true");
	assert_string_equal(joined(form, false),
		"node|drain|--how=soft|--wait=3|--all|--note=a\nb|-t|hush|web1");
	assert_string_equal(joined(form, true),
		"node|drain|--how=soft|--wait=3|--all|--note=<text of 2 lines>|-t|<secret>|web1");
	form = form_of("node|drain|--|web1");
	strings_add(arena, &input(form, "token")->answered, "hush");
	strings_add(arena, &input(form, "all")->answered, "false");
	assert_string_equal(joined(form, false), "node|drain|-t|hush|--|web1");
	assert_string_equal(joined(form, true), "node|drain|-t|<secret>|--|web1");
}

static void sets_and_choices_are_lists(void **state)
{
	struct form *form = form_of("node|drain");

	(void)state;
	assert_true(input(form, "node")->computed);
	assert_false(input(form, "node")->is_list);
	assert_true(input(form, "mode")->is_list);
	assert_string_equal(strings_join(arena, &input(form, "level")->values, ","), "a,b");
	assert_string_equal(input(form, "wait")->maximum, "9");
}

static void only_functions_have_a_form(void **state)
{
	struct strings words = split("x");

	(void)state;
	assert_null(form_read(arena, "{\"name\":\"x\",\"parameters\":[]}", &words));
	assert_null(form_read(arena, "{\"name\":\"x\",\"alternatives\":[]}", &words));
	assert_null(form_read(arena, "[", &words));
	assert_null(form_read(arena, "\"function\"", &words));
}

static void json_is_read(void **state)
{
	const struct tree *root =
		tree_read(arena, " {\"a\" : \"\\u00e4\\ud83d\\ude00\\n\\\"\\\\/\", \"b\": [1, "
				 "-2.5e3 ,true,null,\"x\"],"
				 "\"c\":{}, \"d\":false} ");
	struct strings list = tree_strings(arena, tree_member(root, "b"));

	(void)state;
	assert_non_null(root);
	assert_string_equal(tree_text(root, "a"), "\xc3\xa4\xf0\x9f\x98\x80\n\"\\/");
	assert_string_equal(strings_join(arena, &list, "|"), "1|-2.5e3|x");
	assert_int_equal(tree_member(root, "c")->kind, TREE_OBJECT);
	assert_false(tree_is_true(root, "d"));
	assert_null(tree_member(root, "e"));
	assert_null(tree_text(root, "b"));
}

static void what_is_no_json_is_nothing(void **state)
{
	static const char *const wrong[] = {"", "{", "[1", "[1,]", "{\"a\"}", "{\"a\":}", "{a:1}",
		"\"a", "\"\\", "\"\\x\"", "\"\\u12\"", "\"\\ud800\"", "\"\\udc00\"",
		"\"\\ud800\\u0041\"", "\"a\nb\"", "1 2", "tru",
		"[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]"};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (tree_read(arena, wrong[i]) != NULL)
			fail_msg("taken: %s", wrong[i]);
	/* Cut anywhere it is none, and nothing beyond its end is read. */
	for (size_t length = 0; length < strlen(described); length++)
		assert_null(tree_read(arena, arena_strndup(arena, described, length)));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_was_given_is_seen_as_the_gateway_sees_it),
		TEST(conditions_follow_values_and_defaults),
		TEST(answers_become_words),
		TEST(sets_and_choices_are_lists),
		TEST(only_functions_have_a_form),
		TEST(json_is_read),
		TEST(what_is_no_json_is_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
