/* What stands after a verb that reads its own options: --name VALUE, --name=VALUE, and operands. */
#ifndef ROLEGATE_AUTHOR_WORDS_H
#define ROLEGATE_AUTHOR_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strings.h"

/* Exactly one of the three places is set. */
struct word_option {
	const char *name; /* NULL ends the table */
	bool *flag;
	const char **value;
	struct strings *list; /* may be given several times */
};

/* 0, or -1 with *complaint in `arena`: unknown, twice, no value or one that isn't taken. */
int words_parse(struct arena *arena, const char *const *words, size_t count,
	const struct word_option *table, struct strings *operands, const char **complaint);

#endif
