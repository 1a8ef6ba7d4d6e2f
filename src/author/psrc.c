#include "author/psrc.h"

#include <string.h>
#include <strings.h>

#include "author/psrc_parts.h"
#include "base/text.h"
#include "config/check.h"
#include "config/quote.h"

/* Keys that say nothing of what somebody may do. */
static const char *const about[] = {"GUID", "Author", "CompanyName", "Copyright"};

static const struct {
	const char *key, *why;
} nothing_like[] = {
	{"ModulesToImport", "there are no modules: a command is a program, a function a script"},
	{"ScriptsToProcess", "name functions in startup_functions; these scripts are PowerShell"},
	{"VariableDefinitions", "there are no variables of a shell; see environment_variables"},
	{"TypesToProcess", "what is passed on are bytes, not objects"},
	{"FormatsToProcess", "what is passed on are bytes, not objects"},
	{"AssembliesToLoad", "nothing is loaded into the gateway"},
};

/* Read by functions of their own. */
static const char *const carried[] = {"Description", "VisibleCmdlets", "VisibleFunctions",
	"VisibleExternalCommands", "VisibleProviders", "VisibleAliases", "AliasDefinitions",
	"FunctionDefinitions", "EnvironmentVariables"};

const char *psrc_origin(const struct psrc_import *import, const char *key, unsigned line)
{
	return arena_printf(import->arena, "%s, line %u", key, line);
}

struct psd1_value **psrc_elements(struct psrc_import *import, const char *key, size_t *count)
{
	const struct psd1_value *value = psd1_member(import->table, key);
	struct psd1_value **one;

	*count = 0;
	if (value == NULL || value->kind == PSD1_NULL)
		return NULL;
	if (value->kind == PSD1_ARRAY) {
		*count = value->count;
		return value->items;
	}
	*count = 1;
	one = arena_alloc(import->arena, sizeof(struct psd1_value *));
	memcpy(one, &value, sizeof(value));
	return one;
}

const char *psrc_text(const struct psd1_value *table, const char *key)
{
	const struct psd1_value *value = psd1_member(table, key);

	return value != NULL && value->kind == PSD1_STRING ? value->text : NULL;
}

static void import_externals(struct psrc_import *import)
{
	static const char key[] = "VisibleExternalCommands";
	size_t count;
	struct psd1_value **items = psrc_elements(import, key, &count);

	for (size_t i = 0; i < count; i++) {
		const char *origin = psrc_origin(import, key, items[i]->line);
		const char *path = items[i]->text, *expected;

		if (items[i]->kind != PSD1_STRING) {
			losses_add(import->losses, origin, psd1_kind_name(items[i]->kind),
				"expected the path of a program");
			continue;
		}
		expected = check_external(path);
		if (expected != NULL)
			losses_add(import->losses, origin, path, "expected %s", expected);
		else if (!strings_contain(&import->externals, path))
			strings_add(import->arena, &import->externals, path);
	}
}

static void import_providers(struct psrc_import *import)
{
	static const char key[] = "VisibleProviders";
	size_t count;
	struct psd1_value **items = psrc_elements(import, key, &count);

	for (size_t i = 0; i < count; i++) {
		const char *name = items[i]->kind == PSD1_STRING ? items[i]->text : "";

		if (import->policy != NULL &&
			table_get(&import->policy->provider_by_name, name) != NULL)
			strings_add(import->arena, &import->providers, name);
		else
			losses_add(import->losses, psrc_origin(import, key, items[i]->line),
				name[0] == '\0' ? "a value" : name,
				"a provider is a named file area of providers.d here, and none has "
				"this name");
	}
}

static bool is_visible(struct psrc_import *import, const char *alias)
{
	size_t count;
	struct psd1_value **items = psrc_elements(import, "VisibleAliases", &count);

	for (size_t i = 0; i < count; i++)
		if (items[i]->kind == PSD1_STRING && strcasecmp(items[i]->text, alias) == 0)
			return true;
	return false;
}

/* Defined once in all roles: where another definition stands already, that is another alias. */
static const char *alias_refused(
	struct psrc_import *import, const char *name, const struct command *command)
{
	const struct alias *known;

	if (check_name(name) != NULL)
		return "its name is none of an alias here";
	if (command == NULL)
		return "nothing defines the command that it stands for";
	known = table_get(&import->policy->alias_by_name, name);
	if (known != NULL && strcmp(known->target, command->name) != 0)
		return "this configuration has another alias of that name";
	return NULL;
}

