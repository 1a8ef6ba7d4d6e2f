/* VisibleCmdlets and VisibleFunctions: which names there are here. */
#include <string.h>
#include <strings.h>

#include "author/psrc_parts.h"
#include "base/text.h"
#include "config/check.h"
#include "config/quote.h"

const struct command *psrc_command(const struct psrc_import *import, const char *name)
{
	const struct policy *policy = import->policy;
	const struct command *found =
		policy == NULL ? NULL : table_get(&policy->command_by_name, name);

	for (size_t i = 0; policy != NULL && found == NULL && i < policy->command_count; i++)
		if (strcasecmp(policy->commands[i]->name, name) == 0)
			found = policy->commands[i];
	return found != NULL && !found->external ? found : NULL;
}

/* Each kind that has a command which it matches gets it: what matches nothing is refused. */
static bool add_wildcard(struct psrc_import *import, const char *name)
{
	const struct policy *policy = import->policy;
	bool command = false, function = false;

	for (size_t i = 0; policy != NULL && i < policy->command_count; i++) {
		const struct command *known = policy->commands[i];

		if (known->external || !text_wildcard(name, known->name))
			continue;
		if (known->function == NULL)
			command = true;
		else
			function = true;
	}
	name = config_quote(import->arena, name);
	if (command)
		strings_add(import->arena, &import->commands, name);
	if (function)
		strings_add(import->arena, &import->functions, name);
	return command || function;
}

static void add_unknown(struct psrc_import *import, const char *origin, const char *name,
	const struct psd1_value *parameters)
{
	const char *grant = psrc_grant(import, origin, name, NULL, parameters);

	strings_add(import->arena, &import->unknown, grant);
	losses_add(import->losses, origin, name,
		"nothing defines a command or function of this name%s",
		import->policy == NULL ? " (without --config none is known)" : "");
}

/* "Module\Name" is the name alone here. */
static const char *without_module(struct psrc_import *import, const char *origin, const char *name)
{
	const char *slash = strrchr(name, '\\');

	if (slash == NULL)
		return name;
	losses_add(import->losses, origin, name, "names here have no module; taken as \"%s\"",
		slash + 1);
	return slash + 1;
}

static void add_named(struct psrc_import *import, const char *origin, const char *written,
	const struct psd1_value *parameters)
{
	const char *name = without_module(import, origin, written);
	const struct command *command = psrc_command(import, name);
	const char *grant;

	if (check_is_wildcard(name)) {
		if (check_wildcard(name) != NULL)
			losses_add(import->losses, origin, name,
				"a name here has letters, digits, \"_\", \".\", \"-\" and \"*\"");
		else if (parameters != NULL)
			losses_add(import->losses, origin, name,
				"a name with \"*\" has no parameters here");
		else if (!add_wildcard(import, name))
			add_unknown(import, origin, name, NULL);
		return;
	}
	if (check_command_name(name) != NULL) {
		losses_add(import->losses, origin, name, "it is no name of a command here");
		return;
	}
	if (command == NULL) {
		add_unknown(import, origin, name, parameters);
		return;
	}
	grant = psrc_grant(import, origin, name, command, parameters);
	strings_add(import->arena,
		command->function == NULL ? &import->commands : &import->functions, grant);
}

/* What else a hashtable there says could restrict, so that the entry does not count without it. */
static const char *unknown_key(const struct psd1_value *table)
{
	for (size_t i = 0; i < table->count; i++)
		if (strcasecmp(table->keys[i], "Name") != 0 &&
			strcasecmp(table->keys[i], "Parameters") != 0)
			return table->keys[i];
	return NULL;
}

static void add_table(
	struct psrc_import *import, const char *origin, const struct psd1_value *table)
{
	const char *name = psrc_text(table, "Name"), *unknown = unknown_key(table);

	if (name == NULL)
		losses_add(import->losses, origin, "an entry", "it has no Name");
	else if (unknown != NULL)
		losses_add(import->losses, origin, name, "the key %s is not known here", unknown);
	else
		add_named(import, origin, name, psd1_member(table, "Parameters"));
}

void psrc_grants(struct psrc_import *import, const char *key)
{
	size_t count;
	struct psd1_value **items = psrc_elements(import, key, &count);

	for (size_t i = 0; i < count; i++) {
		const char *origin = psrc_origin(import, key, items[i]->line);

		if (items[i]->kind == PSD1_TABLE)
			add_table(import, origin, items[i]);
		else if (items[i]->kind == PSD1_STRING)
			add_named(import, origin, items[i]->text, NULL);
		else
			losses_add(import->losses, origin, psd1_kind_name(items[i]->kind),
				"expected a name or a hashtable");
	}
}
