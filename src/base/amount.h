/* Sizes and spans of time as people write them: a whole number and its unit. */
#ifndef ROLEGATE_AMOUNT_H
#define ROLEGATE_AMOUNT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

struct amount_unit {
	char name; /* '\0' ends a table: a number without unit; its factor 0: refused */
	uint64_t factor;
};

extern const struct amount_unit amount_sizes[]; /* K, M, G, T by 1024, or bytes without unit */
extern const struct amount_unit amount_times[]; /* s, m, h, d; never without */

/* "512M": digits and at most one unit of the table. False if it is none, or above `most`. */
bool amount_parse(
	const char *text, const struct amount_unit *units, uint64_t most, uint64_t *amount);

/* "512M", or "1000 bytes" where they are no whole number of a larger unit. */
const char *amount_size_text(struct arena *arena, uint64_t bytes);

#endif
