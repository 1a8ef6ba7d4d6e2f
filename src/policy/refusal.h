/* What a refused word is told. Shared by the parser and the checks of values. */
#ifndef ROLEGATE_REFUSAL_H
#define ROLEGATE_REFUSAL_H

#include <stddef.h>

#include "base/arena.h"
#include "policy/arguments.h"

/* Fills `refusal`; always -1, for the caller to return. */
int refusal_set(struct refusal *refusal, enum reason reason, size_t word,
	const struct parameter *parameter, const char *detail);

/* As much of `text` as a message takes, safe for a terminal (R32). */
char *refusal_show(struct arena *arena, const char *text, size_t length);

#endif
