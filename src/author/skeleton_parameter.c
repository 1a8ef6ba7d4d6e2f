/* A declared parameter in a few words, for the comment beside it. */
#include <inttypes.h>

#include "author/skeleton.h"
#include "policy/arguments.h"
#include "policy/validate.h"

enum { CHOICES_SHOWN = 8 };

static void add_bounds(
	struct arena *arena, const struct parameter *parameter, struct strings *facts)
{
	if (parameter->has_minimum && parameter->has_maximum)
		strings_add(arena, facts,
			arena_printf(arena, "%" PRId64 " to %" PRId64, parameter->minimum,
				parameter->maximum));
	else if (parameter->has_minimum)
		strings_add(
			arena, facts, arena_printf(arena, "at least %" PRId64, parameter->minimum));
	else if (parameter->has_maximum)
		strings_add(
			arena, facts, arena_printf(arena, "at most %" PRId64, parameter->maximum));
}

static void add_choices(
	struct arena *arena, const struct parameter *parameter, struct strings *facts)
{
	struct strings shown = parameter->choices;

	if (parameter->choices_from != NULL)
		strings_add(arena, facts,
			arena_printf(arena, "one that %s prints", parameter->choices_from->name));
	if (shown.count == 0)
		return;
	if (shown.count > CHOICES_SHOWN)
		shown.count = CHOICES_SHOWN;
	strings_add(arena, facts,
		arena_printf(arena, "one of %s%s", strings_join(arena, &shown, ", "),
			shown.count < parameter->choices.count ? ", ..." : ""));
}

static void add_rules(struct arena *arena, const struct parameter *parameter, struct strings *facts)
{
	if (parameter->validate != NULL)
		strings_add(arena, facts,
			arena_printf(arena, "validate %s", parameter->validate->name));
	if (parameter->has_pattern)
		strings_add(
			arena, facts, arena_printf(arena, "pattern %s", parameter->pattern.text));
	if (parameter->under.count > 0)
		strings_add(arena, facts,
			arena_printf(
				arena, "under %s", strings_join(arena, &parameter->under, " or ")));
	add_choices(arena, parameter, facts);
	add_bounds(arena, parameter, facts);
}

char *skeleton_rules(struct arena *arena, const struct parameter *parameter)
{
	struct strings facts = {0};

	strings_add(arena, &facts, parameter_type_name(parameter->type));
	add_rules(arena, parameter, &facts);
	if (parameter->required)
		strings_add(arena, &facts, "required");
	if (parameter->repeat > 1)
		strings_add(
			arena, &facts, arena_printf(arena, "up to %u times", parameter->repeat));
	if (parameter->max_length < ARGUMENT_LENGTH_MAX)
		strings_add(arena, &facts,
			arena_printf(arena, "at most %zu bytes", parameter->max_length));
	if (parameter->leading_dash)
		strings_add(arena, &facts, "may begin with a dash");
	if (parameter->default_value != NULL)
		strings_add(arena, &facts,
			arena_printf(arena, "default %s",
				parameter->secret ? "(secret)" : parameter->default_value));
	if (parameter->secret)
		strings_add(arena, &facts, "secret");
	if (parameter->common)
		strings_add(arena, &facts, "common: allowed whether it is listed or not");
	return strings_join(arena, &facts, ", ");
}

char *skeleton_parameter(struct arena *arena, const struct parameter *parameter)
{
	return arena_printf(arena, "%s: %s%s%s", parameter_usage(arena, parameter),
		skeleton_rules(arena, parameter), parameter->description != NULL ? "; " : "",
		parameter->description != NULL ? parameter->description : "");
}
