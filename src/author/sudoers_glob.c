/*
 * Patterns of fnmatch(3) as patterns of PCRE2. What a character is depends on sudo's locale, so
 * there are two: one that matches what the glob matches in any locale, or less, for what is
 * allowed; and one that matches more, for what is not.
 */
#include <string.h>

#include "author/sheet.h"
#include "author/sudoers_parts.h"
#include "config/quote.h"

static const char alphanumeric[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

static const struct {
	const char *name, *members;
} classes[] = {{"[:alpha:]", "a-zA-Z"}, {"[:digit:]", "0-9"}, {"[:alnum:]", "a-zA-Z0-9"},
	{"[:lower:]", "a-z"}, {"[:upper:]", "A-Z"}, {"[:xdigit:]", "0-9a-fA-F"}};

static const char *literal(struct arena *arena, const char *text, size_t length)
{
	return config_exact_pattern(arena, arena_strndup(arena, text, length));
}

static bool same_kind(char from, char to)
{
	const char *first = strchr(alphanumeric, from), *last = strchr(alphanumeric, to);

	if (first == NULL || last == NULL || from == '\0' || to == '\0' || from > to)
		return false;
	return (first - alphanumeric) / 26 == (last - alphanumeric) / 26;
}

/* "[:alpha:]" at `at`: its length, or 0. */
static size_t add_class(struct sheet *sheet, const char *at)
{
	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
		if (strncmp(at, classes[i].name, strlen(classes[i].name)) == 0) {
			sheet_add(sheet, "%s", classes[i].members);
			return strlen(classes[i].name);
		}
	return 0;
}

/* One member: a class, a range or a character; 0: one that means different things. */
static size_t add_member(struct sheet *sheet, const char *at)
{
	if (*at == '[')
		return add_class(sheet, at);
	if (at[0] != '\0' && at[1] == '-' && at[2] != ']') {
		if (!same_kind(at[0], at[2]))
			return 0;
		sheet_add(sheet, "%c-%c", at[0], at[2]);
		return 3;
	}
	if (*at == '\0' || (strchr(alphanumeric, *at) == NULL && strchr("_.,@%+=:/-", *at) == NULL))
		return 0;
	sheet_add(sheet, "%s", literal(sheet->arena, at, 1));
	return 1;
}

/* "[...]" at `at`: its length, or 0. Characters of ASCII alone, so that no locale matters. */
static size_t add_bracket(struct sheet *sheet, const char *at)
{
	size_t length = 1, taken;
	bool negated = at[1] == '!' || at[1] == '^';

	length += negated;
	if (at[length] == ']')
		return 0;
	sheet_add(sheet, negated ? "(?![" : "[");
	while (at[length] != ']') {
		taken = add_member(sheet, at + length);
		if (taken == 0)
			return 0;
		length += taken;
	}
	sheet_add(sheet, negated ? "])[ -~]" : "]");
	return length + 1;
}

char *sudoers_glob_inner(struct arena *arena, const char *glob)
{
	struct sheet sheet = {.arena = arena};
	size_t length;

	while (*glob != '\0') {
		length = 1;
		if (*glob == '*')
			sheet_add(&sheet, ".*");
		else if (*glob == '?')
			sheet_add(&sheet, "[ -~]");
		else if (*glob == '[')
			length = add_bracket(&sheet, glob);
		else if (*glob == '\\' || *glob == ']')
			length = 0;
		else
			sheet_add(&sheet, "%s",
				literal(arena, glob, length = strcspn(glob, "*?[\\]")));
		if (length == 0)
			return NULL;
		glob += length;
	}
	return sheet_text(&sheet);
}

/* Where a bracket ends depends on what is in it: from the first one on, anything. */
char *sudoers_glob_outer(struct arena *arena, const char *glob)
{
	struct sheet sheet = {.arena = arena};
	size_t length;

	for (; *glob != '\0'; glob += length) {
		length = strcspn(glob, "*?[\\");
		if (length > 0) {
			sheet_add(&sheet, "%s", literal(arena, glob, length));
			continue;
		}
		sheet_add(&sheet, ".*");
		if (*glob == '[' || *glob == '\\')
			break;
		length = 1;
	}
	return sheet_text(&sheet);
}
