/* Tab: completes the word before the cursor, or lists what it could be. */
#include <stdlib.h>
#include <string.h>

#include "shell/complete.h"
#include "shell/editing.h"
#include "shell/listing.h"

/* The characters that the last `bytes` bytes before the cursor are. */
static int characters(const char *end, size_t bytes)
{
	int count = 0;

	for (const char *at = end - bytes; at < end; at++)
		count += (*at & 0xc0) != 0x80;
	return count;
}

/* The first time the names; then, with nothing typed since, what they are. */
static void list_candidates(
	struct editor *editor, const struct completion *completion, const char *line, size_t length)
{
	bool again = editor->listed != NULL && strlen(editor->listed) == length &&
		     memcmp(editor->listed, line, length) == 0;

	free(editor->listed);
	editor->listed = strndup(line, length);
	if (again)
		listing_described(completion);
	else if (completion->candidates.count > 0)
		listing_names(completion);
	if (completion->expects != NULL && (again || completion->candidates.count == 0))
		listing_expects(completion);
}

static struct completion complete(
	struct arena *arena, struct editor *editor, const char *line, size_t length)
{
	struct shell *shell = editor->shell;
	const struct completer completer = {.catalogue = shell->catalogue,
		.builtins = builtin_words(),
		/* The session is another's while a command is stopped. */
		.choices = shell->job.pid == 0 ? choices_ask : NULL,
		.context = &editor->choices};

	return complete_line(arena, &completer, line, length);
}

unsigned char editing_complete(EditLine *edit, int key)
{
	const LineInfo *info = el_line(edit);
	size_t length = (size_t)(info->cursor - info->buffer), added;
	struct arena *arena = arena_new();
	/* What asks the gateway may not keep what libedit owns. */
	const char *line = arena_strndup(arena, info->buffer, length);
	struct completion completion = complete(arena, editing, line, length);
	unsigned char result = CC_REFRESH;

	(void)key;
	added = strlen(completion.insert);
	/* In the middle of a line the blank is there already. */
	if (added > 0 && completion.candidates.count == 1 && info->cursor < info->lastchar &&
		*info->cursor == ' ')
		completion.insert[added - 1] = '\0';
	if (completion.candidates.count == 0 && completion.expects == NULL) {
		result = CC_REFRESH_BEEP;
	} else if (added > 0) {
		el_deletestr(edit, characters(info->cursor, completion.remove));
		el_insertstr(edit, completion.insert);
	} else {
		editing_go_below(editing);
		list_candidates(editing, &completion, line, length);
		/* Not CC_REDISPLAY, which erases as many rows as the line had. */
		el_set(edit, EL_REFRESH);
		result = CC_NORM;
	}
	arena_free(arena);
	return result;
}
