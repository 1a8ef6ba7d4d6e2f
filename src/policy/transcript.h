/*
 * Whether what a run shows is written down (rolegate-recorder(8)). An endpoint, a command or
 * function, and a role may each say so; the strictest of those that take part in a call counts, and
 * where none of them says anything there is no transcript. Pure.
 */
#ifndef ROLEGATE_TRANSCRIPT_RULE_H
#define ROLEGATE_TRANSCRIPT_RULE_H

#include <stdbool.h>
#include <stddef.h>

struct command;
struct endpoint;
struct permission;

/* From the laxest to the strictest. */
enum transcript_mode {
	TRANSCRIPT_OFF = 0,
	TRANSCRIPT_BEST_EFFORT, /* it runs without one where there can be none */
	TRANSCRIPT_REQUIRED,	/* without one nothing runs, and what runs is ended */
};

/* By mode, NULL at the end. */
extern const char *const transcript_mode_names[];

struct transcript_rule {
	enum transcript_mode mode;
	bool input; /* what is typed or read, too; it counts only where there is a transcript */
};

/* The stricter mode, and input where one of them wants it. */
struct transcript_rule transcript_stricter(
	struct transcript_rule left, struct transcript_rule right);

/*
 * Of a call: of the endpoint (NULL: none known), the command, and every role whose grant was merged
 * into `permission`.
 */
struct transcript_rule transcript_of(
	const struct endpoint *endpoint, const struct permission *permission);

/* Whether any run under this policy can have one. */
struct policy;
bool transcript_is_wanted(const struct policy *policy);

/* NULL for TRANSCRIPT_OFF; else "required", "best-effort", or one of them with ", with input". */
const char *transcript_text(struct transcript_rule rule);

#endif
