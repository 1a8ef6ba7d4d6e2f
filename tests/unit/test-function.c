/* What reaches a function's script, and what is made of what it says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/text.h"
#include "function/inputs.h"
#include "function/outcome.h"
#include "policy-fixture.h"

struct world {
	struct fixture *fixture;
	struct command *command;
	struct arena *arena;
	struct outcome outcome;
};

static int set_up(void **state)
{
	struct world *world = test_calloc(1, sizeof(*world));

	world->fixture = fixture_new("operator");
	world->command = fixture_command(world->fixture, "drain", "/bin/drain", NULL);
	fixture_parameter(world->fixture, world->command, "unit", PARAMETER_STRING);
	fixture_parameter(world->fixture, world->command, "lines", PARAMETER_INTEGER);
	fixture_parameter(world->fixture, world->command, "force", PARAMETER_FLAG);
	fixture_parameter(world->fixture, world->command, "quiet", PARAMETER_BOOLEAN);
	fixture_parameter(world->fixture, world->command, "host-name", PARAMETER_STRING)->repeat =
		3;
	world->arena = arena_new();
	outcome_begin(&world->outcome, world->arena, world->command);
	*state = world;
	return 0;
}

static int tear_down(void **state)
{
	struct world *world = *state;

	arena_free(world->arena);
	fixture_free(world->fixture);
	test_free(world);
	return 0;
}

static void feed(struct world *world, const char *text)
{
	outcome_feed(&world->outcome, text, strlen(text));
}

static void is_line(const struct world *world, size_t at, enum outcome_type type, const char *input,
	const char *text)
{
	const struct outcome_line *line = &world->outcome.lines[at];

	assert_true(at < world->outcome.count);
	assert_int_equal(line->type, type);
	if (input == NULL)
		assert_null(line->input);
	else
		assert_string_equal(line->input, input);
	assert_string_equal(line->text, text);
}

static void lines_are_typed(void **state)
{
	struct world *world = *state;

	feed(world, "success done\nwarning  two  blanks \nerror \tx\ninvalid unit not that one\n"
		    "invalid host-name a:b");
	assert_int_equal(world->outcome.count, 4);
	outcome_end(&world->outcome);
	is_line(world, 0, OUTCOME_SUCCESS, NULL, "done");
	is_line(world, 1, OUTCOME_WARNING, NULL, " two  blanks ");
	is_line(world, 2, OUTCOME_ERROR, NULL, "\tx");
	is_line(world, 3, OUTCOME_INVALID, "unit", "not that one");
	is_line(world, 4, OUTCOME_INVALID, "host-name", "a:b");
	assert_int_equal(world->outcome.count, 5);
	assert_false(world->outcome.truncated);
}

static void lines_may_be_cut_anywhere(void **state)
{
	static const char text[] = "success one\ninvalid unit x\nerror \xc3\xa4\n";
	struct world *world = *state;

	for (size_t cut = 0; cut < sizeof(text) - 1; cut++) {
		outcome_begin(&world->outcome, world->arena, world->command);
		outcome_feed(&world->outcome, text, cut);
		outcome_feed(&world->outcome, text + cut, sizeof(text) - 1 - cut);
		outcome_end(&world->outcome);
		assert_int_equal(world->outcome.count, 3);
		is_line(world, 0, OUTCOME_SUCCESS, NULL, "one");
		is_line(world, 1, OUTCOME_INVALID, "unit", "x");
		is_line(world, 2, OUTCOME_ERROR, NULL, "\xc3\xa4");
	}
}

static void what_is_no_such_line_is_an_error(void **state)
{
	static const char *const lines[] = {"", " ", "success", "success ", "Success x", "sucess x",
		"success\tx", " success x", "invalid", "invalid unit", "invalid unit ",
		"invalid nothing x", "invalid  unit x", "invalid Unit x", "errors x"};
	struct world *world = *state;

	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		outcome_begin(&world->outcome, world->arena, world->command);
		feed(world, lines[i]);
		feed(world, "\n");
		assert_int_equal(world->outcome.count, 1);
		assert_int_equal(world->outcome.lines[0].type, OUTCOME_ERROR);
		assert_int_equal(outcome_result(&world->outcome, 0), OUTCOME_FAILED);
		assert_non_null(strstr(world->outcome.lines[0].text,
			text_escape(world->arena, lines[i], strlen(lines[i]))));
	}
}

/* Every byte, at the start, in the type, after it, and in the text: UTF-8 always comes out. */
static void R2_every_byte_in_every_place(void **state)
{
	struct world *world = *state;

	for (int byte = 0; byte < 256; byte++)
		for (size_t at = 0; at < 12; at++) {
			char line[] = "success text";

			line[at] = (char)byte;
			outcome_begin(&world->outcome, world->arena, world->command);
			outcome_feed(&world->outcome, line, sizeof(line) - 1);
			outcome_end(&world->outcome);
			assert_in_range(world->outcome.count, 1, 2);
			for (size_t i = 0; i < world->outcome.count; i++) {
				const char *text = world->outcome.lines[i].text;

				assert_true(text_is_utf8(text, strlen(text)));
			}
			if (byte != "success text"[at] && at < 8)
				assert_int_equal(
					outcome_result(&world->outcome, 0), OUTCOME_FAILED);
			else if (byte != '\n')
				assert_int_equal(world->outcome.lines[0].type, OUTCOME_SUCCESS);
		}
}

