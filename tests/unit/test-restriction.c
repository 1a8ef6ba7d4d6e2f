/*
 * Restrictions: what two of them leave is what both leave, whatever their order. Properties over
 * random restrictions of a small world, and a table of cases that a person can check.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>

#include <cmocka.h>

#include "policy/restriction.h"
#include "random.h"

enum { ROUNDS = 20000 };

static const char *const paths[] = {"/", "/a", "/a-b", "/a/b", "/a/b/c", "/a/bc", "/d", "/d/e"};
static const char *const names[] = {"*", ".*", "a *", "a b", "c", "d"};

enum {
	PATH_COUNT = sizeof(paths) / sizeof(paths[0]),
	NAME_COUNT = sizeof(names) / sizeof(names[0])
};

static struct strings some(
	struct arena *arena, uint64_t *state, const char *const *all, size_t count)
{
	struct strings list = {0};

	for (size_t i = random_below(state, 4); i > 0; i--)
		strings_add(arena, &list, all[random_below(state, count)]);
	return restriction_sorted(arena, &list);
}

static struct strings some_areas(struct arena *arena, uint64_t *state)
{
	struct strings list = some(arena, state, paths, PATH_COUNT);

	return restriction_areas(arena, &list);
}

static void fill_execute(struct arena *arena, uint64_t *state, struct restriction *restriction)
{
	restriction->execute = (enum restrict_execute)random_below(state, 3);
	if (restriction->execute == EXECUTE_LISTED)
		restriction->execute_paths = some(arena, state, paths, PATH_COUNT);
	if (restriction->execute_paths.count == 0 && restriction->execute == EXECUTE_LISTED)
		restriction->execute = EXECUTE_NONE;
}

static struct restriction random_restriction(
	struct arena *arena, uint64_t *state, const char *profile)
{
	struct restriction made = {0};

	for (enum restriction_field field = 0; field < RESTRICT_COUNT; field++) {
		struct restriction_origin *origin = arena_alloc(arena, sizeof(*origin));

		made.has[field] = random_below(state, 2) == 0;
		if (!made.has[field])
			continue;
		*origin = (struct restriction_origin){
			profile, {"f", 1 + (unsigned)random_below(state, 2)}};
		made.origins[field] = (struct restriction_origins){origin, 1};
		made.limits[field] = random_below(state, 3);
	}
	if (made.has[RESTRICT_EXECUTE])
		fill_execute(arena, state, &made);
	made.network = (enum restrict_network)random_below(state, 3);
	made.read = made.has[RESTRICT_READ] ? some_areas(arena, state) : made.read;
	made.write = made.has[RESTRICT_WRITE] ? some_areas(arena, state) : made.write;
	made.hidden = made.has[RESTRICT_HIDDEN] ? some_areas(arena, state) : made.hidden;
	made.providers = made.has[RESTRICT_READ] && random_below(state, 4) == 0;
	if (made.has[RESTRICT_PROTECTED])
		made.protected_names = some(arena, state, names, NAME_COUNT);
	made.own_proc = random_below(state, 2) == 0;
	made.own_tmp = random_below(state, 2) == 0;
	made.capabilities = random_below(state, 8);
	if (made.has[RESTRICT_SYSTEM_CALLS])
		made.denied_calls = some(arena, state, names, NAME_COUNT);
	if (made.has[RESTRICT_BLOCKED])
		made.blocked = some(arena, state, names, NAME_COUNT);
	if (made.has[RESTRICT_ALLOWED]) {
		made.allowed = arena_alloc(arena, sizeof(*made.allowed));
		*made.allowed = some(arena, state, names, NAME_COUNT);
		made.allowed_count = 1;
	}
	made.classes = (unsigned)random_below(state, 8);
	made.audit = (int)random_below(state, 4);
	return made;
}

static struct restriction both(
	struct arena *arena, const struct restriction *left, const struct restriction *right)
{
	struct restriction result = *left;

	restriction_intersect(arena, &result, right);
	return result;
}

static const char *origins_text(struct arena *arena, const struct restriction_origins *origins)
{
	struct strings list = {0};

	for (size_t i = 0; i < origins->count; i++)
		strings_add(arena, &list,
			arena_printf(arena, "%s:%u", origins->items[i].profile,
				origins->items[i].source.line));
	list = restriction_sorted(arena, &list);
	return strings_join(arena, &list, "+");
}

static const char *field_text(
	struct arena *arena, const struct restriction *restriction, enum restriction_field field)
{
	struct strings list = {0};

	if (field != RESTRICT_ALLOWED || !restriction->has[field])
		return restriction_field_text(arena, restriction, field);
	for (size_t i = 0; i < restriction->allowed_count; i++)
		strings_add(arena, &list, strings_join(arena, &restriction->allowed[i], ","));
	list = restriction_sorted(arena, &list);
	return strings_join(arena, &list, ";");
}

/* All that a restriction says, but for the order of what has none. */
static const char *whole(struct arena *arena, const struct restriction *restriction)
{
	struct strings lines = {0};

	for (enum restriction_field field = 0; field < RESTRICT_COUNT; field++)
		strings_add(arena, &lines,
			arena_printf(arena, "%s=%s by %s", restriction_field_name(field),
				field_text(arena, restriction, field),
				origins_text(arena, &restriction->origins[field])));
	return strings_join(arena, &lines, "\n");
}

