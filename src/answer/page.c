#include "answer/page.h"

#include <string.h>

#include "base/text.h"

size_t page_columns(const char *text)
{
	size_t columns = 0;

	for (; *text != '\0'; text++)
		columns += (*text & 0xc0) != 0x80;
	return columns;
}

static void add_blanks(struct output *output, size_t count)
{
	static const char blanks[] = "                                ";

	for (size_t size; count > 0; count -= size) {
		size = count < sizeof(blanks) - 1 ? count : sizeof(blanks) - 1;
		output_add(output, blanks, size);
	}
}

/* Returns the columns that it took. */
static size_t add_escaped(struct output *output, const char *text)
{
	const char *safe = text_escape(output->arena, text, strlen(text));

	output_text(output, safe);
	return page_columns(safe);
}

void page_line(struct output *output, size_t indent, const char *text)
{
	if (text[0] != '\0') {
		add_blanks(output, indent);
		add_escaped(output, text);
	}
	output_text(output, "\n");
}

void page_items(struct output *output, size_t start, const char *first, size_t indent,
	const struct strings *items)
{
	size_t column = start;
	bool fresh = true; /* no item on this line yet */

	add_blanks(output, start);
	column += add_escaped(output, first);
	for (size_t i = 0; i < items->count; i++) {
		size_t width = page_columns(items->items[i]);

		if (fresh ? column >= indent && column > start : column + 1 + width > PAGE_WIDTH) {
			output_text(output, "\n");
			column = 0;
			fresh = true;
		}
		add_blanks(output, fresh ? indent - column : 1);
		column = (fresh ? indent : column + 1) + add_escaped(output, items->items[i]);
		fresh = false;
	}
	output_text(output, "\n");
}

struct strings page_words(struct arena *arena, const char *text)
{
	struct strings words = {0};

	for (text += strspn(text, " "); *text != '\0';) {
		size_t length = strcspn(text, " ");

		strings_add(arena, &words, arena_strndup(arena, text, length));
		text += length;
		text += strspn(text, " ");
	}
	return words;
}
