#include <string.h>

#include "config/build.h"
#include "config/check.h"

static const struct schema_key variable_keys[] = {
	{"name", SHAPE_STRING, .required = true, .offset = offsetof(struct variable, name),
		.check = check_variable},
	{"value", SHAPE_STRING, .required = true, .offset = offsetof(struct variable, value)},
	{0},
};

struct variable_list {
	struct variables *variables;
	struct table seen;
};

static void read_variable(struct reader *reader, const config_setting_t *group, void *target)
{
	struct variable_list *list = target;
	struct variables *variables = list->variables;
	struct variable variable = {.source = reader_source(reader, group)};
	struct loader *loader = reader->loader;

	schema_read(reader, "variable", group, variable_keys, &variable, NULL);
	if (variable.name == NULL || variable.value == NULL)
		return;
	if (table_put(loader->scratch, &list->seen, variable.name, variables) != NULL) {
		reader_error(reader, group, "variable \"%s\" is given twice", variable.name);
		return;
	}
	variables->items = arena_grow(
		loader->arena, variables->items, variables->count, sizeof(*variables->items));
	variables->items[variables->count++] = variable;
}

void build_variables(struct reader *reader, const config_setting_t *setting, void *field)
{
	struct variable_list list = {.variables = field};

	schema_each_group(reader, setting, read_variable, &list);
}
