#include "answer/outline.h"

#include <string.h>

#include "base/strings.h"

enum {
	INDENT = 2,
	KEY_WIDTH = 14,
	WHAT_WIDTH = 18, /* "limits.cpu_seconds" */
	COLUMNS = 80,
	VALUE_MAX = 40, /* of a value in a row; a list of a hundred names is for --json */
};

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
		return arena_printf(arena, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	return json_is_true(value) ? "yes" : "no";
}

/* How many bytes of `text` go on one line: up to a blank, or the first word whole. */
static size_t line_length(const char *text, size_t width)
{
	size_t length = strlen(text), end = width;

	if (length <= width)
		return length;
	while (end > 0 && text[end] != ' ')
		end--;
	return end > 0 ? end : strcspn(text, " ");
}

/* `head`, then `text`, whose further lines begin below its first word. */
static void add_wrapped(struct outline *outline, const char *head, const char *text)
{
	size_t margin = strlen(head);
	size_t width = margin + KEY_WIDTH < COLUMNS ? COLUMNS - margin : KEY_WIDTH;

	do {
		size_t length = line_length(text, width);

		strings_add(outline->arena, &outline->lines,
			arena_printf(outline->arena, "%s%.*s", head, (int)length, text));
		text += length + strspn(text + length, " ");
		head = arena_printf(outline->arena, "%*s", (int)margin, "");
	} while (*text != '\0');
}

/* "acct, add_key, bpf, … (97 in all)" */
static const char *cut_value(struct arena *arena, const char *value)
{
	size_t count = 1, length = 0;

	if (strlen(value) <= VALUE_MAX)
		return value;
	for (const char *next = value; (next = strstr(next, ", ")) != NULL; next += 2) {
		count++;
		if (next - value <= VALUE_MAX)
			length = (size_t)(next - value);
	}
	if (length == 0)
		return value;
	return arena_printf(arena, "%.*s, ... (%zu in all)", (int)length, value, count);
}

/* "execute            none: seccomp" */
static void add_row(struct outline *outline, json_t *row, int depth)
{
	struct arena *arena = outline->arena;
	const char *value = json_string_value(json_object_get(row, "value"));
	const char *means = json_string_value(json_object_get(row, "means"));
	bool enforced = json_is_true(json_object_get(row, "enforced"));

	add_wrapped(outline,
		arena_printf(arena, "%*s%-*s ", depth * INDENT, "", WHAT_WIDTH,
			json_string_value(json_object_get(row, "what"))),
		arena_printf(arena, "%s%s%s%s", enforced ? "" : "NOT ENFORCED: ",
			value == NULL ? "" : cut_value(arena, value), value == NULL ? "" : ": ",
			means == NULL ? "" : means));
}

/* One line for an element: its members' values, in their order. */
static void add_element(struct outline *outline, json_t *element, int depth)
{
	struct arena *arena = outline->arena;
	struct strings parts = {.count = 0};
	const char *key;
	json_t *value;

	if (json_object_get(element, "what") != NULL) {
		add_row(outline, element, depth);
		return;
	}
	json_object_foreach(element, key, value) strings_add(
		arena, &parts, arena_printf(arena, "%s: %s", key, scalar(arena, value)));
	add_wrapped(outline, arena_printf(arena, "%*s- ", depth * INDENT, ""),
		strings_join(arena, &parts, "; "));
}

static void add_member(struct outline *outline, const char *key, json_t *value, int depth)
{
	struct arena *arena = outline->arena;
	size_t index;
	json_t *element;

	if (!json_is_object(value) && !json_is_array(value)) {
		add_wrapped(outline,
			arena_printf(arena, "%*s%-*s ", depth * INDENT, "", KEY_WIDTH, key),
			scalar(arena, value));
		return;
	}
	strings_add(arena, &outline->lines,
		arena_printf(arena, "%*s%s%s", depth * INDENT, "", key,
			json_is_array(value) && json_array_size(value) == 0 ? " (none)" : ""));
	if (json_is_object(value))
		add_members(outline, value, depth + 1);
	json_array_foreach(value, index, element) add_element(outline, element, depth + 1);
}

static void add_members(struct outline *outline, json_t *object, int depth)
{
	const char *key;
	json_t *value;

	json_object_foreach(object, key, value) add_member(outline, key, value, depth);
}

char *outline_text(struct arena *arena, json_t *object)
{
	struct outline outline = {.arena = arena};

	add_members(&outline, object, 0);
	return strings_join(arena, &outline.lines, "\n");
}
