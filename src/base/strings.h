/* A list of strings in an arena. */
#ifndef ROLEGATE_STRINGS_H
#define ROLEGATE_STRINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct strings {
	const char **items; /* not NULL-terminated */
	size_t count;
};

/* `text` is not copied. */
void strings_add(struct arena *arena, struct strings *list, const char *text);
/* The same items in the same order. */
bool strings_equal(const struct strings *left, const struct strings *right);
bool strings_contain(const struct strings *list, const char *text);
/* The items with `separator` between them. */
char *strings_join(struct arena *arena, const struct strings *list, const char *separator);
/* The items as a NULL-terminated vector, as execve(2) takes it. */
char **strings_vector(struct arena *arena, const struct strings *list);

#endif
