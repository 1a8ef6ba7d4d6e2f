#include "config/parameters.h"

#include <inttypes.h>
#include <string.h>

#include "policy/validate.h"

#define TYPE(name) (1U << PARAMETER_##name)
#define ANY_VALUE (TYPE(STRING) | TYPE(INTEGER) | TYPE(CHOICE) | TYPE(PATH))

/* A key that would have no effect is a mistake: its author thinks that it restricts (R5). */
static const struct {
	enum parameter_key key;
	const char *name;
	unsigned types;
} applies[] = {
	{KEY_POSITION, "position", ANY_VALUE},
	{KEY_VALIDATE, "validate", TYPE(STRING) | TYPE(PATH)},
	{KEY_PATTERN, "pattern", TYPE(STRING) | TYPE(PATH)},
	{KEY_CHOICES, "choices", TYPE(CHOICE)},
	{KEY_MINIMUM, "minimum", TYPE(INTEGER)},
	{KEY_MAXIMUM, "maximum", TYPE(INTEGER)},
	{KEY_UNDER, "under", TYPE(PATH) | TYPE(STRING)},
	{KEY_SECRET, "secret", ANY_VALUE},
	{KEY_MAX_LENGTH, "max_length", TYPE(STRING) | TYPE(PATH)},
	{KEY_LEADING_DASH, "leading_dash", ANY_VALUE},
};

static const config_setting_t *member(const config_setting_t *group, const char *name)
{
	const config_setting_t *setting = config_setting_get_member(group, name);

	return setting == NULL ? group : setting;
}

static bool check_keys(
	struct reader *reader, const config_setting_t *group, const struct draft *draft)
{
	enum parameter_type type = draft->parameter.type;
	bool good = true;

	for (size_t i = 0; i < sizeof(applies) / sizeof(applies[0]); i++) {
		if (!draft->present[applies[i].key] || (applies[i].types & 1U << type) != 0)
			continue;
		reader_error(reader, member(group, applies[i].name),
			"%s has no effect on type \"%s\"; expected it to be left out",
			applies[i].name, parameter_types[type]);
		good = false;
	}
	return good;
}

static bool is_validator(const struct parameter *parameter, const char *name)
{
	return parameter->validate != NULL && strcmp(parameter->validate->name, name) == 0;
}

static bool check_text(
	struct reader *reader, const config_setting_t *group, const struct parameter *parameter)
{
	if (parameter->type == PARAMETER_STRING && parameter->validate == NULL &&
		!parameter->has_pattern) {
		reader_error(reader, group,
			"a string needs \"validate\" or \"pattern\"; expected validate = \"none\" "
			"if any "
			"text will do");
		return false;
	}
	if (parameter->type == PARAMETER_STRING && parameter->under.count > 0 &&
		!is_validator(parameter, "absolute-path")) {
		reader_error(reader, member(group, "under"),
			"under is for paths; expected type = \"path\" or validate = "
			"\"absolute-path\"");
		return false;
	}
	if (parameter->type == PARAMETER_PATH && parameter->validate != NULL &&
		!is_validator(parameter, "absolute-path")) {
		reader_error(reader, member(group, "validate"),
			"validate = \"%s\" of a path; expected \"absolute-path\", which it is "
			"anyway",
			parameter->validate->name);
		return false;
	}
	return true;
}

static bool check_bounds(
	struct reader *reader, const config_setting_t *group, const struct parameter *parameter)
{
	if (parameter->type == PARAMETER_CHOICE && parameter->choices.count == 0) {
		reader_error(reader, group, "key \"choices\" is missing; type \"choice\" needs it");
		return false;
	}
	if (parameter->has_minimum && parameter->has_maximum &&
		parameter->minimum > parameter->maximum) {
		reader_error(reader, member(group, "minimum"),
			"minimum = %" PRId64 " is above maximum = %" PRId64, parameter->minimum,
			parameter->maximum);
		return false;
	}
	if (parameter->required && parameter->default_value != NULL) {
		reader_error(reader, member(group, "default"),
			"a required parameter never needs its default; expected one of the two");
		return false;
	}
	return true;
}

