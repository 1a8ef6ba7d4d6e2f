#include "policy/shebang.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t';
}

const char *interpreter_parse(
	struct arena *arena, const char *start, size_t length, struct interpreter_line *line)
{
	const char *newline = memchr(start, '\n', length), *path, *rest;
	const char *end = newline != NULL ? newline : start + length;

	if (newline == NULL && length > INTERPRETER_LINE_MAX)
		return arena_printf(
			arena, "its first line is longer than %d bytes", INTERPRETER_LINE_MAX);
	for (path = start + 2; path < end && is_blank(*path); path++)
		;
	while (end > path && is_blank(end[-1]))
		end--;
	if (path == end)
		return "its first line names no interpreter";
	for (const char *byte = path; byte < end; byte++)
		if (!is_blank(*byte) && text_refused(byte, 1) == 0 &&
			!((unsigned char)*byte & 0x80))
			return *byte == '\r' ? "its first line ends with CR LF, as no program's "
					       "name does"
					     : "its first line has a control byte";
	for (rest = path; rest < end && !is_blank(*rest); rest++)
		;
	line->path = arena_strndup(arena, path, (size_t)(rest - path));
	while (rest < end && is_blank(*rest))
		rest++;
	line->argument = rest == end ? NULL : arena_strndup(arena, rest, (size_t)(end - rest));
	if (!text_is_canonical_path(line->path))
		return "its interpreter's path is not an absolute one without dots";
	return NULL;
}
