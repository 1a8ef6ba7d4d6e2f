#include "shell/catalogue.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "policy/drive.h"

static const char *text_of(struct arena *arena, const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text == NULL ? "" : arena_strdup(arena, text);
}

static struct strings list_of(struct arena *arena, const json_t *object, const char *key)
{
	const json_t *list = json_object_get(object, key);
	struct strings strings = {0};

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *item = json_array_get(list, i);

		if (json_is_string(item))
			strings_add(arena, &strings, arena_strdup(arena, json_string_value(item)));
		else if (json_is_integer(item))
			strings_add(arena, &strings,
				arena_printf(
					arena, "%" JSON_INTEGER_FORMAT, json_integer_value(item)));
	}
	return strings;
}

static size_t number_of(const json_t *object, const char *key, size_t otherwise)
{
	const json_t *number = json_object_get(object, key);

	return json_is_integer(number) && json_integer_value(number) >= 0
		       ? (size_t)json_integer_value(number)
		       : otherwise;
}

/* A number, or text, as text. */
static const char *value_of(struct arena *arena, const json_t *object, const char *key)
{
	const json_t *number = json_object_get(object, key);

	return json_is_integer(number) ? arena_printf(arena, "%" JSON_INTEGER_FORMAT,
						 json_integer_value(number))
				       : text_of(arena, object, key);
}

static void read_limits(
	struct arena *arena, const json_t *object, struct catalogue_parameter *parameter)
{
	parameter->type = text_of(arena, object, "type");
	parameter->allowed = text_of(arena, object, "allowed");
	parameter->minimum = value_of(arena, object, "minimum");
	parameter->maximum = value_of(arena, object, "maximum");
	parameter->validate = text_of(arena, object, "validate");
	parameter->pattern = text_of(arena, object, "pattern");
	parameter->under = list_of(arena, object, "under");
	if (strcmp(parameter->allowed, "pattern") == 0)
		parameter->patterns = list_of(arena, object, "values");
}

static void read_parameter(
	struct arena *arena, const json_t *object, struct catalogue_parameter *parameter)
{
	const char *type = text_of(arena, object, "type");
	const char *allowed = text_of(arena, object, "allowed");

	read_limits(arena, object, parameter);
	parameter->name = text_of(arena, object, "name");
	parameter->description = text_of(arena, object, "description");
	parameter->required = json_is_true(json_object_get(object, "required"));
	parameter->computed = json_object_get(object, "choices_from") != NULL;
	parameter->flag = strcmp(type, "flag") == 0;
	parameter->secret = json_is_true(json_object_get(object, "secret"));
	parameter->options = list_of(arena, object, "options");
	parameter->position = number_of(object, "position", 0);
	parameter->repeat = number_of(object, "repeat", 1);
	parameter->values =
		list_of(arena, object, strcmp(allowed, "set") == 0 ? "values" : "choices");
	if (strcmp(type, "boolean") == 0 && strcmp(allowed, "any") == 0) {
		strings_add(arena, &parameter->values, "false");
		strings_add(arena, &parameter->values, "true");
	}
	if (parameter->options.count == 0 && parameter->position == 0)
		strings_add(
			arena, &parameter->options, arena_printf(arena, "--%s", parameter->name));
}

static struct strings split_name(struct arena *arena, const char *name)
{
	struct strings words = {0};

	for (const char *word = name; *word != '\0';) {
		size_t length = strcspn(word, " ");

		strings_add(arena, &words, arena_strndup(arena, word, length));
		word += length + strspn(word + length, " ");
	}
	return words;
}

static void read_command(
	struct arena *arena, const json_t *object, struct catalogue_command *command)
{
	const json_t *parameters = json_object_get(object, "parameters");

	command->name = text_of(arena, object, "name");
	command->words = split_name(arena, command->name);
	command->description = text_of(arena, object, "description");
	command->function = strcmp(text_of(arena, object, "kind"), "function") == 0;
	command->enabled = !json_is_false(json_object_get(object, "enabled"));
	command->needs_terminal = text_of(arena, object, "terminal")[0] != '\0';
	command->count = json_array_size(parameters);
	command->parameters = arena_array(arena, command->count, sizeof(*command->parameters));
	for (size_t i = 0; i < command->count; i++)
		read_parameter(arena, json_array_get(parameters, i), &command->parameters[i]);
}

