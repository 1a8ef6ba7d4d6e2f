/* The words of pending, approve, reject and revoke. Pure. */
#ifndef ROLEGATE_APPROVAL_VERB_WORDS_H
#define ROLEGATE_APPROVAL_VERB_WORDS_H

#include "approval/approval.h"

enum verb_kind { VERB_LIST = 1, VERB_SHOW, VERB_APPROVE, VERB_REJECT, VERB_REVOKE };

enum { VERB_LIMIT_DEFAULT = 200, VERB_LIMIT_MAX = 1000 };

struct verb_words {
	enum verb_kind kind;
	bool json;
	enum approval_state state; /* VERB_LIST; APPROVAL_NONE: all */
	unsigned long before;
	size_t limit;
	struct approval_decision decision; /* its number for VERB_SHOW too */
};

/* 0, or -1 with *complaint, which is safe for a terminal. */
int verb_words_parse(struct arena *arena, const struct strings *words, struct verb_words *parsed,
	const char **complaint);

/* "90s", "30m", "8h", "7d": digits and a unit, nothing else, 366 days at the most; 0: wrong. */
time_t verb_words_duration(const char *text);
/* Digits alone, no zero in front; 0: wrong. */
unsigned long verb_words_number(const char *text);

#endif
