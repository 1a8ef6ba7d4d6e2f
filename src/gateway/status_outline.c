#include "gateway/status_outline.h"

#include "base/strings.h"

enum { INDENT = 2, KEY_WIDTH = 14 };

struct outline {
	struct arena *arena;
	struct strings lines;
};

static void add_members(struct outline *outline, json_t *object, int depth);

static const char *scalar(struct arena *arena, json_t *value)
{
	if (json_is_string(value))
		return json_string_value(value);
	if (json_is_integer(value))
		return arena_printf(
			arena, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	return json_is_true(value) ? "yes" : "no";
}

/* One line for an element: its members' values, in their order. */
static void add_element(struct outline *outline, json_t *element, int depth)
{
	struct strings parts = { .count = 0 };
	const char *key;
	json_t *value;

	json_object_foreach(element, key, value)
		strings_add(outline->arena, &parts,
			arena_printf(outline->arena, "%s: %s", key, scalar(outline->arena, value)));
	strings_add(outline->arena, &outline->lines,
		arena_printf(outline->arena, "%*s- %s", depth * INDENT, "",
			strings_join(outline->arena, &parts, "; ")));
}

static void add_member(struct outline *outline, const char *key, json_t *value, int depth)
{
	struct arena *arena = outline->arena;
	size_t index;
	json_t *element;

	if (!json_is_object(value) && !json_is_array(value)) {
		strings_add(arena, &outline->lines,
			arena_printf(arena, "%*s%-*s %s", depth * INDENT, "", KEY_WIDTH, key,
				scalar(arena, value)));
		return;
	}
	strings_add(arena, &outline->lines,
		arena_printf(arena, "%*s%s%s", depth * INDENT, "", key,
			json_is_array(value) && json_array_size(value) == 0 ? " (none)" : ""));
	if (json_is_object(value))
		add_members(outline, value, depth + 1);
	json_array_foreach(value, index, element)
		add_element(outline, element, depth + 1);
}

static void add_members(struct outline *outline, json_t *object, int depth)
{
	const char *key;
	json_t *value;

	json_object_foreach(object, key, value)
		add_member(outline, key, value, depth);
}

char *status_outline(struct arena *arena, json_t *object)
{
	struct outline outline = { .arena = arena };

	add_members(&outline, object, 0);
	return strings_join(arena, &outline.lines, "\n");
}
