#include "config/document.h"

#include <string.h>

#include "config/scan.h"

static void parse_problem(const config_t *tree, struct problems *problems, const char *file)
{
	struct source source = {file, (unsigned)config_error_line(tree)};
	const char *text = config_error_text(tree);

	if (strcmp(text, "syntax error") == 0)
		text = "syntax error, here or on the line before; expected NAME = VALUE; with a "
		       "string, number, true, false, [ array ], ( list ) or { group }";
	else if (strcmp(text, "mismatched element type in array") == 0)
		text = "the elements of an array [ ] are not of one type; expected a list ( ) for "
		       "that";
	problem_add(problems, PROBLEM_ERROR, source, "%s", text);
}

/* `next` is the index of the next string, counted as the scan did. */
static void correct_lines(config_setting_t *setting, const struct scan *scan, size_t *next)
{
	if (config_setting_is_aggregate(setting)) {
		unsigned count = (unsigned)config_setting_length(setting);

		for (unsigned i = 0; i < count; i++)
			correct_lines(config_setting_get_elem(setting, i), scan, next);
	} else if (setting->type == CONFIG_TYPE_STRING && *next < scan->string_count) {
		/* A setting with a name is on the line of its name. */
		if (setting->name == NULL)
			setting->line = scan->string_lines[*next];
		++*next;
	}
}

static bool parse(struct document *document, struct scan *scan, char *bytes, size_t length)
{
	bool duplicate;
	size_t next = 0;

	if (!scan_bytes(scan, bytes, length))
		return false;
	document->renamed = scan->renamed;
	if (config_read_string(&document->tree, bytes) != CONFIG_TRUE) {
		duplicate = strstr(config_error_text(&document->tree), "duplicate") != NULL;
		if (!duplicate || !scan->renamed)
			parse_problem(&document->tree, scan->problems, scan->file);
		return false;
	}
	correct_lines(config_root_setting(&document->tree), scan, &next);
	return true;
}

bool document_parse(struct document *document, struct problems *problems, const char *file,
	const char *bytes, size_t length)
{
	struct arena *arena = arena_new();
	struct scan scan = {.arena = arena, .problems = problems, .file = file};
	char *copy = arena_alloc(arena, length + 2);
	bool good;

	*document = (struct document){.file = file};
	config_init(&document->tree);
	memcpy(copy, bytes, length);
	copy[length] = '\n'; /* libconfig wants one at the end of a comment */
	good = parse(document, &scan, copy, length + 1);
	arena_free(arena);
	return good;
}

void document_destroy(struct document *document)
{
	config_destroy(&document->tree);
}
