/* Where the line stands on the screen: libedit does not tell. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include "client/tty.h"
#include "shell/editing.h"
#include "shell/listing.h"

/* A terminal goes to the next row when the last column is full. */
struct place {
	size_t row, column, columns;
};

static void pass(struct place *place, wchar_t letter)
{
	int wide = wcwidth(letter);
	size_t width = wide >= 0 ? (size_t)wide : 2; /* drawn as ^X */

	if (letter == L'\n' || place->column + width > place->columns) {
		place->row++;
		place->column = 0;
	}
	place->column += letter == L'\n' ? 0 : width;
	if (place->column >= place->columns) {
		place->row++;
		place->column = 0;
	}
}

static void pass_prompt(struct place *place, const char *prompt)
{
	bool unseen = false;
	mbstate_t state = {0};
	size_t size;

	for (; *prompt != '\0'; prompt += size) {
		wchar_t letter = L'?';

		size = mbrtowc(&letter, prompt, strlen(prompt), &state);
		if (size == 0 || size > strlen(prompt))
			return;
		if (letter == EDITOR_UNSEEN)
			unseen = !unseen;
		else if (!unseen)
			pass(place, letter);
	}
}

/* Of the cursor, and of the line's end. */
static void find(const struct editor *editor, size_t *cursor, size_t *last)
{
	const LineInfoW *info = el_wline(editor->edit);
	struct place place = {.columns = listing_screen()};

	pass_prompt(&place, editor->prompt);
	*cursor = place.row;
	for (const wchar_t *at = info->buffer; at < info->lastchar; at++) {
		if (at == info->cursor)
			*cursor = place.row;
		pass(&place, *at);
	}
	if (info->cursor == info->lastchar)
		*cursor = place.row;
	*last = place.row;
}

void editing_leave_line(struct editor *editor)
{
	size_t cursor, last;

	find(editor, &cursor, &last);
	if (!tty_is_capable(STDOUT_FILENO))
		fputs("\r\n", stdout);
	else if (cursor > 0)
		printf("\033[%zuA\r\033[J", cursor);
	else
		fputs("\r\033[J", stdout);
	fflush(stdout);
}

void editing_go_below(struct editor *editor)
{
	size_t cursor, last;

	find(editor, &cursor, &last);
	for (; cursor <= last; cursor++)
		putchar('\n');
	putchar('\r');
}
