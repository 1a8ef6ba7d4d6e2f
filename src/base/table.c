#include "base/table.h"

#include <stdint.h>
#include <string.h>

struct table_slot {
	const char *key; /* NULL: free */
	uint64_t hash;
	void *value;
};

/* FNV-1a. Keys come from the configuration, so nobody can choose them to collide. */
static uint64_t hash_of(const char *key)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (; *key != '\0'; key++)
		hash = (hash ^ (unsigned char)*key) * UINT64_C(0x100000001b3);
	return hash;
}

static struct table_slot *find(const struct table *table, const char *key, uint64_t hash)
{
	size_t mask = table->capacity - 1;

	for (size_t i = hash & mask;; i = (i + 1) & mask) {
		struct table_slot *slot = &table->slots[i];

		if (slot->key == NULL || (slot->hash == hash && strcmp(slot->key, key) == 0))
			return slot;
	}
}

void *table_get(const struct table *table, const char *key)
{
	return table->capacity == 0 ? NULL : find(table, key, hash_of(key))->value;
}

static void enlarge(struct arena *arena, struct table *table)
{
	struct table old = *table;

	table->capacity = old.capacity == 0 ? 16 : old.capacity * 2;
	table->slots = arena_array(arena, table->capacity, sizeof(*table->slots));
	for (size_t i = 0; i < old.capacity; i++)
		if (old.slots[i].key != NULL)
			*find(table, old.slots[i].key, old.slots[i].hash) = old.slots[i];
}

void *table_put(struct arena *arena, struct table *table, const char *key, void *value)
{
	uint64_t hash = hash_of(key);
	struct table_slot *slot;
	void *before;

	if (table->count * 4 >= table->capacity * 3)
		enlarge(arena, table);
	slot = find(table, key, hash);
	before = slot->value;
	if (slot->key == NULL)
		table->count++;
	*slot = (struct table_slot){ .key = key, .hash = hash, .value = value };
	return before;
}
