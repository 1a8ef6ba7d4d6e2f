/* How results look: colour on a terminal, nothing that a terminal obeys from a file (R32). */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "admin/admin.h"
#include "base/strings.h"
#include "base/text.h"

static bool has_colour(void)
{
	const char *term = getenv("TERM"), *refused = getenv("NO_COLOR");

	if (refused != NULL && *refused != '\0')
		return false;
	return isatty(STDOUT_FILENO) && term != NULL && strcmp(term, "dumb") != 0;
}

const char *colour(enum colour wanted)
{
	static const char *const codes[] = {
		"\033[m", "\033[1m", "\033[31m", "\033[32m", "\033[33m"};
	static int known = -1;

	if (known < 0)
		known = has_colour();
	return known ? codes[wanted] : "";
}

char *escape_lines(struct arena *arena, const char *text)
{
	struct strings lines = {0};

	for (;;) {
		size_t length = strcspn(text, "\n");

		strings_add(arena, &lines, text_escape(arena, text, length));
		if (text[length] == '\0')
			return strings_join(arena, &lines, "\n");
		text += length + 1;
	}
}

char *json_add(struct arena *arena, const char *object, const char *member)
{
	int length = (int)strlen(object) - 1;

	return arena_printf(arena, "%.*s%s%s}", length, object, length > 1 ? "," : "", member);
}

char *json_text(struct arena *arena, const char *text)
{
	json_t *string = json_string(text);
	char *dumped, *kept;

	if (string == NULL) /* invalid UTF-8 */
		string = json_string(text_escape(arena, text, strlen(text)));
	dumped = json_dumps(string, JSON_ENCODE_ANY | JSON_ENSURE_ASCII);
	kept = arena_strdup(arena, dumped != NULL ? dumped : "\"\"");
	free(dumped);
	json_decref(string);
	return kept;
}
