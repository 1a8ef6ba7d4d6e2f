#include "author/sheet.h"

#include <stdarg.h>
#include <string.h>

#include "base/text.h"
#include "config/quote.h"

void sheet_add(struct sheet *sheet, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	strings_add(sheet->arena, &sheet->parts, arena_vprintf(sheet->arena, format, arguments));
	va_end(arguments);
}

void sheet_comment(struct sheet *sheet, const char *indent, const char *format, ...)
{
	va_list arguments;
	const char *text;

	va_start(arguments, format);
	text = arena_vprintf(sheet->arena, format, arguments);
	va_end(arguments);
	for (;;) {
		size_t length = strcspn(text, "\n");
		const char *shown = text_escape(sheet->arena, text, length);

		sheet_add(sheet, "%s#%s%s\n", indent, length > 0 ? " " : "", shown);
		if (text[length] == '\0')
			return;
		text += length + 1;
	}
}

char *sheet_text(const struct sheet *sheet)
{
	return strings_join(sheet->arena, &sheet->parts, "");
}

char *sheet_list(struct arena *arena, const struct strings *list)
{
	struct strings quoted = {0};

	for (size_t i = 0; i < list->count; i++)
		strings_add(arena, &quoted, config_quote(arena, list->items[i]));
	return strings_join(arena, &quoted, ", ");
}
