/* "did you mean": the nearest of some names to one that is unknown. */
#ifndef ROLEGATE_SUGGEST_H
#define ROLEGATE_SUGGEST_H

#include <stddef.h>

#include "base/arena.h"

struct suggestion {
	const char *wanted;
	const char *nearest; /* NULL: nothing is near */
	size_t distance;
};

struct suggestion suggestion_new(const char *wanted);
/* `candidate` is not copied. */
void suggestion_consider(struct suggestion *suggestion, const char *candidate);
/* ` (did you mean "x"?)`, for the end of a message, or "". */
const char *suggestion_text(struct arena *arena, const struct suggestion *suggestion);

#endif