static bool may_execute(const struct restriction *restriction, const char *path)
{
	if (!restriction->has[RESTRICT_EXECUTE] || restriction->execute == EXECUTE_ANY)
		return true;
	return restriction->execute == EXECUTE_LISTED &&
	       strings_contain(&restriction->execute_paths, path);
}

static bool may_reach(const struct restriction *restriction, enum restriction_field field,
	const struct strings *areas, const char *path)
{
	return (!restriction->has[field] || restriction_path_within(path, areas)) &&
	       !(restriction->has[RESTRICT_HIDDEN] &&
		       restriction_path_within(path, &restriction->hidden));
}

/* Everything that can be asked of a restriction, as bits: 1 is allowed. */
static uint64_t asked_of_paths(const struct restriction *restriction)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < PATH_COUNT; i++) {
		const char *path = paths[i];

		bits = bits << 3 | (uint64_t)may_execute(restriction, path) << 2 |
		       (uint64_t)may_reach(restriction, RESTRICT_READ, &restriction->read, path)
			       << 1 |
		       (uint64_t)may_reach(restriction, RESTRICT_WRITE, &restriction->write, path);
	}
	return bits;
}

static uint64_t asked_of_names(struct arena *arena, const struct restriction *restriction)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < NAME_COUNT; i++)
		for (unsigned class = 0; class <= CLASS_ELEVATED;
			class = class == 0 ? 1 : class * 2)
			bits = bits << 1 |
			       (uint64_t)(restriction_blocks(arena, restriction, names[i],
						  (enum command_class) class, "/a/b") == NULL);
	for (size_t i = 0; i < NAME_COUNT; i++) {
		bits = bits << 1 |
		       (uint64_t)(!restriction->has[RESTRICT_SYSTEM_CALLS] ||
				  !strings_contain(&restriction->denied_calls, names[i]));
		bits = bits << 1 |
		       (uint64_t)(!restriction->has[RESTRICT_PROTECTED] ||
				  !strings_contain(&restriction->protected_names, names[i]));
	}
	return bits;
}

static uint64_t asked_of_numbers(const struct restriction *restriction)
{
	const bool *has = restriction->has;
	uint64_t bits = has[RESTRICT_CAPABILITIES] ? restriction->capabilities & 7 : 7;

	for (unsigned i = 0; i < 3; i++)
		bits = bits << 1 | (uint64_t)(!has[RESTRICT_NETWORK] || restriction->network >= i);
	for (int i = 0; i < 4; i++)
		bits = bits << 1 | (uint64_t)(!has[RESTRICT_AUDIT] || restriction->audit <= i);
	for (int field = RESTRICT_PROCESSES; field <= RESTRICT_SECONDS; field++)
		for (unsigned i = 0; i < 3; i++)
			bits = bits << 1 |
			       (uint64_t)(!has[field] || restriction->limits[field] >= i);
	bits = bits << 1 | (uint64_t)(!has[RESTRICT_PROC] || !restriction->own_proc);
	bits = bits << 1 | (uint64_t)(!has[RESTRICT_TMP] || !restriction->own_tmp);
	return bits << 1 | (uint64_t)!restriction->providers;
}

static void check_pair(
	struct arena *arena, const struct restriction *left, const struct restriction *right)
{
	struct restriction one = both(arena, left, right), other = both(arena, right, left);
	struct restriction same = both(arena, left, left);

	assert_string_equal(whole(arena, &one), whole(arena, &other));
	assert_string_equal(whole(arena, left), whole(arena, &same));
	assert_true(asked_of_paths(&one) == (asked_of_paths(left) & asked_of_paths(right)));
	assert_true(asked_of_names(arena, &one) ==
		    (asked_of_names(arena, left) & asked_of_names(arena, right)));
	assert_true(asked_of_numbers(&one) == (asked_of_numbers(left) & asked_of_numbers(right)));
}

