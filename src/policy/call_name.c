/* From words to the command that they name, and what is said when they name none. */
#include <string.h>

#include "base/text.h"
#include "policy/call.h"

enum {
	NAME_SIZE = 4096,   /* bytes; the path of an external command is the longest name */
	QUOTE_LENGTH = 128, /* bytes of a word in a message */
	SIBLINGS_MAX = 64,  /* commands looked at for the wording of a refusal */
};

/*
 * As many of the words as fit, with blanks between them. Returns how many that were: a name that
 * doesn't fit isn't one.
 */
static size_t join_words(char *name, const char *const *words, size_t count, size_t *length)
{
	char *end = name;

	for (size_t i = 0; i < count; i++) {
		size_t size = strlen(words[i]), room = NAME_SIZE - (size_t)(end - name);

		if (size + 1 >= room) {
			count = i;
			break;
		}
		if (i > 0)
			*end++ = ' ';
		end = mempcpy(end, words[i], size);
	}
	*end = '\0';
	*length = (size_t)(end - name);
	return count;
}

/* A word may hold a blank, so the name of two words must also have come as two. */
static const struct command *defined_command(
	const struct policy *policy, const char *name, size_t words)
{
	const struct command *command = table_get(&policy->command_by_name, name);

	return command != NULL && command->word_count == words ? command : NULL;
}

const struct command *call_find_name(const struct policy *policy, const struct role_set *roles,
	const char *const *words, size_t count, const struct alias **alias, size_t *name_words)
{
	size_t longest = count < policy->longest_name ? count : policy->longest_name, length;
	const struct command *command;
	char name[NAME_SIZE];

	*name_words = 0;
	*alias = NULL;
	for (size_t n = join_words(name, words, longest, &length); n > 0; n--) {
		*name_words = n;
		command = defined_command(policy, name, n);
		if (command != NULL)
			return command;
		if (n > 1) {
			length -= strlen(words[n - 1]) + 1;
			name[length] = '\0';
		}
	}
	if (*name_words == 1)
		*alias = table_get(&policy->alias_by_name, name);
	if (*alias != NULL && alias_is_visible(*alias, roles))
		return (*alias)->command;
	*alias = NULL;
	return NULL;
}

const struct command *decide_command(const struct policy *policy, const struct role_set *roles,
	const char *const *words, size_t count, size_t *name_words)
{
	const struct alias *alias;
	const struct command *command;

	*name_words = 0;
	command = call_find_name(policy, roles, words, count, &alias, name_words);
	return command != NULL && merge_is_granted(command, roles) ? command : NULL;
}

const char *call_quote(struct arena *arena, const char *text)
{
	size_t shown = text_cut(text, QUOTE_LENGTH);

	return arena_printf(
		arena, "\"%s%s\"", text_escape(arena, text, shown), text[shown] != '\0' ? "..." : "");
}

/* The first command whose name is not below `prefix`. */
static size_t first_from(const struct policy *policy, const char *prefix)
{
	size_t low = 0, high = policy->command_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(policy->commands[middle]->name, prefix) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Whether these roles may run something that is called "WORD …". */
static bool has_subcommands(const struct call *call, const char *word)
{
	const struct policy *policy = call->request->policy;
	const char *prefix = arena_printf(call->arena, "%s ", word);
	size_t first = first_from(policy, prefix), length = strlen(prefix);

	for (size_t i = first; i < policy->command_count && i - first < SIBLINGS_MAX; i++) {
		if (strncmp(policy->commands[i]->name, prefix, length) != 0)
			return false;
		if (merge_is_granted(policy->commands[i], call->roles))
			return true;
	}
	return false;
}

/*
 * The second word is named only where what the person has themselves makes it part of a name: it
 * may be a secret operand otherwise, and what others have must not show (R24).
 */
const char *call_not_permitted(struct call *call)
{
	const char *const *words = call->request->words;
	const char *name = words[0];

	if (call->request->count > 1 && text_is_name(words[1]) && text_is_name(words[0]) &&
		has_subcommands(call, words[0]))
		name = arena_printf(call->arena, "%s %s", words[0], words[1]);
	return arena_printf(call->arena, "%s is not permitted", call_quote(call->arena, name));
}

const struct command *decide_defined(const struct policy *policy, const struct role_set *roles,
	const char *const *words, size_t count, size_t *name_words)
{
	const struct alias *alias = NULL;

	return call_find_name(policy, roles, words, count, &alias, name_words);
}
