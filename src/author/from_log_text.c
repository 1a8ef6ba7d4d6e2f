/* The role file: a grant for each command, with what was given to it. */
#include <string.h>

#include "author/from_log_parts.h"
#include "author/sheet.h"
#include "config/quote.h"
#include "policy/restriction.h"

enum { REFUSED_SHOWN = 100, VALUES_FOR_PATTERN = 3 };

static bool has_controls(const struct strings *values)
{
	for (size_t i = 0; i < values->count; i++)
		for (const char *at = values->items[i]; *at != '\0'; at++)
			if (config_is_control(*at))
				return true;
	return false;
}

/* A text of several lines is no string of a configuration, but a pattern can say it. */
static char *exact_patterns(struct arena *arena, const struct strings *values)
{
	struct strings patterns = {0};

	for (size_t i = 0; i < values->count; i++)
		strings_add(arena, &patterns, config_exact_pattern(arena, values->items[i]));
	return config_quote(arena, strings_join(arena, &patterns, "|"));
}

static size_t common(const struct strings *values, size_t before, bool at_end)
{
	size_t length = 0;

	for (;; length++) {
		const char *first = values->items[0];
		size_t size = strlen(first);
		char byte;

		if (length + before >= size)
			return length;
		byte = at_end ? first[size - 1 - length] : first[length];
		if ((unsigned char)byte >= 0x80)
			return length; /* never half a character */
		for (size_t i = 1; i < values->count; i++) {
			const char *other = values->items[i];
			size_t other_size = strlen(other);

			if (length + before >= other_size ||
				(at_end ? other[other_size - 1 - length] : other[length]) != byte)
				return length;
		}
	}
}

/* What several values have in common, for a person to look at. */
static char *proposed_pattern(struct arena *arena, const struct strings *values)
{
	size_t prefix = common(values, 0, false), suffix = common(values, prefix, true);
	const char *first = values->items[0];

	if (values->count < VALUES_FOR_PATTERN || prefix + suffix < 2)
		return NULL;
	return config_quote(
		arena, arena_printf(arena, "%s.*%s",
			       config_exact_pattern(arena, arena_strndup(arena, first, prefix)),
			       config_exact_pattern(arena, first + strlen(first) - suffix)));
}

static void add_parameter(struct sheet *sheet, const struct parameter *parameter,
	const struct strings *values, bool last)
{
	struct arena *arena = sheet->arena;
	struct strings sorted = restriction_sorted(arena, values);
	const char *name = config_quote(arena, parameter->name), *pattern;
	const char *behind = last ? " );" : ",\n";

	if (!from_log_has_values(parameter))
		sheet_comment(sheet, "      ", "Its values are in no record: any is allowed.");
	if (!from_log_has_values(parameter) || parameter->type == PARAMETER_FLAG) {
		sheet_add(sheet, "      { name = %s; }%s", name, behind);
		return;
	}
	if (has_controls(values)) {
		sheet_add(sheet, "      { name = %s; pattern = %s; }%s", name,
			exact_patterns(arena, &sorted), behind);
		return;
	}
	pattern = proposed_pattern(arena, &sorted);
	if (pattern != NULL)
		sheet_comment(sheet, "      ", "or, wider: pattern = %s;", pattern);
	sheet_add(sheet, "      { name = %s; set = [ %s ]; }%s", name, sheet_list(arena, &sorted),
		behind);
}

static void add_grant(struct sheet *sheet, const struct used *used, bool last)
{
	const struct parameters *parameters = &used->command->parameters;
	size_t given = 0, written = 0;

	sheet_comment(sheet, "  ", "%zu time%s, last %s", used->count, used->count == 1 ? "" : "s",
		used->last == NULL ? "at an unknown time" : used->last);
	for (size_t i = 0; i < parameters->count; i++)
		given += used->given[i];
	sheet_add(sheet, "  { name = %s; parameters = (%s", config_quote(sheet->arena, used->name),
		given == 0 ? " );" : "\n");
	for (size_t i = 0; i < parameters->count; i++)
		if (used->given[i])
			add_parameter(
				sheet, &parameters->items[i], &used->values[i], ++written == given);
	sheet_add(sheet, " }%s\n", last ? " );" : ",");
}

