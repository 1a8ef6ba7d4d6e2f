/* What a capability file has besides cmdlets and functions. */
#include <string.h>
#include <strings.h>

#include "author/psrc_parts.h"
#include "base/text.h"
#include "config/check.h"
#include "config/quote.h"

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

void psrc_others(struct psrc_import *import)
{
	import_externals(import);
	import_providers(import);
	import_aliases(import);
	import_visible_aliases(import);
	import_functions(import);
	import_variables(import);
}
