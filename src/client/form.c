#include "client/form.h"

#include <stdlib.h>
#include <string.h>

#include "client/tree.h"

static size_t number_of(const struct tree *object, const char *name, size_t otherwise)
{
	const char *text = tree_text(object, name);

	return text == NULL ? otherwise : (size_t)strtoul(text, NULL, 10);
}

/* { input, value } or { input, values } */
static void read_condition(
	struct arena *arena, const struct tree *condition, struct form_input *input)
{
	const char *value = tree_text(condition, "value");

	input->shown_by = tree_text(condition, "input");
	input->shown_for = tree_strings(arena, tree_member(condition, "values"));
	if (value != NULL)
		strings_add(arena, &input->shown_for, value);
}

static void read_values(struct arena *arena, const struct tree *object, struct form_input *input)
{
	const char *allowed = tree_text(object, "allowed");
	bool set = allowed != NULL && strcmp(allowed, "set") == 0;

	input->computed = tree_text(object, "choices_from") != NULL;
	input->values = tree_strings(arena, tree_member(object, set ? "values" : "choices"));
	input->is_list = input->values.count > 0;
}

static void read_input(struct arena *arena, const struct tree *object, struct form_input *input)
{
	const char *name = tree_text(object, "name"), *type = tree_text(object, "type");

	*input = (struct form_input){.name = name == NULL ? "" : name,
		.type = type == NULL ? "" : type,
		.description = tree_text(object, "description"),
		.default_value = tree_text(object, "default"),
		.minimum = tree_text(object, "minimum"),
		.maximum = tree_text(object, "maximum"),
		.required = tree_is_true(object, "required"),
		.secret = tree_is_true(object, "secret"),
		.options = tree_strings(arena, tree_member(object, "options")),
		.position = number_of(object, "position", 0),
		.repeat = number_of(object, "repeat", 1)};
	if (input->options.count == 0 && input->position == 0)
		strings_add(arena, &input->options, arena_printf(arena, "--%s", input->name));
	read_values(arena, object, input);
	read_condition(arena, tree_member(object, "show_if"), input);
}

bool form_is_flag(const struct form_input *input)
{
	return strcmp(input->type, "flag") == 0;
}

static struct form_input *option_named(const struct form *form, const char *word, size_t length)
{
	for (size_t i = 0; i < form->count; i++) {
		const struct strings *options = &form->inputs[i].options;

		for (size_t j = 0; j < options->count; j++)
			if (strlen(options->items[j]) == length &&
				memcmp(options->items[j], word, length) == 0)
				return &form->inputs[i];
	}
	return NULL;
}

static struct form_input *operand_at(const struct form *form, size_t index)
{
	struct form_input *last = NULL;

	for (size_t i = 0; i < form->count; i++) {
		struct form_input *input = &form->inputs[i];

		if (input->position == index)
			return input;
		if (input->position > 0 && (last == NULL || input->position > last->position))
			last = input;
	}
	return last;
}

/*
 * Roughly as the gateway will: what is not understood here is refused there, whatever is asked.
 * Returns how many words it took.
 */
static size_t take_option(
	struct arena *arena, struct form *form, const char *word, const char *next)
{
	size_t length = strcspn(word, "=");
	struct form_input *input = option_named(form, word, length);
	const char *value = word[length] == '=' ? word + length + 1 : NULL;

	if (input == NULL && word[1] != '-' && strlen(word) > 2) {
		input = option_named(form, word, 2);
		value = word + 2;
	}
	if (input == NULL)
		return 1;
	if (form_is_flag(input))
		value = "true";
	else if (value == NULL && next == NULL)
		return 1;
	strings_add(arena, &input->given, value != NULL ? value : next);
	return value != NULL ? 1 : 2;
}

static void take_words(struct arena *arena, struct form *form, size_t first)
{
	const struct strings *words = &form->words;
	size_t operands = 0, taken;
	bool only_operands = false;

	for (size_t i = first; i < words->count; i += taken) {
		const char *word = words->items[i];
		struct form_input *operand;

		taken = 1;
		if (!only_operands && strcmp(word, "--") == 0) {
			only_operands = true;
		} else if (!only_operands && word[0] == '-' && word[1] != '\0') {
			taken = take_option(arena, form, word,
				i + 1 < words->count ? words->items[i + 1] : NULL);
		} else {
			operand = operand_at(form, ++operands);
			if (operand != NULL)
				strings_add(arena, &operand->given, word);
		}
	}
}

size_t form_name_words(const struct form *form)
{
	const char *name = form->name;
	size_t count = 0;

	while (*name != '\0') {
		size_t length = strcspn(name, " ");

		if (count >= form->words.count || strlen(form->words.items[count]) != length ||
			memcmp(form->words.items[count], name, length) != 0)
			return 1;
		count++;
		name += length + strspn(name + length, " ");
	}
	return count;
}

struct form *form_read(struct arena *arena, const char *json, const struct strings *words)
{
	const struct tree *root = tree_read(arena, json), *inputs;
	const char *kind = tree_text(root, "kind"), *name = tree_text(root, "name");
	struct form *form;

	inputs = tree_member(root, "parameters");
	if (kind == NULL || strcmp(kind, "function") != 0 || name == NULL || inputs == NULL ||
		words->count == 0)
		return NULL;
	form = arena_alloc(arena, sizeof(*form));
	form->name = name;
	form->words = *words;
	for (const struct tree *input = inputs->first; input != NULL; input = input->next) {
		form->inputs = arena_grow(arena, form->inputs, form->count, sizeof(*form->inputs));
		read_input(arena, input, &form->inputs[form->count++]);
	}
	take_words(arena, form, form_name_words(form));
	return form;
}

bool form_has(const struct form_input *input)
{
	return input->given.count > 0 || input->answered.count > 0;
}

static const struct form_input *input_named(const struct form *form, const char *name)
{
	for (size_t i = 0; i < form->count; i++)
		if (strcmp(form->inputs[i].name, name) == 0)
			return &form->inputs[i];
	return NULL;
}

static bool has_one_of(const struct strings *values, const struct strings *wanted)
{
	for (size_t i = 0; i < values->count; i++)
		if (strings_contain(wanted, values->items[i]))
			return true;
	return false;
}

static bool condition_holds(const struct form_input *input, const struct form_input *other)
{
	const char *otherwise = other->default_value;

	if (otherwise == NULL && form_is_flag(other))
		otherwise = "false";
	if (form_has(other))
		return has_one_of(&other->given, &input->shown_for) ||
		       has_one_of(&other->answered, &input->shown_for);
	return otherwise != NULL && strings_contain(&input->shown_for, otherwise);
}

/* The gateway sends no circle; if it does, the count ends it. */
bool form_shows(const struct form *form, const struct form_input *input)
{
	for (size_t i = 0; input->shown_by != NULL && i <= form->count; i++) {
		const struct form_input *other = input_named(form, input->shown_by);

		if (other == NULL || !condition_holds(input, other))
			return false;
		input = other;
	}
	return true;
}

bool form_lacks(const struct form *form)
{
	for (size_t i = 0; i < form->count; i++)
		if (form->inputs[i].required && !form_has(&form->inputs[i]) &&
			form_shows(form, &form->inputs[i]))
			return true;
	return false;
}
