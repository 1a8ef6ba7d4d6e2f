/*
 * Where a script block ends. Its text is for a person to read and is never run, but its braces
 * must be told from those in its strings and comments.
 */
#include <string.h>

#include "author/psd1_parts.h"

static bool skip_code(struct psd1_parser *parser, char closing);

static void step(struct psd1_parser *parser)
{
	parser->line += *parser->at == '\n';
	parser->at++;
}

static bool skip_single(struct psd1_parser *parser)
{
	for (step(parser); parser->at < parser->end; step(parser)) {
		if (*parser->at != '\'')
			continue;
		if (parser->at[1] != '\'') {
			step(parser);
			return true;
		}
		step(parser);
	}
	return false;
}

static bool skip_double(struct psd1_parser *parser)
{
	for (step(parser); parser->at < parser->end;) {
		if (psd1_at(parser, "$(")) {
			parser->at += 2;
			if (!skip_code(parser, ')'))
				return false;
			continue;
		}
		if (parser->at[0] == '"' && parser->at[1] != '"') {
			step(parser);
			return true;
		}
		if ((parser->at[0] == '`' || parser->at[0] == '"') && parser->at + 1 < parser->end)
			step(parser);
		step(parser);
	}
	return false;
}

/* To behind '@ or "@ at the beginning of a line. */
static bool skip_here(struct psd1_parser *parser)
{
	const char ending[] = {parser->at[1], '@', '\0'};

	for (; parser->at < parser->end; step(parser))
		if (parser->at[0] == '\n' && strncmp(parser->at + 1, ending, 2) == 0) {
			parser->at += 3;
			parser->line++;
			return true;
		}
	return false;
}

static bool skip_until(struct psd1_parser *parser, const char *ending)
{
	for (; parser->at < parser->end; step(parser))
		if (psd1_at(parser, ending)) {
			if (*ending != '\n')
				parser->at += strlen(ending);
			return true;
		}
	return *ending == '\n';
}

/* "#" begins a comment only where a word could begin. */
static bool begins_comment(const struct psd1_parser *parser)
{
	return *parser->at == '#' && strchr(" \t\r\n;{}(),|&", parser->at[-1]) != NULL;
}

static bool skip_one(struct psd1_parser *parser)
{
	if (psd1_at(parser, "@'") || psd1_at(parser, "@\""))
		return skip_here(parser);
	if (psd1_at(parser, "<#"))
		return skip_until(parser, "#>");
	if (begins_comment(parser))
		return skip_until(parser, "\n");
	if (*parser->at == '\'')
		return skip_single(parser);
	if (*parser->at == '"')
		return skip_double(parser);
	if (*parser->at == '{' || *parser->at == '(') {
		char closing = *parser->at == '{' ? '}' : ')';

		step(parser);
		return skip_code(parser, closing);
	}
	if (*parser->at == '`' && parser->at + 1 < parser->end)
		step(parser);
	step(parser);
	return true;
}

/* To behind `closing`. */
static bool skip_code(struct psd1_parser *parser, char closing)
{
	bool good = ++parser->depth <= PSD1_DEPTH_MAX;

	while (good && parser->at < parser->end && *parser->at != closing)
		good = skip_one(parser);
	parser->depth--;
	if (!good || parser->at >= parser->end)
		return false;
	parser->at++;
	return true;
}

struct psd1_value *psd1_script(struct psd1_parser *parser)
{
	struct psd1_value *value = arena_alloc(parser->arena, sizeof(*value));
	const char *begin = ++parser->at;

	*value = (struct psd1_value){.kind = PSD1_SCRIPT, .line = parser->line};
	if (!skip_code(parser, '}'))
		return psd1_fail(parser, value->line,
			"this script block has no end, or too many brackets in each other");
	value->text = arena_strndup(parser->arena, begin, (size_t)(parser->at - 1 - begin));
	return value;
}
