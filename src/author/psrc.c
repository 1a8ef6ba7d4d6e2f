#include "author/psrc.h"

#include <string.h>
#include <strings.h>

#include "author/psrc_parts.h"
#include "base/text.h"
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
	psrc_others(&import);
	lose_rest(&import);
	psrc->text = role_text(&import, file);
	return 0;
}
