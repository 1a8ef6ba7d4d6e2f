/*
 * What a function says of itself: typed lines on a descriptor of their own. A line is a type, a
 * blank, and a text to the line's end:
 *
 *   success TEXT        what was done; more than one is fine
 *   warning TEXT        done, but
 *   error TEXT          not done
 *   invalid INPUT TEXT  not done, because of that input
 *
 * Pure: bytes in, lines out. What is no such line is an error line of its own that says so.
 */
#ifndef ROLEGATE_OUTCOME_H
#define ROLEGATE_OUTCOME_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "policy/policy.h"

enum {
	OUTCOME_LINES_MAX = 1000,
	OUTCOME_LINE_MAX = 4096,	/* bytes */
	OUTCOME_BYTES_MAX = 256 * 1024, /* of all lines */
};

enum outcome_type { OUTCOME_SUCCESS = 1, OUTCOME_WARNING, OUTCOME_ERROR, OUTCOME_INVALID };

struct outcome_line {
	enum outcome_type type;
	const char *input; /* OUTCOME_INVALID: its name; else NULL */
	const char *text;  /* UTF-8, with whatever control bytes the script wrote (R32) */
};

/* The zero value is an error. */
enum outcome_result { OUTCOME_FAILED = 0, OUTCOME_INVALID_INPUT, OUTCOME_SUCCEEDED };

struct outcome {
	struct arena *arena;
	const struct command *command;
	struct outcome_line *lines;
	size_t count;
	size_t bytes;
	bool truncated; /* more was said than is kept */
	char *partial;	/* of a line whose end has not come */
	size_t partial_length;
};

void outcome_begin(struct outcome *outcome, struct arena *arena, const struct command *command);
/* More bytes, cut anywhere. Lines that are complete are appended. */
void outcome_feed(struct outcome *outcome, const char *bytes, size_t length);
/* The last line may lack its end. */
void outcome_end(struct outcome *outcome);

/*
 * With the script's own end (`status` of exit(3), or -1): success needs status 0 and no line that
 * says otherwise; invalid inputs need one such line at least.
 */
enum outcome_result outcome_result(const struct outcome *outcome, int status);
/* "success", "invalid-input", "error". */
const char *outcome_result_name(enum outcome_result result);
const char *outcome_type_name(enum outcome_type type);

#endif
