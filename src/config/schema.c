/* Which keys a group may have, and what each must be. */
#include <string.h>

#include "config/schema.h"

enum { KEYS_MAX = 64 };

static const char *const shape_names[] = {
	[SHAPE_STRING] = "a string",
	[SHAPE_BOOLEAN] = "true or false",
	[SHAPE_NUMBER] = "a whole number",
	[SHAPE_STRINGS] = "an array [ ] or a list ( ) of strings",
	[SHAPE_LIST] = "a list ( )",
	[SHAPE_GROUP] = "a group { }",
	[SHAPE_ANY] = "a value",
};

static bool has_shape(const config_setting_t *setting, enum shape shape)
{
	int type = config_setting_type(setting);

	switch (shape) {
	case SHAPE_STRING:
		return type == CONFIG_TYPE_STRING;
	case SHAPE_BOOLEAN:
		return type == CONFIG_TYPE_BOOL;
	case SHAPE_NUMBER:
		return type == CONFIG_TYPE_INT || type == CONFIG_TYPE_INT64;
	case SHAPE_STRINGS:
	case SHAPE_LIST:
		return reader_is_sequence(setting);
	case SHAPE_GROUP:
		return type == CONFIG_TYPE_GROUP;
	case SHAPE_ANY:
		return true;
	}
	return false;
}

static void store_number(struct reader *reader, const struct schema_key *key,
	const config_setting_t *setting, unsigned *field)
{
	long long value = config_setting_get_int64(setting);

	if (value < (long long)key->minimum || value > (long long)key->maximum)
		reader_error(reader, setting, "%s = %lld is out of range; expected %u to %u",
			key->name, value, key->minimum, key->maximum);
	else
		*field = (unsigned)value;
}

static void store_string(struct reader *reader, const struct schema_key *key,
	const config_setting_t *setting, const char **field)
{
	const char *text = reader_string(reader, setting, key->check);

	if (text != NULL)
		*field = text;
}

static void store(struct reader *reader, const struct schema_key *key,
	const config_setting_t *setting, void *field)
{
	if (key->handler != NULL)
		key->handler(reader, setting, field);
	else if (key->shape == SHAPE_STRING)
		store_string(reader, key, setting, field);
	else if (key->shape == SHAPE_BOOLEAN)
		*(bool *)field = config_setting_get_bool(setting) == CONFIG_TRUE;
	else if (key->shape == SHAPE_NUMBER)
		store_number(reader, key, setting, field);
	else if (key->shape == SHAPE_STRINGS)
		reader_strings(reader, setting, key->check, false, field);
}

static void read_key(struct reader *reader, const struct schema_key *key,
	const config_setting_t *setting, void *target)
{
	if (!has_shape(setting, key->shape))
		reader_wrong_type(reader, setting,
			key->expected != NULL ? key->expected : shape_names[key->shape]);
	else if (key->not_empty && reader_is_sequence(setting) && config_setting_length(setting) == 0)
		reader_error(
			reader, setting, "%s is empty; expected at least one element", key->name);
	else
		store(reader, key, setting, (char *)target + key->offset);
}

/* What the same thing is called in the file of another kind. */
static const char *elsewhere(const char *name, const struct strings *names)
{
	static const char *const pairs[][2] = {
		{"parameters", "inputs"}, {"inputs", "parameters"}, {"program", "file"}};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		if (strcmp(pairs[i][0], name) == 0 && strings_contain(names, pairs[i][1]))
			return pairs[i][1];
	return name;
}

static void unknown_key(
	struct reader *reader, const config_setting_t *setting, const struct schema_key *keys)
{
	struct strings names = {0};
	const char *hint;

	if (reader->document->renamed && setting->name[0] == '*')
		return;
	for (; keys->name != NULL; keys++)
		strings_add(reader->loader->scratch, &names, keys->name);
	hint = reader_hint(
		reader, elsewhere(setting->name, &names), names.items, names.count);
	reader_error(reader, setting, "key \"%s\" is unknown; expected one of %s%s", setting->name,
		strings_join(reader->loader->scratch, &names, ", "), hint);
}

/* Puts each member of `group` at the index of its key. */
static void sort_members(struct reader *reader, const config_setting_t *group,
	const struct schema_key *keys, const config_setting_t **found)
{
	unsigned count = (unsigned)config_setting_length(group);

	for (unsigned i = 0; i < count; i++) {
		const config_setting_t *setting = config_setting_get_elem(group, i);
		size_t k = 0;

		while (keys[k].name != NULL && strcmp(keys[k].name, setting->name) != 0)
			k++;
		if (keys[k].name == NULL)
			unknown_key(reader, setting, keys);
		else
			found[k] = setting;
	}
}

void schema_read(struct reader *reader, const char *kind, const config_setting_t *group,
	const struct schema_key *keys, void *target, bool *present)
{
	const config_setting_t *found[KEYS_MAX] = {NULL};
	struct scope scope = {kind, group, reader->scope};

	reader->scope = &scope;
	sort_members(reader, group, keys, found);
	for (size_t i = 0; keys[i].name != NULL; i++) {
		if (present != NULL)
			present[i] = found[i] != NULL;
		if (found[i] != NULL)
			read_key(reader, &keys[i], found[i], target);
		else if (keys[i].required)
			reader_error(reader, group, "key \"%s\" is missing%s%s", keys[i].name,
				keys[i].expected != NULL ? "; expected " : "",
				keys[i].expected != NULL ? keys[i].expected : "");
	}
	reader->scope = scope.outer;
}

void schema_each_group(struct reader *reader, const config_setting_t *list,
	void (*read)(struct reader *reader, const config_setting_t *group, void *target),
	void *target)
{
	unsigned count = (unsigned)config_setting_length(list);

	for (unsigned i = 0; i < count; i++) {
		const config_setting_t *element = config_setting_get_elem(list, i);

		if (config_setting_is_group(element))
			read(reader, element, target);
		else
			reader_error(reader, element, "%s has %s in it; expected groups { }",
				list->name, reader_found(element));
	}
}
