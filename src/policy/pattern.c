/*
 * PCRE2 backtracks, so every match runs under limits. What could change those limits or what a
 * match means from inside the pattern (verbs, \K, callouts) is refused.
 */
#define PCRE2_CODE_UNIT_WIDTH 8

#include "policy/pattern.h"

#include <pcre2.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum {
	/* Backtracking steps, for short and for the longest values: at most a few milliseconds. */
	STEPS_SHORT = 30 * 1000,
	STEPS_LONG = 20 * 1000,
	SHORT_VALUE = 512,     /* bytes */
	DEPTH_MAX = 20 * 1000, /* steps within steps, each of which keeps memory */
	HEAP_MAX = 8 * 1024,   /* KiB */
	NESTING_MAX = 50,      /* parentheses in parentheses */
};

static void *arena_malloc(size_t size, void *arena)
{
	return arena_alloc(arena, size);
}

static void arena_keep(void *memory, void *arena)
{
	(void)memory;
	(void)arena;
}

/* Whether an odd number of backslashes stands before `at`: then its byte is no operator. */
static bool is_escaped(const char *text, size_t at)
{
	size_t backslashes = 0;

	while (backslashes < at && text[at - backslashes - 1] == '\\')
		backslashes++;
	return backslashes % 2 == 1;
}

/*
 * What PCRE2 would accept and we do not. It looks at no character class or \Q…\E, so "[(*]" is
 * refused too; "[*(]" is the same class. \c is refused because a backslash may be its operand,
 * which would make is_escaped() wrong, and no value holds a control byte anyway.
 */
static const char *forbidden(const char *text, size_t *offset)
{
	for (size_t i = 0; text[i] != '\0'; i++) {
		bool escaped = is_escaped(text, i);

		*offset = i;
		if (!escaped && strncmp(text + i, "(*", 2) == 0)
			return "\"(*\" would start a verb; in a class, write \"[*(]\"";
		if (!escaped && strncmp(text + i, "(?C", 3) == 0)
			return "callouts are not allowed";
		if (escaped && text[i] == 'K')
			return "\\K is not allowed: a pattern matches the whole value";
		if (escaped && text[i] == 'c')
			return "\\c is not allowed: no value holds a control character";
	}
	return NULL;
}

static const char *check_text(const char *text, size_t *offset)
{
	*offset = 0;
	if (text[0] == '\0')
		return "the pattern is empty";
	if (strlen(text) > PATTERN_LENGTH_MAX) {
		*offset = PATTERN_LENGTH_MAX;
		return "the pattern is longer than 1024 bytes";
	}
	return forbidden(text, offset);
}

static const char *error_text(struct arena *arena, int error)
{
	PCRE2_UCHAR text[256] = "";

	pcre2_get_error_message(error, text, sizeof(text));
	return arena_strdup(arena, (const char *)text);
}

const char *pattern_compile(
	struct arena *arena, const char *text, struct pattern *pattern, size_t *offset)
{
	const uint32_t options = PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_UTF |
				 PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C;
	const char *problem = check_text(text, offset);
	pcre2_general_context *memory;
	pcre2_compile_context *context;
	int error = 0;

	if (problem != NULL)
		return problem;
	/* All of it stays in the arena: the code remembers its allocator, and crosses forks. */
	memory = pcre2_general_context_create(arena_malloc, arena_keep, arena);
	context = pcre2_compile_context_create(memory);
	pcre2_set_parens_nest_limit(context, NESTING_MAX);
	pcre2_set_newline(context, PCRE2_NEWLINE_LF);
	pcre2_set_bsr(context, PCRE2_BSR_ANYCRLF);
	pattern->code = pcre2_compile(
		(PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED, options, &error, offset, context);
	if (pattern->code == NULL)
		return error_text(arena, error);
	pattern->text = arena_strdup(arena, text);
	return NULL;
}

/*
 * A step may scan the rest of the value, so a long value gets fewer of them; but at least four
 * for each byte, which is what an honest pattern with a repeated group needs.
 */
static uint32_t steps_for(size_t length)
{
	return length <= SHORT_VALUE ? STEPS_SHORT : STEPS_LONG;
}

static pcre2_match_context *limited_context(size_t length)
{
	pcre2_match_context *context = pcre2_match_context_create(NULL);

	if (context == NULL)
		return NULL;
	pcre2_set_match_limit(context, steps_for(length));
	pcre2_set_depth_limit(context, DEPTH_MAX);
	pcre2_set_heap_limit(context, HEAP_MAX);
	return context;
}

static bool is_plain_failure(int result)
{
	return result == PCRE2_ERROR_NOMATCH ||
	       (result <= PCRE2_ERROR_UTF8_ERR1 && result >= PCRE2_ERROR_UTF8_ERR21);
}

enum pattern_result pattern_match(const struct pattern *pattern, const char *value, size_t length)
{
	enum pattern_result answer = PATTERN_LIMIT;
	pcre2_match_context *context;
	pcre2_match_data *data;
	int result;

	if (pattern->code == NULL)
		return PATTERN_NO_MATCH;
	if (length > PATTERN_SUBJECT_MAX)
		return PATTERN_LIMIT;
	context = limited_context(length);
	data = pcre2_match_data_create(1, NULL);
	if (context != NULL && data != NULL) {
		const size_t *span = pcre2_get_ovector_pointer(data);

		result = pcre2_match(pattern->code, (PCRE2_SPTR)value, length, 0,
			PCRE2_ANCHORED | PCRE2_ENDANCHORED, data, context);
		if (result >= 0 && span[0] == 0 && span[1] == length)
			answer = PATTERN_MATCH;
		else if (result >= 0 || is_plain_failure(result))
			answer = PATTERN_NO_MATCH;
	}
	pcre2_match_data_free(data);
	pcre2_match_context_free(context);
	return answer;
}