static void what_is_no_text_is_escaped(void **state)
{
	struct world *world = *state;

	outcome_feed(&world->outcome, "success a\0b\xff\n", 13);
	is_line(world, 0, OUTCOME_SUCCESS, NULL, "a\\x00b\\xff");
}

static void a_longer_line_is_cut_between_characters(void **state)
{
	struct world *world = *state;
	char line[2 * OUTCOME_LINE_MAX];

	for (size_t shift = 0; shift < 3; shift++) {
		size_t length = 0;

		outcome_begin(&world->outcome, world->arena, world->command);
		length += (size_t)snprintf(line, sizeof(line), "success %.*s", (int)shift, "aa");
		while (length + 4 < sizeof(line))
			length = (size_t)((char *)mempcpy(line + length, "\xe2\x82\xac", 3) - line);
		outcome_feed(&world->outcome, line, length);
		feed(world, "\nsuccess next\n");
		assert_true(world->outcome.truncated);
		assert_null(strchr(world->outcome.lines[0].text, '\\'));
		assert_in_range(strlen(world->outcome.lines[0].text), OUTCOME_LINE_MAX - 11,
			OUTCOME_LINE_MAX - 8);
		is_line(world, 1, OUTCOME_SUCCESS, NULL, "next");
	}
}

/* R33: bounded whatever comes, and the end of it counts all the same. */
static void R33_what_has_no_room_counts(void **state)
{
	struct world *world = *state;
	char line[3000] = "success ";
	size_t used;

	memset(line + 8, 'x', sizeof(line) - 10);
	line[sizeof(line) - 2] = '\n';
	for (int i = 0; i < 100000; i++)
		feed(world, "success x\n");
	assert_int_equal(world->outcome.count, OUTCOME_LINES_MAX * 9 / 10);
	used = arena_used(world->arena);
	for (int i = 0; i < 10000; i++) {
		feed(world, line);
		outcome_feed(&world->outcome, "success \xff\xff\xff\n", 12);
	}
	assert_int_equal(arena_used(world->arena), used);
	assert_true(world->outcome.truncated);
	assert_int_equal(outcome_result(&world->outcome, 0), OUTCOME_SUCCEEDED);
	feed(world, "invalid unit x\n");
	assert_int_equal(outcome_result(&world->outcome, 0), OUTCOME_INVALID_INPUT);
	for (int i = 0; i < 10000; i++)
		feed(world, "warned x\n");
	assert_int_equal(world->outcome.count, OUTCOME_LINES_MAX);
	assert_int_equal(outcome_result(&world->outcome, 0), OUTCOME_FAILED);
	used = arena_used(world->arena);
	for (int i = 0; i < 10000; i++)
		feed(world, "warned x\nerror x\ninvalid unit x\n");
	assert_int_equal(arena_used(world->arena), used);
	assert_true(world->outcome.bytes <= OUTCOME_BYTES_MAX);
	outcome_say(&world->outcome, OUTCOME_ERROR, "the gateway's own");
	assert_int_equal(world->outcome.count, OUTCOME_LINES_MAX + 1);
}

