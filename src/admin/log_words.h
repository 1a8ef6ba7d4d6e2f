/* The words of log, verify-log, replay and watch, and what these verbs share. */
#ifndef ROLEGATE_ADMIN_LOG_WORDS_H
#define ROLEGATE_ADMIN_LOG_WORDS_H

#include "admin/admin.h"
#include "log/log.h"

/* An option: with a value, or a flag. One that is `repeats` adds to a list. */
struct log_word {
	const char *name;
	const char **value;
	bool *flag;
	struct strings *repeats;
};

/*
 * The verb's own options and, if `operand` is not NULL, one operand that it needs. `words` ends
 * with a name of NULL. 0, or -1 after a message and the verb's usage.
 */
int log_words_parse(struct arena *arena, const char *verb, const struct options *options,
	const struct log_word *words, const char **operand);
/* A decimal number from `least` to `most`: 0, or -1 after a message. */
int log_words_number(
	const char *option, const char *text, uint64_t least, uint64_t most, uint64_t *number);

/* Local time, 2026-11-29 08:00:00, in `arena`; NULL: it is none. */
const char *log_words_time(struct arena *arena, int64_t milliseconds);

/* Warnings and progress to stderr, the latter only on a terminal. */
extern const struct log_hooks log_words_hooks;
/* The line of progress goes. */
void log_words_progress_end(void);

#endif
