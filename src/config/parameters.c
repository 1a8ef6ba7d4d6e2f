#include <string.h>

#include "config/build.h"
#include "config/check.h"
#include "config/parameters.h"
#include "policy/arguments.h"
#include "policy/validate.h"

enum { REPEAT_MAX = 1024 };

enum { COMMAND_TYPES = PARAMETER_BOOLEAN }; /* from here on they are for inputs of functions */

static const char *const types[] = {"string", "integer", "flag", "choice", "path",
	"drive-file", "boolean", "date", "text", NULL};

const char *parameter_kind(bool function)
{
	return function ? "input" : "parameter";
}

static bool is_for_inputs(const char *name)
{
	for (size_t i = COMMAND_TYPES; name != NULL && types[i] != NULL; i++)
		if (strcmp(types[i], name) == 0)
			return true;
	return false;
}

static void read_type(struct reader *reader, const config_setting_t *setting, void *field)
{
	const char *names[COMMAND_TYPES + 1] = {NULL}, *name = config_setting_get_string(setting);
	bool function = ((struct draft *)field)->function;
	int index;

	for (size_t i = 0; i < COMMAND_TYPES; i++)
		names[i] = types[i];
	if (!function && is_for_inputs(name)) {
		reader_error(reader, setting,
			"type = \"%s\" is for inputs of functions; expected one of string, integer, "
			"flag, choice, path, drive-file",
			name);
		return;
	}
	index = reader_choice(reader, setting, function ? types : names);
	if (index >= 0)
		((struct draft *)field)->parameter.type = (enum parameter_type)index;
}

static void read_validate(struct reader *reader, const config_setting_t *setting, void *field)
{
	struct draft *draft = field;
	const char *name = reader_string(reader, setting, NULL);

	if (name == NULL)
		return;
	draft->parameter.validate = validator_use(reader, name, &draft->input.validator);
	draft->input.validate = reader_source(reader, setting);
}

static void read_pattern(struct reader *reader, const config_setting_t *setting, void *field)
{
	struct parameter *parameter = field;
	const char *text = reader_string(reader, setting, check_not_empty), *complaint;
	const struct pattern *pattern;

	if (text == NULL)
		return;
	pattern = loader_pattern(reader->loader, text, &complaint);
	if (pattern == NULL) {
		reader_error(reader, setting, "pattern = \"%s\" is refused: %s", text, complaint);
		return;
	}
	parameter->has_pattern = true;
	parameter->pattern = *pattern;
}

static void read_minimum(struct reader *reader, const config_setting_t *setting, void *field)
{
	struct parameter *parameter = field;

	(void)reader;
	parameter->has_minimum = true;
	parameter->minimum = config_setting_get_int64(setting);
}

static void read_maximum(struct reader *reader, const config_setting_t *setting, void *field)
{
	struct parameter *parameter = field;

	(void)reader;
	parameter->has_maximum = true;
	parameter->maximum = config_setting_get_int64(setting);
}

static void read_default(struct reader *reader, const config_setting_t *setting, void *field)
{
	struct draft *draft = field;
	struct parameter *parameter = &draft->parameter;
	int type = config_setting_type(setting);

	draft->input.default_value = reader_source(reader, setting);
	if (parameter->type == PARAMETER_FLAG) {
		if (type != CONFIG_TYPE_BOOL)
			reader_error(reader, setting, "default of a flag: expected true or false");
		else if (config_setting_get_bool(setting) == CONFIG_TRUE)
			parameter->default_value = "true";
	} else if (parameter->type == PARAMETER_INTEGER &&
		   (type == CONFIG_TYPE_INT || type == CONFIG_TYPE_INT64)) {
		parameter->default_value = arena_printf(
			reader->loader->arena, "%lld", config_setting_get_int64(setting));
	} else if (parameter->type == PARAMETER_BOOLEAN && type == CONFIG_TYPE_BOOL) {
		parameter->default_value =
			config_setting_get_bool(setting) == CONFIG_TRUE ? "true" : "false";
	} else {
		const char *text = parameter->type == PARAMETER_TEXT
					   ? reader_text(reader, setting)
					   : reader_string(reader, setting, NULL);

		if (text != NULL)
			parameter->default_value = text;
	}
}

#define FIELD(member) .offset = offsetof(struct draft, parameter.member)

