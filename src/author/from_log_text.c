/* The role file: a grant for each command, with what was given to it. */
#include <string.h>

#include "author/from_log.h"
#include "author/sheet.h"
#include "config/check.h"
#include "config/quote.h"
#include "policy/restriction.h"
#include "policy/validate.h"

enum { REFUSED_SHOWN = 100, VALUES_FOR_PATTERN = 3 };

/* All calls of one command, or of one program by its path. */
struct used {
	const struct command *command; /* NULL: a program */
	const char *name;
	struct strings *values; /* by parameter */
	bool *given;
	size_t count;
	const char *last;
};

struct usage {
	struct used *items;
	size_t count;
};

/* Of a file of the caller's drive the record has the descriptor alone. */
static bool is_recorded(const struct parameter *parameter)
{
	return !parameter->secret && parameter->type != PARAMETER_DRIVE_FILE;
}

static void take_values(struct arena *arena, const struct logged_call *call, struct used *used)
{
	for (size_t i = 0; i < call->command->parameters.count; i++) {
		const struct argument *argument = &call->arguments.items[i];

		used->given[i] |= argument->count > 0;
		for (size_t j = 0; j < argument->count; j++)
			if (!strings_contain(&used->values[i], argument->values[j].text))
				strings_add(arena, &used->values[i], argument->values[j].text);
	}
}

static struct used *find_used(
	struct arena *arena, struct usage *usage, const struct logged_call *call)
{
	const char *name = call->command == NULL ? call->words.items[0] : call->command->name;
	struct used *used;

	for (size_t i = 0; i < usage->count; i++)
		if (strcmp(usage->items[i].name, name) == 0)
			return &usage->items[i];
	usage->items = arena_grow(arena, usage->items, usage->count, sizeof(*usage->items));
	used = &usage->items[usage->count++];
	used->command = call->command;
	used->name = name;
	if (call->command != NULL) {
		size_t count = call->command->parameters.count;

		used->values = arena_array(arena, count, sizeof(*used->values));
		used->given = arena_array(arena, count, sizeof(*used->given));
	}
	return used;
}

/* A value that the definition refuses by now makes no set. */
static const char *check_values(struct arena *arena, const struct logged_call *call)
{
	const struct parameters *parameters = &call->command->parameters;

	for (size_t i = 0; i < parameters->count; i++) {
		const struct argument *argument = &call->arguments.items[i];

		for (size_t j = 0; j < argument->count && is_recorded(&parameters->items[i]); j++) {
			const char *expected =
				parameters->items[i].type == PARAMETER_FLAG
					? NULL
					: validate_value(arena, &parameters->items[i],
						  argument->values[j].text);

			if (expected != NULL)
				return arena_printf(arena, "by its definition now: %s is not %s",
					parameters->items[i].name, expected);
		}
	}
	return NULL;
}

static struct usage collect(struct from_log *log)
{
	struct usage usage = {0};

	for (size_t i = 0; i < log->call_count; i++) {
		struct logged_call *call = log->calls[i];
		struct used *used;

		if (call->why == NULL && call->command != NULL)
			call->why = check_values(log->arena, call);
		if (call->why == NULL && call->command == NULL &&
			check_external(call->words.items[0]) != NULL)
			call->why = "no role can name this path";
		if (call->why != NULL)
			continue;
		used = find_used(log->arena, &usage, call);
		used->count += call->count;
		if (used->last == NULL ||
			(call->last != NULL && strcmp(call->last, used->last) > 0))
			used->last = call->last;
		if (call->command != NULL)
			take_values(log->arena, call, used);
	}
	return usage;
}

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

	if (!is_recorded(parameter))
		sheet_comment(sheet, "      ", "Its values are in no record: any is allowed.");
	if (!is_recorded(parameter) || parameter->type == PARAMETER_FLAG) {
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
	struct usage usage = collect(log);

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
