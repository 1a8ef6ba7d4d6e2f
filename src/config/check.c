#include "config/check.h"

#include <string.h>

#include "base/amount.h"
#include "base/text.h"

enum { NAME_WORDS_MAX = 4, WORD_MAX = 64 };

const char *check_name(const char *text)
{
	return text_is_name(text) ? NULL
				  : "a name of letters, digits, \"_\", \".\" and \"-\", "
				    "beginning with none of the last two, at most 64 bytes";
}

size_t check_word_count(const char *text)
{
	size_t count = 1;

	for (; *text != '\0'; text++)
		count += *text == ' ';
	return count;
}

static bool is_words(const char *text, bool (*is_word)(const char *word))
{
	char word[WORD_MAX + 1];

	if (check_word_count(text) > NAME_WORDS_MAX)
		return false;
	for (;;) {
		size_t length = strcspn(text, " ");

		if (length == 0 || length > WORD_MAX)
			return false;
		memcpy(word, text, length);
		word[length] = '\0';
		if (!is_word(word))
			return false;
		text += length;
		if (*text++ == '\0')
			return true;
	}
}

const char *check_command_name(const char *text)
{
	return is_words(text, text_is_name)
		       ? NULL
		       : "one to four words of letters, digits, \"_\", \".\" and "
			 "\"-\", with single blanks between them";
}

bool check_is_wildcard(const char *text)
{
	return strchr(text, '*') != NULL;
}

static bool is_wildcard_word(const char *word)
{
	return word[strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				 "0123456789_.-*")] == '\0';
}

const char *check_wildcard(const char *text)
{
	return is_words(text, is_wildcard_word)
		       ? NULL
		       : "words of letters, digits, \"_\", \".\", \"-\" and "
			 "\"*\", with single blanks between them";
}

const char *check_account(const char *text)
{
	return text_is_account(text) ? NULL
				     : "the name of an account (not a number): letters, digits, "
				       "\"_\", \".\" and \"-\", at most 32 bytes";
}

const char *check_group(const char *text)
{
	return text_is_account(text) ? NULL
				     : "the name of a group (not a number): letters, digits, "
				       "\"_\", \".\" and \"-\", at most 32 bytes";
}

const char *check_run_as(const char *text)
{
	if (strcmp(text, "virtual") == 0)
		return "an account or \"caller\": virtual accounts are not supported by this "
		       "version";
	return text_is_account(text) ? NULL
				     : "the name of an account (not a number), or \"caller\"";
}

const char *check_path(const char *text)
{
	return text_is_canonical_path(text)
		       ? NULL
		       : "an absolute path without \"//\", \".\", \"..\" or a slash at its end";
}

const char *check_executable(const char *text)
{
	return text_is_canonical_path(text) && strcmp(text, "/") != 0
		       ? NULL
		       : "the full path of a file, without \"//\", \".\" or \"..\"";
}

const char *check_file_name(const char *text)
{
	bool good = text[0] != '\0' && strchr(text, '/') == NULL && strcmp(text, ".") != 0 &&
		    strcmp(text, "..") != 0;

	return good ? NULL : "a name without \"/\", in which \"*\" stands for anything";
}

static const char *check_external_glob(const char *text)
{
	return text_is_canonical_path(text) && strpbrk(text, ",:; ?!%\"'\\") == NULL
		       ? NULL
		       : "the full path of a program, in which \"*\" stands for anything";
}

const char *check_commands(const char *text)
{
	if (text[0] == '/')
		return check_external_glob(text);
	return check_wildcard(text);
}

/* It is also the name by which people call it. */
const char *check_external(const char *text)
{
	if (!text_is_canonical_path(text) || strcmp(text, "/") == 0)
		return "the full path of a program, without \"//\", \".\" or \"..\"";
	return strpbrk(text, ",:; *?!%\"'\\") == NULL ? NULL
						      : "the full path of a program, without "
							"blanks, quotes or any of , : ; * ? ! % \\";
}

const char *check_option(const char *text)
{
	const char *word = text + strspn(text, "-");
	size_t dashes = (size_t)(word - text);

	if (dashes >= 1 && dashes <= 2 && text_is_name(word) && word[0] != '_')
		return NULL;
	return "an option such as \"-u\", \"--unit\" or \"-unit\"";
}

/* Set by the gateway itself, or read by shells and the loader before the program (R10). */
const char *check_variable(const char *text)
{
	static const char *const taken[] = {"PATH", "HOME", "USER", "LOGNAME", "SHELL", "TERM",
		"LANG", "IFS", "ENV", "BASH_ENV"};

	if (!text_is_variable(text))
		return "the name of an environment variable: letters, digits and \"_\"";
	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
		if (strcmp(text, taken[i]) == 0)
			return "a variable that is neither the gateway's own nor read by shells";
	if (strncmp(text, "LD_", 3) == 0 || strncmp(text, "ROLEGATE_", 9) == 0)
		return "a variable that begins with neither LD_ nor ROLEGATE_";
	if (strncmp(text, "rolegate_", 9) == 0)
		return "a variable that doesn't begin with rolegate_, as a function's inputs do";
	return NULL;
}

const char *check_not_empty(const char *text)
{
	return text[0] != '\0' ? NULL : "something in it";
}

bool check_size(const char *text, uint64_t *bytes)
{
	return amount_parse(text, amount_sizes, CHECK_SIZE_MAXIMUM, bytes);
}
