/* How a command and its parameters are written, and what is valid for them. */
#ifndef ROLEGATE_USAGE_H
#define ROLEGATE_USAGE_H

#include "policy/merge.h"

/* "systemctl", "restart", "[-n LINES]", "UNIT": only what the permission allows. */
struct strings usage_words(struct arena *arena, const struct permission *permission);

/* "-n, --lines LINES", or "UNIT" */
char *usage_label(struct arena *arena, const struct parameter *parameter);

/* "a", "whole", "number", "from", "1", "to", "10000;", "default", "100": what the definition takes.
 */
struct strings usage_values(struct arena *arena, const struct parameter *parameter);

/* "only", "while", "--mode", "is", "hard": of an input with a condition; else empty. */
struct strings usage_condition(struct arena *arena, const struct parameter *parameter);

#endif
