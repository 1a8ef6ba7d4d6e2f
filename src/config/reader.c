/* Values of single settings, and the problems of a place. */
#include <stdarg.h>
#include <string.h>

#include "base/text.h"
#include "config/schema.h"
#include "config/suggest.h"

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

const char *reader_hint(
	struct reader *reader, const char *wanted, const char *const *names, size_t count)
{
	struct suggestion suggestion = suggestion_new(wanted);

	for (size_t i = 0; i < count && names[i] != NULL; i++)
		suggestion_consider(&suggestion, names[i]);
	return suggestion_text(reader->loader->scratch, &suggestion);
}

const char *reader_found(const config_setting_t *setting)
{
	switch (config_setting_type(setting)) {
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
		reader_found(setting), expected);
}

/* Both are taken for lists of strings: an array can hold nothing but scalars of one type. */
bool reader_is_sequence(const config_setting_t *setting)
{
	return config_setting_is_list(setting) || config_setting_is_array(setting);
}

/* The tree's own copy. `refused` is text_refused() or the like. */
static const char *bytes_of(struct reader *reader, const config_setting_t *setting,
	size_t (*refused)(const char *bytes, size_t length))
{
	const char *text;
	size_t length;

	if (config_setting_type(setting) != CONFIG_TYPE_STRING) {
		reader_wrong_type(reader, setting, "a string");
		return NULL;
	}
	text = config_setting_get_string(setting);
	length = strlen(text);
	if (refused(text, length) != length) {
		reader_error(reader, setting, "%s holds a control character or invalid UTF-8",
			value_text(reader, setting, text));
		return NULL;
	}
	return text;
}

static const char *string_of(
	struct reader *reader, const config_setting_t *setting, schema_check *check)
{
	const char *text = bytes_of(reader, setting, text_refused), *expected;

	if (text == NULL)
		return NULL;
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

const char *reader_text(struct reader *reader, const config_setting_t *setting)
{
	const char *text = bytes_of(reader, setting, text_refused_lines);

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
