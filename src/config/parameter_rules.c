#include "config/parameters.h"

#include <inttypes.h>
#include <stdint.h>
#include <string.h>

#include "policy/validate.h"

#define TYPE(name) (1U << PARAMETER_##name)
#define ANY_TEXT (TYPE(STRING) | TYPE(PATH) | TYPE(TEXT))
#define ANY_VALUE (ANY_TEXT | TYPE(INTEGER) | TYPE(CHOICE) | TYPE(BOOLEAN) | TYPE(DATE))
#define NAMES TYPE(DRIVE_FILE)

/* A key that would have no effect is a mistake: its author thinks that it restricts (R5). */
static const struct {
	enum parameter_key key;
	const char *name;
	unsigned types;
} applies[] = {
	{KEY_POSITION, "position", ANY_VALUE | NAMES},
	{KEY_VALIDATE, "validate", ANY_TEXT | NAMES},
	{KEY_PATTERN, "pattern", ANY_TEXT | NAMES},
	{KEY_CHOICES, "choices", TYPE(CHOICE)},
	{KEY_CHOICES_FROM, "choices_from", TYPE(CHOICE)},
	{KEY_MINIMUM, "minimum", TYPE(INTEGER)},
	{KEY_MAXIMUM, "maximum", TYPE(INTEGER)},
	{KEY_UNDER, "under", TYPE(PATH) | TYPE(STRING)},
	{KEY_SECRET, "secret", ANY_VALUE},
	{KEY_MAX_LENGTH, "max_length", ANY_TEXT | NAMES},
	{KEY_LEADING_DASH, "leading_dash", ANY_TEXT | TYPE(INTEGER) | TYPE(CHOICE)},
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
			applies[i].name, parameter_type_name(type));
		good = false;
	}
	return good;
}

static bool check_for_inputs(
	struct reader *reader, const config_setting_t *group, const struct draft *draft)
{
	static const struct {
		enum parameter_key key;
		const char *name;
	} keys[] = {{KEY_SHOW_IF, "show_if"}, {KEY_CHOICES_FROM, "choices_from"}};

	for (size_t i = 0; !draft->function && i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (!draft->present[keys[i].key])
			continue;
		reader_error(reader, member(group, keys[i].name),
			"%s is for inputs of functions; expected it to be left out",
			keys[i].name);
		return false;
	}
	return true;
}

static bool is_validator(const struct parameter *parameter, const char *name)
{
	return parameter->validate != NULL && strcmp(parameter->validate->name, name) == 0;
}

/* A path is one anyway; what is the configuration's own may say more of it. */
static bool fits_path(const struct parameter *parameter)
{
	return parameter->validate == NULL || parameter->validate->pattern != NULL ||
	       is_validator(parameter, "absolute-path");
}

/* Those that can look at each line. */
static bool fits_lines(const struct parameter *parameter)
{
	return parameter->validate == NULL || parameter->validate->pattern != NULL ||
	       is_validator(parameter, "none") || is_validator(parameter, "printable-text");
}

static bool check_validator(
	struct reader *reader, const config_setting_t *group, const struct parameter *parameter)
{
	const char *name = parameter->validate == NULL ? "" : parameter->validate->name;

	if (parameter->type == PARAMETER_PATH && !fits_path(parameter))
		reader_error(reader, member(group, "validate"),
			"validate = \"%s\" of a path; expected \"absolute-path\", which it is "
			"anyway",
			name);
	else if (parameter->type == PARAMETER_TEXT && !fits_lines(parameter))
		reader_error(reader, member(group, "validate"),
			"validate = \"%s\" of a text of several lines; expected "
			"\"printable-text\", "
			"\"none\", or a validator of your own",
			name);
	else
		return true;
	return false;
}

static bool check_text(
	struct reader *reader, const config_setting_t *group, const struct parameter *parameter)
{
	bool string = parameter->type == PARAMETER_STRING;

