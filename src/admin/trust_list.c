/* trust list, trust verify: every entry, and what has become of its target. */
#include <stdio.h>
#include <string.h>

#include "admin/admin.h"
#include "admin/trust.h"
#include "base/message.h"
#include "base/text.h"

static const char *target_of(const struct trust_entry *entry)
{
	return entry->function != NULL ? entry->function : entry->path;
}

static enum trust_state state_of_function(struct arena *arena, const struct function *function,
	const struct script_content *content, const char **reason)
{
	const char *interpreter = function->interpreter_digest;
	struct trust_verdict verdict;

	if (content->digest[0] == '\0') {
		*reason = "its script could not be read";
		return TRUST_MISSING;
	}
	verdict = trust_judge(arena, function, content, *interpreter == '\0' ? NULL : interpreter);
	*reason = verdict.differs ? verdict.note : NULL;
	return verdict.differs ? TRUST_DIFFERS : TRUST_MATCHES;
}

/* A script that no function has: what a function would be told. */
static enum trust_state state_of_file(
	struct arena *arena, const struct trust_entry *entry, const char **reason)
{
	struct function function = {.trust = entry, .script.path = entry->path};
	struct script_content *content = &function.script.content;
	const char *complaint;

	if (trust_script_digest(arena, entry->path, content, reason) != 0)
		return TRUST_MISSING;
	if (entry->interpreter_hash != NULL)
		(void)trust_interpreter_digest(
			arena, &function.script, content, function.interpreter_digest, &complaint);
	return state_of_function(arena, &function, content, reason);
}

enum trust_state trust_state_of(struct arena *arena, const struct policy *policy,
	const struct trust_entry *entry, const char **reason)
{
	const struct function library = {.trust = entry};
	const struct script_content any = {.digest = "-"};
	const struct function *function;
	const struct command *command;

	if (trust_is_library(entry))
		return state_of_function(arena, &library, &any, reason);
	if (entry->function != NULL) {
		command = table_get(&policy->command_by_name, entry->function);
		function = command->function;
	} else {
		function = trust_function_of(policy, entry->path);
	}
	if (function == NULL)
		return state_of_file(arena, entry, reason);
	return state_of_function(arena, function, &function->script.content, reason);
}

static const char *const state_names[] = {
	[TRUST_MATCHES] = "matches", [TRUST_DIFFERS] = "differs", [TRUST_MISSING] = "missing"};

static const char *hash_json(struct arena *arena, const char *name, const char *digest)
{
	return digest == NULL ? "" : arena_printf(arena, "\"%s\":\"sha256:%s\",", name, digest);
}

static char *entry_json(struct arena *arena, const struct trust_entry *entry)
{
	const char *signer = entry->signed_by == NULL ? ""
						      : arena_printf(arena, "\"signed_by\":%s,",
								json_text(arena, entry->signed_by));

	return arena_printf(arena,
		"{\"id\":%s,\"%s\":%s,%s%s%s\"level\":\"%s\",\"on_mismatch\":\"%s\",\"file\":%s,"
		"\"line\":%u}",
		json_text(arena, entry->id), entry->function != NULL ? "function" : "path",
		json_text(arena, target_of(entry)),
		hash_json(arena, "content_hash", entry->content_hash), signer,
		hash_json(arena, "interpreter_hash", entry->interpreter_hash),
		trust_level_names[entry->level], trust_mismatch_names[entry->on_mismatch],
		json_text(arena, entry->source.file), entry->source.line);
}

static void print_entry(struct arena *arena, const struct trust_entry *entry, const char *state)
{
	const char *target = target_of(entry);

	printf("%-9s %s  %s (%s:%u)\n", state != NULL ? state : trust_level_names[entry->level],
		entry->id, text_escape(arena, target, strlen(target)),
		text_escape(arena, entry->source.file, strlen(entry->source.file)),
		entry->source.line);
}

int trust_list(struct arena *arena, const struct trust_words *words)
{
	const struct policy *policy = trust_load(arena, words->config);
	struct strings items = {0};

	if (policy == NULL)
		return ADMIN_WRONG;
	for (size_t i = 0; i < policy->trust_count; i++)
		if (words->json)
			strings_add(arena, &items, entry_json(arena, &policy->trust[i]));
		else
			print_entry(arena, &policy->trust[i], NULL);
	if (words->json)
		printf("{\"trusted\":[%s]}\n", strings_join(arena, &items, ","));
	return ADMIN_OK;
}

static char *state_json(struct arena *arena, const struct trust_entry *entry,
	enum trust_state state, const char *reason)
{
	char *object = json_add(arena, entry_json(arena, entry),
		arena_printf(arena, "\"state\":\"%s\"", state_names[state]));

	return reason == NULL
		       ? object
		       : json_add(arena, object,
				 arena_printf(arena, "\"reason\":%s", json_text(arena, reason)));
}

int trust_verify(struct arena *arena, const struct trust_words *words)
{
	const struct policy *policy = trust_load(arena, words->config);
	struct strings items = {0};
	int status = ADMIN_OK;

	if (policy == NULL)
		return ADMIN_WRONG;
	for (size_t i = 0; i < policy->trust_count; i++) {
		const struct trust_entry *entry = &policy->trust[i];
		const char *reason = NULL;
		enum trust_state state = trust_state_of(arena, policy, entry, &reason);

		if (state != TRUST_MATCHES)
			status = ADMIN_FOUND;
		if (words->json) {
			strings_add(arena, &items, state_json(arena, entry, state, reason));
			continue;
		}
		print_entry(arena, entry, state_names[state]);
		if (reason != NULL)
			printf("          %s\n", text_escape(arena, reason, strlen(reason)));
	}
	if (words->json)
		printf("{\"trusted\":[%s]}\n", strings_join(arena, &items, ","));
	return status;
}
