/* trust: which scripts are trusted, for the people who decide that. */
#include "admin/trust.h"

#include <stdio.h>
#include <string.h>

#include "admin/admin.h"
#include "base/message.h"
#include "config/config.h"

struct option {
	const char *name;
	const char **value;
};

static const struct action {
	const char *name;
	bool takes_operand;
	int (*run)(struct arena *arena, const struct trust_words *words);
	const char *options; /* that it takes, with blanks around each */
} actions[] = {
	{"add", true, trust_add, " --level --on-mismatch --id --signed-by --pin-interpreter "},
	{"list", false, trust_list, " "},
	{"verify", false, trust_verify, " "},
	{"update", true, trust_update, " "},
	{"generate", true, trust_generate, " --level --on-mismatch "},
};

struct policy *trust_load(struct arena *arena, const char *config)
{
	struct problems problems = {.arena = arena};
	struct policy *policy = config_load(arena, config,
		CONFIG_TRUST_WARNS | CONFIG_MAIN_OPTIONAL | CONFIG_SCRIPTS_WARN, &problems);

	for (size_t i = 0; policy == NULL && i < problems.count; i++)
		if (problems.items[i].level == PROBLEM_ERROR)
			message_error("%s", problem_text(arena, &problems.items[i]));
	return policy;
}

const struct function *trust_function_of(const struct policy *policy, const char *path)
{
	for (size_t i = 0; i < policy->command_count; i++) {
		const struct function *function = policy->commands[i]->function;

		if (function != NULL && function->script.path != NULL &&
			strcmp(function->script.path, path) == 0)
			return function;
	}
	return NULL;
}

int trust_choice(const char *option, const char *text, const char *const *names)
{
	for (int i = 0; names[i] != NULL; i++)
		if (strcmp(names[i], text) == 0)
			return i;
	message_error("trust: %s %s is unknown", option, text);
	return -1;
}

/* How many words the option took; 0 after a message. */
static size_t take_option(const struct action *action, struct trust_words *words,
	const char *const *from, size_t left)
{
	const struct option options[] = {{"--level", &words->level},
		{"--on-mismatch", &words->on_mismatch}, {"--id", &words->id},
		{"--signed-by", &words->signed_by}};
	size_t length = strcspn(from[0], "=");
	char name[32];

	snprintf(name, sizeof(name), " %.*s ", length > 28 ? 28 : (int)length, from[0]);
	if (strstr(action->options, name) == NULL) {
		message_error("trust %s does not take %s", action->name, from[0]);
		return 0;
	}
	if (strcmp(from[0], "--pin-interpreter") == 0) {
		words->pin_interpreter = true;
		return 1;
	}
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		if (strlen(options[i].name) != length ||
			strncmp(from[0], options[i].name, length) != 0)
			continue;
		if (*options[i].value != NULL || (from[0][length] != '=' && left < 2))
			break;
		*options[i].value = from[0][length] == '=' ? from[0] + length + 1 : from[1];
		return from[0][length] == '=' ? 1 : 2;
	}
	message_error("trust: %s is given twice, or has no value", from[0]);
	return 0;
}

/* 0, or -1 after a message. */
static int take_words(
	const struct action *action, const struct options *options, struct trust_words *words)
{
	size_t taken;

	for (size_t i = 1; i < options->word_count; i += taken) {
		const char *word = options->words[i];

		taken = 1;
		if (word[0] == '-')
			taken = take_option(
				action, words, options->words + i, options->word_count - i);
		else if (!action->takes_operand || words->operand != NULL) {
			message_error("trust %s: unexpected word %s", action->name, word);
			taken = 0;
		} else
			words->operand = word;
		if (taken == 0)
			return -1;
	}
	if (!action->takes_operand || words->operand != NULL)
		return 0;
	message_error("trust %s: a word is missing", action->name);
	return -1;
}

static const struct action *find_action(const char *name)
{
	for (size_t i = 0; name != NULL && i < sizeof(actions) / sizeof(actions[0]); i++)
		if (strcmp(actions[i].name, name) == 0)
			return &actions[i];
	return NULL;
}

int trust_verb(const struct options *options)
{
	const char *name = options->word_count > 0 ? options->words[0] : NULL;
	struct trust_words words = {
		.verb = name,
		.json = (options->given & OPTION_JSON) != 0,
		.config = options->config,
	};
	const struct action *action = find_action(name);
	struct arena *arena;
	int status;

	if (action == NULL) {
		message_error("trust: expected one of add, list, verify, update and generate");
		usage(stderr, "trust");
		return ADMIN_WRONG;
	}
	if (take_words(action, options, &words) < 0)
		return ADMIN_WRONG;
	arena = arena_new();
	status = action->run(arena, &words);
	arena_free(arena);
	return status;
}