	if ((string || parameter->type == PARAMETER_TEXT) && parameter->validate == NULL &&
		!parameter->has_pattern) {
		reader_error(reader, group,
			"a %s needs \"validate\" or \"pattern\"; expected validate = \"none\" "
			"if any text will do",
			parameter_type_name(parameter->type));
		return false;
	}
	if (string && parameter->under.count > 0 && !is_validator(parameter, "absolute-path")) {
		reader_error(reader, member(group, "under"),
			"under is for paths; expected type = \"path\" or validate = "
			"\"absolute-path\"");
		return false;
	}
	return check_validator(reader, group, parameter);
}

static bool check_choices(
	struct reader *reader, const config_setting_t *group, const struct draft *draft)
{
	bool own = draft->present[KEY_CHOICES], from = draft->present[KEY_CHOICES_FROM];

	if (draft->parameter.type != PARAMETER_CHOICE || own != from)
		return true;
	if (own)
		reader_error(reader, member(group, "choices_from"),
			"choices and choices_from; expected one of the two");
	else
		reader_error(reader, group,
			"key \"choices\" is missing; type \"choice\" needs it%s",
			draft->function ? ", or \"choices_from\"" : "");
	return false;
}

static bool check_bounds(
	struct reader *reader, const config_setting_t *group, const struct parameter *parameter)
{
	if (parameter->has_minimum && parameter->has_maximum &&
		parameter->minimum > parameter->maximum) {
		reader_error(reader, member(group, "minimum"),
			"minimum = %" PRId64 " is above maximum = %" PRId64, parameter->minimum,
			parameter->maximum);
		return false;
	}
	if (parameter->required && parameter->default_value != NULL) {
		reader_error(reader, member(group, "default"),
			"a required %s never needs its default; expected one of the two",
			reader->scope->kind);
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
	struct scope scope = {parameter_kind(draft->function), group, reader->scope};

	reader->scope = &scope;
	if (check_for_inputs(reader, group, draft) && check_keys(reader, group, draft) &&
		check_text(reader, group, parameter) && check_choices(reader, group, draft) &&
		check_bounds(reader, group, parameter) && draft->input.validator == NULL &&
		draft->input.choices_from == NULL)
		check_values(reader, group, parameter);
	reader->scope = scope.outer;
}

static void add_error(struct reader *reader, const struct command *command,
	const struct parameter *parameter, const char *text)
{
	bool function = command->function != NULL;

	problem_add(reader->loader->problems, PROBLEM_ERROR, parameter->source,
		"%s \"%s\": %s \"%s\": %s", function ? "function" : "command",
		command->name == NULL ? "?" : command->name, parameter_kind(function),
		parameter->name, text);
}

/* The script could not tell the two apart. */
static void check_variable_name(struct reader *reader, const struct command *command,
	const struct parameter *input, struct table *variables)
{
	struct arena *scratch = reader->loader->scratch;
	const char *name = function_variable(scratch, input->name);
	const struct parameter *before =
		table_put(scratch, variables, name, (void *)(uintptr_t)input);

	if (before != NULL && strcmp(before->name, input->name) != 0)
		add_error(reader, command, input,
			arena_printf(scratch,
				"its variable %s is that of input \"%s\" too; expected names "
				"that differ in more than \"-\", \".\" and \"_\"",
				name, before->name));
}

void parameters_check_names(struct reader *reader, const struct command *command)
{
	struct arena *scratch = reader->loader->scratch;
	struct table names = {0}, options = {0}, variables = {0};

	for (size_t i = 0; i < command->parameters.count; i++) {
		const struct parameter *parameter = &command->parameters.items[i];

		if (table_put(scratch, &names, parameter->name, (void *)parameter) != NULL)
			add_error(reader, command, parameter, "the name is given twice");
		if (command->function != NULL)
			check_variable_name(reader, command, parameter, &variables);
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