static void the_intersection_allows_what_both_allow(void **state)
{
	uint64_t seed = 7;

	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		struct arena *arena = arena_new();
		struct restriction left = random_restriction(arena, &seed, "l");
		struct restriction right = random_restriction(arena, &seed, "r");

		check_pair(arena, &left, &right);
		arena_free(arena);
	}
}

static void the_intersection_is_associative(void **state)
{
	uint64_t seed = 8;

	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		struct arena *arena = arena_new();
		struct restriction a = random_restriction(arena, &seed, "a");
		struct restriction b = random_restriction(arena, &seed, "b");
		struct restriction c = random_restriction(arena, &seed, "c");
		struct restriction ab = both(arena, &a, &b), bc = both(arena, &b, &c);
		struct restriction left = both(arena, &ab, &c), right = both(arena, &a, &bc);

		assert_string_equal(whole(arena, &left), whole(arena, &right));
		arena_free(arena);
	}
}

static void what_says_nothing_changes_nothing(void **state)
{
	static const struct restriction open = {0};
	uint64_t seed = 9;

	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		struct arena *arena = arena_new();
		struct restriction some_one = random_restriction(arena, &seed, "a");
		struct restriction met = both(arena, &some_one, &open);

		assert_string_equal(whole(arena, &met), whole(arena, &some_one));
		met = both(arena, &open, &some_one);
		assert_string_equal(whole(arena, &met), whole(arena, &some_one));
		arena_free(arena);
	}
}

/* Lists of paths as "a b c". */
static struct strings split(struct arena *arena, const char *text)
{
	struct strings list = {0};
	char *copy = arena_strdup(arena, text), *rest = copy;

	for (char *part; (part = strsep(&rest, " ")) != NULL;)
		if (*part != '\0')
			strings_add(arena, &list, part);
	return list;
}

static void common_paths(void **state)
{
	static const struct {
		const char *left, *right, *common;
	} cases[] = {
		{"/", "/", "/"},
		{"/", "/srv /var/log", "/srv /var/log"},
		{"/srv", "/srv/www", "/srv/www"},
		{"/srv", "/srv-old", ""},
		{"/srv /srv-old", "/srv-old/a /srv/b", "/srv-old/a /srv/b"},
		{"/srv/a /var", "/srv /var/log /etc", "/srv/a /var/log"},
		{"/a", "", ""},
		{"", "", ""},
		{"/a/b", "/a/b", "/a/b"},
		{"/a/b /a/c", "/a", "/a/b /a/c"},
		{"/a /b", "/c /d", ""},
	};
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct strings left = split(arena, cases[i].left);
		struct strings right = split(arena, cases[i].right), common;

		common = restriction_common_paths(arena, &left, &right);
		assert_string_equal(strings_join(arena, &common, " "), cases[i].common);
		common = restriction_common_paths(arena, &right, &left);
		assert_string_equal(strings_join(arena, &common, " "), cases[i].common);
	}
	arena_free(arena);
}

static void areas_are_not_below_each_other(void **state)
{
	struct arena *arena = arena_new();
	struct strings list = split(arena, "/a/b /a-b /a /a/c /d /d");

	(void)state;
	list = restriction_areas(arena, &list);
	assert_string_equal(strings_join(arena, &list, " "), "/a /a-b /d");
	arena_free(arena);
}

/* Two different lists of programs leave nothing that may be started. */
static void no_common_program_is_none(void **state)
{
	struct arena *arena = arena_new();
	struct restriction left = {.execute = EXECUTE_LISTED}, right = left;

	(void)state;
	left.has[RESTRICT_EXECUTE] = right.has[RESTRICT_EXECUTE] = true;
	left.execute_paths = split(arena, "/a /b");
	right.execute_paths = split(arena, "/b /c");
	restriction_intersect(arena, &left, &right);
	assert_string_equal(restriction_field_text(arena, &left, RESTRICT_EXECUTE), "/b");
	right.execute_paths = split(arena, "/c");
	restriction_intersect(arena, &left, &right);
	assert_string_equal(restriction_field_text(arena, &left, RESTRICT_EXECUTE), "none");
	assert_int_equal(left.execute, EXECUTE_NONE);
	arena_free(arena);
}

static struct restriction saying(enum restriction_field field)
{
	static struct restriction_origin origin = {"strict", {"profiles.d/a.conf", 3}};
	struct restriction restriction = {0};

	restriction.has[field] = true;
	restriction.origins[field] = (struct restriction_origins){&origin, 1};
	return restriction;
}

