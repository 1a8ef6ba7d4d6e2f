/* Values that are one word. */
#include <string.h>
#include <strings.h>

#include "author/psd1_parts.h"

struct psd1_value *psd1_new(struct psd1_parser *parser, enum psd1_kind kind)
{
	struct psd1_value *value = arena_alloc(parser->arena, sizeof(*value));

	value->kind = kind;
	value->line = parser->line;
	value->text = "";
	return value;
}

size_t psd1_word_length(const char *at)
{
	return strspn(at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
}

struct psd1_value *psd1_constant(struct psd1_parser *parser)
{
	static const struct {
		const char *name;
		enum psd1_kind kind;
		const char *text;
	} constants[] = {{"true", PSD1_BOOLEAN, "true"}, {"false", PSD1_BOOLEAN, "false"},
		{"null", PSD1_NULL, ""}};
	size_t length = psd1_word_length(parser->at + 1);
	struct psd1_value *value;

	for (size_t i = 0; i < sizeof(constants) / sizeof(constants[0]); i++) {
		if (strlen(constants[i].name) != length ||
			strncasecmp(parser->at + 1, constants[i].name, length) != 0)
			continue;
		value = psd1_new(parser, constants[i].kind);
		value->text = constants[i].text;
		parser->at += 1 + length;
		return value;
	}
	return psd1_fail(parser, parser->line,
		"a variable, which this reader does not evaluate; expected plain data");
}

struct psd1_value *psd1_number(struct psd1_parser *parser)
{
	struct psd1_value *value = psd1_new(parser, PSD1_NUMBER);
	const char *begin = parser->at;
	size_t sign = *begin == '-', digits;

	if (strncasecmp(begin + sign, "0x", 2) == 0)
		digits = 2 + strspn(begin + sign + 2, "0123456789abcdefABCDEF");
	else
		digits = strspn(begin + sign, "0123456789.");
	parser->at += sign + digits;
	if (digits == 0 || digits > 32 || psd1_word_length(parser->at) > 0)
		return psd1_fail(parser, value->line, "a number that this reader does not know");
	value->text = arena_strndup(parser->arena, begin, sign + digits);
	return value;
}
