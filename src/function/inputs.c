#include "function/inputs.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/fd.h"
#include "policy/function.h"
#include "spawn/spawn.h"

struct fact {
	const char *name, *value;
};

enum { FACT_COUNT = 9, PREFIX_LENGTH = sizeof("rolegate_builtin_") - 1 };

static void list_facts(
	struct arena *arena, const struct inputs_facts *facts, struct fact list[FACT_COUNT])
{
	const struct fact all[FACT_COUNT] = {
		{"rolegate_builtin_user", facts->user},
		{"rolegate_builtin_act_as", facts->act_as},
		{"rolegate_builtin_run_as", facts->run_as},
		{"rolegate_builtin_request", facts->request},
		{"rolegate_builtin_endpoint", facts->endpoint},
		{"rolegate_builtin_role", facts->role},
		{"rolegate_builtin_target", facts->target},
		{"rolegate_builtin_inputs", arena_printf(arena, "%d", SPAWN_INPUTS)},
		{"rolegate_builtin_output",
			facts->has_output ? arena_printf(arena, "%d", SPAWN_TYPED) : NULL},
	};

	memcpy(list, all, sizeof(all));
}

static void add_variable(struct arena *arena, struct variables *variables, const char *name,
	const char *value, struct source source)
{
	variables->items =
		arena_grow(arena, variables->items, variables->count, sizeof(*variables->items));
	variables->items[variables->count++] =
		(struct variable){.name = name, .value = value, .source = source};
}

static const char *text_of(const struct parameter *parameter, const struct argument_value *value)
{
	return parameter->type == PARAMETER_FLAG ? "true" : value->text;
}

static const char *joined(
	struct arena *arena, const struct parameter *parameter, const struct argument *argument)
{
	struct strings texts = {0};

	for (size_t i = 0; i < argument->count; i++)
		strings_add(arena, &texts, text_of(parameter, &argument->values[i]));
	return strings_join(arena, &texts, "\n");
}

void inputs_variables(struct arena *arena, const struct command *command,
	const struct arguments *inputs, const struct inputs_facts *facts,
	struct variables *variables)
{
	struct fact list[FACT_COUNT];

	for (size_t i = 0; i < command->parameters.count; i++) {
		const struct parameter *parameter = &command->parameters.items[i];

		if (inputs->items[i].count > 0)
			add_variable(arena, variables, function_variable(arena, parameter->name),
				joined(arena, parameter, &inputs->items[i]), parameter->source);
	}
	list_facts(arena, facts, list);
	for (size_t i = 0; i < FACT_COUNT; i++)
		if (list[i].value != NULL)
			add_variable(
				arena, variables, list[i].name, list[i].value, command->source);
}

/* It was validated: what it is not can't be here, and would be a string. */
static json_t *value_json(const struct parameter *parameter, const struct argument_value *value)
{
	const char *text = text_of(parameter, value);
	char *end;
	long long number;

	if (parameter->type == PARAMETER_FLAG || parameter->type == PARAMETER_BOOLEAN)
		return json_boolean(strcmp(text, "true") == 0);
	if (parameter->type == PARAMETER_INTEGER) {
		number = strtoll(text, &end, 10);
		if (end != text && *end == '\0')
			return json_integer(number);
	}
	return json_string(text);
}

static json_t *input_json(const struct parameter *parameter, const struct argument *argument)
{
	json_t *list;

	if (parameter->repeat <= 1)
		return value_json(parameter, &argument->values[0]);
	list = json_array();
	for (size_t i = 0; i < argument->count; i++)
		if (json_array_append_new(list, value_json(parameter, &argument->values[i])) != 0) {
			json_decref(list);
			return NULL;
		}
	return list;
}

static json_t *inputs_object(const struct command *command, const struct arguments *inputs)
{
	json_t *object = json_object();

	for (size_t i = 0; i < command->parameters.count; i++) {
		const struct parameter *parameter = &command->parameters.items[i];

		if (inputs->items[i].count > 0 &&
			json_object_set_new(object, parameter->name,
				input_json(parameter, &inputs->items[i])) != 0) {
			json_decref(object);
			return NULL;
		}
	}
	return object;
}

static json_t *builtin_object(struct arena *arena, const struct inputs_facts *facts)
{
	struct fact list[FACT_COUNT];
	json_t *object = json_object();

	list_facts(arena, facts, list);
	for (size_t i = 0; i < FACT_COUNT; i++)
		if (list[i].value != NULL &&
			json_object_set_new(object, list[i].name + PREFIX_LENGTH,
				json_string(list[i].value)) != 0) {
			json_decref(object);
			return NULL;
		}
	return object;
}

/* The library asks the kernel for a random number, and its memory is copied as it is written to. */
void inputs_prepare(void)
{
	json_t *object = json_pack("{s:{s:s}}", "inputs", "name", "value");
	char *text = object == NULL ? NULL : json_dumps(object, JSON_COMPACT);

	free(text);
	json_decref(object);
}

char *inputs_json(struct arena *arena, const struct command *command,
	const struct arguments *inputs, const struct inputs_facts *facts)
{
	json_t *whole = json_pack("{s:o, s:o}", "inputs", inputs_object(command, inputs), "builtin",
		builtin_object(arena, facts));
	char *text = whole == NULL ? NULL : json_dumps(whole, JSON_COMPACT), *copy;

	copy = text == NULL ? NULL : arena_printf(arena, "%s\n", text);
	free(text);
	json_decref(whole);
	return copy;
}

int inputs_open(const char *text)
{
	return fd_sealed("inputs", text, strlen(text));
}
