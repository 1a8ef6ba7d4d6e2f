#include "client/tree.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct reading {
	struct arena *arena;
	const char *at;
	int depth;
};

static int read_value(struct reading *reading, struct tree *value);

static void skip_blanks(struct reading *reading)
{
	reading->at += strspn(reading->at, " \t\r\n");
}

static bool skip(struct reading *reading, char byte)
{
	skip_blanks(reading);
	if (*reading->at != byte)
		return false;
	reading->at++;
	return true;
}

static int read_unit(const char *digits, unsigned *unit)
{
	char copy[5] = "";

	strncat(copy, digits, 4);
	if (strspn(copy, "0123456789abcdefABCDEF") != 4)
		return -1;
	*unit = (unsigned)strtoul(copy, NULL, 16);
	return 0;
}

static char *put_point(char *end, unsigned point)
{
	if (point < 0x80) {
		*end++ = (char)point;
		return end;
	}
	if (point < 0x800) {
		*end++ = (char)(0xc0 | point >> 6);
	} else {
		if (point < 0x10000) {
			*end++ = (char)(0xe0 | point >> 12);
		} else {
			*end++ = (char)(0xf0 | point >> 18);
			*end++ = (char)(0x80 | (point >> 12 & 0x3f));
		}
		*end++ = (char)(0x80 | (point >> 6 & 0x3f));
	}
	*end++ = (char)(0x80 | (point & 0x3f));
	return end;
}

/* "\u0041", and two of them for what is above U+FFFF. NULL: it is neither. */
static const char *read_point(const char *at, unsigned *point)
{
	unsigned low;

	if (read_unit(at, point) != 0 || (*point >= 0xdc00 && *point < 0xe000))
		return NULL;
	at += 4;
	if (*point < 0xd800 || *point > 0xdbff)
		return at;
	if (strncmp(at, "\\u", 2) != 0 || read_unit(at + 2, &low) != 0 || low < 0xdc00 ||
		low > 0xdfff)
		return NULL;
	*point = 0x10000 + ((*point - 0xd800) << 10) + (low - 0xdc00);
	return at + 6;
}

static const char *read_escape(const char *at, char **end)
{
	static const char names[] = "\"\\/bfnrt", bytes[] = "\"\\/\b\f\n\r\t";
	const char *name = *at == '\0' ? NULL : strchr(names, *at);
	unsigned point;

	if (name != NULL) {
		*(*end)++ = bytes[name - names];
		return at + 1;
	}
	at = *at == 'u' ? read_point(at + 1, &point) : NULL;
	if (at != NULL)
		*end = put_point(*end, point);
	return at;
}

/* What is written is never longer than what it is written as. */
static const char *read_string(struct reading *reading)
{
	size_t length = 0;
	char *text, *end;
	const char *at = reading->at;

	if (*at++ != '"')
		return NULL;
	for (; at[length] != '"' && at[length] != '\0'; length++)
		if (at[length] == '\\' && at[length + 1] != '\0')
			length++;
	if (at[length] == '\0')
		return NULL;
	text = end = arena_alloc(reading->arena, length + 1);
	while (*at != '"') {
		if ((unsigned char)*at < 0x20)
			return NULL;
		if (*at != '\\')
			*end++ = *at++;
		else if ((at = read_escape(at + 1, &end)) == NULL)
			return NULL;
	}
	reading->at = at + 1;
	return text;
}

static int read_member(struct reading *reading, struct tree *member, bool named)
{
	skip_blanks(reading);
	if (named) {
		member->name = read_string(reading);
		if (member->name == NULL || !skip(reading, ':'))
			return -1;
	}
	return read_value(reading, member);
}

static int read_members(struct reading *reading, struct tree *value, char closing)
{
	struct tree **place = &value->first;

	if (++reading->depth > TREE_DEPTH_MAX)
		return -1;
	if (!skip(reading, closing))
		for (;;) {
			*place = arena_alloc(reading->arena, sizeof(**place));
			if (read_member(reading, *place, closing == '}') != 0)
				return -1;
			place = &(*place)->next;
			if (skip(reading, closing))
				break;
			if (!skip(reading, ','))
				return -1;
		}
	reading->depth--;
	return 0;
}

static int read_word(struct reading *reading, struct tree *value)
{
	static const struct {
		const char *text;
		enum tree_kind kind;
	} words[] = {{"true", TREE_TRUE}, {"false", TREE_FALSE}, {"null", TREE_NULL}};
	size_t length = strspn(reading->at, "+-.0123456789eE");

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strncmp(reading->at, words[i].text, strlen(words[i].text)) == 0) {
			value->kind = words[i].kind;
			reading->at += strlen(words[i].text);
			return 0;
		}
	if (length == 0)
		return -1;
	value->kind = TREE_NUMBER;
	value->text = arena_strndup(reading->arena, reading->at, length);
	reading->at += length;
	return 0;
}

static int read_value(struct reading *reading, struct tree *value)
{
	value->text = "";
	skip_blanks(reading);
	switch (*reading->at) {
	case '{':
	case '[':
		value->kind = *reading->at == '{' ? TREE_OBJECT : TREE_LIST;
		reading->at++;
		return read_members(reading, value, value->kind == TREE_OBJECT ? '}' : ']');
	case '"':
		value->kind = TREE_STRING;
		value->text = read_string(reading);
		return value->text == NULL ? -1 : 0;
	default:
		return read_word(reading, value);
	}
}

struct tree *tree_read(struct arena *arena, const char *json)
{
	struct reading reading = {.arena = arena, .at = json};
	struct tree *root = arena_alloc(arena, sizeof(*root));

	if (read_value(&reading, root) != 0)
		return NULL;
	skip_blanks(&reading);
	return *reading.at == '\0' ? root : NULL;
}

const struct tree *tree_member(const struct tree *object, const char *name)
{
	const struct tree *member = object == NULL ? NULL : object->first;

	while (member != NULL && (member->name == NULL || strcmp(member->name, name) != 0))
		member = member->next;
	return member;
}

const char *tree_text(const struct tree *object, const char *name)
{
	const struct tree *member = tree_member(object, name);

	return member != NULL && (member->kind == TREE_STRING || member->kind == TREE_NUMBER)
		       ? member->text
		       : NULL;
}

bool tree_is_true(const struct tree *object, const char *name)
{
	const struct tree *member = tree_member(object, name);

	return member != NULL && member->kind == TREE_TRUE;
}

struct strings tree_strings(struct arena *arena, const struct tree *list)
{
	struct strings texts = {0};

	if (list == NULL || list->kind != TREE_LIST)
		return texts;
	for (const struct tree *item = list->first; item != NULL; item = item->next)
		if (item->kind == TREE_STRING || item->kind == TREE_NUMBER)
			strings_add(arena, &texts, item->text);
	return texts;
}
