/* The prompt's own words. A command of the same name that the operator may run comes first. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "shell/complete.h"
#include "shell/shell.h"

static bool tell_of(const struct shell *shell, const char *word);

static int do_help(struct shell *shell, const struct strings *words)
{
	const struct strings rest = {words->items + 1, words->count - 1};

	if (rest.count == 0)
		return help_overview(shell);
	if (rest.count == 1 && tell_of(shell, rest.items[0]))
		return EXIT_SUCCESS;
	return help_command(shell, &rest);
}

static int do_commands(struct shell *shell, const struct strings *words)
{
	return commands_list(shell, words->count > 1 ? words->items[1] : NULL);
}

static int do_fg(struct shell *shell, const struct strings *words)
{
	(void)words;
	return job_resume(shell);
}

static int do_kill(struct shell *shell, const struct strings *words)
{
	static const char *const forceful[] = {"-9", "-KILL", "-SIGKILL"};
	bool by_force = false;

	for (size_t i = 0; i < 3; i++)
		by_force = by_force || strings_contain(words, forceful[i]);
	return job_end(shell, by_force);
}

static int do_exit(struct shell *shell, const struct strings *words)
{
	(void)words;
	if (shell->job.pid != 0 && !shell->warned) {
		message_warning("a command is stopped: fg resumes it; leaving once more ends it");
		shell->warned = true;
		return EXIT_FAILURE;
	}
	shell->leaving = true;
	return shell->status;
}

static int do_why(struct shell *shell, const struct strings *words)
{
	(void)words;
	return why_explain(shell);
}

static const struct {
	const char *name;
	const char *takes; /* or "" */
	const char *about;
	size_t most_words;
	bool always; /* whatever command has this name */
	int (*run)(struct shell *shell, const struct strings *words);
} builtins[] = {
	{"commands", " [WORD]", "What you may run here, or what of it begins so", 2, false,
		do_commands},
	{"exit", "", "Leave (^D as well)", 1, true, do_exit},
	{"fg", "", "Resume the command that ^Z stopped", 1, false, do_fg},
	{"help", " [COMMAND]", "What there is here, or what a command takes", LINE_WORDS_MAX, true,
		do_help},
	{"kill", " [-9]", "End the command that ^Z stopped", 2, false, do_kill},
	{"logout", "", "Leave", 1, true, do_exit},
	{"quit", "", "Leave", 1, true, do_exit},
	{"why", "", "Explain the last refusal", 1, false, do_why},
};

enum { BUILTIN_COUNT = sizeof(builtins) / sizeof(builtins[0]) };

bool builtin_run(struct shell *shell, const struct strings *words)
{
	for (size_t i = 0; i < BUILTIN_COUNT; i++) {
		if (strcmp(words->items[0], builtins[i].name) != 0)
			continue;
		/* While a command is stopped, no other could run. */
		if (!builtins[i].always && shell->job.pid == 0 &&
			catalogue_has_word(shell->catalogue, words->items[0]))
			return false;
		if (words->count > builtins[i].most_words) {
			message_error("%s takes no such words; see help", builtins[i].name);
			shell->status = EXIT_GATEWAY;
			return true;
		}
		shell->status = builtins[i].run(shell, words);
		return true;
	}
	return false;
}

/* Unless it is (the beginning of) a command as well. */
static bool tell_of(const struct shell *shell, const char *word)
{
	for (size_t i = 0; i < BUILTIN_COUNT; i++) {
		if (strcmp(word, builtins[i].name) != 0 ||
			catalogue_has_word(shell->catalogue, word))
			continue;
		printf("%s%s\n    %s\n", word, builtins[i].takes, builtins[i].about);
		return true;
	}
	return false;
}

const struct builtin_word *builtin_words(void)
{
	static struct builtin_word words[BUILTIN_COUNT + 1];

	for (size_t i = 0; i < BUILTIN_COUNT; i++)
		words[i] = (struct builtin_word){builtins[i].name, builtins[i].about};
	return words;
}