static void R33_all_bytes_are_bounded(void **state)
{
	struct world *world = *state;
	char line[4000] = "error ";
	size_t used;

	memset(line + 6, 'x', sizeof(line) - 8);
	line[sizeof(line) - 2] = '\n';
	for (int i = 0; i < 1000; i++)
		feed(world, line);
	assert_true(world->outcome.bytes <= OUTCOME_BYTES_MAX);
	assert_in_range(world->outcome.count, 60, 70);
	/* What would fit, but not as it has to be escaped, takes no memory either. */
	memset(line + 6, 0xff, 1000);
	line[1006] = '\n';
	used = arena_used(world->arena);
	for (int i = 0; i < 1000; i++)
		outcome_feed(&world->outcome, line, 1007);
	assert_int_equal(arena_used(world->arena), used);
}

static void the_result_needs_status_and_lines(void **state)
{
	static const struct {
		const char *lines;
		int status;
		enum outcome_result result;
	} cases[] = {
		{"", 0, OUTCOME_SUCCEEDED},
		{"", 1, OUTCOME_FAILED},
		{"", -1, OUTCOME_FAILED},
		{"success x\nwarning y\n", 0, OUTCOME_SUCCEEDED},
		{"success x\n", 3, OUTCOME_FAILED},
		{"success x\nerror y\n", 0, OUTCOME_FAILED},
		{"invalid unit x\n", 0, OUTCOME_INVALID_INPUT},
		{"invalid unit x\n", 9, OUTCOME_INVALID_INPUT},
		{"invalid unit x\n", -1, OUTCOME_FAILED},
		{"invalid unit x\nerror y\n", 1, OUTCOME_FAILED},
	};
	struct world *world = *state;
	const struct outcome zero = {.count = 0};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		outcome_begin(&world->outcome, world->arena, world->command);
		feed(world, cases[i].lines);
		assert_int_equal(outcome_result(&world->outcome, cases[i].status), cases[i].result);
	}
	assert_int_equal(outcome_result(&zero, -1), 0);
	assert_string_equal(outcome_result_name(0), "error");
}

static struct arguments arguments_of(struct world *world)
{
	return (struct arguments){
		.items = arena_array(
			world->arena, world->command->parameters.count, sizeof(struct argument))};
}

static void give(
	struct world *world, struct arguments *arguments, size_t parameter, const char *text)
{
	struct argument *argument = &arguments->items[parameter];

	argument->values = arena_grow(
		world->arena, argument->values, argument->count, sizeof(*argument->values));
	argument->values[argument->count++].text = text;
}

static const struct inputs_facts facts = {
	.user = "dana",
	.act_as = "erin",
	.run_as = "svc-web",
	.request = "0123456789abcdef0123456789abcdef",
	.endpoint = "operations",
	.role = "web,logs",
	.target = "localhost",
	.has_output = true,
};

static const char *variable(const struct variables *variables, const char *name)
{
	for (size_t i = 0; i < variables->count; i++)
		if (strcmp(variables->items[i].name, name) == 0)
			return variables->items[i].value;
	return NULL;
}

