#include "config/build.h"
#include "config/check.h"

/* The caller counts it, once it has a name. */
static struct pending_grant *new_grant(
	struct reader *reader, const config_setting_t *setting, struct role *role)
{
	struct loader *loader = reader->loader;
	struct pending_grant *grant;

	loader->grants = arena_grow(
		loader->scratch, loader->grants, loader->grant_count, sizeof(*loader->grants));
	grant = &loader->grants[loader->grant_count];
	*grant = (struct pending_grant){.role = role, .source = reader_source(reader, setting)};
	return grant;
}

/* Numbers are kept as they are written, in decimal. */
static void read_set(struct reader *reader, const config_setting_t *setting, void *field)
{
	struct pending_constraint *constraint = field;
	struct arena *arena = reader->loader->arena;
	unsigned count = (unsigned)config_setting_length(setting);
	struct table seen = {0};

	for (unsigned i = 0; i < count; i++) {
		const config_setting_t *element = config_setting_get_elem(setting, i);
		int type = config_setting_type(element);
		const char *text;

		if (type == CONFIG_TYPE_INT || type == CONFIG_TYPE_INT64) {
			constraint->has_numbers = true;
			text = arena_printf(arena, "%lld", config_setting_get_int64(element));
		} else {
			text = reader_string(reader, element, NULL);
		}
		if (text != NULL && count > 1 &&
			table_put(reader->loader->scratch, &seen, text, constraint) != NULL)
			reader_error(reader, element, "\"%s\" in set is given twice", text);
		else if (text != NULL)
			strings_add(arena, &constraint->set, text);
	}
	constraint->has_set = true;
	constraint->set_line = config_setting_source_line(setting);
}

static void read_pattern(struct reader *reader, const config_setting_t *setting, void *field)
{
	struct pending_constraint *constraint = field;

	constraint->pattern = reader_string(reader, setting, check_not_empty);
	constraint->has_pattern = constraint->pattern != NULL;
	constraint->pattern_line = config_setting_source_line(setting);
}

static const struct schema_key constraint_keys[] = {
	{"name", SHAPE_STRING, .required = true,
		.offset = offsetof(struct pending_constraint, name), .check = check_name},
	{"set", SHAPE_STRINGS, .handler = read_set, .not_empty = true},
	{"pattern", SHAPE_STRING, .handler = read_pattern},
	{0},
};

static void read_constraint(
	struct reader *reader, const config_setting_t *element, struct pending_grant *grant)
{
	struct pending_constraint constraint = {.source = reader_source(reader, element)};

	if (config_setting_is_group(element))
		schema_read(reader, "parameter", element, constraint_keys, &constraint, NULL);
	else
		constraint.name = reader_string(reader, element, check_name);
	if (constraint.name != NULL)
		grant->constraints[grant->constraint_count++] = constraint;
}

static void read_constraints(struct reader *reader, const config_setting_t *list, void *field)
{
	struct pending_grant *grant = field;
	unsigned count = (unsigned)config_setting_length(list);

	grant->lists_parameters = true;
	grant->constraints =
		arena_array(reader->loader->scratch, count, sizeof(*grant->constraints));
	for (unsigned i = 0; i < count; i++)
		read_constraint(reader, config_setting_get_elem(list, i), grant);
	if (grant->name != NULL && check_is_wildcard(grant->name))
		reader_error(reader, list,
			"parameters of a name with \"*\"; expected them for one command at a time");
}

static const char *check_grant_name(const char *text)
{
	if (text[0] == '/')
		return "a command's name; a program's path belongs into visible_external_commands";
	return check_is_wildcard(text) ? check_wildcard(text) : check_command_name(text);
}

static const struct schema_key grant_keys[] = {
	{"name", SHAPE_STRING, .required = true, .offset = offsetof(struct pending_grant, name),
		.check = check_grant_name},
	{"parameters", SHAPE_LIST, .handler = read_constraints},
	{0},
};

static void read_grants(
	struct reader *reader, const config_setting_t *list, struct role *role, bool function)
{
	unsigned count = (unsigned)config_setting_length(list);

	for (unsigned i = 0; i < count; i++) {
		const config_setting_t *element = config_setting_get_elem(list, i);
		struct pending_grant *grant = new_grant(reader, element, role);

		grant->function = function;
		if (config_setting_is_group(element))
			schema_read(reader, "grant", element, grant_keys, grant, NULL);
		else
			grant->name = reader_string(reader, element, check_grant_name);
		reader->loader->grant_count += grant->name != NULL;
	}
}

void build_grants(struct reader *reader, const config_setting_t *list, void *field)
{
	read_grants(reader, list, ((struct role_reading *)field)->role, false);
}

void build_function_grants(struct reader *reader, const config_setting_t *list, void *field)
{
	read_grants(reader, list, ((struct role_reading *)field)->role, true);
}

void build_externals(struct reader *reader, const config_setting_t *list, void *field)
{
	struct role_reading *reading = field;
	unsigned count = (unsigned)config_setting_length(list);

	for (unsigned i = 0; i < count; i++) {
		const config_setting_t *element = config_setting_get_elem(list, i);
		struct pending_grant *grant = new_grant(reader, element, reading->role);

		grant->external = true;
		grant->name = reader_string(reader, element, check_external);
		reader->loader->grant_count += grant->name != NULL;
	}
}