static int by_name(const void *left, const void *right)
{
	const struct catalogue_command *a = left, *b = right;

	return strcmp(a->name, b->name);
}

/* What somebody has described comes first, other names of it next, the programs of the system last.
 */
static int rank(const struct catalogue_command *command)
{
	if (command->alias_of != NULL)
		return 1;
	return command->name[0] == '/' || command->description[0] == '\0' ? 2 : 0;
}

static int by_rank(const void *left, const void *right)
{
	int difference = rank(left) - rank(right);

	return difference != 0 ? difference : by_name(left, right);
}

/* An alias is its command under another name. */
static void read_alias(struct arena *arena, const json_t *object, const struct catalogue *commands,
	struct catalogue_command *alias)
{
	struct catalogue_command key = {.name = text_of(arena, object, "command")};
	const struct catalogue_command *target = bsearch(
		&key, commands->commands, commands->count, sizeof(*commands->commands), by_name);

	if (target != NULL)
		*alias = *target;
	alias->enabled = target == NULL || target->enabled;
	alias->alias_of = key.name;
	alias->name = text_of(arena, object, "name");
	alias->words = split_name(arena, alias->name);
	alias->description = arena_printf(arena, "Short for \"%s\"", key.name);
}

static const char *drive_of(struct arena *arena, const json_t *object)
{
	const struct drive drive = {.maximum_size = number_of(object, "maximum_size", 0),
		.maximum_files = (unsigned)number_of(object, "maximum_files", 0),
		.read_only = json_is_true(json_object_get(object, "read_only"))};

	return object == NULL ? "" : drive_text(arena, &drive);
}

static struct catalogue *read_all(struct arena *arena, const json_t *root)
{
	const json_t *commands = json_object_get(root, "commands");
	const json_t *aliases = json_object_get(root, "aliases");
	struct catalogue *catalogue = arena_alloc(arena, sizeof(*catalogue));
	size_t count = json_array_size(commands), more = json_array_size(aliases);

	if (!json_is_array(commands))
		return NULL;
	catalogue->motd = text_of(arena, root, "motd");
	catalogue->contact = text_of(arena, root, "contact");
	catalogue->drive = drive_of(arena, json_object_get(root, "drive"));
	/* A gateway that does not say so knows of none to forbid. */
	catalogue->pipelines = !json_is_false(json_object_get(root, "pipelines"));
	catalogue->commands = arena_array(arena, count + more, sizeof(*catalogue->commands));
	catalogue->count = count;
	for (size_t i = 0; i < count; i++)
		read_command(arena, json_array_get(commands, i), &catalogue->commands[i]);
	qsort(catalogue->commands, count, sizeof(*catalogue->commands), by_name);
	for (size_t i = 0; i < more; i++)
		read_alias(arena, json_array_get(aliases, i), catalogue,
			&catalogue->commands[count + i]);
	catalogue->count += more;
	qsort(catalogue->commands, catalogue->count, sizeof(*catalogue->commands), by_rank);
	return catalogue;
}

struct catalogue *catalogue_read(struct arena *arena, const char *json)
{
	json_t *root = json_loads(json, 0, NULL);
	struct catalogue *catalogue = root == NULL ? NULL : read_all(arena, root);

	json_decref(root);
	return catalogue;
}

static bool begins(const struct strings *words, const struct strings *name)
{
	if (name->count == 0 || name->count > words->count)
		return false;
	for (size_t i = 0; i < name->count; i++)
		if (strcmp(words->items[i], name->items[i]) != 0)
			return false;
	return true;
}

const struct catalogue_command *catalogue_find(
	const struct catalogue *catalogue, const struct strings *words)
{
	const struct catalogue_command *best = NULL;

	for (size_t i = 0; i < catalogue->count; i++) {
		const struct catalogue_command *command = &catalogue->commands[i];

		if (begins(words, &command->words) &&
			(best == NULL || command->words.count > best->words.count))
			best = command;
	}
	return best;
}

bool catalogue_has_word(const struct catalogue *catalogue, const char *word)
{
	for (size_t i = 0; i < catalogue->count; i++)
		if (catalogue->commands[i].words.count > 0 &&
			strcmp(catalogue->commands[i].words.items[0], word) == 0)
			return true;
	return false;
}
