#include "config/schema.h"

#include <stdarg.h>
#include <string.h>

#include "base/text.h"
#include "config/suggest.h"

enum { KEYS_MAX = 32 };

static const char *const shape_names[] = {
	[SHAPE_STRING] = "a string",
	[SHAPE_BOOLEAN] = "true or false",
	[SHAPE_NUMBER] = "a whole number",
	[SHAPE_STRINGS] = "an array [ ] or a list ( ) of strings",
	[SHAPE_LIST] = "a list ( )",
	[SHAPE_GROUP] = "a group { }",
	[SHAPE_ANY] = "a value",
};

struct source reader_source(const struct reader *reader, const config_setting_t *setting)
{
	return (struct source){reader->file, config_setting_source_line(setting)};
}

/* `program`, or `an element of options`. */
static const char *place_text(struct reader *reader, const config_setting_t *setting)
{
	if (setting->name != NULL)
		return setting->name;
	for (; setting->parent != NULL; setting = setting->parent)
		if (setting->parent->name != NULL)
			return arena_printf(
				reader->loader->scratch, "an element of %s", setting->parent->name);
	return "an element";
}

/* `program = "x"`, or `"x" in options`. */
static const char *value_text(
	struct reader *reader, const config_setting_t *setting, const char *value)
{
	struct arena *scratch = reader->loader->scratch;

	if (setting->name != NULL)
		return arena_printf(scratch, "%s = \"%s\"", setting->name, value);
	return arena_printf(scratch, "\"%s\" in %s", value,
		setting->parent->name == NULL ? "a list" : setting->parent->name);
}

/* The innermost group that has a name of its own. */
static const char *scope_text(struct arena *arena, const struct scope *scope)
{
	for (; scope != NULL; scope = scope->outer) {
		const config_setting_t *name =
			scope->kind == NULL ? NULL
					    : config_setting_get_member(scope->group, "name");

		if (name != NULL && name->type == CONFIG_TYPE_STRING)
			return arena_printf(arena, "%s \"%s\": ", scope->kind, name->value.sval);
	}
	return "";
}

const char *reader_scope(struct reader *reader)
{
	return scope_text(reader->loader->scratch, reader->scope);
}

static void add(struct reader *reader, enum problem_level level, const config_setting_t *setting,
	const char *format, va_list arguments) __attribute__((format(printf, 4, 0)));

static void add(struct reader *reader, enum problem_level level, const config_setting_t *setting,
	const char *format, va_list arguments)
{
	struct arena *scratch = reader->loader->scratch;

	problem_add(reader->loader->problems, level, reader_source(reader, setting), "%s%s",
		scope_text(scratch, reader->scope), arena_vprintf(scratch, format, arguments));
}

void reader_error(struct reader *reader, const config_setting_t *setting, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	add(reader, PROBLEM_ERROR, setting, format, arguments);
	va_end(arguments);
}

void reader_warning(struct reader *reader, const config_setting_t *setting, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	add(reader, PROBLEM_WARNING, setting, format, arguments);
	va_end(arguments);
}

const char *reader_hint(
	struct reader *reader, const char *wanted, const char *const *names, size_t count)
{
	struct suggestion suggestion = suggestion_new(wanted);

	for (size_t i = 0; i < count && names[i] != NULL; i++)
		suggestion_consider(&suggestion, names[i]);
	return suggestion_text(reader->loader->scratch, &suggestion);
}

static const char *found_name(int type)
{
	switch (type) {
	case CONFIG_TYPE_GROUP:
		return "a group { }";
	case CONFIG_TYPE_INT:
	case CONFIG_TYPE_INT64:
		return "a number";
	case CONFIG_TYPE_FLOAT:
		return "a number with a decimal point";
	case CONFIG_TYPE_STRING:
		return "a string";
	case CONFIG_TYPE_BOOL:
		return "true or false";
	case CONFIG_TYPE_ARRAY:
		return "an array [ ]";
	case CONFIG_TYPE_LIST:
		return "a list ( )";
	default:
		return "nothing";
	}
}

void reader_wrong_type(
	struct reader *reader, const config_setting_t *setting, const char *expected)
{
	reader_error(reader, setting, "%s is %s; expected %s", place_text(reader, setting),
		found_name(config_setting_type(setting)), expected);
}

/* Both are taken for lists of strings: an array can hold nothing but scalars of one type. */
bool reader_is_sequence(const config_setting_t *setting)
{
	return config_setting_is_list(setting) || config_setting_is_array(setting);
}

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

/* The tree's own copy. */
static const char *string_of(
	struct reader *reader, const config_setting_t *setting, schema_check *check)
{
	const char *text, *expected;
	size_t length;

	if (config_setting_type(setting) != CONFIG_TYPE_STRING) {
		reader_wrong_type(reader, setting, "a string");
		return NULL;
	}
	text = config_setting_get_string(setting);
	length = strlen(text);
	if (text_refused(text, length) != length) {
		reader_error(reader, setting, "%s holds a control character or invalid UTF-8",
			value_text(reader, setting, text));
		return NULL;
	}
	expected = check == NULL ? NULL : check(text);
	if (expected != NULL) {
		reader_error(reader, setting, "%s is refused; expected %s",
			value_text(reader, setting, text), expected);
		return NULL;
	}
	return text;
}

const char *reader_string(
	struct reader *reader, const config_setting_t *setting, schema_check *check)
{
	const char *text = string_of(reader, setting, check);

	return text == NULL ? NULL : arena_strdup(reader->loader->arena, text);
}

bool reader_strings(struct reader *reader, const config_setting_t *setting, schema_check *check,
	bool duplicates, struct strings *list)
{
	unsigned count = (unsigned)config_setting_length(setting);
	struct table seen = {0};
	bool good = true;

	for (unsigned i = 0; i < count; i++) {
		const config_setting_t *element = config_setting_get_elem(setting, i);
		const char *text = reader_string(reader, element, check);

		if (text != NULL && !duplicates && count > 1 &&
			table_put(reader->loader->scratch, &seen, text, (void *)text) != NULL) {
			reader_error(reader, element, "%s is given twice",
				value_text(reader, element, text));
			text = NULL;
		}
		if (text != NULL)
			strings_add(reader->loader->arena, list, text);
		good = good && text != NULL;
	}
	return good;
}

int reader_choice(struct reader *reader, const config_setting_t *setting, const char *const *names)
{
	struct arena *scratch = reader->loader->scratch;
	const char *text = string_of(reader, setting, NULL), *hint;
	struct strings all = {0};

	if (text == NULL)
		return -1;
	for (int i = 0; names[i] != NULL; i++) {
		if (strcmp(names[i], text) == 0)
			return i;
		strings_add(scratch, &all, names[i]);
	}
	hint = reader_hint(reader, text, names, all.count);
	reader_error(reader, setting, "%s is unknown; expected one of %s%s",
		value_text(reader, setting, text), strings_join(scratch, &all, ", "), hint);
	return -1;
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
		reader_wrong_type(reader, setting, shape_names[key->shape]);
	else if (key->not_empty && reader_is_sequence(setting) && config_setting_length(setting) == 0)
		reader_error(
			reader, setting, "%s is empty; expected at least one element", key->name);
	else
		store(reader, key, setting, (char *)target + key->offset);
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
	hint = reader_hint(reader, setting->name, names.items, names.count);
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
			reader_error(reader, group, "key \"%s\" is missing", keys[i].name);
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
				list->name, found_name(config_setting_type(element)));
	}
}
