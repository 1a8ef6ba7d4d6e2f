/* Random numbers that are the same in every run. */
#ifndef ROLEGATE_TEST_RANDOM_H
#define ROLEGATE_TEST_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* xorshift64*; `state` starts at any number but 0. */
static inline uint64_t random_next(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * 0x2545f4914f6cdd1dULL >> 16;
}

/* 0 to `limit` - 1 */
static inline size_t random_below(uint64_t *state, size_t limit)
{
	return (size_t)(random_next(state) % limit);
}

#endif
