/*
 * From the words after a command's name to values, and from values to argv (R1). Parsed as
 * getopt_long(3) would with the declared options and no abbreviations; the words themselves go
 * nowhere.
 */
#ifndef ROLEGATE_ARGUMENTS_H
#define ROLEGATE_ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/strings.h"
#include "policy/policy.h"
#include "policy/reason.h"

enum { ARGUMENT_LENGTH_MAX = 4096 /* bytes, the default and ceiling of max_length */ };

struct refusal {
	enum reason reason; /* REASON_PERMITTED: there is none */
	size_t word;        /* index of the word that failed, in the words given; SIZE_MAX: none */
	const struct parameter *parameter; /* or NULL */
	const char *detail; /* one sentence for the person, in the arena */
};

struct argument_value {
	const char *text; /* "" for a flag that is set */
	size_t word;      /* the word it came from; SIZE_MAX: the default */
	const char *file; /* of a drive-file that was decided on: its name, and `text` is the path
	                     of its descriptor; else NULL */
};

/* The values of one parameter, in the order given. */
struct argument {
	struct argument_value *values;
	size_t count;
};

/* One struct argument for each of command->parameters, by index. */
struct arguments {
	struct argument *items;
};

/*
 * Parses `count` words. Unknown options, too many operands: REASON_PARAMETER_NOT_ALLOWED, and the
 * text is the same whether or not the command declares it for others (R24: pass `allowed`).
 * `allowed` (by parameter index, NULL: all) says which parameters exist for this person. An option
 * without its value: REASON_MISSING_PARAMETER. A flag with a value, more than `repeat` of one:
 * REASON_INVALID_VALUE. Doesn't look at values otherwise. 0, or -1 and `refusal`.
 */
int arguments_parse(struct arena *arena, const struct command *command, const bool *allowed,
	const char *const *words, size_t count, struct arguments *arguments,
	struct refusal *refusal);

/*
 * Whether the condition of a function's input (show_if) holds for the values that are there, given
 * or by default; true where it has none. One that depends on a hidden input is hidden too.
 */
bool arguments_is_shown(const struct parameter *parameter, const struct arguments *arguments);

/*
 * Fills in defaults (word SIZE_MAX) of what is shown, checks every value with validate_value(), and
 * that nothing required is missing. 0, or -1 and `refusal` (REASON_PARAMETER_NOT_ALLOWED: a hidden
 * input was given; REASON_INVALID_VALUE, REASON_MISSING_PARAMETER).
 */
int arguments_validate(struct arena *arena, const struct command *command,
	struct arguments *arguments, struct refusal *refusal);

/*
 * The one canonical argv: program, fixed arguments, options in the order of declaration, "--" if
 * the command wants it and there are operands, operands by position. An option is written with its
 * first long spelling where emit is joined and it has one ("--lines=5"), else with its first
 * spelling; one with a single dash and several letters ("-name") is always separate. `shown` is the
 * same with the values of secret parameters replaced by "<secret>".
 */
void arguments_build(struct arena *arena, const struct command *command,
	const struct arguments *arguments, struct strings *argv, struct strings *shown);

#endif
