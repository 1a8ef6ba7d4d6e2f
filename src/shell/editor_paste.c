/* What is pasted, and what can't be drawn. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/message.h"
#include "client/tty.h"
#include "shell/editing.h"

void editing_leave_line(void)
{
	fputs(tty_is_capable(STDOUT_FILENO) ? "\r\033[J" : "\r\n", stdout);
	fflush(stdout);
}

void editing_tell_left_out(struct editor *editor)
{
	if (editor->left_out > 0)
		message_warning(
			"left out of the line: %zu character%s that would change how it looks",
			editor->left_out, editor->left_out == 1 ? "" : "s");
	editor->left_out = 0;
}

/* All lines of it, of which nothing is run before Enter. */
unsigned char editing_insert_paste(EditLine *edit, int key)
{
	struct paste *paste = &editing->typing.paste;
	struct arena *arena = arena_new();
	unsigned char result = CC_REFRESH;
	size_t left_out = 0;
	const char *text = paste_text(arena, paste->bytes, paste->length, &left_out);

	(void)key;
	editing->left_out += left_out;
	if (paste->too_long || editing->left_out > 0) {
		editing_leave_line();
		if (paste->too_long)
			message_error(
				"more than %d bytes were pasted: none of it was taken", PASTE_MAX);
		editing_tell_left_out(editing);
		result = CC_REDISPLAY;
	}
	if (!paste->too_long && text[0] != '\0' && el_insertstr(edit, text) < 0)
		message_error("what was pasted could not be taken");
	paste_forget(paste);
	arena_free(arena);
	return result;
}