static void import_aliases(struct psrc_import *import)
{
	static const char key[] = "AliasDefinitions";
	size_t count;
	struct psd1_value **items = psrc_elements(import, key, &count);

	for (size_t i = 0; i < count; i++) {
		const char *name = psrc_text(items[i], "Name"), *why;
		const char *target = psrc_text(items[i], "Value");
		const struct command *command =
			target == NULL ? NULL : psrc_command(import, target);

		name = name == NULL ? "an alias without a Name" : name;
		why = alias_refused(import, name, command);
		if (why != NULL) {
			losses_add(import->losses, psrc_origin(import, key, items[i]->line), name,
				"%s", why);
			continue;
		}
		strings_add(import->arena, &import->aliases,
			arena_printf(import->arena, "{ name = %s; command = %s; }",
				config_quote(import->arena, name),
				config_quote(import->arena, command->name)));
		if (is_visible(import, name))
			strings_add(import->arena, &import->visible_aliases, name);
	}
}

/* Those of the file have been added; others may be in the configuration already. */
static void import_visible_aliases(struct psrc_import *import)
{
	static const char key[] = "VisibleAliases";
	size_t count;
	struct psd1_value **items = psrc_elements(import, key, &count);

	for (size_t i = 0; i < count; i++) {
		const char *name = items[i]->kind == PSD1_STRING ? items[i]->text : "a value";
		bool known = import->policy != NULL &&
			     table_get(&import->policy->alias_by_name, name) != NULL;

		if (known && !strings_contain(&import->visible_aliases, name))
			strings_add(import->arena, &import->visible_aliases, name);
		if (!known && !strings_contain(&import->visible_aliases, name))
			losses_add(import->losses, psrc_origin(import, key, items[i]->line), name,
				"nothing defines an alias of this name");
	}
}

static void import_functions(struct psrc_import *import)
{
	static const char key[] = "FunctionDefinitions";
	size_t count;
	struct psd1_value **items = psrc_elements(import, key, &count);

	for (size_t i = 0; i < count; i++) {
		const struct psd1_value *script = psd1_member(items[i], "ScriptBlock");
		const char *name = psrc_text(items[i], "Name");

		name = name == NULL ? "a function without a Name" : name;
		losses_add(import->losses, psrc_origin(import, key, items[i]->line), name,
			"its code is PowerShell, which is never read here: define a function of "
			"that name, see rolegate-functions(5)");
		if (script != NULL && script->kind == PSD1_SCRIPT)
			strings_add(import->arena, &import->scripts,
				arena_printf(
					import->arena, "function %s {%s}", name, script->text));
	}
}

static void import_variable(
	struct psrc_import *import, const char *name, const struct psd1_value *value)
{
	static const char key[] = "EnvironmentVariables";
	const char *expected = check_variable(name);

	if (expected == NULL && value->kind != PSD1_STRING && value->kind != PSD1_NUMBER)
		expected = "a string as its value";
	if (expected == NULL &&
		text_refused(value->text, strlen(value->text)) != strlen(value->text))
		expected = "a value without control characters";
	if (expected != NULL) {
		losses_add(import->losses, psrc_origin(import, key, value->line), name,
			"expected %s", expected);
		return;
	}
	strings_add(import->arena, &import->variables,
		arena_printf(import->arena, "{ name = %s; value = %s; }",
			config_quote(import->arena, name),
			config_quote(import->arena, value->text)));
}

static void import_variables(struct psrc_import *import)
{
	size_t count;
	struct psd1_value **items = psrc_elements(import, "EnvironmentVariables", &count);

	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; items[i]->kind == PSD1_TABLE && j < items[i]->count; j++)
			import_variable(import, items[i]->keys[j], items[i]->items[j]);
}

static bool is_one_of(const char *key, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcasecmp(names[i], key) == 0)
			return true;
	return false;
}

static bool is_empty(const struct psd1_value *value)
{
	return value->kind == PSD1_NULL ||
	       ((value->kind == PSD1_ARRAY || value->kind == PSD1_TABLE) && value->count == 0);
}