static void what_is_blocked_is_said(void **state)
{
	struct arena *arena = arena_new();
	struct restriction blocked = saying(RESTRICT_BLOCKED), allowed = saying(RESTRICT_ALLOWED);
	struct restriction classes = saying(RESTRICT_CLASSES), hidden = saying(RESTRICT_HIDDEN);
	struct strings list = {0};

	(void)state;
	strings_add(arena, &blocked.blocked, "systemctl *");
	strings_add(arena, &list, "journalctl");
	allowed.allowed = &list;
	allowed.allowed_count = 1;
	classes.classes = CLASS_READ_ONLY;
	strings_add(arena, &hidden.hidden, "/opt");
#define BLOCKS(restriction, command, class, program)                                               \
	restriction_blocks(arena, &(restriction), command, class, program)
	assert_null(BLOCKS(blocked, "systemctl", CLASS_UNKNOWN, "/x"));
	assert_string_equal(BLOCKS(blocked, "systemctl stop", CLASS_UNKNOWN, "/x"),
		"\"systemctl stop\" is blocked by profile \"strict\"");
	assert_null(BLOCKS(allowed, "journalctl", CLASS_UNKNOWN, "/x"));
	assert_string_equal(BLOCKS(allowed, "journal", CLASS_UNKNOWN, "/x"),
		"\"journal\" is not among the commands that profile \"strict\" allows");
	assert_null(BLOCKS(classes, "a", CLASS_READ_ONLY, "/x"));
	assert_string_equal(BLOCKS(classes, "a", CLASS_ELEVATED, "/x"),
		"\"a\" is of class elevated, which profile \"strict\" does not let through");
	assert_string_equal(BLOCKS(classes, "a", CLASS_UNKNOWN, "/x"),
		"\"a\" has no class, so that it counts as elevated, which profile \"strict\" does not let through");
	classes.classes |= CLASS_ELEVATED; /* as which the unknown counts */
	assert_null(BLOCKS(classes, "a", CLASS_UNKNOWN, "/x"));
	assert_null(BLOCKS(hidden, "a", CLASS_UNKNOWN, "/optional/x"));
	assert_string_equal(BLOCKS(hidden, "a", CLASS_UNKNOWN, "/opt/x"),
		"the program of \"a\" is hidden by profile \"strict\"");
	arena_free(arena);
}

static void values_are_shown_as_they_are_written(void **state)
{
	struct arena *arena = arena_new();
	struct restriction all = {.limits = {[RESTRICT_MEMORY] = 512 << 20,
					  [RESTRICT_FILE_SIZE] = 1000,
					  [RESTRICT_CPU_PERCENT] = 50},
		.capabilities = 1ull << CAP_NET_RAW | 1ull << 63,
		.providers = true};
#define SHOWN(field, text) assert_string_equal(restriction_field_text(arena, &all, field), text)

	(void)state;
	SHOWN(RESTRICT_MEMORY, "open");
	memset(all.has, true, sizeof(all.has));
	strings_add(arena, &all.read, "/");
	SHOWN(RESTRICT_EXECUTE, "none");
	SHOWN(RESTRICT_NETWORK, "none");
	SHOWN(RESTRICT_MEMORY, "512M");
	SHOWN(RESTRICT_FILE_SIZE, "1000 bytes");
	SHOWN(RESTRICT_CPU_PERCENT, "50%");
	SHOWN(RESTRICT_PROCESSES, "0");
	SHOWN(RESTRICT_CAPABILITIES, "CAP_NET_RAW, CAP_63");
	SHOWN(RESTRICT_HIDDEN, "none");
	SHOWN(RESTRICT_READ, "the areas that the person's roles make visible");
	SHOWN(RESTRICT_WRITE, "the areas that the person's roles make visible, within none");
	SHOWN(RESTRICT_AUDIT, "none");
	arena_free(arena);
}

static void capabilities_have_the_names_of_libcap(void **state)
{
	const char *name;
	unsigned i = 0;

	(void)state;
	for (; (name = restriction_capability_name(i)) != NULL; i++) {
		cap_value_t value;

		assert_int_equal(cap_from_name(name, &value), 0);
		assert_int_equal(value, i);
	}
	assert_true(i >= 41);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_intersection_allows_what_both_allow),
		cmocka_unit_test(the_intersection_is_associative),
		cmocka_unit_test(what_says_nothing_changes_nothing),
		cmocka_unit_test(common_paths),
		cmocka_unit_test(areas_are_not_below_each_other),
		cmocka_unit_test(no_common_program_is_none),
		cmocka_unit_test(what_is_blocked_is_said),
		cmocka_unit_test(values_are_shown_as_they_are_written),
		cmocka_unit_test(capabilities_have_the_names_of_libcap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
