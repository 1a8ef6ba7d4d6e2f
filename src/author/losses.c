#include "author/losses.h"

#include <stdarg.h>
#include <string.h>

static bool is_known(const struct losses *losses, const struct loss *loss)
{
	for (size_t i = 0; i < losses->count; i++)
		if (strcmp(losses->items[i].origin, loss->origin) == 0 &&
			strcmp(losses->items[i].what, loss->what) == 0 &&
			strcmp(losses->items[i].why, loss->why) == 0)
			return true;
	return false;
}

void losses_add(
	struct losses *losses, const char *origin, const char *what, const char *format, ...)
{
	struct loss loss = {.origin = origin, .what = what};
	va_list arguments;

	va_start(arguments, format);
	loss.why = arena_vprintf(losses->arena, format, arguments);
	va_end(arguments);
	if (is_known(losses, &loss))
		return;
	losses->items =
		arena_grow(losses->arena, losses->items, losses->count, sizeof(*losses->items));
	losses->items[losses->count++] = loss;
}

void losses_comment(const struct losses *losses, size_t first, struct sheet *sheet)
{
	if (first >= losses->count)
		return;
	sheet_comment(sheet, "", "Not carried over:");
	for (size_t i = first; i < losses->count; i++)
		sheet_comment(sheet, "", "- %s: %s\n    %s", losses->items[i].origin,
			losses->items[i].what, losses->items[i].why);
	sheet_add(sheet, "\n");
}
