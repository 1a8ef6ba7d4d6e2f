/* What may be given to one command, before and after: by the seven rules of merging. */
#include <string.h>

#include "author/diff_parts.h"
#include "author/skeleton.h"
#include "policy/pattern.h"
#include "policy/restriction.h"

static struct strings values_of(struct arena *arena, const struct parameter_permission *permission)
{
	struct strings values = {0};

	for (size_t i = 0; i < permission->value_count; i++) {
		const struct permitted_value *value = &permission->values[i];
		const char *text =
			value->value != NULL ? value->value : value->constraint->pattern.text;

		if (!strings_contain(&values, text))
			strings_add(arena, &values, text);
	}
	return restriction_sorted(arena, &values);
}

static char *kind_text(struct arena *arena, const struct parameter *parameter,
	const struct parameter_permission *permission)
{
	struct strings values = values_of(arena, permission), none = {0};

	if (permission->kind == PERMISSION_NONE)
		return arena_strdup(arena, "nothing");
	if (permission->kind == PERMISSION_ANY)
		return arena_strdup(arena,
			parameter->type == PARAMETER_FLAG ? "given or not" : "any valid value");
	return arena_printf(arena, "%s %s",
		permission->kind == PERMISSION_SET ? "one of" : "what matches",
		diff_missing(arena, &values, &none));
}

char *diff_permission_text(struct arena *arena, const struct permission *permission)
{
	struct strings texts = {0};
	const struct parameters *declared = &permission->command->parameters;

	if (permission->command->external)
		return arena_strdup(arena, "with any arguments");
	for (size_t i = 0; i < declared->count; i++)
		if (permission->parameters[i].kind != PERMISSION_NONE)
			strings_add(arena, &texts,
				arena_printf(arena, "%s: %s", declared->items[i].name,
					kind_text(arena, &declared->items[i],
						&permission->parameters[i])));
	return texts.count == 0 ? arena_strdup(arena, "without parameters")
				: strings_join(arena, &texts, "; ");
}

static const struct parameter *find(const struct command *command, const char *name)
{
	for (size_t i = 0; i < command->parameters.count; i++)
		if (strcmp(command->parameters.items[i].name, name) == 0)
			return &command->parameters.items[i];
	return NULL;
}

/* Patterns can't be compared but by their texts; an added one only widens. */
static void compare_lists(struct diff_changes *changes, const char *name, const char *kind,
	const struct strings *old, const struct strings *new)
{
	const char *gained = diff_missing(changes->arena, new, old),
		   *lost = diff_missing(changes->arena, old, new);

	if (gained != NULL)
		diff_change(changes, DIFF_GAIN, name, NULL, "%s %s", kind, gained);
	if (lost != NULL)
		diff_change(changes, DIFF_LOSS, name, NULL, "%s %s", kind, lost);
}

/* Values in the place of patterns, or the other way round: those that another side has not. */
static bool matches(const struct parameter_permission *patterns, const char *value)
{
	for (size_t i = 0; i < patterns->value_count; i++)
		if (pattern_match(&patterns->values[i].constraint->pattern, value, strlen(value)) ==
			PATTERN_MATCH)
			return true;
	return false;
}

static char *unmatched(struct arena *arena, const struct parameter_permission *set,
	const struct parameter_permission *patterns)
{
	struct strings values = values_of(arena, set), missing = {0}, none = {0};

	for (size_t i = 0; i < values.count; i++)
		if (!matches(patterns, values.items[i]))
			strings_add(arena, &missing, values.items[i]);
	return diff_missing(arena, &missing, &none);
}

static void compare_kinds(struct diff_changes *changes, const char *name,
	const struct parameter *parameter, const struct parameter_permission *old,
	const struct parameter_permission *new)
{
	struct arena *arena = changes->arena;
	bool to_patterns = old->kind == PERMISSION_SET;
	const char *beside = to_patterns ? unmatched(arena, old, new) : unmatched(arena, new, old);

	diff_change(changes, DIFF_CHANGE, name, to_patterns ? "a pattern in place of values" : NULL,
		"%s -> %s", kind_text(arena, parameter, old), kind_text(arena, parameter, new));
	if (beside != NULL)
		diff_change(changes, to_patterns ? DIFF_LOSS : DIFF_GAIN, name, NULL,
			"the value%s %s", strchr(beside, ',') != NULL ? "s" : "", beside);
}

static const struct parameter_permission nothing = {.kind = PERMISSION_NONE};

static void compare_parameter(struct diff_changes *changes, const char *command,
	const struct parameter *parameter, const struct parameter_permission *old,
	const struct parameter_permission *new)
{
	struct arena *arena = changes->arena;
	const char *name = arena_printf(arena, "%s: %s", command, parameter->name);
	struct strings before = values_of(arena, old), after = values_of(arena, new);

	if (old->kind == PERMISSION_NONE && new->kind == PERMISSION_NONE)
		return;
	if (old->kind == PERMISSION_NONE)
		diff_change(changes, DIFF_GAIN, name, NULL, "%s", kind_text(arena, parameter, new));
	else if (new->kind == PERMISSION_NONE)
		diff_change(changes, DIFF_LOSS, name, NULL, "%s", kind_text(arena, parameter, old));
	else if (old->kind == new->kind)
		compare_lists(changes, name,
			new->kind == PERMISSION_PATTERN ? "what matches" : "the values", &before,
			&after);
	else if (new->kind == PERMISSION_ANY)
		diff_change(changes, DIFF_GAIN, name, "any valid value", "any valid value, not %s",
			kind_text(arena, parameter, old));
	else if (old->kind == PERMISSION_ANY)
		diff_change(changes, DIFF_LOSS, name, NULL, "%s, not any valid value",
			kind_text(arena, parameter, new));
	else
		compare_kinds(changes, name, parameter, old, new);
}

/* What a definition says of a parameter, where it may be given on both sides. */
static void compare_rules(struct diff_changes *changes, const char *command,
	const struct parameter *old, const struct parameter *new)
{
	const char *before = skeleton_rules(changes->arena, old),
		   *after = skeleton_rules(changes->arena, new);

	if (strcmp(before, after) != 0)
		diff_change(changes, DIFF_CHANGE,
			arena_printf(changes->arena, "%s: %s", command, new->name), NULL,
			"by its definition %s -> %s", before, after);
}

void diff_values(
	struct diff_changes *changes, const struct permission *old, const struct permission *new)
{
	const struct parameters *before = &old->command->parameters,
				*after = &new->command->parameters;
	const char *name = new->command->name;

	for (size_t i = 0; i < before->count; i++) {
		const struct parameter *other = find(new->command, before->items[i].name);

		compare_parameter(changes, name, &before->items[i], &old->parameters[i],
			other == NULL ? &nothing : &new->parameters[other->index]);
		if (other != NULL && old->parameters[i].kind != PERMISSION_NONE &&
			new->parameters[other->index].kind != PERMISSION_NONE)
			compare_rules(changes, name, &before->items[i], other);
	}
	for (size_t i = 0; i < after->count; i++)
		if (find(old->command, after->items[i].name) == NULL)
			compare_parameter(
				changes, name, &after->items[i], &nothing, &new->parameters[i]);
}
