/* Conditions and computed choices of inputs: as they are written, then as they are meant. */
#include "config/inputs.h"

#include <string.h>

#include "config/check.h"
#include "config/parameters.h"
#include "config/suggest.h"
#include "policy/validate.h"

/* Numbers and truth are kept as they are given to the gateway. NULL after a problem. */
static const char *value_text(struct reader *reader, const config_setting_t *setting)
{
	switch (config_setting_type(setting)) {
	case CONFIG_TYPE_STRING:
		return reader_text(reader, setting);
	case CONFIG_TYPE_BOOL:
		return config_setting_get_bool(setting) == CONFIG_TRUE ? "true" : "false";
	case CONFIG_TYPE_INT:
	case CONFIG_TYPE_INT64:
		return arena_printf(
			reader->loader->arena, "%lld", config_setting_get_int64(setting));
	default:
		reader_wrong_type(reader, setting, "a string, a whole number, true or false");
		return NULL;
	}
}

static void read_value(struct reader *reader, const config_setting_t *setting, void *field)
{
	struct strings *values = &((struct draft *)field)->parameter.show_values;
	const char *text = value_text(reader, setting);

	if (text != NULL && strings_contain(values, text))
		reader_error(reader, setting, "\"%s\" in show_if is given twice", text);
	else if (text != NULL)
		strings_add(reader->loader->arena, values, text);
}

static void read_values(struct reader *reader, const config_setting_t *list, void *field)
{
	unsigned count = (unsigned)config_setting_length(list);

	for (unsigned i = 0; i < count; i++)
		read_value(reader, config_setting_get_elem(list, i), field);
}

static const struct schema_key show_if_keys[] = {
	{"input", SHAPE_STRING, .required = true, .offset = offsetof(struct draft, input.shown_by),
		.check = check_name},
	{"value", SHAPE_ANY, .handler = read_value},
	{"values", SHAPE_LIST, .handler = read_values, .not_empty = true},
	{0},
};

void input_show_if(struct reader *reader, const config_setting_t *group, void *field)
{
	struct draft *draft = field;
	bool present[sizeof(show_if_keys) / sizeof(show_if_keys[0])];

	draft->input.show_if = reader_source(reader, group);
	schema_read(reader, NULL, group, show_if_keys, draft, present);
	if (present[1] == present[2])
		reader_error(
			reader, group, "show_if: expected exactly one of \"value\" and \"values\"");
}

void input_choices_from(struct reader *reader, const config_setting_t *setting, void *field)
{
	struct draft *draft = field;

	draft->input.choices = reader_source(reader, setting);
	draft->input.choices_from = reader_string(reader, setting, check_command_name);
}

const struct parameter *input_find(const struct command *command, const char *name)
{
	for (size_t i = 0; i < command->parameters.count; i++)
		if (strcmp(command->parameters.items[i].name, name) == 0)
			return &command->parameters.items[i];
	return NULL;
}

#define complain(loader, input, source, format, ...)                                               \
	problem_add((loader)->problems, PROBLEM_ERROR, source,                                     \
		"function \"%s\": input \"%s\": " format, (input)->command->name,                  \
		(input)->parameter->name, __VA_ARGS__)

static const char *hint(struct loader *loader, const struct pending_input *input)
{
	struct suggestion suggestion = suggestion_new(input->shown_by);

	for (size_t i = 0; i < input->command->parameters.count; i++)
		suggestion_consider(&suggestion, input->command->parameters.items[i].name);
	return suggestion_text(loader->scratch, &suggestion);
}

/* A value that can never be there would hide the input for good. */
static void check_show_values(struct loader *loader, const struct pending_input *input)
{
	const struct parameter *other = input->parameter->show_if;

	for (size_t i = 0; i < input->parameter->show_values.count; i++) {
		const char *value = input->parameter->show_values.items[i], *expected;

		if (other->type == PARAMETER_FLAG)
			expected = strcmp(value, "true") == 0 || strcmp(value, "false") == 0
					   ? NULL
					   : "true or false";
		else
			expected = validate_value(loader->scratch, other, value);
		if (expected != NULL)
			complain(loader, input, input->show_if,
				"show_if: input \"%s\" never is \"%s\"; expected %s", other->name,
				value, expected);
	}
}

static void link_condition(struct loader *loader, const struct pending_input *input)
{
	const struct parameter *other = input_find(input->command, input->shown_by);

	if (other == NULL)
		complain(loader, input, input->show_if,
			"show_if: the function has no input \"%s\"%s", input->shown_by,
			hint(loader, input));
	else if (other == input->parameter)
		complain(loader, input, input->show_if, "show_if: expected %s than this one",
			"another input");
	else {
		input->parameter->show_if = other;
		check_show_values(loader, input);
	}
}

/* Whether the conditions lead back to where they began. */
static bool is_circle(const struct pending_input *input)
{
	const struct parameter *at = input->parameter->show_if;

	for (size_t i = 0; at != NULL && i < input->command->parameters.count; i++) {
		if (at == input->parameter)
			return true;
		at = at->show_if;
	}
	return false;
}

static void check_circle(struct loader *loader, const struct pending_input *input)
{
	if (is_circle(input))
		complain(loader, input, input->show_if,
			"show_if: it depends on itself by way of input \"%s\"; expected no circle",
			input->parameter->show_if->name);
}

static void link_choices(struct loader *loader, const struct pending_input *input)
{
	const struct command *other = link_function(loader, input->command,
		arena_printf(loader->scratch, "input \"%s\": choices_from", input->parameter->name),
		input->choices_from, input->choices);
	const char *missing, *told;

	input->parameter->choices_from = other;
	if (other == NULL)
		return;
	missing = link_missing_input(other, input->command, input->parameter);
	if (missing != NULL)
		complain(loader, input, input->choices,
			"choices_from = \"%s\" needs an input \"%s\"; expected one of that name "
			"here",
			other->name, missing);
	told = link_told_secret(other, input->command);
	if (told != NULL)
		complain(loader, input, input->choices,
			"choices_from = \"%s\" has no secret input \"%s\", and it is one here; "
			"expected secret = true there too",
			other->name, told);
}

void link_inputs(struct loader *loader)
{
	for (size_t i = 0; i < loader->input_count; i++) {
		const struct pending_input *input = &loader->inputs[i];

		if (input->choices_from != NULL)
			link_choices(loader, input);
	}
	for (size_t i = 0; i < loader->input_count; i++)
		if (loader->inputs[i].shown_by != NULL)
			link_condition(loader, &loader->inputs[i]);
	for (size_t i = 0; i < loader->input_count; i++)
		if (loader->inputs[i].parameter->show_if != NULL)
			check_circle(loader, &loader->inputs[i]);
}
