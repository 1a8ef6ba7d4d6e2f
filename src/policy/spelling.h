/* How the options of a parameter are written. Shared by the parser and the builder of argv. */
#ifndef ROLEGATE_SPELLING_H
#define ROLEGATE_SPELLING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "policy/policy.h"

/* A position and no options: what stands after "--". */
bool spelling_is_operand(const struct parameter *parameter);

/* Whether `text` is one of its options, byte for byte; "--name" where it declares nothing. */
bool spelling_matches(const struct parameter *parameter, const char *text, size_t length);

/* The one that argv is built with (policy/arguments.h). Not for operands. */
const char *spelling_canonical(
	struct arena *arena, const struct parameter *parameter, enum command_emit emit);

/* "-name": one dash and several letters. */
bool spelling_is_word(const char *spelling);

/*
 * Whether some option of the command is such a word. An attached value ("-n" and "ame") could then
 * read as another option.
 */
bool spelling_has_words(const struct command *command);

#endif
