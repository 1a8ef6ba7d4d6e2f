/*
 * Merging, by JEA's documented rules (design, section 4). The command of the table has three
 * parameters: unit (operand), lines (-n) and follow (-f, a flag). Each row is tried with the grants
 * in every order and with the roles in every order.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policy-fixture.h"
#include "policy/merge.h"
#include "random.h"

enum { ROLES = 3, GRANTS_MAX = 6 };

struct merge_case {
	const char *rules;
	const char *grants; /* policy-fixture.h */
	const char *allowed; /* of A, B and C together; what is not named may not be given */
};

static const struct merge_case cases[] = {
	/* 1: granted once, its constraints apply. */
	{ "1", "", "nothing" },
	{ "1", "A: *", "unit lines follow" },
	{ "1", "A: -", "" },
	{ "1", "A: unit", "unit" },
	{ "1", "A: unit lines", "unit lines" },
	{ "1", "A: follow", "follow" },
	{ "1", "A: unit={a}", "unit={a}" },
	{ "1", "A: unit={a,b}", "unit={a,b}" },
	{ "1", "A: unit=/a+/", "unit=/a+/" },
	{ "1", "A: unit={a} lines=/[0-9]/", "unit={a} lines=/[0-9]/" },
	{ "1", "A: unit={a,b} lines follow", "unit={a,b} lines follow" },

	/* 2: the same several times. */
	{ "2", "A: *; B: *", "unit lines follow" },
	{ "2", "A: -; B: -", "" },
	{ "2", "A: unit; B: unit", "unit" },
	{ "2", "A: unit={a,b}; B: unit={a,b}", "unit={a,b}" },
	{ "2", "A: unit={a,b}; B: unit={b,a}", "unit={a,b}" },
	{ "2", "A: unit=/a+/; B: unit=/a+/", "unit=/a+/" },
	{ "2", "A: unit={a} lines={1}; B: unit={a} lines={1}; C: unit={a} lines={1}",
		"unit={a} lines={1}" },
	{ "2", "A: unit={a}; A: unit={a}", "unit={a}" },

	/* 3: different parameter lists: their union; no list opens every parameter. */
	{ "3", "A: unit; B: lines", "unit lines" },
	{ "3", "A: unit; B: unit lines", "unit lines" },
	{ "3", "A: unit; B: lines; C: follow", "unit lines follow" },
	{ "3", "A: unit; B: -", "unit" },
	{ "3", "A: -; B: *", "unit lines follow" },
	{ "3", "A: unit; B: *", "unit lines follow" },
	{ "3", "A: unit={a}; B: lines={1}", "unit={a} lines={1}" },
	{ "3", "A: unit=/a/; B: lines={1}; C: follow", "unit=/a/ lines={1} follow" },
	{ "3", "A: unit={a}; B: -", "unit={a}" },
	{ "3", "A: unit; A: lines", "unit lines" },

	/* 4: listed without set or pattern: no other set or pattern is left on it. */
	{ "4", "A: unit; B: unit={a}", "unit" },
	{ "4", "A: unit; B: unit=/a/", "unit" },
	{ "4", "A: unit; B: unit={a}/b/", "unit" },
	{ "4", "A: unit={a} lines; B: unit lines={1}", "unit lines" },
	{ "4", "A: unit={a}; B: unit={b}; C: unit", "unit" },
	{ "4", "A: unit=/a/; B: unit=/b/; C: unit", "unit" },
	{ "4", "A: unit={a}; A: unit", "unit" },

	/* 5: several sets: their union. */
	{ "5", "A: unit={a}; B: unit={b}", "unit={a,b}" },
	{ "5", "A: unit={a,b}; B: unit={b,c}", "unit={a,b,c}" },
	{ "5", "A: unit={a}; B: unit={b}; C: unit={c}", "unit={a,b,c}" },
	{ "5", "A: unit={a}; A: unit={b}", "unit={a,b}" },
	{ "5", "A: unit={a} lines={1}; B: unit={b} lines={2}", "unit={a,b} lines={1,2}" },
	{ "5", "A: unit={a}; B: unit={A}", "unit={A,a}" }, /* byte for byte */
	{ "5", "A: unit={a}; B: unit={a.}", "unit={a,a.}" },

	/* 6: several patterns: any may match. */
	{ "6", "A: unit=/a/; B: unit=/b/", "unit=/a/|/b/" },
	{ "6", "A: unit=/a/; B: unit=/b/; C: unit=/c/", "unit=/a/|/b/|/c/" },
	{ "6", "A: unit=/a/; A: unit=/b/", "unit=/a/|/b/" },
	{ "6", "A: unit=/a/ lines=/1/; B: unit=/b/ lines=/2/", "unit=/a/|/b/ lines=/1/|/2/" },

	/* 7: sets and patterns: the patterns decide alone. */
	{ "7", "A: unit={a}; B: unit=/b/", "unit=/b/" },
	{ "7", "A: unit={a}/b/", "unit=/b/" },
	{ "7", "A: unit={a}; B: unit={b}; C: unit=/c/", "unit=/c/" },
	{ "7", "A: unit={a}; B: unit=/b/; C: unit=/c/", "unit=/b/|/c/" },
	{ "7", "A: unit={a}/b/; B: unit={c}", "unit=/b/" },
	{ "7", "A: unit={a}/b/; B: unit=/c/", "unit=/b/|/c/" },
	{ "7", "A: unit={a}; A: unit=/b/", "unit=/b/" },

	/* Every pair. One entry with a set and a pattern is always under rule 7. */
	{ "1+2", "A: unit={a}; B: unit={a}", "unit={a}" },
	{ "1+3", "A: unit={a}; B: lines", "unit={a} lines" },
	{ "1+4", "A: unit={a} lines={1}; B: unit", "unit lines={1}" },
	{ "1+5", "A: unit={a} lines={1}; B: unit={b}", "unit={a,b} lines={1}" },
	{ "1+6", "A: unit=/a/ lines={1}; B: unit=/b/", "unit=/a/|/b/ lines={1}" },
	{ "1+7", "A: unit={a} lines={1}; B: unit=/b/", "unit=/b/ lines={1}" },
	{ "2+3", "A: unit={a}; B: unit={a}; C: *", "unit lines follow" },
	{ "2+3", "A: unit={a}; B: unit={a} lines; C: lines", "unit={a} lines" },
	{ "2+4", "A: unit={a}; B: unit={a}; C: unit", "unit" },
	{ "2+5", "A: unit={a}; B: unit={a}; C: unit={b}", "unit={a,b}" },
	{ "2+6", "A: unit=/a/; B: unit=/a/; C: unit=/b/", "unit=/a/|/b/" },
	{ "2+7", "A: unit={a}; B: unit={a}; C: unit=/b/", "unit=/b/" },
	{ "2+7", "A: unit={a}; B: unit=/b/; C: unit=/b/", "unit=/b/" },
	{ "3+4", "A: unit={a}; B: *", "unit lines follow" },
	{ "3+4", "A: unit=/a/; B: *", "unit lines follow" },
	{ "3+4", "A: unit={a}; B: unit lines", "unit lines" },
	{ "3+4", "A: unit={a} lines={1}; B: unit follow", "unit lines={1} follow" },
	{ "3+5", "A: unit={a}; B: unit={b} lines", "unit={a,b} lines" },
	{ "3+5", "A: unit={a}; B: unit={b}; C: *", "unit lines follow" },
	{ "3+6", "A: unit=/a/; B: unit=/b/ lines", "unit=/a/|/b/ lines" },
	{ "3+6", "A: unit=/a/; B: unit=/b/; C: *", "unit lines follow" },
	{ "3+7", "A: unit={a}; B: unit=/b/ lines", "unit=/b/ lines" },
	{ "3+7", "A: unit={a}; B: unit=/b/; C: *", "unit lines follow" },
	{ "3+7", "A: unit={a} lines; B: unit=/b/ follow", "unit=/b/ lines follow" },
	{ "4+5", "A: unit={a} lines={1}; B: unit={b} lines", "unit={a,b} lines" },
	{ "4+6", "A: unit=/a/ lines=/1/; B: unit=/b/ lines", "unit=/a/|/b/ lines" },
	{ "4+7", "A: unit={a}; B: unit=/b/; C: unit", "unit" },
	{ "4+7", "A: unit={a}/b/; B: unit", "unit" },
	{ "5+6", "A: unit={a} lines=/1/; B: unit={b} lines=/2/", "unit={a,b} lines=/1/|/2/" },
	{ "5+7", "A: unit={a}; B: unit={b}; A: unit=/c/", "unit=/c/" },
	{ "5+7", "A: unit={a} lines={1}; B: unit={b} lines=/2/", "unit={a,b} lines=/2/" },
	{ "6+7", "A: unit=/a/; B: unit=/b/; C: unit={c}", "unit=/a/|/b/" },
	{ "6+7", "A: unit={a}/b/; B: unit={c}/d/", "unit=/b/|/d/" },

	/* Three roles, each rule on another parameter. */
	{ "4+5+7", "A: unit={a} lines={1} follow; B: unit=/b/ lines={2}; C: follow",
		"unit=/b/ lines={1,2} follow" },
	{ "3+5+6", "A: unit={a} lines=/1/; B: unit={b}; C: lines=/2/",
		"unit={a,b} lines=/1/|/2/" },
	{ "3+4+7", "A: unit={a}; B: unit=/b/ lines={1}; C: lines", "unit=/b/ lines" },
	{ "all", "A: unit={a}; A: unit={a}; B: unit={b}/c/; B: lines; C: lines={1}; C: -",
		"unit=/c/ lines" },
};

