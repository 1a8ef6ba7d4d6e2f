#include "author/psd1.h"

#include <string.h>
#include <strings.h>

#include "author/psd1_parts.h"

static struct psd1_value *read_element(struct psd1_parser *parser);
static struct psd1_value *read_value(struct psd1_parser *parser);

void *psd1_fail(struct psd1_parser *parser, unsigned line, const char *complaint)
{
	if (parser->complaint == NULL) {
		parser->complaint = complaint;
		parser->wrong_line = line;
	}
	return NULL;
}

bool psd1_at(const struct psd1_parser *parser, const char *text)
{
	size_t length = strlen(text);

	return (size_t)(parser->end - parser->at) >= length &&
	       memcmp(parser->at, text, length) == 0;
}

static bool skip_block_comment(struct psd1_parser *parser)
{
	unsigned line = parser->line;

	for (; parser->at < parser->end; parser->at++) {
		if (psd1_at(parser, "#>")) {
			parser->at += 2;
			return true;
		}
		parser->line += *parser->at == '\n';
	}
	psd1_fail(parser, line, "this comment has no end; expected #>");
	return false;
}

bool psd1_skip(struct psd1_parser *parser, bool lines)
{
	for (;;) {
		if (psd1_at(parser, "<#")) {
			if (!skip_block_comment(parser))
				return false;
		} else if (*parser->at == '#') {
			parser->at += strcspn(parser->at, "\n");
		} else if (*parser->at == ' ' || *parser->at == '\t' || *parser->at == '\r') {
			parser->at++;
		} else if (lines && (*parser->at == '\n' || *parser->at == ';')) {
			parser->line += *parser->at++ == '\n';
		} else if (psd1_at(parser, "`\n") || psd1_at(parser, "`\r\n")) {
			parser->at += parser->at[1] == '\r' ? 3 : 2;
			parser->line++;
		} else {
			return true;
		}
	}
}

static void add_item(
	struct psd1_parser *parser, struct psd1_value *to, const char *key, struct psd1_value *item)
{
	if (key != NULL) {
		to->keys = arena_grow(parser->arena, to->keys, to->count, sizeof(*to->keys));
		to->keys[to->count] = key;
	}
	to->items = arena_grow(parser->arena, to->items, to->count, sizeof(struct psd1_value *));
	to->items[to->count++] = item;
}

static const char *read_key(struct psd1_parser *parser)
{
	struct psd1_value *quoted;
	const char *begin = parser->at;

	if (*parser->at == '\'' || *parser->at == '"') {
		quoted = psd1_string(parser);
		return quoted == NULL ? NULL : quoted->text;
	}
	parser->at += psd1_word_length(parser->at);
	if (parser->at == begin || (*begin >= '0' && *begin <= '9'))
		return psd1_fail(parser, parser->line,
			"expected the name of a key, or the end of the hashtable, \"}\"");
	return arena_strndup(parser->arena, begin, (size_t)(parser->at - begin));
}

static bool read_entry(struct psd1_parser *parser, struct psd1_value *table)
{
	unsigned line = parser->line;
	const char *key = read_key(parser);
	struct psd1_value *value;

	if (key == NULL || !psd1_skip(parser, false))
		return false;
	if (table->count == PSD1_KEYS_MAX)
		return psd1_fail(parser, line, "too many keys in one hashtable") != NULL;
	if (psd1_member(table, key) != NULL)
		return psd1_fail(parser, line, "a key is given twice") != NULL;
	if (*parser->at != '=')
		return psd1_fail(parser, parser->line, "expected \"=\" behind a key") != NULL;
	parser->at++;
	while (psd1_skip(parser, false) && *parser->at == '\n') {
		parser->at++;
		parser->line++;
	}
	value = parser->complaint != NULL ? NULL : read_value(parser);
	if (value == NULL || !psd1_skip(parser, false))
		return false;
	add_item(parser, table, key, value);
	if (*parser->at == '}' || *parser->at == ';' || *parser->at == '\n')
		return true;
	return psd1_fail(parser, parser->line,
		       "expected the end of the line, \";\" or \"}\" behind a value: only plain "
		       "data is read") != NULL;
}

/* Behind "@{". */
static struct psd1_value *read_table(struct psd1_parser *parser)
{
	struct psd1_value *table = psd1_new(parser, PSD1_TABLE);

	if (++parser->depth > PSD1_DEPTH_MAX)
		return psd1_fail(parser, parser->line, "too many brackets in each other");
	for (;;) {
		if (!psd1_skip(parser, true))
			return NULL;
		if (parser->at >= parser->end)
			return psd1_fail(
				parser, table->line, "this hashtable has no end; expected \"}\"");
		if (*parser->at == '}') {
			parser->at++;
			parser->depth--;
			return table;
		}
		if (!read_entry(parser, table))
			return NULL;
	}
}