/* What stands in the file and has no place here, known or not. */
static void lose_rest(struct psrc_import *import)
{
	const struct psd1_value *table = import->table;

	for (size_t i = 0; i < table->count; i++) {
		const char *key = table->keys[i], *why = "it is no key of a role capability file";
		size_t known = sizeof(nothing_like) / sizeof(nothing_like[0]);

		if (is_one_of(key, about, sizeof(about) / sizeof(about[0])) ||
			is_one_of(key, carried, sizeof(carried) / sizeof(carried[0])))
			continue;
		for (size_t j = 0; j < known; j++)
			if (strcasecmp(nothing_like[j].key, key) == 0)
				why = is_empty(table->items[i]) ? NULL : nothing_like[j].why;
		if (why != NULL)
			losses_add(import->losses, psrc_origin(import, key, table->items[i]->line),
				key, "%s", why);
	}
}

static void add_list(struct sheet *sheet, const char *key, const struct strings *texts)
{
	if (texts->count > 0)
		sheet_add(sheet, "%s = (\n  %s );\n", key,
			strings_join(sheet->arena, texts, ",\n  "));
}

static void add_names(struct sheet *sheet, const char *key, const struct strings *names)
{
	if (names->count > 0)
		sheet_add(sheet, "%s = [ %s ];\n", key, sheet_list(sheet->arena, names));
}

static void add_head(const struct psrc_import *import, const char *file, struct sheet *sheet)
{
	const char *description = psrc_text(import->table, "Description");

	sheet_comment(sheet, "", "Made by rolegatectl import psrc from %s", file);
	for (size_t i = 0; i < sizeof(about) / sizeof(about[0]); i++) {
		const char *text = psrc_text(import->table, about[i]);

		if (text != NULL)
			sheet_comment(sheet, "", "%s: %s", about[i], text);
	}
	sheet_add(sheet, "\n");
	losses_comment(import->losses, 0, sheet);
	if (description != NULL &&
		text_refused(description, strlen(description)) == strlen(description))
		sheet_add(sheet, "description = %s;\n", config_quote(import->arena, description));
}

static char *role_text(const struct psrc_import *import, const char *file)
{
	struct sheet sheet = {.arena = import->arena};

	add_head(import, file, &sheet);
	add_list(&sheet, "visible_commands", &import->commands);
	add_list(&sheet, "visible_functions", &import->functions);
	add_names(&sheet, "visible_external_commands", &import->externals);
	add_names(&sheet, "visible_providers", &import->providers);
	add_list(&sheet, "alias_definitions", &import->aliases);
	add_names(&sheet, "visible_aliases", &import->visible_aliases);
	add_list(&sheet, "environment_variables", &import->variables);
	if (import->unknown.count > 0)
		sheet_comment(&sheet, "",
			"\nNothing defines these; once something does they belong into "
			"visible_commands or visible_functions:\n  %s",
			strings_join(import->arena, &import->unknown, ",\n  "));
	for (size_t i = 0; i < import->scripts.count; i++)
		sheet_comment(&sheet, "", "\n%s", import->scripts.items[i]);
	return sheet_text(&sheet);
}

/* The file's name without its folder and suffix, and with "-" for what no name has. */
static const char *role_name(struct arena *arena, const char *file)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
	const char *slash = strrchr(file, '/'), *base = slash == NULL ? file : slash + 1;
	size_t length = strlen(base);
	char *name;

	if (length > 5 && strcasecmp(base + length - 5, ".psrc") == 0)
		length -= 5;
	name = arena_strndup(arena, base, length < 64 ? length : 64);
	for (char *at = name; *at != '\0'; at++)
		if (strchr(plain, *at) == NULL)
			*at = '-';
	if (name[0] == '-' || name[0] == '.')
		name[0] = '_';
	return name[0] == '\0' ? "imported" : name;
}

int psrc_import(struct arena *arena, const struct policy *policy, const char *file,
	const char *bytes, size_t length, struct psrc *psrc, const char **complaint)
{
	struct psrc_import import = {.arena = arena, .policy = policy};
	unsigned line;

	*psrc = (struct psrc){.file = file, .role = role_name(arena, file)};
	psrc->losses.arena = arena;
	import.losses = &psrc->losses;
	import.table = psd1_parse(arena, bytes, length, complaint, &line);
	if (import.table == NULL) {
		if (line > 0)
			*complaint = arena_printf(arena, "line %u: %s", line, *complaint);
		return -1;
	}
	psrc_grants(&import, "VisibleCmdlets");
	psrc_grants(&import, "VisibleFunctions");
	import_externals(&import);
	import_providers(&import);
	import_aliases(&import);
	import_visible_aliases(&import);
	import_functions(&import);
	import_variables(&import);
	lose_rest(&import);
	psrc->text = role_text(&import, file);
	return 0;
}