static void inputs_become_variables(void **state)
{
	struct world *world = *state;
	struct arguments inputs = arguments_of(world);
	struct variables variables = {.count = 0};

	give(world, &inputs, 0, "a b\n$(c)");
	give(world, &inputs, 1, "-7");
	give(world, &inputs, 2, "");
	give(world, &inputs, 4, "x");
	give(world, &inputs, 4, "y z");
	inputs_variables(world->arena, world->command, &inputs, &facts, &variables);
	assert_string_equal(variable(&variables, "rolegate_input_unit"), "a b\n$(c)");
	assert_string_equal(variable(&variables, "rolegate_input_lines"), "-7");
	assert_string_equal(variable(&variables, "rolegate_input_force"), "true");
	assert_null(variable(&variables, "rolegate_input_quiet"));
	assert_string_equal(variable(&variables, "rolegate_input_host_name"), "x\ny z");
	assert_string_equal(variable(&variables, "rolegate_builtin_act_as"), "erin");
	assert_string_equal(variable(&variables, "rolegate_builtin_role"), "web,logs");
	assert_string_equal(variable(&variables, "rolegate_builtin_inputs"), "4");
	assert_string_equal(variable(&variables, "rolegate_builtin_output"), "5");
	assert_int_equal(variables.count, 4 + 9);
}

static void inputs_become_json(void **state)
{
	struct world *world = *state;
	struct arguments inputs = arguments_of(world);

	give(world, &inputs, 0, "a\"b\n\t\xc3\xa4");
	give(world, &inputs, 1, "-7");
	give(world, &inputs, 2, "");
	give(world, &inputs, 3, "false");
	give(world, &inputs, 4, "x");
	assert_string_equal(inputs_json(world->arena, world->command, &inputs, &facts),
		"{\"inputs\":{\"unit\":\"a\\\"b\\n\\t\xc3\xa4\",\"lines\":-7,\"force\":true,"
		"\"quiet\":false,\"host-name\":[\"x\"]},\"builtin\":{\"user\":\"dana\","
		"\"act_as\":\"erin\",\"run_as\":\"svc-web\","
		"\"request\":\"0123456789abcdef0123456789abcdef\",\"endpoint\":\"operations\","
		"\"role\":\"web,logs\",\"target\":\"localhost\",\"inputs\":\"4\",\"output\":\"5\"}}"
		"\n");
}

/* Every byte comes out as it went in, or, where it is no text, nothing is run. */
static void every_byte_comes_out_of_the_json(void **state)
{
	struct world *world = *state;

	for (int byte = 1; byte < 256; byte++) {
		struct arguments inputs = arguments_of(world);
		char value[] = {'a', (char)byte, 'b', '\0'};
		const char *text, *unit;
		json_t *root;

		give(world, &inputs, 0, value);
		text = inputs_json(world->arena, world->command, &inputs, &facts);
		if (byte >= 0x80) {
			assert_null(text);
			continue;
		}
		root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
		assert_int_equal(json_unpack(root, "{s:{s:s}}", "inputs", "unit", &unit), 0);
		assert_string_equal(unit, value);
		assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
		json_decref(root);
	}
}

static void the_file_of_inputs_is_sealed(void **state)
{
	struct world *world = *state;
	int fd = inputs_open("{\"x\": 1}\n"), again;
	char path[64];
	size_t length;

	assert_true(fd >= 0);
	assert_int_equal(fcntl(fd, F_GETFL) & O_ACCMODE, O_RDONLY);
	assert_int_equal(write(fd, "x", 1), -1);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	again = open(path, O_RDWR);
	if (again >= 0) {
		assert_int_equal(write(again, "x", 1), -1);
		assert_int_equal(ftruncate(again, 0), -1);
		close(again);
	}
	assert_string_equal(fd_read_all(world->arena, fd, 100, &length), "{\"x\": 1}\n");
	close(fd);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(lines_are_typed),
		TEST(lines_may_be_cut_anywhere),
		TEST(what_is_no_such_line_is_an_error),
		TEST(R2_every_byte_in_every_place),
		TEST(what_is_no_text_is_escaped),
		TEST(a_longer_line_is_cut_between_characters),
		TEST(R33_what_has_no_room_counts),
		TEST(R33_all_bytes_are_bounded),
		TEST(the_result_needs_status_and_lines),
		TEST(inputs_become_variables),
		TEST(inputs_become_json),
		TEST(every_byte_comes_out_of_the_json),
		TEST(the_file_of_inputs_is_sealed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
