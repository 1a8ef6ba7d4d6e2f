/* Which entry of trusted.d is for which function. Every table is built once: nothing is searched.
 */
#include <string.h>

#include "config/loader.h"
#include "config/suggest.h"

#define report(linking, where, ...)                                                                \
	problem_add((linking)->loader->problems, PROBLEM_ERROR, where, __VA_ARGS__)

struct linking {
	struct loader *loader;
	struct table by_id, by_function, by_path; /* -> struct trust_entry */
	struct table used;			  /* paths of entries that some function has */
};

static struct function *function_of(const struct command *command)
{
	return (struct function *)(uintptr_t)command->function;
}

static void put_once(struct linking *linking, struct table *table, const char *key,
	struct trust_entry *entry, const char *what)
{
	const struct trust_entry *before;

	if (key == NULL)
		return;
	before = table_get(table, key);
	if (before == NULL)
		table_put(linking->loader->scratch, table, key, entry);
	else
		report(linking, entry->source, "trusted: %s %s has an entry already, at %s:%u",
			what, key, before->source.file, before->source.line);
}

static void link_key(struct linking *linking, struct trust_entry *entry)
{
	const struct policy *policy = linking->loader->policy;
	struct suggestion suggestion;

	if (entry->signed_by == NULL)
		return;
	suggestion = suggestion_new(entry->signed_by);
	for (size_t i = 0; i < policy->key_count; i++) {
		if (policy->keys[i].name == NULL)
			continue;
		suggestion_consider(&suggestion, policy->keys[i].name);
		if (strcmp(policy->keys[i].name, entry->signed_by) == 0)
			entry->key = &policy->keys[i];
	}
	if (entry->key == NULL)
		report(linking, entry->source,
			"trusted: signed_by = \"%s\" is no key of trusted_keys in rolegate.conf%s",
			entry->signed_by, suggestion_text(linking->loader->scratch, &suggestion));
}

static void unknown_function(struct linking *linking, const struct trust_entry *entry)
{
	const struct policy *policy = linking->loader->policy;
	struct suggestion suggestion = suggestion_new(entry->function);

	for (size_t i = 0; i < policy->command_count; i++)
		if (policy->commands[i]->function != NULL)
			suggestion_consider(&suggestion, policy->commands[i]->name);
	report(linking, entry->source, "trusted: function \"%s\" is not defined%s", entry->function,
		suggestion_text(linking->loader->scratch, &suggestion));
}

static void check_function(struct linking *linking, const struct trust_entry *entry)
{
	const struct command *command =
		table_get(&linking->loader->policy->command_by_name, entry->function);

	if (command == NULL)
		unknown_function(linking, entry);
	else if (command->function == NULL)
		report(linking, entry->source,
			"trusted: \"%s\" is a command; expected the name of a function",
			entry->function);
	else if (entry->signed_by != NULL && command->function->script.path == NULL)
		report(linking, entry->source,
			"trusted: the script of function \"%s\" is in %s, and only files are "
			"signed; "
			"expected content_hash, or path = \"%s\"",
			entry->function, command->source.file, command->source.file);
}

static void add_entry(struct linking *linking, struct trust_entry *entry)
{
	put_once(linking, &linking->by_id, entry->id, entry, "id");
	put_once(linking, &linking->by_function, entry->function, entry, "function");
	put_once(linking, &linking->by_path, entry->path, entry, "path");
	link_key(linking, entry);
	if (entry->function != NULL)
		check_function(linking, entry);
}

static const struct trust_entry *own_entry(struct linking *linking, const struct function *function)
{
	const char *name = function->command->name, *path = function->script.path;
	const struct trust_entry *named = table_get(&linking->by_function, name);
	const struct trust_entry *placed = path == NULL ? NULL : table_get(&linking->by_path, path);

	if (placed != NULL)
		table_put(
			linking->loader->scratch, &linking->used, path, (void *)(uintptr_t)placed);
	if (named != NULL && placed != NULL)
		report(linking, named->source,
			"trusted: function \"%s\" has an entry already, for its script %s at %s:%u",
			name, path, placed->source.file, placed->source.line);
	return named != NULL ? named : placed;
}

/* The file is named by an entry: that is for what has its script in it, and decides what is not. */
static void link_library(struct linking *linking, struct function *function,
	const struct trust_entry *own, const struct trust_entry *library)
{
	const char *name = function->command->name;
	bool listed = strings_contain(&library->exports, name);

	if (library->exports.count > 0 && !listed) {
		function->library = library;
		function->removed = !library->constrain_others;
		if (own != NULL)
			report(linking, own->source,
				"trusted: function \"%s\" is not exported by %s:%u; expected it in "
				"exports there, or no entry of its own",
				name, library->source.file, library->source.line);
	} else if (function->script.path == NULL && own != NULL) {
		report(linking, own->source,
			"trusted: function \"%s\" has an entry already, for its file %s at %s:%u",
			name, library->path, library->source.file, library->source.line);
	} else if (function->script.path == NULL) {
		function->trust = library;
	} else if (listed && own == NULL) {
		report(linking, library->source,
			"trusted: the script of function \"%s\" is not in %s; expected an entry of "
			"its "
			"own for %s",
			name, library->path, function->script.path);
	}
}

static void link_function(struct linking *linking, struct function *function)
{
	const char *file = function->command->source.file;
	const struct trust_entry *library = table_get(&linking->by_path, file);
	const struct trust_entry *own = own_entry(linking, function);

	function->trust = own;
	if (library != NULL)
		link_library(linking, function, own, library);
}

static void check_exports(struct linking *linking, const struct trust_entry *entry)
{
	for (size_t i = 0; i < entry->exports.count; i++) {
		const char *name = entry->exports.items[i];
		const struct command *command =
			table_get(&linking->loader->policy->command_by_name, name);

		if (command == NULL || command->function == NULL ||
			strcmp(command->source.file, entry->path) != 0)
			report(linking, entry->source,
				"trusted: function \"%s\" in exports is not defined in %s", name,
				entry->path);
	}
}

static void check_path(struct linking *linking, struct trust_entry *entry)
{
	struct loader *loader = linking->loader;
	const char *digest;

	if (!trust_is_library(entry)) {
		if (table_get(&linking->used, entry->path) == NULL)
			problem_add(loader->problems, PROBLEM_WARNING, entry->source,
				"trusted: no function has the script %s", entry->path);
		return;
	}
	digest = table_get(&loader->digest_by_file, entry->path);
	if (digest == NULL)
		report(linking, entry->source, "trusted: there is no file %s", entry->path);
	else
		memcpy(entry->file_digest, digest, sizeof(entry->file_digest));
	check_exports(linking, entry);
}

void link_trust(struct loader *loader)
{
	struct policy *policy = loader->policy;
	struct linking linking = {.loader = loader};

	for (size_t i = 0; i < policy->trust_count; i++)
		add_entry(&linking, &policy->trust[i]);
	for (size_t i = 0; i < policy->command_count; i++)
		if (policy->commands[i]->function != NULL)
			link_function(&linking, function_of(policy->commands[i]));
	for (size_t i = 0; i < policy->trust_count; i++)
		if (policy->trust[i].path != NULL)
			check_path(&linking, &policy->trust[i]);
}
