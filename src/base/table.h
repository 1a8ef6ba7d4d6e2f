/* A hash table from strings to pointers, in an arena. Keys are not copied. */
#ifndef ROLEGATE_TABLE_H
#define ROLEGATE_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct table {
	struct table_slot *slots;
	size_t capacity; /* a power of two, or 0 */
	size_t count;
};

/* The value of `key`, or NULL. */
void *table_get(const struct table *table, const char *key);
/* Sets `key` to `value` (not NULL); returns the value that it had before, or NULL. */
void *table_put(struct arena *arena, struct table *table, const char *key, void *value);

#endif
