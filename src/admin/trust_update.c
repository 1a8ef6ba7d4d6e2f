/*
 * trust update: an entry gets the digests of what its target has become, and keeps all else. In the
 * file these digits alone are replaced, so that what a person wrote around them stays.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "admin/trust.h"
#include "base/fd.h"
#include "base/message.h"
#include "base/text.h"
#include "config/document.h"
#include "config/trust_files.h"

struct update {
	struct arena *arena;
	const struct trust_words *words;
	const struct policy *policy;
	const struct trust_entry *entry;
	char *text; /* of the entry's file */
	bool changed;
};

static const struct trust_entry *find_entry(const struct policy *policy, const char *word)
{
	for (size_t i = 0; i < policy->trust_count; i++) {
		const struct trust_entry *entry = &policy->trust[i];

		if (strcmp(entry->id, word) == 0 ||
			(entry->function != NULL && strcmp(entry->function, word) == 0) ||
			(entry->path != NULL && strcmp(entry->path, word) == 0))
			return entry;
	}
	return NULL;
}

/* 0, or -1 when `old` does not stand there exactly once. */
static int replace(struct update *update, const char *old, const char *new)
{
	char *at = strstr(update->text, old);

	if (at == NULL || strstr(at + 1, old) != NULL) {
		message_error("trust update: %s does not stand exactly once in %s: change it there "
			      "to %s",
			old, update->entry->source.file, new);
		return -1;
	}
	update->text = arena_printf(update->arena, "%.*s%s%s", (int)(at - update->text),
		update->text, new, at + strlen(old));
	update->changed = true;
	return 0;
}

static int replace_hash(struct update *update, const char *what, const char *old, const char *new)
{
	struct arena *arena = update->arena;

	if (strcmp(old, new) == 0) {
		printf("%s: unchanged, sha256:%s\n", what, old);
		return 0;
	}
	printf("%s: was sha256:%s\n%*s  is sha256:%s\n", what, old, (int)strlen(what), "", new);
	return replace(update, arena_printf(arena, "\"sha256:%s\"", old),
		arena_printf(arena, "\"sha256:%s\"", new));
}

/*
 * A script that was renamed is found by its content, in a function that has no entry yet: the entry
 * goes with it.
 */
static const struct function *find_renamed(struct update *update)
{
	const struct function *found = NULL;

	for (size_t i = 0; i < update->policy->command_count; i++) {
		const struct function *function = update->policy->commands[i]->function;

		if (function == NULL || function->script.path == NULL || function->trust != NULL ||
			update->entry->content_hash == NULL ||
			strcmp(function->script.content.digest, update->entry->content_hash) != 0)
			continue;
		if (found != NULL && strcmp(found->script.path, function->script.path) != 0)
			return NULL;
		found = function;
	}
	return found;
}

static int follow_rename(struct update *update)
{
	const struct function *renamed = find_renamed(update);
	struct arena *arena = update->arena;
	const char *old = update->entry->path;

	if (renamed == NULL) {
		message_error("trust update: %s can't be read, and no function has a script of its "
			      "content",
			old);
		return -1;
	}
	printf("path: was %s\n       is %s\n", text_escape(arena, old, strlen(old)),
		text_escape(arena, renamed->script.path, strlen(renamed->script.path)));
	return replace(update, arena_printf(arena, "\"%s\"", old),
		arena_printf(arena, "\"%s\"", renamed->script.path));
}

static int update_script(struct update *update, const struct script *script)
{
	const struct trust_entry *entry = update->entry;
	struct script_content content = script->content;
	char interpreter[65] = "";
	const char *complaint = "its script could not be read";

	if (script->path != NULL &&
		trust_script_digest(update->arena, script->path, &content, &complaint) != 0) {
		if (errno == ENOENT && entry->path != NULL)
			return follow_rename(update);
		message_error("trust update: %s: %s", script->path, complaint);
		return -1;
	}
	if (entry->content_hash != NULL &&
		replace_hash(update, "content", entry->content_hash, content.digest) != 0)
		return -1;
	if (entry->interpreter_hash == NULL)
		return 0;
	if (trust_interpreter_digest(update->arena, script, &content, interpreter, &complaint) !=
		0) {
		message_error("trust update: the interpreter: %s", complaint);
		return -1;
	}
	return replace_hash(update, "interpreter", entry->interpreter_hash, interpreter);
}

static int update_entry(struct update *update)
{
	const struct trust_entry *entry = update->entry;
	const struct function *function;
	const struct command *command;
	struct script script = {.path = entry->path};

	if (trust_is_library(entry)) {
		if (entry->content_hash == NULL)
			return 0;
		return replace_hash(update, "content", entry->content_hash, entry->file_digest);
	}
	if (entry->function != NULL) {
		command = table_get(&update->policy->command_by_name, entry->function);
		function = command->function;
	} else {
		function = trust_function_of(update->policy, entry->path);
	}
	return update_script(update, function != NULL ? &function->script : &script);
}

int trust_update(struct arena *arena, const struct trust_words *words)
{
	struct update update = {
		.arena = arena, .words = words, .policy = trust_load(arena, words->config)};
	const char *path;
	size_t length;

	if (update.policy == NULL)
		return ADMIN_WRONG;
	update.entry = find_entry(update.policy, words->operand);
	if (update.entry == NULL) {
		message_error(
			"trust update: no entry has the id, function or path %s", words->operand);
		return ADMIN_WRONG;
	}
	path = arena_printf(arena, "%s/%s", words->config, update.entry->source.file);
	update.text = fd_read_file(arena, path, DOCUMENT_SIZE_MAX, &length);
	if (update.text == NULL) {
		message_error("trust update: %s: %s", path, strerror(errno));
		return ADMIN_WRONG;
	}
	if (update_entry(&update) != 0)
		return ADMIN_WRONG;
	if (update.entry->signed_by != NULL)
		printf("its content is signed by %s: sign what it has become\n",
			update.entry->signed_by);
	if (!update.changed)
		return ADMIN_OK;
	if (trust_write(arena, path, update.text, true) != 0) {
		message_error("trust update: %s: %s", path, strerror(errno));
		return ADMIN_WRONG;
	}
	printf("%s: %s is updated; \"rolegatectl reload\" makes it count\n",
		update.entry->source.file, update.entry->id);
	return ADMIN_OK;
}
