#include "base/strings.h"

#include <string.h>

void strings_add(struct arena *arena, struct strings *list, const char *text)
{
	list->items = arena_grow(arena, list->items, list->count, sizeof(*list->items));
	list->items[list->count++] = text;
}

bool strings_equal(const struct strings *left, const struct strings *right)
{
	if (left->count != right->count)
		return false;
	for (size_t i = 0; i < left->count; i++)
		if (strcmp(left->items[i], right->items[i]) != 0)
			return false;
	return true;
}

bool strings_contain(const struct strings *list, const char *text)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i], text) == 0)
			return true;
	return false;
}

char *strings_join(struct arena *arena, const struct strings *list, const char *separator)
{
	size_t gap = strlen(separator), length = 0;
	char *text, *end;

	for (size_t i = 0; i < list->count; i++)
		length += strlen(list->items[i]) + gap;
	end = text = arena_alloc(arena, length + 1);
	for (size_t i = 0; i < list->count; i++) {
		if (i > 0)
			end = mempcpy(end, separator, gap);
		end = mempcpy(end, list->items[i], strlen(list->items[i]));
	}
	return text;
}

char **strings_vector(struct arena *arena, const struct strings *list)
{
	char **vector = arena_array(arena, list->count + 1, sizeof(*vector));

	for (size_t i = 0; i < list->count; i++)
		vector[i] = arena_strdup(arena, list->items[i]);
	return vector;
}
