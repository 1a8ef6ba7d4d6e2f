/* What is pasted, and what can't be drawn. */
#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "shell/editing.h"

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
	size_t left_out = 0;
	bool said;
	const char *text = paste_text(arena, paste->bytes, paste->length, &left_out);

	(void)key;
	editing->left_out += left_out;
	said = paste->too_long || editing->left_out > 0;
	if (said) {
		editing_leave_line(editing);
		if (paste->too_long)
			message_error(
				"more than %d bytes were pasted: none of it was taken", PASTE_MAX);
		editing_tell_left_out(editing);
	}
	if (!paste->too_long && text[0] != '\0' && el_insertstr(edit, text) < 0)
		message_error("what was pasted could not be taken");
	paste_forget(paste);
	if (said)
		el_set(edit, EL_REFRESH);
	arena_free(arena);
	return said ? CC_NORM : CC_REFRESH;
}