/* All of it is shown for commands, then for functions, which are granted by the same code. */
static bool as_function;

/* The parameters are defined in the order in which the table names them. */
static struct command *add_command(struct fixture *fixture)
{
	struct command *command = fixture_command(fixture, "command", "/bin/command", NULL);
	struct function *function = arena_alloc(fixture->arena, sizeof(*function));

	function->command = command;
	if (as_function)
		command->function = function;
	fixture_parameter(fixture, command, "unit @1", PARAMETER_STRING);
	fixture_parameter(fixture, command, "lines -n --lines", PARAMETER_STRING);
	fixture_parameter(fixture, command, "follow -f", PARAMETER_FLAG);
	return command;
}

static int by_text(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* "={a,b}" or "=/a/|/b/": each once, sorted, as no order may show. */
static char *render_values(struct arena *arena, const struct parameter_permission *parameter)
{
	bool set = parameter->kind == PERMISSION_SET;
	struct strings texts = { 0 };

	for (size_t i = 0; i < parameter->value_count; i++) {
		const struct permitted_value *value = &parameter->values[i];
		const char *text = set
			? value->value
			: arena_printf(arena, "/%s/", value->constraint->pattern.text);

		if (!strings_contain(&texts, text))
			strings_add(arena, &texts, text);
	}
	qsort(texts.items, texts.count, sizeof(*texts.items), by_text);
	return arena_printf(arena, set ? "={%s}" : "=%s",
		strings_join(arena, &texts, set ? "," : "|"));
}

static char *render(struct arena *arena, const struct permission *permission)
{
	struct strings parts = { 0 };

	if (!permission->granted)
		return arena_strdup(arena, "nothing");
	for (size_t i = 0; i < permission->command->parameters.count; i++) {
		const struct parameter_permission *parameter = &permission->parameters[i];
		const char *name = permission->command->parameters.items[i].name;

		if (parameter->kind == PERMISSION_ANY)
			strings_add(arena, &parts, name);
		else if (parameter->kind != PERMISSION_NONE)
			strings_add(arena, &parts,
				arena_printf(arena, "%s%s", name, render_values(arena, parameter)));
	}
	return strings_join(arena, &parts, " ");
}

/* The `number`th order of `count` things (of count!), as indexes. */
static void permute(size_t number, size_t count, size_t *order)
{
	for (size_t i = 0; i < count; i++)
		order[i] = i;
	for (size_t i = 0; i + 1 < count; i++) {
		size_t at = i + number % (count - i), taken = order[at];

		number /= count - i;
		order[at] = order[i];
		order[i] = taken;
	}
}

static size_t factorial(size_t count)
{
	return count <= 1 ? 1 : count * factorial(count - 1);
}

/* The same grants in another order, with the names A, B and C exchanged. */
static char *reorder(struct arena *arena, const char *grants, size_t grant_order, size_t role_order)
{
	struct strings given = fixture_split(arena, grants, ";"), result = { 0 };
	size_t order[GRANTS_MAX], roles[ROLES];

	assert_true(given.count <= GRANTS_MAX);
	permute(grant_order, given.count, order);
	permute(role_order, ROLES, roles);
	for (size_t i = 0; i < given.count; i++) {
		const char *text = given.items[order[i]] + strspn(given.items[order[i]], " ");

		if (*text != '\0')
			strings_add(arena, &result,
				arena_printf(arena, "%c%s", (char)('A' + roles[text[0] - 'A']), text + 1));
	}
	return strings_join(arena, &result, "; ");
}

static size_t count_grants(const char *grants)
{
	size_t count = 1;

	for (; *grants != '\0'; grants++)
		count += *grants == ';';
	return count;
}

static char *merged(struct arena *arena, const char *grants, const char *roles)
{
	struct fixture *fixture = fixture_new("A,B,C");
	struct command *command = add_command(fixture);
	struct role_set set = fixture_roles(fixture, roles);
	struct permission permission;
	char *text;

	fixture_grants(fixture, command, grants);
	fixture_finish(fixture);
	permission = merge_permission(arena, command, &set);
	text = render(arena, &permission);
	fixture_free(fixture);
	return text;
}

static void check_case(const struct merge_case *merge_case)
{
	size_t orders = factorial(count_grants(merge_case->grants));

	for (size_t i = 0; i < orders; i++)
		for (size_t j = 0; j < factorial(ROLES); j++) {
			struct arena *arena = arena_new();
			char *grants = reorder(arena, merge_case->grants, i, j);
			char *allowed = merged(arena, grants, "A,B,C");

			if (strcmp(allowed, merge_case->allowed) != 0)
				fail_msg("rules %s: %s\n  expected %s\n  got      %s",
					merge_case->rules, grants, merge_case->allowed, allowed);
			arena_free(arena);
		}
}

static void grants_merge_by_the_documented_rules_in_every_order(void **state)
{
	(void)state;
	assert_true(sizeof(cases) / sizeof(*cases) >= 60);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		check_case(&cases[i]);
}

static void the_table_has_every_pair_of_rules(void **state)
{
	(void)state;
	for (char left = '1'; left <= '7'; left++)
		for (char right = left; right <= '7'; right++) {
			const char pair[] = { left, left == right ? '\0' : '+', right, '\0' };
			size_t found = 0;

			for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
				found += strcmp(cases[i].rules, pair) == 0;
			if (found == 0)
				fail_msg("no case for %s", pair);
		}
}

static void only_the_roles_that_one_has_count(void **state)
{
	static const char grants[] = "A: unit={a}; B: unit={b} lines; C: unit=/c/";
	static const struct {
		const char *roles, *allowed;
	} rows[] = {
		{ "", "nothing" },
		{ "A", "unit={a}" },
		{ "B", "unit={b} lines" },
		{ "C", "unit=/c/" },
		{ "A,B", "unit={a,b} lines" },
		{ "A,C", "unit=/c/" },
		{ "B,C", "unit=/c/ lines" },
		{ "A,B,C", "unit=/c/ lines" },
	};
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_string_equal(merged(arena, grants, rows[i].roles), rows[i].allowed);
	arena_free(arena);
}

/* Roles that one doesn't have are stepped over by bisection: try gaps of every size. */
static void grants_of_many_roles_are_found_by_those_that_one_has(void **state)
{
	enum { MANY = 200 };
	struct arena *arena = arena_new();
	struct strings names = { 0 };
	struct fixture *fixture;
	struct command *command;

	(void)state;
	for (size_t i = 0; i < MANY; i++)
		strings_add(arena, &names, arena_printf(arena, "role%03zu", i));
	fixture = fixture_new(strings_join(arena, &names, ","));
	command = add_command(fixture);
	for (size_t i = 0; i < MANY; i++)
		if (i % 3 != 1)
			fixture_grants(fixture, command,
				arena_printf(arena, "role%03zu: unit={v%zu}; role%03zu: lines={w%zu}", i,
					i, i, i));
	fixture_finish(fixture);
	for (size_t step = 1; step < MANY; step++) {
		struct role_set set = role_set_new(arena, fixture->policy);
		struct permission permission;
		size_t expected = 0;

		for (size_t i = step / 2; i < MANY; i += step) {
			role_set_add(&set, &fixture->policy->roles[i]);
			expected += i % 3 != 1;
		}
		permission = merge_permission(arena, command, &set);
		assert_int_equal(permission.grant_count, expected * 2);
		assert_int_equal(merge_is_granted(command, &set), expected > 0);
		for (size_t i = 0; i < permission.grant_count; i++)
			assert_true(role_set_has(&set, permission.grants[i]->role));
	}
	fixture_free(fixture);
	arena_free(arena);
}

static void common_parameters_are_allowed_whatever_a_role_lists(void **state)
{
	static const struct {
		const char *grants;
		enum permission_kind kind;
	} rows[] = {
		{ "A: -", PERMISSION_ANY },
		{ "A: unit={a}", PERMISSION_ANY },
		{ "A: *", PERMISSION_ANY },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct fixture *fixture = fixture_new("A,B,C");
		struct command *command = add_command(fixture);
		struct role_set set = fixture_roles(fixture, "A"), none = fixture_roles(fixture, "B");
		struct permission permission;

		command->parameters.items[1].common = true;
		fixture_grants(fixture, command, rows[i].grants);
		fixture_finish(fixture);
		permission = merge_permission(fixture->arena, command, &set);
		assert_int_equal(permission.parameters[1].kind, rows[i].kind);
		permission = merge_permission(fixture->arena, command, &none);
		assert_false(permission.granted);
		fixture_free(fixture);
	}
}

/* The place of every permission, and what a pattern took away. */
static void a_permission_remembers_where_it_came_from(void **state)
{
	struct fixture *fixture = fixture_new("A,B,C");
	struct command *command = add_command(fixture);
	struct role_set set = fixture_roles(fixture, "A,B,C");
	struct permission permission;
	const struct parameter_permission *unit, *lines, *follow;

	(void)state;
	fixture_grants(fixture, command,
		"A: unit={a,b} lines={1}; B: unit=/x/ follow; C: unit={c} lines={1,2}");
	fixture_finish(fixture);
	permission = merge_permission(fixture->arena, command, &set);
	assert_int_equal(permission.grant_count, 3);
	assert_string_equal(permission.grants[1]->role->name, "B");
	unit = &permission.parameters[0];
	assert_int_equal(unit->value_count, 1);
	assert_string_equal(unit->values[0].grant->role->name, "B");
	assert_int_equal(unit->values[0].constraint->source.line, permission.grants[1]->source.line);
	assert_int_equal(unit->ignored_count, 3);
	assert_string_equal(unit->ignored[2].value, "c");
	assert_string_equal(unit->ignored[2].grant->role->name, "C");
	lines = &permission.parameters[1];
	assert_int_equal(lines->value_count, 3); /* "1" twice: two roles give it */
	assert_int_equal(lines->ignored_count, 0);
	follow = &permission.parameters[2];
	assert_int_equal(follow->grant_count, 1);
	assert_string_equal(follow->grants[0]->role->name, "B");
	fixture_free(fixture);
}

static void permissions_are_equal_when_they_allow_the_same(void **state)
{
	static const struct {
		const char *left, *right;
		bool equal;
	} rows[] = {
		{ "A: unit={a,b}", "A: unit={b}; B: unit={a}", true },
		{ "A: unit={a,b}", "A: unit={a}", false },
		{ "A: unit={a}", "A: unit={a,b}", false },
		{ "A: unit={a}", "A: unit=/a/", false },
		{ "A: unit=/a/", "A: unit=/a/; B: unit={b}", true },
		{ "A: unit=/a/", "A: unit=/b/", false },
		{ "A: unit", "A: *", false },
		{ "A: *", "A: unit lines; B: follow", true },
		{ "A: -", "A: unit", false },
		{ "A: -", "", false },
		{ "", "", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct permission permissions[2];
		struct fixture *fixtures[2];

		for (size_t j = 0; j < 2; j++) {
			struct fixture *fixture = fixtures[j] = fixture_new("A,B,C");
			struct command *command = add_command(fixture);
			struct role_set set = fixture_roles(fixture, "A,B,C");

			fixture_grants(fixture, command, j == 0 ? rows[i].left : rows[i].right);
			fixture_finish(fixture);
			permissions[j] = merge_permission(fixture->arena, command, &set);
		}
		if (permission_equal(&permissions[0], &permissions[1]) != rows[i].equal ||
			permission_equal(&permissions[1], &permissions[0]) != rows[i].equal)
			fail_msg("\"%s\" and \"%s\"", rows[i].left, rows[i].right);
		fixture_free(fixtures[0]);
		fixture_free(fixtures[1]);
	}
}

/*
 * A model for random policies: what the documentation says, read off the grants one by one, for
 * one parameter and one value. It shares no code with merge.c, nor PCRE2.
 */
struct model_constraint {
	bool listed;
	unsigned set;  /* bits of values[] */
	size_t pattern; /* of patterns[]; 0: none */
};

struct model_grant {
	size_t role;
	bool whole;
	struct model_constraint constraints[2]; /* unit, lines */
};

struct model {
	struct model_grant grants[GRANTS_MAX];
	size_t count;
};

static const char *const values[] = { "a", "b", "c", "ab", "ba", "abc", "A", "aa b" };
enum { VALUES = sizeof(values) / sizeof(*values) };

static bool starts_with_a(const char *value)
{
	return value[0] == 'a';
}

static bool ends_with_b(const char *value)
{
	return value[strlen(value) - 1] == 'b';
}

static bool is_one_letter(const char *value)
{
	return strlen(value) == 1 && strchr("abc", value[0]) != NULL;
}

static bool is_ab_or_c(const char *value)
{
	return strcmp(value, "ab") == 0 || strcmp(value, "c") == 0;
}

static const struct {
	const char *text;
	bool (*matches)(const char *value);
} patterns[] = {
	{ NULL, NULL },
	{ "a.*", starts_with_a },
	{ ".*b", ends_with_b },
	{ "[abc]", is_one_letter },
	{ "ab|c", is_ab_or_c },
};
enum { PATTERNS = sizeof(patterns) / sizeof(*patterns) };

static bool model_permits(
	const struct model *model, unsigned roles, size_t parameter, size_t value, bool *overruled)
{
	bool any = false, matched = false, patterned = false, member = false;

	for (size_t i = 0; i < model->count; i++) {
		const struct model_grant *grant = &model->grants[i];
		const struct model_constraint *constraint = &grant->constraints[parameter];

		if ((roles >> grant->role & 1) == 0)
			continue;
		any |= grant->whole;
		if (grant->whole || !constraint->listed)
			continue;
		any |= constraint->set == 0 && constraint->pattern == 0;
		member |= (constraint->set >> value & 1) != 0;
		if (constraint->pattern != 0) {
			patterned = true;
			matched |= patterns[constraint->pattern].matches(values[value]);
		}
	}
	*overruled = !any && patterned && !matched && member;
	return any || (patterned ? matched : member);
}

static struct model random_model(uint64_t *state)
{
	struct model model = { .count = 1 + random_below(state, GRANTS_MAX) };

	for (size_t i = 0; i < model.count; i++) {
		struct model_grant *grant = &model.grants[i];

		grant->role = random_below(state, ROLES);
		grant->whole = random_below(state, 12) == 0;
		for (size_t j = 0; j < 2; j++) {
			struct model_constraint *constraint = &grant->constraints[j];

			constraint->listed = random_below(state, 4) != 0;
			if (random_below(state, 8) == 0)
				continue;
			if (random_below(state, 3) != 0)
				constraint->set = 1 + (unsigned)random_below(state, (1 << VALUES) - 1);
			if (random_below(state, 4) == 0)
				constraint->pattern = random_below(state, PATTERNS);
		}
	}
	return model;
}

static void write_constraint(
	struct fixture *fixture, struct grant *grant, const struct model_constraint *given, size_t index)
{
	struct constraint *constraint = &grant->constraints[grant->constraint_count];
	size_t offset;

	if (!given->listed || !grant->lists_parameters)
		return;
	grant->constraint_count++;
	constraint->parameter = &grant->command->parameters.items[index];
	for (size_t i = 0; i < VALUES; i++)
		if ((given->set >> i & 1) != 0)
			strings_add(fixture->arena, &constraint->set, values[i]);
	constraint->has_pattern = given->pattern != 0;
	if (constraint->has_pattern)
		assert_null(pattern_compile(fixture->arena, patterns[given->pattern].text,
			&constraint->pattern, &offset));
}

/* The model's policy; `order` and `roles` permute it. */
static struct fixture *write_model(const struct model *model, size_t order_number, size_t role_number)
{
	struct fixture *fixture = fixture_new("A,B,C");
	struct command *command = add_command(fixture);
	size_t order[GRANTS_MAX], roles[ROLES];

	permute(order_number, model->count, order);
	permute(role_number, ROLES, roles);
	for (size_t i = 0; i < model->count; i++) {
		const struct model_grant *given = &model->grants[order[i]];
		struct role *role = &fixture->policy->roles[roles[given->role]];
		struct grant *grant;

		fixture_grants(fixture, command,
			arena_printf(fixture->arena, "%s: %s", role->name, given->whole ? "*" : "-"));
		grant = role->grants.items[role->grants.count - 1];
		for (size_t j = 0; j < 2; j++)
			write_constraint(fixture, grant, &given->constraints[j], j);
	}
	fixture_finish(fixture);
	return fixture;
}

/* By the front door: the decision on a call with this value alone. */
static bool decides(struct fixture *fixture, const struct role_set *roles, size_t parameter, size_t value)
{
	const char *const unit[] = { "command", values[value] };
	const char *const lines[] = { "command", "-n", values[value] };
	struct decision_request request = {
		.policy = fixture->policy,
		.roles = roles,
		.words = parameter == 0 ? unit : lines,
		.count = parameter == 0 ? 2 : 3,
	};
	struct arena *arena = arena_new();
	struct decision decision;
	bool allowed;

	decide(arena, &request, &decision);
	allowed = decision.verdict == VERDICT_ALLOW;
	arena_free(arena);
	return allowed;
}

static struct role_set roles_of_bits(struct fixture *fixture, unsigned bits, const size_t *names)
{
	struct role_set set = role_set_new(fixture->arena, fixture->policy);

	for (size_t i = 0; i < ROLES; i++)
		if ((bits >> i & 1) != 0)
			role_set_add(&set, &fixture->policy->roles[names[i]]);
	return set;
}

enum { POLICIES = 400, SETS_OF_ROLES = 1 << ROLES };

static void every_decision_is_the_models(void **state)
{
	uint64_t seed = 20261124;
	size_t allowed = 0, refused = 0;

	(void)state;
	for (size_t n = 0; n < POLICIES; n++) {
		struct model model = random_model(&seed);
		size_t order = random_below(&seed, factorial(model.count));
		size_t exchange = random_below(&seed, factorial(ROLES)), names[ROLES];
		struct fixture *fixture = write_model(&model, order, exchange);

		permute(exchange, ROLES, names);
		for (unsigned roles = 0; roles < SETS_OF_ROLES; roles++) {
			struct role_set set = roles_of_bits(fixture, roles, names);

			for (size_t i = 0; i < 2 * VALUES; i++) {
				bool overruled, expected = model_permits(
					&model, roles, i % 2, i / 2, &overruled);

				if (decides(fixture, &set, i % 2, i / 2) != expected)
					fail_msg("policy %zu, roles %x, parameter %zu, \"%s\": expected %d",
						n, roles, i % 2, values[i / 2], expected);
				allowed += expected;
				refused += !expected;
			}
		}
		fixture_free(fixture);
	}
	/* The policies are neither all open nor all shut. */
	assert_true(allowed > refused / 10 && refused > allowed / 10);
}

static void merging_does_not_depend_on_any_order(void **state)
{
	uint64_t seed = 7;

	(void)state;
	for (size_t n = 0; n < POLICIES; n++) {
		struct model model = random_model(&seed);
		struct arena *arena = arena_new();
		char *first = NULL;

		for (size_t i = 0; i < 6; i++) {
			struct fixture *fixture = write_model(&model,
				i == 0 ? 0 : random_below(&seed, factorial(model.count)), i);
			struct role_set set = fixture_roles(fixture, "A,B,C");
			struct permission permission =
				merge_permission(arena, fixture->policy->commands[0], &set);
			char *text = render(arena, &permission);

			if (first == NULL)
				first = text;
			assert_string_equal(text, first);
			fixture_free(fixture);
		}
		arena_free(arena);
	}
}

/* What one role more takes away is exactly what rule 7 says it does. */
static void another_role_never_removes_access_except_by_rule_7(void **state)
{
	static const size_t names[ROLES] = { 0, 1, 2 };
	uint64_t seed = 99;
	size_t removed = 0, added = 0;

	(void)state;
	for (size_t n = 0; n < POLICIES; n++) {
		struct model model = random_model(&seed);
		struct fixture *fixture = write_model(&model, 0, 0);

		for (unsigned roles = 0; roles < SETS_OF_ROLES; roles++)
			for (size_t i = 0; i < ROLES * VALUES * 2; i++) {
				unsigned more = roles | 1U << i % ROLES;
				size_t value = i / ROLES % VALUES, parameter = i / ROLES / VALUES;
				struct role_set fewer_set = roles_of_bits(fixture, roles, names);
				struct role_set more_set = roles_of_bits(fixture, more, names);
				bool before = decides(fixture, &fewer_set, parameter, value);
				bool after = decides(fixture, &more_set, parameter, value);
				bool overruled;

				added += after && !before;
				if (!before || after)
					continue;
				removed++;
				model_permits(&model, more, parameter, value, &overruled);
				assert_true(overruled);
			}
		fixture_free(fixture);
	}
	assert_true(removed > 100 && added > 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grants_merge_by_the_documented_rules_in_every_order),
		cmocka_unit_test(the_table_has_every_pair_of_rules),
		cmocka_unit_test(only_the_roles_that_one_has_count),
		cmocka_unit_test(grants_of_many_roles_are_found_by_those_that_one_has),
		cmocka_unit_test(common_parameters_are_allowed_whatever_a_role_lists),
		cmocka_unit_test(a_permission_remembers_where_it_came_from),
		cmocka_unit_test(permissions_are_equal_when_they_allow_the_same),
		cmocka_unit_test(every_decision_is_the_models),
		cmocka_unit_test(merging_does_not_depend_on_any_order),
		cmocka_unit_test(another_role_never_removes_access_except_by_rule_7),
	};

	int failed = cmocka_run_group_tests_name("merge", tests, NULL, NULL);

	as_function = true;
	return failed + cmocka_run_group_tests_name("merge-functions", tests, NULL, NULL);
}
