#include "shell/paste.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static const char end_mark[] = "\033[201~";

static void keep(struct paste *paste, const char *bytes, size_t length)
{
	if (paste->too_long || length > PASTE_MAX - paste->length) {
		paste->too_long = true;
		return;
	}
	if (paste->length + length > paste->room) {
		size_t room = paste->room == 0 ? 1024 : paste->room * 2;
		char *more = realloc(paste->bytes, room);

		paste->too_long = more == NULL;
		if (more == NULL)
			return;
		paste->bytes = more;
		paste->room = room;
	}
	memcpy(paste->bytes + paste->length, bytes, length);
	paste->length += length;
}

bool paste_take(struct paste *paste, char byte)
{
	if (byte == end_mark[paste->matched]) {
		if (++paste->matched < sizeof(end_mark) - 1)
			return false;
		paste->matched = 0;
		return true;
	}
	if (paste->matched > 0)
		keep(paste, end_mark, paste->matched);
	paste->matched = byte == end_mark[0];
	if (paste->matched == 0)
		keep(paste, &byte, 1);
	return false;
}

void paste_forget(struct paste *paste)
{
	free(paste->bytes);
	*paste = (struct paste){.bytes = NULL};
}

/* The character at `bytes`, as it goes into a line: "" for what is left out. */
static const char *as_typed(const char *bytes, size_t size, const char *escaped)
{
	if (size == 1 && *bytes == '\t')
		return " ";
	if (size == 1 && (*bytes == '\r' || *bytes == '\n'))
		return "\n";
	return strlen(escaped) == size && memcmp(escaped, bytes, size) == 0 ? escaped : "";
}

char *paste_text(struct arena *arena, const char *bytes, size_t length, size_t *left_out)
{
	char *text = arena_alloc(arena, length + 1), *end = text;
	char escaped[TEXT_ESCAPED];

	*left_out = 0;
	for (size_t i = 0, size; i < length; i += size) {
		const char *typed;

		size = text_escape_one(bytes + i, length - i, escaped);
		typed = as_typed(bytes + i, size, escaped);
		*left_out += typed[0] == '\0';
		if (typed[0] != '\n' || (end > text && end[-1] != '\n'))
			end = stpcpy(end, typed);
	}
	if (end > text && end[-1] == '\n')
		end--;
	*end = '\0';
	return text;
}