static void check_values(
	struct reader *reader, const config_setting_t *group, const struct parameter *parameter)
{
	struct arena *scratch = reader->loader->scratch;
	const char *expected;

	for (size_t i = 0; i < parameter->choices.count; i++) {
		expected = validate_value(scratch, parameter, parameter->choices.items[i]);
		if (expected != NULL)
			reader_error(reader, member(group, "choices"),
				"choice \"%s\" can never be given; expected %s",
				parameter->choices.items[i], expected);
	}
	if (parameter->default_value == NULL || parameter->type == PARAMETER_FLAG)
		return;
	expected = validate_value(scratch, parameter, parameter->default_value);
	if (expected != NULL)
		reader_error(reader, member(group, "default"),
			"default = \"%s\" is not valid; expected %s", parameter->default_value,
			expected);
}

void parameter_check(
	struct reader *reader, const config_setting_t *group, const struct draft *draft)
{
	const struct parameter *parameter = &draft->parameter;
	struct scope scope = {"parameter", group, reader->scope};

	reader->scope = &scope;
	if (check_keys(reader, group, draft) && check_text(reader, group, parameter) &&
		check_bounds(reader, group, parameter))
		check_values(reader, group, parameter);
	reader->scope = scope.outer;
}

static void add_error(struct reader *reader, const struct command *command,
	const struct parameter *parameter, const char *text)
{
	problem_add(reader->loader->problems, PROBLEM_ERROR, parameter->source,
		"command \"%s\": parameter \"%s\": %s", command->name == NULL ? "?" : command->name,
		parameter->name, text);
}

void parameters_check_names(struct reader *reader, const struct command *command)
{
	struct arena *scratch = reader->loader->scratch;
	struct table names = {0}, options = {0};

	for (size_t i = 0; i < command->parameters.count; i++) {
		const struct parameter *parameter = &command->parameters.items[i];

		if (table_put(scratch, &names, parameter->name, (void *)parameter) != NULL)
			add_error(reader, command, parameter, "the name is given twice");
		for (size_t k = 0; k < parameter->options.count; k++)
			if (table_put(scratch, &options, parameter->options.items[k],
				    (void *)parameter) != NULL)
				add_error(reader, command, parameter,
					arena_printf(scratch, "option \"%s\" is given twice",
						parameter->options.items[k]));
	}
}

/* The operands by position; false after a problem. */
static bool place_operands(
	struct reader *reader, struct command *command, const struct parameter **operands)
{
	struct parameters *parameters = &command->parameters;
	bool good = true;

	for (size_t i = 0; i < parameters->count; i++) {
		const struct parameter *parameter = &parameters->items[i];

		if (parameter->position > parameters->positions)
			parameters->positions = parameter->position;
		if (parameter->position == 0)
			continue;
		if (operands[parameter->position] != NULL) {
			add_error(reader, command, parameter,
				arena_printf(reader->loader->scratch,
					"position = %u is parameter \"%s\" already",
					parameter->position, operands[parameter->position]->name));
			good = false;
		}
		operands[parameter->position] = parameter;
	}
	return good;
}

void parameters_check_positions(struct reader *reader, struct command *command)
{
	const struct parameter *operands[PARAMETERS_MAX + 1] = {NULL};
	unsigned last;
	bool optional = false;

	if (!place_operands(reader, command, operands))
		return;
	last = command->parameters.positions;
	for (unsigned i = 1; i <= last; i++) {
		const struct parameter *operand = operands[i];

		if (operand == NULL) {
			add_error(reader, command, operands[last],
				arena_printf(reader->loader->scratch,
					"position = %u, but none has position = %u; expected 1 to "
					"n "
					"without gaps",
					last, i));
			return;
		}
		if (operand->repeat > 1 && i < last)
			add_error(reader, command, operand,
				"repeat is for the last operand alone; expected 1");
		if (operand->required && optional)
			add_error(reader, command, operand,
				"a required operand follows an optional one");
		optional = optional || !operand->required;
	}
}
