/* One command with a parameter of every kind, and what has to hold for any words given to it. */
#ifndef ROLEGATE_TEST_SAMPLE_H
#define ROLEGATE_TEST_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "policy/policy.h"

/* Bits of `variant`. */
enum {
	SAMPLE_SEPARATE = 1,  /* emit = "separate" */
	SAMPLE_WORDS = 2,     /* with an option spelled "-name" */
	SAMPLE_NO_DASHES = 4, /* end_of_options = false */
	SAMPLE_VARIANTS = 8,
};

enum {
	SAMPLE_LINES,
	SAMPLE_FOLLOW,
	SAMPLE_ALL,
	SAMPLE_UNIT,
	SAMPLE_PASSWORD,
	SAMPLE_PRIORITY,
	SAMPLE_RAW,
	SAMPLE_MODE,
	SAMPLE_LABEL,
	SAMPLE_WORD,
	SAMPLE_BOTH,
	SAMPLE_SOURCE,
	SAMPLE_REST,
	SAMPLE_PARAMETERS,
};

struct command *sample_command(struct arena *arena, unsigned variant);

/*
 * Parses, validates and rebuilds `words`. NULL if every rule held, else the one that did not.
 * *accepted says whether they were.
 */
const char *sample_check(struct arena *arena, const struct command *command, const bool *allowed,
	const char *const *words, size_t count, bool *accepted);

#endif