static const struct schema_key parameter_keys[] = {
	{"name", SHAPE_STRING, .required = true, FIELD(name), .check = check_name},
	{"type", SHAPE_STRING, .handler = read_type},
	{"description", SHAPE_STRING, FIELD(description)},
	{"options", SHAPE_STRINGS, FIELD(options), .check = check_option, .not_empty = true},
	{"position", SHAPE_NUMBER, FIELD(position), .minimum = 1, .maximum = PARAMETERS_MAX},
	{"validate", SHAPE_STRING, .handler = read_validate},
	{"pattern", SHAPE_STRING, .handler = read_pattern},
	{"choices", SHAPE_STRINGS, FIELD(choices), .not_empty = true},
	{"minimum", SHAPE_NUMBER, .handler = read_minimum},
	{"maximum", SHAPE_NUMBER, .handler = read_maximum},
	{"under", SHAPE_STRINGS, FIELD(under), .check = check_path, .not_empty = true},
	{"required", SHAPE_BOOLEAN, FIELD(required)},
	{"repeat", SHAPE_NUMBER, FIELD(repeat), .minimum = 1, .maximum = REPEAT_MAX},
	{"secret", SHAPE_BOOLEAN, FIELD(secret)},
	{"common", SHAPE_BOOLEAN, FIELD(common)},
	{"message", SHAPE_STRING, FIELD(message), .check = check_not_empty},
	{"max_length", SHAPE_NUMBER, .offset = offsetof(struct draft, max_length), .minimum = 1,
		.maximum = ARGUMENT_LENGTH_MAX},
	{"leading_dash", SHAPE_BOOLEAN, FIELD(leading_dash)},
	{"default", SHAPE_ANY, .handler = read_default},
	{"show_if", SHAPE_GROUP, .handler = input_show_if},
	{"choices_from", SHAPE_STRING, .handler = input_choices_from},
	{0},
};

/* So that what else is wrong with the file can be looked for without stumbling over this. */
static void make_harmless(struct parameter *parameter)
{
	*parameter = (struct parameter){
		.name = parameter->name,
		.index = parameter->index,
		.type = parameter->type == PARAMETER_FLAG ? PARAMETER_FLAG : PARAMETER_STRING,
		.options = parameter->options,
		.position = parameter->position,
		.description = parameter->description,
		.validate = validator_find("none"),
		.repeat = parameter->repeat,
		.common = parameter->common,
		.leading_dash = true,
		.max_length = ARGUMENT_LENGTH_MAX,
		.source = parameter->source,
	};
}

/* Kept for when everything has been read; of a parameter that is wrong, the validator alone. */
static void add_pending(struct loader *loader, struct command *command,
	struct parameter *parameter, const struct draft *draft, bool good)
{
	struct pending_input input = draft->input;

	if (!good)
		input.shown_by = input.choices_from = NULL;
	if (input.shown_by == NULL && input.choices_from == NULL && input.validator == NULL)
		return;
	input.command = command;
	input.parameter = parameter;
	loader->inputs = arena_grow(
		loader->scratch, loader->inputs, loader->input_count, sizeof(*loader->inputs));
	loader->inputs[loader->input_count++] = input;
}

static void add_name_option(struct loader *loader, struct parameter *parameter)
{
	const char *option = arena_printf(loader->arena, "--%s", parameter->name);

	strings_add(loader->arena, &parameter->options, option);
}

static void read_parameter(struct reader *reader, const config_setting_t *group, void *target)
{
	struct command *command = target;
	struct parameters *parameters = &command->parameters;
	size_t errors = reader->loader->problems->errors;
	struct draft draft = {
		.max_length = ARGUMENT_LENGTH_MAX, .function = command->function != NULL};
	struct parameter *parameter = &draft.parameter;

	parameter->index = parameters->count;
	parameter->repeat = 1;
	parameter->source = reader_source(reader, group);
	schema_read(reader, parameter_kind(draft.function), group, parameter_keys, &draft,
		draft.present);
	if (parameter->name == NULL)
		return;
	parameter->max_length = draft.max_length;
	if (!draft.present[KEY_LEADING_DASH])
		parameter->leading_dash = parameter->has_minimum && parameter->minimum < 0;
	if (!draft.present[KEY_OPTIONS] && !draft.present[KEY_POSITION])
		add_name_option(reader->loader, parameter);
	if (reader->loader->problems->errors == errors)
		parameter_check(reader, group, &draft);
	add_pending(reader->loader, command, &parameters->items[parameters->count], &draft,
		reader->loader->problems->errors == errors);
	if (reader->loader->problems->errors != errors)
		make_harmless(parameter);
	parameters->items[parameters->count++] = *parameter;
}

void build_parameters(struct reader *reader, const config_setting_t *list, void *field)
{
	struct command *command = field;
	size_t count = (size_t)config_setting_length(list), errors;

	if (count > PARAMETERS_MAX) {
		reader_error(reader, list, "more than %d %ss", PARAMETERS_MAX,
			parameter_kind(command->function != NULL));
		return;
	}
	errors = reader->loader->problems->errors;
	command->parameters.items =
		arena_array(reader->loader->arena, count, sizeof(*command->parameters.items));
	schema_each_group(reader, list, read_parameter, command);
	parameters_check_names(reader, command);
	if (reader->loader->problems->errors == errors)
		parameters_check_positions(reader, command);
}
