/*
 * One pattern of a role or a parameter (R4): PCRE2, UTF, compiled alone, matched against the whole
 * value and nothing but it, within fixed limits.
 */
#ifndef ROLEGATE_PATTERN_H
#define ROLEGATE_PATTERN_H

#include <stddef.h>

#include "base/arena.h"

enum {
	PATTERN_LENGTH_MAX = 1024,  /* bytes */
	PATTERN_SUBJECT_MAX = 4096, /* bytes of a value; a longer one is PATTERN_LIMIT */
};

struct pattern {
	const char *text; /* as written */
	void *code;       /* pcre2_code, in the arena */
};

enum pattern_result {
	PATTERN_NO_MATCH = 0,
	PATTERN_LIMIT, /* ran into a limit: a refusal, and worth saying so */
	PATTERN_MATCH = 0x5a3c96e1,
};

/*
 * Compiles `text` into `pattern`, all memory from `arena`. Returns NULL, or what is wrong with it
 * (in `arena`), with *offset the byte at which it was noticed. Empty patterns and those with
 * (*VERBS), \C, \K, \c or callouts are refused.
 */
const char *pattern_compile(
	struct arena *arena, const char *text, struct pattern *pattern, size_t *offset);

enum pattern_result pattern_match(const struct pattern *pattern, const char *value, size_t length);

#endif
