/* trust add: one entry in a file of its own. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "admin/trust.h"
#include "base/message.h"
#include "base/text.h"
#include "config/trust_files.h"

/* 0, or -1 after a message. */
static int set_words(
	struct arena *arena, const struct trust_words *words, struct trust_entry *entry)
{
	int level = words->level == NULL ? TRUST_TRUSTED
					 : trust_choice("--level", words->level, trust_level_names);
	int mismatch =
		words->on_mismatch == NULL
			? MISMATCH_BLOCK
			: trust_choice("--on-mismatch", words->on_mismatch, trust_mismatch_names);

	if (level < 0 || mismatch < 0)
		return -1;
	if (level == TRUST_SYSTEM) {
		message_error("trust add: level system is for rolegate.conf alone: put an entry "
			      "into `trusted` there");
		return -1;
	}
	entry->level = (enum trust_level)level;
	entry->on_mismatch = (enum trust_mismatch)mismatch;
	entry->signed_by = words->signed_by;
	entry->id = words->id != NULL ? words->id : trust_random_id(arena);
	return entry->id == NULL ? -1 : 0;
}

static int pin_interpreter(struct arena *arena, const struct script *script,
	const struct script_content *content, struct trust_entry *entry)
{
	char *digest = arena_alloc(arena, 65);
	const char *complaint;

	entry->interpreter_hash = digest;
	if (trust_interpreter_digest(arena, script, content, digest, &complaint) == 0)
		return 0;
	message_error("trust add: the interpreter can't be pinned: %s", complaint);
	return -1;
}

static int add_library(
	struct arena *arena, const struct trust_words *words, struct trust_entry *entry)
{
	char *digest = arena_alloc(arena, 65);
	const char *path = arena_printf(arena, "%s/%s", words->config, words->operand);

	if (words->pin_interpreter) {
		message_error("trust add: a file of functions has no interpreter to pin");
		return -1;
	}
	entry->path = words->operand;
	entry->content_hash = digest;
	if (trust_digest(path, digest) == 0)
		return 0;
	message_error("trust add: %s: %s", path, strerror(errno));
	return -1;
}

/* `function`: that has the script; NULL: none has it yet. */
static int add_script(struct arena *arena, const struct trust_words *words,
	const struct function *function, struct trust_entry *entry)
{
	struct script script = {.path = words->operand};
	struct script_content *content = arena_alloc(arena, sizeof(*content));
	const char *complaint = "it can't be read";

	if (function != NULL)
		script = function->script;
	if (function != NULL && function->script.content.digest[0] != '\0')
		*content = function->script.content;
	else if (script.path == NULL ||
		 trust_script_digest(arena, script.path, content, &complaint) != 0) {
		message_error("trust add: %s: %s", words->operand, complaint);
		return -1;
	}
	entry->content_hash = content->digest;
	return words->pin_interpreter ? pin_interpreter(arena, &script, content, entry) : 0;
}

static int set_target(struct arena *arena, const struct policy *policy,
	const struct trust_words *words, struct trust_entry *entry)
{
	const struct command *command;

	if (strncmp(words->operand, "functions.d/", 12) == 0)
		return add_library(arena, words, entry);
	if (words->operand[0] == '/') {
		const struct function *function = trust_function_of(policy, words->operand);

		entry->path = words->operand;
		if (function == NULL)
			message_warning("no function has the script %s yet", words->operand);
		return add_script(arena, words, function, entry);
	}
	command = table_get(&policy->command_by_name, words->operand);
	if (command == NULL || command->function == NULL) {
		message_error("trust add: there is no function \"%s\"", words->operand);
		return -1;
	}
	entry->function = command->name;
	return add_script(arena, words, command->function, entry);
}

/* "drain node" and "/opt/x/drain.sh" as a file that is read. */
static const char *file_name(struct arena *arena, const char *operand)
{
	const char *slash = strrchr(operand, '/');
	char *name = arena_strdup(arena, slash == NULL ? operand : slash + 1);
	size_t length = strlen(name);

	if (length > 5 && strcmp(name + length - 5, ".conf") == 0)
		name[length - 5] = '\0';
	for (char *at = name; *at != '\0'; at++)
		if (strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-",
			    *at) == NULL ||
			(at == name && *at == '.'))
			*at = '-';
	return arena_printf(arena, "trusted.d/%s.conf", name);
}

/* What would make the gateway refuse its configuration is taken back. */
static int keep(struct arena *arena, const struct trust_words *words, const char *path)
{
	if (trust_load(arena, words->config) != NULL)
		return 0;
	(void)unlink(path);
	message_error("trust add: %s was taken away again", path);
	return -1;
}

int trust_add(struct arena *arena, const struct trust_words *words)
{
	struct policy *policy = trust_load(arena, words->config);
	struct trust_entry entry = {0};
	struct strings entries = {0};
	const char *name, *path;

	if (policy == NULL || set_target(arena, policy, words, &entry) < 0 ||
		set_words(arena, words, &entry) < 0)
		return ADMIN_WRONG;
	if (entry.signed_by != NULL)
		entry.content_hash = NULL;
	name = file_name(arena, words->operand);
	path = arena_printf(arena, "%s/%s", words->config, name);
	strings_add(arena, &entries, trust_text(arena, &entry));
	if (trust_write(arena, path, trust_file_text(arena, &entries, "add"), false) != 0) {
		message_error("trust add: %s: %s", path,
			errno == EEXIST ? "there is such a file already, and it is left as it is; "
					  "\"rolegatectl trust update\" trusts what a "
					  "script has become"
					: strerror(errno));
		return ADMIN_WRONG;
	}
	if (keep(arena, words, path) < 0)
		return ADMIN_WRONG;
	printf("%s: %s is %s as it is now; \"rolegatectl reload\" makes it count\n", name,
		text_escape(arena, words->operand, strlen(words->operand)),
		trust_level_names[entry.level]);
	return ADMIN_OK;
}
