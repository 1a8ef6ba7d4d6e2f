#include "base/distance.h"

#include <string.h>

static size_t smaller(size_t left, size_t right)
{
	return left < right ? left : right;
}

/* One row of the table from the two before it; returns its smallest figure. */
static size_t next_row(size_t *row, const size_t *before, const size_t *two_before,
	const char *left, size_t at, const char *right)
{
	size_t best = row[0] = at;

	for (size_t i = 1; right[i - 1] != '\0'; i++) {
		size_t change = before[i - 1] + (left[at - 1] != right[i - 1]);

		row[i] = smaller(change, smaller(before[i], row[i - 1]) + 1);
		if (at > 1 && i > 1 && left[at - 1] == right[i - 2] && left[at - 2] == right[i - 1])
			row[i] = smaller(row[i], two_before[i - 2] + 1);
		best = smaller(best, row[i]);
	}
	return best;
}

size_t distance(const char *left, const char *right, size_t limit)
{
	size_t rows[3][DISTANCE_LENGTH_MAX + 1] = {{0}};
	size_t from = strlen(left), to = strlen(right), best = 0, last = 0;

	if (from > DISTANCE_LENGTH_MAX || to > DISTANCE_LENGTH_MAX ||
		(from > to ? from - to : to - from) > limit)
		return limit + 1;
	for (size_t i = 0; i <= to; i++)
		rows[0][i] = i;
	for (size_t at = 1; at <= from; at++) {
		last = best; /* a swap looks two rows back, so that both must be out of reach */
		best = next_row(
			rows[at % 3], rows[(at + 2) % 3], rows[(at + 1) % 3], left, at, right);
		if (best > limit && last > limit)
			return limit + 1;
	}
	return smaller(rows[from % 3][to], limit + 1);
}
