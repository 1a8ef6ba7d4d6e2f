/* Lists of names, and one change among others. */
#include <stdarg.h>
#include <string.h>

#include "author/diff_parts.h"

void diff_change(struct diff_changes *changes, enum diff_effect effect, const char *what,
	const char *risk, const char *format, ...)
{
	va_list arguments;
	const char *text;

	va_start(arguments, format);
	text = arena_vprintf(changes->arena, format, arguments);
	va_end(arguments);
	changes->items =
		arena_grow(changes->arena, changes->items, changes->count, sizeof(*changes->items));
	changes->items[changes->count++] = (struct diff_change){effect, what, text, risk};
}

bool diff_same_text(const char *left, const char *right)
{
	if (left == NULL || right == NULL)
		return left == right;
	return strcmp(left, right) == 0;
}

char *diff_missing(struct arena *arena, const struct strings *list, const struct strings *from)
{
	struct strings missing = {0};

	for (size_t i = 0; i < list->count; i++)
		if (!strings_contain(from, list->items[i]))
			strings_add(arena, &missing, arena_printf(arena, "\"%s\"", list->items[i]));
	return missing.count == 0 ? NULL : strings_join(arena, &missing, ", ");
}

void diff_lists(struct diff_changes *changes, const char *what, const struct strings *before,
	const struct strings *after)
{
	const char *gained = diff_missing(changes->arena, after, before),
		   *lost = diff_missing(changes->arena, before, after);

	if (gained != NULL)
		diff_change(changes, DIFF_GAIN, what, NULL, "%s", gained);
	if (lost != NULL)
		diff_change(changes, DIFF_LOSS, what, NULL, "%s", lost);
}
