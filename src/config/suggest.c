#include "config/suggest.h"

#include <string.h>

enum { LENGTH_MAX = 64 };

/* Two edits in a word of some length, one in a short one; more is another word. */
struct suggestion suggestion_new(const char *wanted)
{
	size_t length = strlen(wanted);

	return (struct suggestion){.wanted = wanted, .distance = length < 5 ? 2 : 3};
}

static size_t least(size_t a, size_t b, size_t c)
{
	size_t ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/* Levenshtein's distance, a row at a time. */
static size_t distance(const char *left, size_t left_length, const char *right, size_t right_length)
{
	size_t row[LENGTH_MAX + 1];

	for (size_t i = 0; i <= right_length; i++)
		row[i] = i;
	for (size_t i = 1; i <= left_length; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= right_length; j++) {
			size_t above = row[j];

			row[j] = least(above + 1, row[j - 1] + 1,
				diagonal + (left[i - 1] != right[j - 1]));
			diagonal = above;
		}
	}
	return row[right_length];
}

void suggestion_consider(struct suggestion *suggestion, const char *candidate)
{
	size_t wanted = strlen(suggestion->wanted), length = strlen(candidate);
	size_t gap = wanted > length ? wanted - length : length - wanted, edits;

	if (wanted > LENGTH_MAX || length > LENGTH_MAX || gap >= suggestion->distance)
		return;
	edits = distance(suggestion->wanted, wanted, candidate, length);
	if (edits < suggestion->distance) {
		suggestion->distance = edits;
		suggestion->nearest = candidate;
	}
}
