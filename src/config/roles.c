#include <string.h>

#include "config/build.h"
#include "config/check.h"

static void read_references(struct reader *reader, const config_setting_t *list,
	enum reference_kind kind, struct role *role, schema_check *check)
{
	struct loader *loader = reader->loader;
	unsigned count = (unsigned)config_setting_length(list);

	for (unsigned i = 0; i < count; i++) {
		const config_setting_t *element = config_setting_get_elem(list, i);
		const char *name = reader_string(reader, element, check);

		if (name == NULL)
			continue;
		loader->references = arena_grow(loader->scratch, loader->references,
			loader->reference_count, sizeof(*loader->references));
		loader->references[loader->reference_count++] = (struct pending_reference){
			kind, role, name, reader_source(reader, element)};
	}
}

static void read_visible_aliases(struct reader *reader, const config_setting_t *list, void *field)
{
	read_references(
		reader, list, REFERENCE_ALIAS, ((struct role_reading *)field)->role, check_name);
}

static void read_visible_providers(struct reader *reader, const config_setting_t *list, void *field)
{
	read_references(
		reader, list, REFERENCE_PROVIDER, ((struct role_reading *)field)->role, check_name);
}

static void read_startup(struct reader *reader, const config_setting_t *list, void *field)
{
	read_references(reader, list, REFERENCE_STARTUP, ((struct role_reading *)field)->role,
		check_command_name);
}

static const char *check_target(const char *text)
{
	return text[0] == '/' ? check_external(text) : check_command_name(text);
}

static const struct schema_key alias_keys[] = {
	{"name", SHAPE_STRING, .required = true, .offset = offsetof(struct alias, name),
		.check = check_name},
	{"command", SHAPE_STRING, .required = true, .offset = offsetof(struct alias, target),
		.check = check_target},
	{0},
};

static void read_alias(struct reader *reader, const config_setting_t *group, void *target)
{
	struct loader *loader = reader->loader;
	struct policy *policy = loader->policy;
	struct alias *alias = arena_alloc(loader->arena, sizeof(*alias)), *before;

	(void)target;
	alias->source = reader_source(reader, group);
	schema_read(reader, "alias", group, alias_keys, alias, NULL);
	if (alias->name == NULL || alias->target == NULL)
		return;
	before = table_get(&policy->alias_by_name, alias->name);
	if (before == NULL) {
		table_put(loader->arena, &policy->alias_by_name, alias->name, alias);
		policy->aliases = arena_grow(loader->arena, policy->aliases, policy->alias_count,
			sizeof(*policy->aliases));
		policy->aliases[policy->alias_count++] = alias;
	} else if (strcmp(before->target, alias->target) != 0) {
		reader_error(reader, group, "alias \"%s\" is already \"%s\" at %s:%u", alias->name,
			before->target, before->source.file, before->source.line);
	}
}

static void read_aliases(struct reader *reader, const config_setting_t *list, void *field)
{
	schema_each_group(reader, list, read_alias, field);
}

/* `command_definitions` come first, so that a conflict is told of the definition. */
static const struct schema_key role_keys[] = {
	{"description", SHAPE_STRING, .offset = offsetof(struct role_reading, description)},
	{"assigned_to", SHAPE_LIST, .handler = build_assignments, .not_empty = true},
	{"command_definitions", SHAPE_LIST, .handler = build_command_list},
	{"function_definitions", SHAPE_LIST, .handler = build_function_list},
	{"visible_commands", SHAPE_LIST, .handler = build_grants},
	{"visible_functions", SHAPE_LIST, .handler = build_function_grants},
	{"visible_external_commands", SHAPE_LIST, .handler = build_externals},
	{"visible_aliases", SHAPE_LIST, .handler = read_visible_aliases},
	{"visible_providers", SHAPE_LIST, .handler = read_visible_providers},
	{"startup_functions", SHAPE_LIST, .handler = read_startup},
	{"alias_definitions", SHAPE_LIST, .handler = read_aliases},
	{"environment_variables", SHAPE_LIST, .offset = offsetof(struct role_reading, environment),
		.handler = build_variables},
	{"transcript", SHAPE_STRING, .offset = offsetof(struct role_reading, transcript),
		.handler = build_transcript},
	{"transcript_input", SHAPE_BOOLEAN,
		.offset = offsetof(struct role_reading, transcript.input)},
	{0},
};

/* Roles are merged, so one variable has one value in all of them. */
static void check_environment(struct loader *loader, struct role *role)
{
	for (size_t i = 0; i < role->environment.count; i++) {
		struct variable *variable = &role->environment.items[i];
		struct variable *before = table_get(&loader->variables, variable->name);

		if (before == NULL)
			table_put(loader->scratch, &loader->variables, variable->name, variable);
		else if (strcmp(before->value, variable->value) != 0)
			problem_add(loader->problems, PROBLEM_ERROR, variable->source,
				"variable \"%s\" is already \"%s\" at %s:%u", variable->name,
				before->value, before->source.file, before->source.line);
	}
}

void build_role(struct reader *reader, const config_setting_t *root, struct role *role)
{
	struct role_reading reading = {.role = role};

	schema_read(reader, NULL, root, role_keys, &reading, NULL);
	role->description = reading.description;
	role->environment = reading.environment;
	role->transcript = reading.transcript;
	check_environment(reader->loader, role);
}
