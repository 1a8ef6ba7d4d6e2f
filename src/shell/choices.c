#include "shell/choices.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/fd.h"
#include "client/tree.h"
#include "policy/line.h"
#include "protocol/protocol.h"

void choices_forget(struct choices *choices)
{
	arena_free(choices->arena);
	choices->arena = NULL;
	choices->asked = NULL;
	choices->values = (struct strings){0};
}

/* ^C has to reach us while the function runs; the editor keeps the signals blocked. */
static char *ask(struct shell *shell, const char *input, const struct strings *words, bool *lost)
{
	const struct client_options options = {.act_as = shell->act_as,
		.input = input,
		.json = true,
		.no_prompt = true,
		.quiet = true,
		.interruptible = true,
		.lost = lost};
	sigset_t before;
	int status;
	char *json;

	sigprocmask(SIG_SETMASK, &shell->signals, &before);
	json = client_ask(
		shell->socket, PACKET_CHOICES, &options, words->items, words->count, &status);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return json;
}

struct strings choices_ask(
	void *context, const struct catalogue_parameter *parameter, const struct strings *words)
{
	struct choices *choices = context;
	struct shell *shell = choices->shell;
	struct arena *arena = arena_new();
	const struct tree *tree;
	bool lost = false;
	char *json;
	const char *question = arena_printf(
		arena, "%s %s", parameter->name, line_quote(arena, words->items, words->count));

	if (choices->asked != NULL && strcmp(choices->asked, question) == 0) {
		arena_free(arena);
		return choices->values;
	}
	json = ask(shell, parameter->name, words, &lost);
	choices_forget(choices);
	choices->arena = arena;
	choices->asked = question;
	tree = json == NULL ? NULL : tree_read(arena, json);
	if (tree != NULL && tree->kind == TREE_LIST)
		choices->values = tree_strings(arena, tree);
	free(json);
	/* An answer that is not waited for would be taken for the next one. */
	if (lost) {
		fd_close(&shell->socket);
		(void)shell_connect(shell);
	}
	return choices->values;
}
