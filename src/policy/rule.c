/*
 * The rule of a function's inputs as a text. Every value is in quotes and escaped, every list is
 * sorted and has its length in front, so that no two rules give one text; what says nothing about
 * what the script may get (descriptions, messages, the order in the file) is left out.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "policy/function.h"
#include "policy/policy.h"
#include "policy/restriction.h"
#include "policy/validate.h"

struct rule {
	struct arena *arena;
	struct strings parts;
};

/* Quotes and backslashes escaped, and all that text_escape() would change. */
static const char *quote(struct arena *arena, const char *text)
{
	char *plain = arena_alloc(arena, 2 * strlen(text) + 1), *end = plain;

	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			*end++ = '\\';
		*end++ = *text;
	}
	return arena_printf(arena, "\"%s\"", text_escape(arena, plain, (size_t)(end - plain)));
}

static void add(struct rule *rule, const char *key, const char *value)
{
	strings_add(rule->arena, &rule->parts, arena_printf(rule->arena, "%s=%s", key, value));
}

static void add_text(struct rule *rule, const char *key, const char *text)
{
	if (text != NULL)
		add(rule, key, quote(rule->arena, text));
}

static void add_number(struct rule *rule, const char *key, int64_t number)
{
	add(rule, key, arena_printf(rule->arena, "%" PRId64, number));
}

static void add_list(struct rule *rule, const char *key, const struct strings *list)
{
	struct strings sorted = restriction_sorted(rule->arena, list), quoted = {0};

	if (list->count == 0)
		return;
	for (size_t i = 0; i < sorted.count; i++)
		strings_add(rule->arena, &quoted, quote(rule->arena, sorted.items[i]));
	add(rule, key,
		arena_printf(rule->arena, "%zu[%s]", quoted.count,
			strings_join(rule->arena, &quoted, ",")));
}

/* Truth is said, falsehood left out. */
static void add_flag(struct rule *rule, const char *key, bool flag)
{
	if (flag)
		strings_add(rule->arena, &rule->parts, key);
}

static void add_validation(struct rule *rule, const struct parameter *input)
{
	if (input->validate != NULL) {
		add_text(rule, "validate", input->validate->name);
		if (input->validate->pattern != NULL)
			add_text(rule, "validator", input->validate->pattern->text);
	}
	if (input->has_pattern)
		add_text(rule, "pattern", input->pattern.text);
	add_list(rule, "choices", &input->choices);
	if (input->choices_from != NULL)
		add_text(rule, "choices_from", input->choices_from->name);
	if (input->has_minimum)
		add_number(rule, "minimum", input->minimum);
	if (input->has_maximum)
		add_number(rule, "maximum", input->maximum);
	add_list(rule, "under", &input->under);
	add_number(rule, "max_length", (int64_t)input->max_length);
}

static const char *input_line(struct arena *arena, const struct parameter *input)
{
	struct rule rule = {.arena = arena};

	add_text(&rule, "name", input->name);
	add(&rule, "type", parameter_type_name(input->type));
	add_list(&rule, "options", &input->options);
	add_number(&rule, "position", input->position);
	add_validation(&rule, input);
	add_flag(&rule, "required", input->required);
	add_text(&rule, "default", input->default_value);
	add_number(&rule, "repeat", input->repeat);
	add_flag(&rule, "secret", input->secret);
	add_flag(&rule, "common", input->common);
	add_flag(&rule, "leading_dash", input->leading_dash);
	if (input->show_if != NULL) {
		add_text(&rule, "show_if", input->show_if->name);
		add_list(&rule, "values", &input->show_values);
	}
	return strings_join(arena, &rule.parts, " ");
}

static int compare(const void *left, const void *right)
{
	const struct parameter *const *a = left, *const *b = right;

	return strcmp((*a)->name, (*b)->name);
}

const char *function_rule(struct arena *arena, const struct command *command)
{
	size_t count = command->parameters.count;
	const struct parameter **inputs = arena_array(arena, count, sizeof(*inputs));
	struct strings lines = {0};

	for (size_t i = 0; i < count; i++)
		inputs[i] = &command->parameters.items[i];
	qsort(inputs, count, sizeof(struct parameter *), compare);
	for (size_t i = 0; i < count; i++)
		strings_add(
			arena, &lines, arena_printf(arena, "%s\n", input_line(arena, inputs[i])));
	return strings_join(arena, &lines, "");
}
