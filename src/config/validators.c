/*
 * Validators of the configuration's own. One may be used in a file that is read before the one
 * that defines it, so a use makes it, and the definition fills it in.
 */
#include <string.h>

#include "config/check.h"
#include "config/inputs.h"
#include "config/parameters.h"
#include "config/suggest.h"
#include "policy/validate.h"

struct own_validator {
	struct validator validator;
	struct pattern pattern; /* without code until it is defined */
	bool defined;
	struct source source;
};

static struct own_validator *find_or_make(struct loader *loader, const char *name)
{
	struct own_validator *own = table_get(&loader->validators, name);

	if (own != NULL)
		return own;
	own = arena_alloc(loader->arena, sizeof(*own));
	own->validator.name = name;
	own->validator.pattern = &own->pattern;
	table_put(loader->scratch, &loader->validators, name, own);
	return own;
}

const struct validator *validator_use(
	struct reader *reader, const char *name, const struct own_validator **own)
{
	const struct validator *built_in = validator_find(name);

	if (built_in != NULL)
		return built_in;
	*own = find_or_make(reader->loader, name);
	return &(*own)->validator;
}

static void read_pattern(struct reader *reader, const config_setting_t *setting, void *field)
{
	const char *text = reader_string(reader, setting, check_not_empty), *complaint;

	if (text == NULL)
		return;
	*(const struct pattern **)field = loader_pattern(reader->loader, text, &complaint);
	if (*(const struct pattern **)field == NULL)
		reader_error(reader, setting, "pattern = \"%s\" is refused: %s", text, complaint);
}

struct validator_reading {
	const char *name, *message;
	const struct pattern *pattern;
};

static const char *check_validator_name(const char *text)
{
	if (validator_find(text) != NULL)
		return "another name: this one is built in";
	return check_name(text);
}

static const struct schema_key validator_keys[] = {
	{"name", SHAPE_STRING, .required = true, .offset = offsetof(struct validator_reading, name),
		.check = check_validator_name},
	{"pattern", SHAPE_STRING, .required = true,
		.offset = offsetof(struct validator_reading, pattern), .handler = read_pattern},
	{"message", SHAPE_STRING, .required = true,
		.offset = offsetof(struct validator_reading, message), .check = check_not_empty},
	{0},
};

static void read_validator(struct reader *reader, const config_setting_t *group, void *target)
{
	struct validator_reading reading = {.name = NULL};
	struct own_validator *own;

	(void)target;
	schema_read(reader, "validator", group, validator_keys, &reading, NULL);
	if (reading.name == NULL)
		return;
	own = find_or_make(reader->loader, reading.name);
	if (own->defined) {
		reader_error(reader, group, "validator \"%s\" is already defined at %s:%u",
			reading.name, own->source.file, own->source.line);
		return;
	}
	own->defined = true;
	strings_add(reader->loader->scratch, &reader->loader->own_validators, reading.name);
	own->source = reader_source(reader, group);
	own->validator.expected = reading.message != NULL ? reading.message : "";
	if (reading.pattern != NULL)
		own->pattern = *reading.pattern;
}

void build_validators(struct reader *reader, const config_setting_t *list, void *field)
{
	schema_each_group(reader, list, read_validator, field);
}

/* As reader_choice() says it. */
static void report_unknown(struct loader *loader, const struct pending_input *input)
{
	const struct validator *all = validator_list();
	const char *name = input->validator->validator.name;
	struct suggestion suggestion = suggestion_new(name);
	struct strings names = {0};

	for (size_t i = 0; all[i].name != NULL; i++)
		strings_add(loader->scratch, &names, all[i].name);
	for (size_t i = 0; i < loader->own_validators.count; i++)
		strings_add(loader->scratch, &names, loader->own_validators.items[i]);
	for (size_t i = 0; i < names.count; i++)
		suggestion_consider(&suggestion, names.items[i]);
	problem_add(loader->problems, PROBLEM_ERROR, input->validate,
		"%s \"%s\": validate = \"%s\" is unknown; expected one of %s%s",
		parameter_kind(input->command->function != NULL), input->parameter->name, name,
		strings_join(loader->scratch, &names, ", "),
		suggestion_text(loader->scratch, &suggestion));
}

/* Whether it is one of the choices that a function computes is asked at each call. */
static void check_default(struct loader *loader, const struct pending_input *input)
{
	const struct parameter *parameter = input->parameter;
	struct parameter rule = *parameter;
	const char *expected;

	if (parameter->default_value == NULL)
		return;
	if (input->choices_from != NULL)
		rule.type = PARAMETER_STRING;
	expected = validate_value(loader->scratch, &rule, parameter->default_value);
	if (expected != NULL)
		problem_add(loader->problems, PROBLEM_ERROR, input->default_value,
			"%s \"%s\": default = \"%s\" is not valid; expected %s",
			parameter_kind(input->command->function != NULL), parameter->name,
			parameter->default_value, expected);
}

void link_validators(struct loader *loader)
{
	for (size_t i = 0; i < loader->input_count; i++) {
		const struct pending_input *input = &loader->inputs[i];

		if (input->validator != NULL && !input->validator->defined)
			report_unknown(loader, input);
		else
			check_default(loader, input);
	}
}
