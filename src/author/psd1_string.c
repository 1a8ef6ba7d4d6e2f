/* Quoted strings, here-strings, and the extent of script blocks. */
#include <string.h>

#include "author/psd1_parts.h"

/* U+2018 to U+201B end a string in single quotes, U+201C to U+201E one in double quotes. */
static bool is_other_quote(const char *at, bool twice)
{
	unsigned char third = (unsigned char)at[2];

	if ((unsigned char)at[0] != 0xe2 || (unsigned char)at[1] != 0x80)
		return false;
	return twice ? third >= 0x9c && third <= 0x9e : third >= 0x98 && third <= 0x9b;
}

/* "$x", "$(x)", "${x}", "$:x" and "$$" would be replaced. */
static bool is_expansion(const char *at)
{
	return at[0] == '$' && at[1] != '\0' &&
	       (strchr("({:_$?^", at[1]) != NULL || (at[1] >= 'a' && at[1] <= 'z') ||
		       (at[1] >= 'A' && at[1] <= 'Z') || (at[1] >= '0' && at[1] <= '9') ||
		       (unsigned char)at[1] >= 0x80);
}

/* The byte behind a backquote; -1: it means none of these. */
static int escaped(char byte)
{
	static const char letters[] = "abfnrtv0", bytes[] = "\a\b\f\n\r\t\v";
	const char *letter;

	if ((byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z')) {
		letter = strchr(letters, byte);
		return letter == NULL || *letter == '0' ? -1 : bytes[letter - letters];
	}
	return byte == '\0' || byte == '\n' || byte == '\r' ? -1 : (unsigned char)byte;
}

struct buffer {
	char *text;
	size_t length;
};

static struct psd1_value *make(struct psd1_parser *parser, unsigned line, struct buffer *buffer)
{
	struct psd1_value *value = arena_alloc(parser->arena, sizeof(*value));

	*value = (struct psd1_value){.kind = PSD1_STRING,
		.line = line,
		.text = arena_strndup(parser->arena, buffer->text, buffer->length)};
	return value;
}

/* One step through "..."; false after a complaint. */
static bool expandable_step(struct psd1_parser *parser, struct buffer *buffer)
{
	int byte;

	if (is_expansion(parser->at))
		return psd1_fail(parser, parser->line,
			       "a string in double quotes would be expanded: \"$\" stands in it; "
			       "expected single quotes") != NULL;
	if (*parser->at != '`') {
		buffer->text[buffer->length++] = *parser->at++;
		return true;
	}
	byte = escaped(parser->at[1]);
	if (byte < 0)
		return psd1_fail(parser, parser->line,
			       "a backquote in a string stands before something that this reader "
			       "does not know") != NULL;
	buffer->text[buffer->length++] = (char)byte;
	parser->at += 2;
	return true;
}

/* Behind the opening quote, to behind the closing one. */
static struct psd1_value *read_quoted(struct psd1_parser *parser, char quote)
{
	struct buffer buffer = {parser->scratch, 0};
	unsigned line = parser->line;

	while (parser->at < parser->end) {
		if (is_other_quote(parser->at, quote == '"'))
			return psd1_fail(parser, parser->line,
				"a typographic quote in a string, which would end it");
		if (parser->at[0] == quote && parser->at[1] != quote) {
			parser->at++;
			return make(parser, line, &buffer);
		}
		parser->line += *parser->at == '\n';
		if (*parser->at == quote) {
			buffer.text[buffer.length++] = quote;
			parser->at += 2;
		} else if (quote == '\'') {
			buffer.text[buffer.length++] = *parser->at++;
		} else if (!expandable_step(parser, &buffer)) {
			return NULL;
		}
	}
	return psd1_fail(parser, line, "this string has no end");
}

/* Behind the line of @' or @". */
static struct psd1_value *read_here(struct psd1_parser *parser, unsigned line, char quote)
{
	struct buffer buffer = {parser->scratch, 0};
	bool begins = true;

	while (parser->at < parser->end) {
		if (begins && (is_other_quote(parser->at, quote == '"') ||
				      (parser->at[0] == quote && parser->at[1] == '@'))) {
			if (*parser->at != quote)
				return psd1_fail(parser, parser->line,
					"a typographic quote at the beginning of a line");
			parser->at += 2;
			buffer.length -= buffer.length > 0; /* the line end before it */
			return make(parser, line, &buffer);
		}
		begins = *parser->at == '\n';
		parser->line += begins;
		if (parser->at[0] == '\r' && parser->at[1] == '\n')
			parser->at++;
		else if (quote == '\'')
			buffer.text[buffer.length++] = *parser->at++;
		else if (!expandable_step(parser, &buffer))
			return NULL;
	}
	return psd1_fail(parser, line, "this here-string has no end");
}

struct psd1_value *psd1_string(struct psd1_parser *parser)
{
	unsigned line = parser->line;
	char quote = *parser->at;

	if (quote != '@') {
		parser->at++;
		return read_quoted(parser, quote);
	}
	quote = parser->at[1];
	parser->at += 2;
	while (*parser->at == ' ' || *parser->at == '\t' || *parser->at == '\r')
		parser->at++;
	if (*parser->at != '\n')
		return psd1_fail(
			parser, line, "something stands behind the beginning of a here-string");
	parser->at++;
	parser->line++;
	return read_here(parser, line, quote);
}
