/*
 * The role file of approved commands, line by line: a form of its own, so that what a person has
 * changed is seen, and left alone.
 */
#include <stdlib.h>
#include <string.h>

#include "approval/grant_parts.h"
#include "base/text.h"
#include "config/quote.h"

static const char *const head[] = {
	"# Written by rolegatectl approve. It may be edited, and moved to another file of roles.d;",
	"# rolegatectl then leaves it alone.",
};

static const char *const lists[] = {"visible_commands = (", "visible_functions = ("};
static const char comment_start[] = "  # approval ";

void grant_file_head(struct arena *arena, struct grant_file *file, const char *user, uid_t uid,
	const char *endpoint)
{
	*file = (struct grant_file){0};
	file->description = arena_printf(arena, "description = %s;",
		config_quote(arena, arena_printf(arena, "Approved for %s (uid %u) at %s", user,
					   (unsigned)uid, endpoint)));
	file->assigned = arena_printf(arena, "assigned_to = ( { endpoint = %s; user = %s; } );",
		config_quote(arena, endpoint), config_quote(arena, user));
}

char *grant_comment(struct arena *arena, unsigned long number, const struct approval_person *person,
	time_t when, const char *reason)
{
	const char *name = person->name == NULL ? "" : person->name;
	char time[32] = "";
	struct tm broken;

	if (gmtime_r(&when, &broken) != NULL)
		strftime(time, sizeof(time), "%Y-%m-%dT%H:%M:%SZ", &broken);
	return arena_printf(arena, "%s%lu by %s (uid %u) at %s: %s", comment_start, number,
		text_escape(arena, name, strlen(name)), (unsigned)person->uid, time,
		text_escape(arena, reason, strlen(reason)));
}

static unsigned long comment_number(const char *line)
{
	size_t length = strlen(comment_start);
	char *end;
	unsigned long number;

	if (strncmp(line, comment_start, length) != 0 || line[length] < '1' || line[length] > '9')
		return 0;
	number = strtoul(line + length, &end, 10);
	return *end == ' ' ? number : 0;
}

static struct strings split(struct arena *arena, const char *text)
{
	struct strings lines = {0};

	while (*text != '\0') {
		size_t length = strcspn(text, "\n");

		strings_add(arena, &lines, arena_strndup(arena, text, length));
		text += length + (text[length] == '\n');
	}
	return lines;
}

static bool starts(const char *line, const char *with)
{
	return line != NULL && strncmp(line, with, strlen(with)) == 0;
}

/* Line `at` of `lines`; NULL behind the last. */
static const char *line_at(const struct strings *lines, size_t at)
{
	return at < lines->count ? lines->items[at] : NULL;
}

static void add_entry(struct arena *arena, struct grant_file *file, const struct grant_entry *entry)
{
	file->entries = arena_grow(arena, file->entries, file->count, sizeof(*file->entries));
	file->entries[file->count++] = *entry;
}

/* A comment and its grant; false: something else. */
static bool parse_entry(struct arena *arena, const struct strings *lines, size_t at, bool function,
	struct grant_file *file)
{
	const char *comment = line_at(lines, at), *line = line_at(lines, at + 1);
	struct grant_entry entry = {.function = function, .comment = comment};
	size_t length;

	if (comment == NULL || line == NULL || !starts(line, "  { name = "))
		return false;
	length = strlen(line);
	length -= line[length - 1] == ',';
	entry.number = comment_number(comment);
	entry.line = arena_strndup(arena, line + 2, length - 2);
	add_entry(arena, file, &entry);
	return entry.number != 0;
}

static bool parse_list(struct arena *arena, const struct strings *lines, size_t *at, bool function,
	struct grant_file *file)
{
	if (!starts(line_at(lines, *at), lists[function]))
		return true;
	for (++*at; !starts(line_at(lines, *at), ");"); *at += 2)
		if (!parse_entry(arena, lines, *at, function, file))
			return false;
	++*at;
	return true;
}

bool grant_file_parse(struct arena *arena, const char *text, struct grant_file *file)
{
	struct strings lines = split(arena, text);
	size_t at = sizeof(head) / sizeof(head[0]);

	*file = (struct grant_file){0};
	file->description = line_at(&lines, at++);
	file->assigned = line_at(&lines, at++);
	return parse_list(arena, &lines, &at, false, file) &&
	       parse_list(arena, &lines, &at, true, file) && at == lines.count &&
	       strcmp(grant_file_text(arena, file), text) == 0;
}

static void add_list(
	struct arena *arena, const struct grant_file *file, bool function, struct strings *lines)
{
	bool open = false;

	for (size_t i = 0; i < file->count; i++) {
		const struct grant_entry *entry = &file->entries[i];
		bool last = true;

		if (entry->function != function)
			continue;
		if (!open)
			strings_add(arena, lines, lists[function]);
		open = true;
		for (size_t k = i + 1; k < file->count; k++)
			last = last && file->entries[k].function != function;
		strings_add(arena, lines, entry->comment);
		strings_add(
			arena, lines, arena_printf(arena, "  %s%s", entry->line, last ? "" : ","));
	}
	if (open)
		strings_add(arena, lines, ");");
}

char *grant_file_text(struct arena *arena, const struct grant_file *file)
{
	struct strings lines = {0};

	for (size_t i = 0; i < sizeof(head) / sizeof(head[0]); i++)
		strings_add(arena, &lines, head[i]);
	strings_add(arena, &lines, file->description == NULL ? "" : file->description);
	strings_add(arena, &lines, file->assigned == NULL ? "" : file->assigned);
	add_list(arena, file, false, &lines);
	add_list(arena, file, true, &lines);
	strings_add(arena, &lines, "");
	return strings_join(arena, &lines, "\n");
}

char *grant_lines_of(struct arena *arena, const char *text, unsigned long number)
{
	struct strings lines = split(arena, text), found = {0};

	for (size_t i = 0; i < lines.count; i++)
		if (comment_number(lines.items[i]) == number)
			strings_add(arena, &found,
				arena_printf(arena, "lines %zu and %zu", i + 1, i + 2));
	return found.count == 0 ? NULL : strings_join(arena, &found, ", ");
}
