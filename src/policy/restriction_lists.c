/* Sorted lists of names, and of paths that stand for all that is below them. */
#include <stdlib.h>
#include <string.h>

#include "policy/restriction.h"

static int compare(const void *left, const void *right)
{
	const char *const *a = left, *const *b = right;

	return strcmp(*a, *b);
}

struct strings restriction_sorted(struct arena *arena, const struct strings *list)
{
	struct strings sorted = {arena_array(arena, list->count, sizeof(*sorted.items)), 0};

	if (list->count == 0)
		return sorted;
	memcpy(sorted.items, list->items, list->count * sizeof(*list->items));
	qsort(sorted.items, list->count, sizeof(*sorted.items), compare);
	for (size_t i = 0; i < list->count; i++)
		if (sorted.count == 0 ||
			strcmp(sorted.items[sorted.count - 1], sorted.items[i]) != 0)
			sorted.items[sorted.count++] = sorted.items[i];
	return sorted;
}

static struct strings join(
	struct arena *arena, const struct strings *left, const struct strings *right)
{
	struct strings both = {
		arena_array(arena, left->count + right->count, sizeof(*both.items)), 0};

	for (size_t i = 0; i < left->count; i++)
		both.items[both.count++] = left->items[i];
	for (size_t i = 0; i < right->count; i++)
		both.items[both.count++] = right->items[i];
	return both;
}

struct strings restriction_union(
	struct arena *arena, const struct strings *left, const struct strings *right)
{
	struct strings both;

	if (left->count == 0)
		return *right;
	if (right->count == 0)
		return *left;
	both = join(arena, left, right);
	return restriction_sorted(arena, &both);
}

bool restriction_path_below(const char *path, const char *directory)
{
	size_t length = strlen(directory);

	if (strcmp(directory, "/") == 0)
		return path[0] == '/';
	return strncmp(path, directory, length) == 0 &&
	       (path[length] == '\0' || path[length] == '/');
}

bool restriction_path_within(const char *path, const struct strings *directories)
{
	for (size_t i = 0; i < directories->count; i++)
		if (restriction_path_below(path, directories->items[i]))
			return true;
	return false;
}

/* In the order of strcmp(3), "/a-b" may stand between "/a" and "/a/b". */
struct strings restriction_areas(struct arena *arena, const struct strings *paths)
{
	struct strings sorted = restriction_sorted(arena, paths), areas = {sorted.items, 0};

	for (size_t i = 0; i < sorted.count; i++)
		if (!restriction_path_within(sorted.items[i], &areas))
			areas.items[areas.count++] = sorted.items[i];
	return areas;
}

struct strings restriction_common_paths(
	struct arena *arena, const struct strings *left, const struct strings *right)
{
	struct strings both = join(arena, left, right), common = {both.items, 0};

	for (size_t i = 0; i < left->count; i++)
		if (restriction_path_within(left->items[i], right))
			common.items[common.count++] = left->items[i];
	for (size_t i = 0; i < right->count; i++)
		if (restriction_path_within(right->items[i], left))
			common.items[common.count++] = right->items[i];
	return restriction_areas(arena, &common);
}
