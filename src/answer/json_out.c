#include "answer/json_out.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

static void start_member(struct output *output, const char *key)
{
	char last = output->length > 0 ? output->text[output->length - 1] : '[';

	if (last != '[' && last != '{')
		output_text(output, ",");
	if (key == NULL)
		return;
	output_text(output, "\"");
	output_text(output, key);
	output_text(output, "\":");
}

void json_out_open(struct output *output, const char *key, char bracket)
{
	start_member(output, key);
	output_add(output, &bracket, 1);
}

void json_out_close(struct output *output, char bracket)
{
	output_add(output, &bracket, 1);
}

static void add_unit(struct output *output, unsigned unit)
{
	char text[8];

	output_add(output, text, (size_t)snprintf(text, sizeof(text), "\\u%04X", unit & 0xffff));
}

/* The code point at `bytes`, which are UTF-8. Returns its length. */
static size_t decode(const char *bytes, unsigned *point)
{
	unsigned char first = (unsigned char)bytes[0];
	size_t length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;

	*point = length == 1 ? first : first & (0xffU >> (length + 1));
	for (size_t i = 1; i < length; i++)
		*point = *point << 6 | ((unsigned char)bytes[i] & 0x3f);
	return length;
}

static size_t add_escaped(struct output *output, const char *bytes)
{
	unsigned point;
	size_t length = decode(bytes, &point);

	if (point == '"' || point == '\\') {
		output_text(output, "\\");
		output_add(output, bytes, 1);
	} else if (point > 0xffff) {
		add_unit(output, 0xd800 + ((point - 0x10000) >> 10));
		add_unit(output, 0xdc00 + ((point - 0x10000) & 0x3ff));
	} else {
		add_unit(output, point);
	}
	return length;
}

static bool is_plain(char byte)
{
	return byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
}

void json_out_string(struct output *output, const char *key, const char *text)
{
	if (text == NULL)
		return;
	if (!text_is_utf8(text, strlen(text)))
		text = text_escape(output->arena, text, strlen(text));
	start_member(output, key);
	output_text(output, "\"");
	for (const char *at = text; *at != '\0';) {
		size_t plain = 0;

		while (is_plain(at[plain]))
			plain++;
		output_add(output, at, plain);
		at += plain;
		if (*at != '\0')
			at += add_escaped(output, at);
	}
	output_text(output, "\"");
}

void json_out_strings(struct output *output, const char *key, const struct strings *list)
{
	json_out_open(output, key, '[');
	for (size_t i = 0; i < list->count; i++)
		json_out_string(output, NULL, list->items[i]);
	json_out_close(output, ']');
}

void json_out_number(struct output *output, const char *key, int64_t number)
{
	char text[24];

	start_member(output, key);
	output_add(output, text, (size_t)snprintf(text, sizeof(text), "%" PRId64, number));
}

void json_out_bool(struct output *output, const char *key, bool value)
{
	start_member(output, key);
	output_text(output, value ? "true" : "false");
}

void json_out_source(struct output *output, const struct source *source)
{
	json_out_string(output, "file", source->file);
	if (source->line != 0)
		json_out_number(output, "line", source->line);
}

void json_out_transcript(struct output *output, struct transcript_rule rule)
{
	if (rule.mode == TRANSCRIPT_OFF)
		return;
	json_out_string(output, "transcript", transcript_mode_names[rule.mode]);
	if (rule.input)
		json_out_bool(output, "transcript_input", true);
}