/* Behind "@(": elements on lines of their own are elements of the array, as those with commas. */
static struct psd1_value *read_array(struct psd1_parser *parser)
{
	struct psd1_value *array = psd1_new(parser, PSD1_ARRAY), *value;

	if (++parser->depth > PSD1_DEPTH_MAX)
		return psd1_fail(parser, parser->line, "too many brackets in each other");
	while (psd1_skip(parser, true)) {
		if (parser->at >= parser->end)
			return psd1_fail(
				parser, array->line, "this array has no end; expected \")\"");
		if (*parser->at == ')') {
			parser->at++;
			parser->depth--;
			return array;
		}
		value = read_value(parser);
		if (value == NULL || !psd1_skip(parser, false))
			return NULL;
		if (strchr(")\n;", *parser->at) == NULL)
			return psd1_fail(parser, parser->line,
				"expected \",\", the end of the line or \")\" in an array: only "
				"plain data is read");
		for (size_t i = 0; value->kind == PSD1_ARRAY && i < value->count; i++)
			add_item(parser, array, NULL, value->items[i]);
		if (value->kind != PSD1_ARRAY)
			add_item(parser, array, NULL, value);
	}
	return NULL;
}

static struct psd1_value *read_element(struct psd1_parser *parser)
{
	if (*parser->at == '\'' || *parser->at == '"' || psd1_at(parser, "@'") ||
		psd1_at(parser, "@\""))
		return psd1_string(parser);
	if (psd1_at(parser, "@{") || psd1_at(parser, "@(")) {
		parser->at += 2;
		return parser->at[-1] == '{' ? read_table(parser) : read_array(parser);
	}
	if (*parser->at == '{')
		return psd1_script(parser);
	if (*parser->at == '$')
		return psd1_constant(parser);
	if (*parser->at == '-' || (*parser->at >= '0' && *parser->at <= '9'))
		return psd1_number(parser);
	return psd1_fail(parser, parser->line,
		"expected a string in quotes, a number, $true, $false, $null, an array @( ), a "
		"hashtable @{ } or a script block { }: only plain data is read");
}

/* One element, or an array of several with commas between them. */
static struct psd1_value *read_value(struct psd1_parser *parser)
{
	struct psd1_value *first = read_element(parser), *array, *next;

	if (first == NULL || !psd1_skip(parser, false))
		return NULL;
	if (*parser->at != ',')
		return first;
	array = psd1_new(parser, PSD1_ARRAY);
	array->line = first->line;
	add_item(parser, array, NULL, first);
	while (*parser->at == ',') {
		parser->at++;
		while (psd1_skip(parser, false) && *parser->at == '\n') {
			parser->at++;
			parser->line++;
		}
		next = parser->complaint != NULL ? NULL : read_element(parser);
		if (next == NULL || !psd1_skip(parser, false))
			return NULL;
		add_item(parser, array, NULL, next);
	}
	return array;
}

static struct psd1_value *read_file(struct psd1_parser *parser)
{
	struct psd1_value *table;

	if (!psd1_skip(parser, true))
		return NULL;
	if (!psd1_at(parser, "@{"))
		return psd1_fail(parser, parser->line, "expected a hashtable, \"@{\"");
	parser->at += 2;
	table = read_table(parser);
	if (table == NULL || !psd1_skip(parser, true))
		return NULL;
	if (parser->at < parser->end)
		return psd1_fail(parser, parser->line, "something stands behind the hashtable");
	return table;
}

struct psd1_value *psd1_parse(struct arena *arena, const char *bytes, size_t length,
	const char **complaint, unsigned *line)
{
	struct psd1_parser parser = {.arena = arena, .line = 1};
	const char *text = psd1_text(arena, bytes, &length, complaint);
	struct psd1_value *table;

	*line = 0;
	if (text == NULL)
		return NULL;
	parser.scratch = arena_alloc(arena, length + 1);
	parser.at = text;
	parser.end = text + length;
	table = read_file(&parser);
	*complaint = parser.complaint;
	*line = parser.wrong_line;
	return table;
}

const struct psd1_value *psd1_member(const struct psd1_value *table, const char *key)
{
	for (size_t i = 0; table->kind == PSD1_TABLE && i < table->count; i++)
		if (strcasecmp(table->keys[i], key) == 0)
			return table->items[i];
	return NULL;
}

const char *psd1_kind_name(enum psd1_kind kind)
{
	static const char *const names[] = {"nothing", "a truth value", "a number", "a string",
		"a script block", "an array", "a hashtable"};

	return names[kind];
}
