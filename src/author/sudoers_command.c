/* One command of sudoers as a command's definition. */
#include <string.h>

#include "author/sheet.h"
#include "author/sudoers_parts.h"
#include "base/text.h"
#include "config/check.h"
#include "config/quote.h"
#include "policy/pattern.h"

enum { WORDS_MAX = 32, REPEAT = 32 /* of a last "*" */ };

static bool is_open(const char *word)
{
	return strpbrk(word, "*?[]\\") != NULL;
}

/* The words of the arguments; NULL, or why not. */
static const char *split(struct arena *arena, const char *args, struct strings *words)
{
	for (;;) {
		size_t length = strcspn(args, " ");

		if (length == 0 || words->count == WORDS_MAX)
			return "its arguments have two blanks in a row, or are too many";
		strings_add(arena, words, arena_strndup(arena, args, length));
		if (args[length] == '\0')
			return NULL;
		args += length + 1;
	}
}

/* From the first pattern on, each word is an operand of the command. */
static const char *add_word(
	struct arena *arena, const char *text, bool last, struct sudo_command *command)
{
	struct sudo_word *word;
	bool open = is_open(text);

	if (!open && command->word_count == 0) {
		strings_add(arena, &command->fixed, text);
		return NULL;
	}
	if (text[0] == '-')
		return "an option behind, or with, a wildcard could be taken for another one";
	word = &command->words[command->word_count++];
	*word = (struct sudo_word){.literal = open ? NULL : text};
	if (!open)
		return NULL;
	word->pattern = sudoers_glob_inner(arena, text);
	word->anything = last && strcmp(text, "*") == 0;
	if (word->pattern == NULL || strlen(word->pattern) > PATTERN_LENGTH_MAX / 2)
		return "its pattern means different things in different locales, or is too long";
	return NULL;
}

static const char *check_program(const struct sudo_entry *entry)
{
	const char *path = entry->path;

	if (path == NULL)
		return "every command there is: name those that are needed";
	if (strcmp(path, "sudoedit") == 0)
		return "there is no verb that edits files";
	if (path[0] != '/')
		return "it is no full path of a program";
	if (is_open(path))
		return "a program's path has no wildcards here: name the programs";
	if (path[strlen(path) - 1] == '/')
		return "every program of a directory: name those that are needed";
	return check_executable(path) == NULL ? NULL : "its path is not plain";
}

/* What can't be left out without allowing more. */
static const char *check_entry(struct arena *arena, const struct sudo_entry *entry)
{
	const char *why = check_program(entry);

	if (why != NULL)
		return why;
	if (entry->unknown != NULL)
		return arena_printf(arena,
			"it is bound to %s, which no command is here, and without it would be "
			"wider",
			text_escape(arena, entry->unknown, strlen(entry->unknown)));
	if (entry->confines != NULL)
		return arena_printf(arena,
			"its option %s is none here, and without it would be wider",
			text_escape(arena, entry->confines, strlen(entry->confines)));
	if (entry->directory != NULL && check_path(entry->directory) != NULL)
		return "its CWD is no full path";
	if (entry->args != NULL && entry->args[0] == '^')
		return "its arguments are a regular expression of all of them together, and a "
		       "pattern here is bound to one argument";
	return NULL;
}

const char *sudoers_command(
	struct arena *arena, const struct sudo_entry *entry, struct sudo_command *command)
{
	struct strings words = {0};
	const char *why = check_entry(arena, entry);

	*command = (struct sudo_command){.external = entry->args == NULL};
	if (why != NULL)
		return why;
	if (entry->args == NULL && (entry->directory != NULL || entry->timeout > 0))
		return "a program with any arguments has no CWD or TIMEOUT of its own here";
	if (entry->args == NULL)
		return check_external(entry->path);
	if (entry->args[0] == '\0')
		return NULL;
	if (text_refused(entry->args, strlen(entry->args)) != strlen(entry->args))
		return "its arguments have control characters in them";
	why = split(arena, entry->args, &words);
	command->words = arena_array(arena, words.count, sizeof(*command->words));
	for (size_t i = 0; why == NULL && i < words.count; i++)
		why = add_word(arena, words.items[i], i + 1 == words.count, command);
	return why;
}

/* With more than one word, or one that repeats, a blank could move from one to the other. */
bool sudoers_exclude(
	struct arena *arena, const struct sudo_entry *denied, struct sudo_command *command)
{
	const char *fixed = strings_join(arena, &command->fixed, " ");
	size_t length = strlen(fixed);
	const char *rest = denied->args;

	if (command->external || command->word_count != 1 || denied->path == NULL || rest == NULL ||
		rest[0] == '^')
		return false;
	if (length > 0) {
		if (strncmp(rest, fixed, length) != 0 || rest[length] != ' ')
			return !is_open(rest); /* it is something else for certain */
		rest += length + 1;
	}
	strings_add(arena, &command->excluded, sudoers_glob_outer(arena, rest));
	return true;
}

static char *word_rule(
	struct arena *arena, const struct sudo_command *command, const struct sudo_word *word)
{
	const char *pattern =
		word->literal != NULL ? config_exact_pattern(arena, word->literal) : word->pattern;

	if (command->excluded.count > 0)
		pattern = arena_printf(arena, "(?!(?:%s)\\z)(?:%s)",
			strings_join(arena, &command->excluded, "|"), pattern);
	return config_quote(arena, pattern);
}

static void add_parameters(struct sheet *sheet, const struct sudo_command *command)
{
	for (size_t i = 0; i < command->word_count; i++) {
		const struct sudo_word *word = &command->words[i];
		bool repeats = word->anything && command->excluded.count == 0;

		sheet_add(sheet, "%s{ name = \"word%zu\"; position = %zu; required = true;%s",
			i == 0 ? "\n    end_of_options = false;\n    parameters = (\n      "
			       : ",\n      ",
			i + 1, i + 1,
			repeats ? arena_printf(sheet->arena, " repeat = %d;", REPEAT) : "");
		sheet_add(sheet, " pattern = %s; }", word_rule(sheet->arena, command, word));
	}
	if (command->word_count > 0)
		sheet_add(sheet, " );");
}

char *sudoers_definition(
	struct arena *arena, const struct sudo_entry *entry, const struct sudo_command *command)
{
	struct sheet sheet = {.arena = arena};

	sheet_add(&sheet, " program = %s;", config_quote(arena, entry->path));
	if (command->fixed.count > 0)
		sheet_add(&sheet, " arguments = [ %s ];", sheet_list(arena, &command->fixed));
	if (entry->directory != NULL)
		sheet_add(&sheet, " directory = %s;", config_quote(arena, entry->directory));
	if (entry->timeout > 0)
		sheet_add(&sheet, " timeout = %u;", entry->timeout);
	add_parameters(&sheet, command);
	return sheet_text(&sheet);
}

char *sudoers_name(
	struct arena *arena, const struct sudo_entry *entry, const struct sudo_command *command)
{
	const char *slash = strrchr(entry->path, '/');
	struct strings words = {0};
	char *name;

	strings_add(arena, &words, slash + 1);
	for (size_t i = 0; i < command->fixed.count; i++)
		strings_add(arena, &words, command->fixed.items[i]);
	name = strings_join(arena, &words, " ");
	return check_command_name(name) == NULL ? name : NULL;
}
