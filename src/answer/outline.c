#include "answer/outline.h"

#include <string.h>

#include "base/strings.h"

enum {
	INDENT = 2,
	GAP = 2, /* between columns */
	TABLE_COLUMNS_MAX = 16,
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

/* "refused_for_limits" as words. */
static const char *label(struct arena *arena, const char *key)
{
	char *text = arena_strdup(arena, key);

	for (char *at = text; *at != '\0'; at++)
		if (*at == '_')
			*at = ' ';
	return text;
}

static const char *duration(struct arena *arena, json_int_t seconds)
{
	int hours = (int)(seconds / 3600 % 24), minutes = (int)(seconds / 60 % 60);

	if (seconds >= 24 * 3600)
		return arena_printf(arena, "%d d %d h", (int)(seconds / (24 * 3600)), hours);
	if (seconds >= 3600)
		return arena_printf(arena, "%d h %d min", hours, minutes);
	return seconds >= 60 ? arena_printf(arena, "%d min", minutes)
			     : arena_printf(arena, "%d s", (int)seconds);
}

static const char *scalar(struct arena *arena, const char *key, json_t *value)
{
	if (json_is_string(value))
		return json_string_value(value);
	if (json_is_integer(value) && strcmp(key, "uptime") == 0)
		return duration(arena, json_integer_value(value));
	if (json_is_integer(value))
		return arena_printf(arena, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	return json_is_true(value) ? "yes" : "no";
}

/* How many bytes of `text` go on one line: up to a blank or a comma, or the first word whole. */
static size_t line_length(const char *text, size_t width)
{
	size_t length = strlen(text), end = width;

	if (length <= width)
		return length;
	while (end > 0 && text[end] != ' ' && text[end - 1] != ',')
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

static void widen(size_t *width, const char *text)
{
	size_t length = strlen(text);

	if (length > *width)
		*width = length;
}

/* The number of columns, each as wide as its widest value or its name. */
static size_t measure(struct arena *arena, json_t *array, size_t widths[TABLE_COLUMNS_MAX])
{
	size_t count = 0, index;
	json_t *element, *value;
	const char *key;

	memset(widths, 0, TABLE_COLUMNS_MAX * sizeof(widths[0]));
	json_array_foreach(array, index, element)
	{
		count = 0;
		json_object_foreach(element, key, value)
		{
			if (count == TABLE_COLUMNS_MAX)
				break;
			widen(&widths[count], key);
			widen(&widths[count++], scalar(arena, key, value));
		}
	}
	return count;
}

static void add_columns(struct outline *outline, json_t *element, bool names, int depth,
	const size_t *widths, size_t count)
{
	struct arena *arena = outline->arena;
	const char *line = arena_printf(arena, "%*s", depth * INDENT, ""), *key;
	json_t *value;
	size_t column = 0;

	json_object_foreach(element, key, value)
	{
		const char *text = names ? label(arena, key) : scalar(arena, key, value);

		if (++column >= count) {
			add_wrapped(outline, line, text);
			return;
		}
		line = arena_printf(arena, "%s%-*s", line, (int)widths[column - 1] + GAP, text);
	}
}

/* A line for each element, under the names of the first one's members. */
static void add_table(struct outline *outline, json_t *array, int depth)
{
	size_t widths[TABLE_COLUMNS_MAX], count = measure(outline->arena, array, widths), index;
	json_t *element;

	add_columns(outline, json_array_get(array, 0), true, depth, widths, count);
	json_array_foreach(array, index, element)
		add_columns(outline, element, false, depth, widths, count);
}

static void add_array(struct outline *outline, json_t *array, int depth)
{
	size_t index;
	json_t *element;

	if (json_object_get(json_array_get(array, 0), "what") == NULL) {
		add_table(outline, array, depth);
		return;
	}
	json_array_foreach(array, index, element) add_row(outline, element, depth);
}

static bool is_inner(json_t *value)
{
	return json_is_object(value) || json_array_size(value) > 0;
}

static void add_member(
	struct outline *outline, const char *key, json_t *value, int depth, size_t width)
{
	struct arena *arena = outline->arena;
	const char *name = label(arena, key);

	if (!is_inner(value)) {
		add_wrapped(outline,
			arena_printf(arena, "%*s%-*s", depth * INDENT, "", (int)width + GAP, name),
			json_is_array(value) ? "none" : scalar(arena, key, value));
		return;
	}
	strings_add(arena, &outline->lines,
		arena_printf(arena, "%s%*s%s", depth == 0 && outline->lines.count > 0 ? "\n" : "",
			depth * INDENT, "", name));
	if (json_is_object(value))
		add_members(outline, value, depth + 1);
	else
		add_array(outline, value, depth + 1);
}

static void add_members(struct outline *outline, json_t *object, int depth)
{
	const char *key;
	json_t *value;
	size_t width = 0;

	json_object_foreach(object, key, value) if (!is_inner(value)) widen(&width, key);
	json_object_foreach(object, key, value) add_member(outline, key, value, depth, width);
}

char *outline_text(struct arena *arena, json_t *object)
{
	struct outline outline = {.arena = arena};

	add_members(&outline, object, 0);
	return strings_join(arena, &outline.lines, "\n");
}
