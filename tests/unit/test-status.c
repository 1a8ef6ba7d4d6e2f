/* What rolegatectl status shows to a person. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "answer/outline.h"

static void expect(const char *json, const char *text)
{
	struct arena *arena = arena_new();
	json_t *object = json_loads(json, 0, NULL);

	assert_non_null(object);
	assert_string_equal(outline_text(arena, object), text);
	json_decref(object);
	arena_free(arena);
}

static void members_are_aligned(void **state)
{
	(void)state;
	expect("{\"pid\":7,\"sockets_by\":\"rolegated\",\"inner\":{\"on\":true,\"list\":[]}}",
		"pid         7\n"
		"sockets by  rolegated\n"
		"\n"
		"inner\n"
		"  on    yes\n"
		"  list  none");
}

static void elements_are_a_table(void **state)
{
	(void)state;
	expect("{\"ends\":[{\"name\":\"a\",\"n\":10,\"up\":true},{\"name\":\"longer\",\"n\":2,"
	       "\"up\":false}]}",
		"ends\n"
		"  name    n   up\n"
		"  a       10  yes\n"
		"  longer  2   no");
}

static void long_text_goes_on_below_itself(void **state)
{
	(void)state;
	expect("{\"means\":\"0123456789 0123456789 0123456789 0123456789 0123456789 "
	       "0123456789,0123456789 end\"}",
		"means  0123456789 0123456789 0123456789 0123456789 0123456789 0123456789,\n"
		"       0123456789 end");
	/* What has no place to break stays whole. */
	expect("{\"x\":"
	       "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	       "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}",
		"x  aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
}

static void uptime_is_told_in_its_unit(void **state)
{
	(void)state;
	expect("{\"uptime\":59}", "uptime  59 s");
	expect("{\"uptime\":3599}", "uptime  59 min");
	expect("{\"uptime\":86399}", "uptime  23 h 59 min");
	expect("{\"uptime\":176400}", "uptime  2 d 1 h");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_are_aligned),
		cmocka_unit_test(elements_are_a_table),
		cmocka_unit_test(long_text_goes_on_below_itself),
		cmocka_unit_test(uptime_is_told_in_its_unit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
