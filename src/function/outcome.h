/*
 * What a function says of itself: typed lines on a descriptor of their own. A line is a type, a
 * blank, and a text to the line's end:
 *
 *   success TEXT        what was done; more than one is fine
 *   warning TEXT        done, but
 *   error TEXT          not done
 *   invalid INPUT TEXT  not done, because of that input
 *
 * Pure: bytes in, lines out. What is no such line (an empty one too, or an input that the function
 * has not) is an error line of its own that says so. A longer line is cut, and what there is no more
 * room for is dropped, but errors and invalid inputs count for the result all the same; a tenth of
 * the room is theirs alone.
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
	const char *text;  /* UTF-8, with whatever control bytes the script wrote (R32); what is
	                      no UTF-8 is escaped as text_escape() does it */
	bool own; /* the gateway's: outcome_say() */
};

/* The zero value is an error. */
enum outcome_result { OUTCOME_FAILED = 0, OUTCOME_INVALID_INPUT, OUTCOME_SUCCEEDED };

struct outcome {
	struct arena *arena;
	const struct command *command;
	struct outcome_line *lines;
	size_t count;
	size_t bytes;
	bool has_error, has_invalid; /* of all lines, kept or not */
	bool truncated;		     /* more was said than is kept */
	char *partial;		     /* of a line whose end has not come; OUTCOME_LINE_MAX bytes */
	size_t partial_length;
	bool begun, cut; /* there is such a line; it is longer than what is kept of it */
};

void outcome_begin(struct outcome *outcome, struct arena *arena, const struct command *command);
/* More bytes, cut anywhere. Lines that are complete are appended. */
void outcome_feed(struct outcome *outcome, const char *bytes, size_t length);
/* The last line may lack its end. */
void outcome_end(struct outcome *outcome);
/* A line of the gateway's own, of no input; there is always room for it. */
void outcome_say(struct outcome *outcome, enum outcome_type type, const char *text);

/*
 * With the script's own end (`status` of exit(3), or -1): success needs status 0 and no line that
 * says otherwise; invalid inputs need one such line at least, and no error besides.
 */
enum outcome_result outcome_result(const struct outcome *outcome, int status);
/* "success", "invalid-input", "error". */
const char *outcome_result_name(enum outcome_result result);
const char *outcome_type_name(enum outcome_type type);

#endif
