/* The choices that a function computes, asked for at the Tab key. */
#ifndef ROLEGATE_SHELL_CHOICES_H
#define ROLEGATE_SHELL_CHOICES_H

#include "shell/complete.h"
#include "shell/shell.h"

/* Those of the last question, while one line is edited: a second Tab runs nothing anew. */
struct choices {
	struct shell *shell;
	struct arena *arena; /* NULL: nothing was asked */
	const char *asked;   /* which input of which call */
	struct strings values;
};

/* For a completer, with a struct choices as its context. None, silently, where there are none. */
struct strings choices_ask(
	void *context, const struct catalogue_parameter *parameter, const struct strings *words);
void choices_forget(struct choices *choices);

#endif
