/* A script on the screen of who approves it: every byte of it can be told, and none is obeyed. */
#include <string.h>

#include "approval/diff.h"
#include "approval/verb_parts.h"
#include "base/text.h"

enum { TAB = 8 };

/* Tabs in front are blanks for the eye; any other control byte, and a later tab, is escaped. */
static void add_line(struct output *output, const char *text, size_t length)
{
	while (length > 0 && *text == '\t') {
		verb_add(output, "%*s", TAB, "");
		text++;
		length--;
	}
	output_text(output, text_escape(output->arena, text, length));
	output_text(output, "\n");
}

static void add_numbered(struct output *output, const char *text)
{
	size_t number = 0, length;

	for (; *text != '\0'; text += length + (text[length] == '\n')) {
		length = strcspn(text, "\n");
		verb_add(output, "%6zu  ", ++number);
		add_line(output, text, length);
		if (text[length] == '\0')
			output_text(output, "        (no newline at its end)\n");
	}
}

static void add_diff(struct output *output, const struct diff *diff)
{
	for (size_t i = 0; i < diff->count; i++) {
		const struct diff_line *line = &diff->lines[i];

		if (line->mark != '@')
			output_add(output, &line->mark, 1);
		add_line(output, line->text, line->length);
		if (line->no_newline)
			output_text(output, "\\ No newline at end of file\n");
	}
}

static void add_changes(struct output *output, const struct verb_view *view)
{
	const struct approval_entry *former = view->former;
	struct diff diff;

	verb_add(output, "\nchanges since number %lu, approved %s:\n", former->number,
		verb_time(output->arena, former->approved));
	if (diff_lines(output->arena, former->text, view->entry->text, &diff) < 0)
		output_text(
			output, "  the texts are too long or too different to be compared here\n");
	else if (diff.count == 0)
		output_text(output, "  none: the text is the same\n");
	else
		add_diff(output, &diff);
}

void verb_show_script(struct output *output, const struct verb_view *view)
{
	const struct approval_entry *entry = view->entry;

	if (entry->text == NULL)
		return;
	output_text(output, "\nscript:\n");
	add_numbered(output, entry->text);
	if (view->former != NULL && view->former->text != NULL)
		add_changes(output, view);
}
