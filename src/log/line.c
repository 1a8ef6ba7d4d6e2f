#include "log/line.h"

#include <string.h>

struct line line_start(const char *bytes, size_t length)
{
	return (struct line){.next = bytes, .end = bytes + length};
}

/* The quote that ends a string which begins at `from`, or NULL. */
static const char *closing_quote(const char *from, const char *end, bool *escaped)
{
	const char *quote = from - 1;

	do {
		const char *before;

		quote = memchr(quote + 1, '"', (size_t)(end - quote - 1));
		if (quote == NULL)
			return NULL;
		for (before = quote; before > from && before[-1] == '\\';)
			before--;
		if ((quote - before) % 2 == 0)
			break;
	} while (quote + 1 < end);
	if (quote + 1 > end)
		return NULL;
	*escaped = memchr(from, '\\', (size_t)(quote - from)) != NULL;
	return quote;
}

static int take_string(struct line *line, struct line_value *value)
{
	const char *from = line->next + 1, *quote;
	bool escaped = false;

	if (line->next == line->end || *line->next != '"')
		return -1;
	quote = from < line->end ? closing_quote(from, line->end, &escaped) : NULL;
	if (quote == NULL)
		return -1;
	*value = (struct line_value){from, (size_t)(quote - from), LINE_STRING, escaped};
	line->next = quote + 1;
	return 0;
}

/* A list or an object, of any depth, by its brackets. */
static int take_nested(struct line *line, struct line_value *value)
{
	const char *from = line->next;
	size_t depth = 0;

	do {
		char byte;

		if (line->next == line->end)
			return -1;
		byte = *line->next;
		if (byte == '"') {
			if (take_string(line, value) < 0)
				return -1;
			continue;
		}
		depth += byte == '[' || byte == '{';
		depth -= byte == ']' || byte == '}';
		line->next++;
	} while (depth > 0);
	*value = (struct line_value){from, (size_t)(line->next - from), LINE_OTHER, false};
	return 0;
}

/* A number, true, false or null. */
static int take_word(struct line *line, struct line_value *value)
{
	const char *from = line->next;
	bool number = true;

	for (; line->next < line->end && *line->next != ',' && *line->next != '}'; line->next++)
		number = number && strchr("0123456789.-+eE", *line->next) != NULL;
	*value = (struct line_value){
		from, (size_t)(line->next - from), number ? LINE_NUMBER : LINE_OTHER, false};
	if (number)
		return value->length > 0 ? 0 : -1;
	return (value->length == 4 &&
		       (memcmp(from, "true", 4) == 0 || memcmp(from, "null", 4) == 0)) ||
			       (value->length == 5 && memcmp(from, "false", 5) == 0)
		       ? 0
		       : -1;
}

static int take_value(struct line *line, struct line_value *value)
{
	if (line->next == line->end)
		return -1;
	if (*line->next == '"')
		return take_string(line, value);
	if (*line->next == '[' || *line->next == '{')
		return take_nested(line, value);
	return take_word(line, value);
}

static bool take_byte(struct line *line, char byte)
{
	if (line->next == line->end || *line->next != byte)
		return false;
	line->next++;
	return true;
}

int line_next(struct line *line, struct line_value *name, struct line_value *value)
{
	bool first = !line->started;

	if (first && !take_byte(line, '{'))
		return -1;
	line->started = true;
	if (take_byte(line, '}'))
		return line->next == line->end ? 0 : -1;
	if (!first && !take_byte(line, ','))
		return -1;
	if (take_string(line, name) < 0 || !take_byte(line, ':') || take_value(line, value) < 0)
		return -1;
	return 1;
}

struct place {
	const char *name;
	size_t offset;
};

#define PLACE(field)                                                                               \
	{                                                                                          \
#field, offsetof(struct line_fields, field)                                        \
	}

static struct line_value *place_of(struct line_fields *fields, const struct line_value *name)
{
	static const struct place places[] = {PLACE(time), PLACE(op), PLACE(req), PLACE(endpoint),
		PLACE(acct), PLACE(role), PLACE(comm), PLACE(runas), PLACE(cmd), PLACE(reason),
		PLACE(res), PLACE(pipeline), PLACE(session), PLACE(oses), PLACE(approval)};

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (places[i].name[0] == name->bytes[0] && line_is(name, places[i].name))
			return (struct line_value *)((char *)fields + places[i].offset);
	return NULL;
}

int line_fields(const char *bytes, size_t length, struct line_fields *fields)
{
	struct line line = line_start(bytes, length);
	struct line_value name, value, *place;
	int result;

	memset(fields, 0, sizeof(*fields));
	while ((result = line_next(&line, &name, &value)) == 1) {
		place = name.length >= 2 && name.length <= 8 ? place_of(fields, &name) : NULL;
		if (place != NULL && place->kind == LINE_ABSENT)
			*place = value;
	}
	return result;
}

struct line_value line_find(const char *bytes, size_t length, const char *name)
{
	struct line line = line_start(bytes, length);
	struct line_value found, value;

	while (line_next(&line, &found, &value) == 1)
		if (line_is(&found, name))
			return value;
	return (struct line_value){.kind = LINE_ABSENT};
}
