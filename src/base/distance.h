/* How far a word is from the one that was meant. */
#ifndef ROLEGATE_DISTANCE_H
#define ROLEGATE_DISTANCE_H

#include <stddef.h>

enum { DISTANCE_LENGTH_MAX = 256 }; /* bytes: more are not compared */

/*
 * The number of single-byte insertions, deletions, changes and swaps of neighbours that make
 * `left` into `right` (optimal string alignment), or `limit` + 1 when it takes more than `limit`.
 */
size_t distance(const char *left, const char *right, size_t limit);

#endif