static void add_grants(
	struct sheet *sheet, const char *key, const struct usage *usage, bool functions)
{
	size_t left = 0;

	for (size_t i = 0; i < usage->count; i++)
		left += usage->items[i].command != NULL &&
			(usage->items[i].command->function != NULL) == functions;
	if (left == 0)
		return;
	sheet_add(sheet, "%s = (\n", key);
	for (size_t i = 0; i < usage->count; i++)
		if (usage->items[i].command != NULL &&
			(usage->items[i].command->function != NULL) == functions)
			add_grant(sheet, &usage->items[i], --left == 0);
	sheet_add(sheet, "\n");
}

static void add_externals(struct sheet *sheet, const struct usage *usage)
{
	struct strings paths = {0};

	for (size_t i = 0; i < usage->count; i++) {
		const struct used *used = &usage->items[i];

		if (used->command != NULL)
			continue;
		if (paths.count == 0)
			sheet_comment(sheet, "",
				"Programs with any arguments: a definition in commands.d would "
				"bind them.");
		strings_add(sheet->arena, &paths, used->name);
		sheet_comment(sheet, "", "  %s: %zu time%s, last %s", used->name, used->count,
			used->count == 1 ? "" : "s",
			used->last == NULL ? "at an unknown time" : used->last);
	}
	if (paths.count > 0)
		sheet_add(sheet, "visible_external_commands = [ %s ];\n\n",
			sheet_list(sheet->arena, &paths));
}

static void add_calls(
	struct sheet *sheet, const char *head, struct logged_call *const *calls, size_t count)
{
	size_t shown = 0;

	for (size_t i = 0; i < count; i++) {
		if (calls[i]->why == NULL || shown == REFUSED_SHOWN)
			continue;
		if (shown++ == 0)
			sheet_comment(sheet, "", "%s", head);
		sheet_comment(sheet, "", "  %s\n    %s, %zu time%s, last %s", calls[i]->line,
			calls[i]->why, calls[i]->count, calls[i]->count == 1 ? "" : "s",
			calls[i]->last == NULL ? "at an unknown time" : calls[i]->last);
	}
	if (shown == REFUSED_SHOWN)
		sheet_comment(sheet, "", "  ... and maybe more");
	if (shown > 0)
		sheet_add(sheet, "\n");
}

char *from_log_text(struct from_log *log, const struct from_log_head *head)
{
	struct sheet sheet = {.arena = log->arena};
	struct usage usage = from_log_usage(log);

	sheet_comment(&sheet, "",
		"Made by rolegatectl new-role --from-log: what %s ran%s%s, and nothing else.\n"
		"Values that were given in different calls may be given together.",
		head->whom, head->since == NULL ? "" : " since ",
		head->since == NULL ? "" : head->since);
	if (log->as_others > 0)
		sheet_comment(&sheet, "",
			"%zu run%s with the rights of another person: not counted.", log->as_others,
			log->as_others == 1 ? " was" : "s were");
	if (usage.count == 0)
		sheet_comment(&sheet, "", "Nothing was run that a role could allow.");
	sheet_add(&sheet, "\ndescription = %s;\n\n",
		config_quote(
			log->arena, head->description != NULL
					    ? head->description
					    : arena_printf(log->arena, "What %s ran", head->whom)));
	add_grants(&sheet, "visible_commands", &usage, false);
	add_grants(&sheet, "visible_functions", &usage, true);
	add_externals(&sheet, &usage);
	add_calls(&sheet, "Ran, and can't be covered:", log->calls, log->call_count);
	add_calls(&sheet, "Was refused:", log->refused, log->refused_count);
	return sheet_text(&sheet);
}
