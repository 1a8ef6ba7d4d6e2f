/*
 * JSON (RFC 8259) as a tree: what the gateway answers, for a client that is to start fast and links
 * nothing for it. Pure.
 */
#ifndef ROLEGATE_CLIENT_TREE_H
#define ROLEGATE_CLIENT_TREE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/strings.h"

enum tree_kind {
	TREE_NULL,
	TREE_FALSE,
	TREE_TRUE,
	TREE_NUMBER,
	TREE_STRING,
	TREE_LIST,
	TREE_OBJECT
};

enum { TREE_DEPTH_MAX = 16 };

struct tree {
	enum tree_kind kind;
	const char *name; /* of a member of an object; NULL */
	const char *text; /* of a string; of a number, as it was written; else "" */
	struct tree *first, *next;
};

/* In `arena`; NULL when it is not one value, or deeper than that. A NUL in a string ends it. */
struct tree *tree_read(struct arena *arena, const char *json);
/* NULL when there is none of that name. */
const struct tree *tree_member(const struct tree *object, const char *name);
/* The text of a string or number, or NULL. */
const char *tree_text(const struct tree *object, const char *name);
bool tree_is_true(const struct tree *object, const char *name);
/* The texts of a list. */
struct strings tree_strings(struct arena *arena, const struct tree *list);

#endif
