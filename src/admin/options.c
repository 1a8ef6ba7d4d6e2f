/* Options stand before or after the verb, as --name VALUE or --name=VALUE; nothing is abbreviated.
 */
#include "admin/options.h"

#include <stdio.h>
#include <string.h>

#include "admin/admin.h"
#include "base/arena.h"
#include "base/message.h"
#include "config/suggest.h"

struct option_name {
	const char *name;
	enum option_bit bit;
	bool takes_value, optional; /* optional: a value that is not given is NULL */
	size_t field;		    /* offset of the value in struct options */
};

#define VALUE(name, bit, field)                                                                    \
	{                                                                                          \
		name, bit, true, false, offsetof(struct options, field)                            \
	}

static const struct option_name option_names[] = {
	VALUE("--config", OPTION_CONFIG, config),
	VALUE("--user", OPTION_USER, user),
	VALUE("--roles", OPTION_ROLES, roles),
	VALUE("--endpoint", OPTION_ENDPOINT, endpoint),
	VALUE("-e", OPTION_ENDPOINT, endpoint),
	VALUE("--line", OPTION_LINE, line),
	VALUE("--batch", OPTION_BATCH, batch),
	VALUE("--as", OPTION_AS, as),
	VALUE("--act-as", OPTION_ACT_AS, act_as),
	VALUE("--key", OPTION_KEY, key),
	VALUE("--key-name", OPTION_KEY_NAME, key_name),
	VALUE("--name", OPTION_NAME, name),
	VALUE("--keys", OPTION_KEYS, keys),
	VALUE("--trust-key", OPTION_TRUST_KEY, trust_key),
	{"--allow-older", OPTION_ALLOW_OLDER, false, false, 0},
	{"--profile", OPTION_PROFILE, true, true, offsetof(struct options, profile)},
	{"--json", OPTION_JSON, false, false, 0},
	{"--no-prompt", OPTION_NO_PROMPT, false, false, 0},
	{"-n", OPTION_NO_PROMPT, false, false, 0},
};

static const struct option_name *find_option(const char *word, const char **value)
{
	size_t length = strcspn(word, "=");

	*value = word[length] == '=' ? word + length + 1 : NULL;
	for (size_t i = 0; i < sizeof(option_names) / sizeof(option_names[0]); i++)
		if (strlen(option_names[i].name) == length &&
			memcmp(option_names[i].name, word, length) == 0)
			return &option_names[i];
	return NULL;
}

/* How many of `arguments` the option took, or 0 after a message. */
static size_t take_option(struct options *options, char *const *arguments)
{
	const char *value;
	const struct option_name *option = find_option(arguments[0], &value);
	size_t taken = 1;

	if (option == NULL) {
		message_error("unknown option %s", arguments[0]);
		return 0;
	}
	if ((options->given & option->bit) != 0) {
		message_error("%s is given twice", option->name);
		return 0;
	}
	options->given |= option->bit;
	if (!option->takes_value) {
		if (value != NULL)
			message_error("%s takes no value", option->name);
		return value == NULL ? 1 : 0;
	}
	if (value == NULL) {
		value = arguments[taken++];
		if (option->optional && (value == NULL || value[0] == '-'))
			return 1;
		if (value == NULL) {
			message_error("%s needs a value", option->name);
			return 0;
		}
	}
	memcpy((char *)options + option->field, &value, sizeof(value));
	return taken;
}

static void take_words(struct options *options, char *const *arguments)
{
	options->given |= OPTION_WORDS;
	options->words = (const char *const *)arguments;
	while (options->words[options->word_count] != NULL)
		options->word_count++;
}

/* A word for another parser: it takes whatever is no option that the verb has here. */
static bool is_passed(const struct verb *verb, const char *word)
{
	const struct option_name *option;
	const char *value;

	if (verb == NULL || !verb->takes_words)
		return false;
	option = find_option(word, &value);
	return option == NULL || (verb->allowed & option->bit) == 0;
}

static void pass_word(struct options *options, const char *word)
{
	options->passed[options->word_count++] = word;
	options->words = options->passed;
}

static const struct verb *find_verb(const struct verb *verbs, const char *name)
{
	struct suggestion suggestion = suggestion_new(name);
	struct arena *arena;

	for (; verbs->name != NULL; verbs++) {
		if (strcmp(verbs->name, name) == 0)
			return verbs;
		suggestion_consider(&suggestion, verbs->name);
	}
	arena = arena_new();
	message_error("unknown verb %s%s", name, suggestion_text(arena, &suggestion));
	arena_free(arena);
	return NULL;
}

/* A word that is no option: the verb, then its operand. 0 or -1. */
static int take_operand(const struct verb *verbs, const char *word, const struct verb **verb,
	struct options *options)
{
	if (*verb == NULL) {
		*verb = find_verb(verbs, word);
		return *verb == NULL ? -1 : 0;
	}
	if (options->operand_count >= (*verb)->operands) {
		message_error("%s: unexpected word %s", (*verb)->name, word);
		return -1;
	}
	options->operands[options->operand_count++] = word;
	options->operand = options->operands[0];
	return 0;
}

int options_check(const struct verb *verb, const struct options *options)
{
	unsigned wrong = options->given & ~verb->allowed;

	if (wrong == 0)
		return 0;
	if ((wrong & OPTION_WORDS) != 0)
		message_error("%s takes no command", verb->name);
	for (size_t i = 0; i < sizeof(option_names) / sizeof(option_names[0]); i++)
		if ((wrong & option_names[i].bit) != 0)
			message_error("%s does not take %s", verb->name, option_names[i].name);
	return -1;
}

int options_parse(const struct verb *verbs, char *const *arguments, const struct verb **verb,
	struct options *options)
{
	size_t taken;

	*verb = NULL;
	*options = (struct options){.config = ROLEGATE_CONFIG_DIR};
	for (size_t i = 0; arguments[i] != NULL; i += taken) {
		taken = 1;
		if (strcmp(arguments[i], "--help") == 0 || strcmp(arguments[i], "-h") == 0) {
			usage(stdout, *verb == NULL ? NULL : (*verb)->name);
			return 1;
		}
		if (is_passed(*verb, arguments[i])) {
			if (options->word_count == PASSED_MAX) {
				message_error("%s: too many words", (*verb)->name);
				return -1;
			}
			pass_word(options, arguments[i]);
			continue;
		}
		if (strcmp(arguments[i], "--") == 0) {
			take_words(options, arguments + i + 1);
			break;
		}
		if (strcmp(arguments[i], "--version") == 0) {
			puts("rolegatectl " PACKAGE_VERSION);
			return 1;
		}
		if (strncmp(arguments[i], "-", 1) == 0)
			taken = take_option(options, arguments + i);
		else if (take_operand(verbs, arguments[i], verb, options) < 0)
			taken = 0;
		if (taken == 0)
			return -1;
	}
	if (*verb == NULL) {
		message_error("a verb is needed");
		return -1;
	}
	return options_check(*verb, options);
}
