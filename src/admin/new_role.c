/* new-role: a role file to begin with, or the smallest one that covers what was really run. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "admin/admin.h"
#include "admin/new_role.h"
#include "admin/person.h"
#include "admin/trust.h"
#include "author/skeleton.h"
#include "base/message.h"
#include "base/text.h"
#include "config/check.h"

int new_role_write(struct arena *arena, const struct new_role_words *words, const char *text)
{
	const char *path = words->output;

	if (path != NULL && trust_write(arena, path, text, false) != 0) {
		message_error("%s: %s", path, strerror(errno));
		return ADMIN_WRONG;
	}
	if (words->json)
		printf("{\"role\":%s,\"file\":%s,\"text\":%s}\n", json_text(arena, words->name),
			path == NULL ? "null" : json_text(arena, path), json_text(arena, text));
	else if (path == NULL)
		fputs(text, stdout);
	return ADMIN_OK;
}

/* A program needs no definition, so that a host without a configuration will do. */
static bool needs_policy(const struct strings *commands)
{
	for (size_t i = 0; i < commands->count; i++)
		if (commands->items[i][0] != '/')
			return true;
	return false;
}

static int write_skeleton(
	struct arena *arena, const struct options *options, const struct new_role_words *words)
{
	struct skeleton skeleton = {.name = words->name,
		.description = words->description,
		.commands = words->commands};
	const char *complaint, *text;
	struct policy *policy = NULL;

	if (needs_policy(&skeleton.commands) && (policy = person_policy(arena, options)) == NULL)
		return ADMIN_WRONG;
	text = skeleton_text(arena, policy, &skeleton, &complaint);
	if (text == NULL) {
		message_error("new-role: %s", complaint);
		return ADMIN_WRONG;
	}
	return new_role_write(arena, words, text);
}

/* What is wrong with the words, or NULL. */
static const char *check_words(
	struct arena *arena, const struct new_role_words *words, const struct strings *operands)
{
	const char *expected;

	if (operands->count != 1)
		return "one word is needed, the name of the role";
	expected = check_name(operands->items[0]);
	if (expected != NULL)
		return arena_printf(arena, "\"%s\": expected %s", operands->items[0], expected);
	if (words->description != NULL &&
		words->description[text_refused(words->description, strlen(words->description))] !=
			'\0')
		return "--description has a control character in it, or is not UTF-8";
	if (!words->from_log && (words->user != NULL || words->group != NULL ||
					words->since != NULL || words->log != NULL))
		return "--user, --group, --since and --log are for --from-log";
	if (words->from_log && (words->user != NULL) == (words->group != NULL))
		return "--from-log needs one of --user and --group";
	if (words->from_log && words->commands.count > 0)
		return "--command and --from-log exclude each other";
	return NULL;
}

int new_role_verb(const struct options *options)
{
	struct arena *arena = arena_new();
	struct new_role_words words = {.json = (options->given & OPTION_JSON) != 0};
	struct strings operands = {0};
	const struct word_option table[] = {
		{"--description", .value = &words.description},
		{"--command", .list = &words.commands},
		{"--output", .value = &words.output},
		{"--from-log", .flag = &words.from_log},
		{"--user", .value = &words.user},
		{"--group", .value = &words.group},
		{"--since", .value = &words.since},
		{"--log", .value = &words.log},
		{0},
	};
	const char *complaint = NULL;
	int status = ADMIN_WRONG;

	if (words_parse(arena, options->words, options->word_count, table, &operands, &complaint) ==
		0)
		complaint = check_words(arena, &words, &operands);
	if (complaint != NULL) {
		message_error("new-role: %s", complaint);
		usage(stderr, "new-role");
	} else {
		words.name = operands.items[0];
		status = words.from_log ? new_role_from_log(arena, options, &words)
					: write_skeleton(arena, options, &words);
	}
	arena_free(arena);
	return status;
}
