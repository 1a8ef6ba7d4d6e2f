/*
 * What a terminal sends, before the editor sees it: keys that are edited with pass, and what a
 * terminal says of itself (answers to questions, mouse reports) does not, so that none of it ends
 * up in a line. Pure.
 */
#ifndef ROLEGATE_CLIENT_KEYS_H
#define ROLEGATE_CLIENT_KEYS_H

#include <stdbool.h>
#include <stddef.h>

enum { KEYS_HELD_MAX = 16 };

struct keys {
	enum {
		KEYS_TEXT,
		KEYS_ESCAPE,
		KEYS_CSI,
		KEYS_SS3,
		KEYS_STRING,
		KEYS_STRING_ESCAPE,
		KEYS_MOUSE,
		KEYS_PASTE /* "ESC [200~" came: the bytes that follow are no keys, but a paste */
	} state;
	char held[KEYS_HELD_MAX]; /* of a sequence that is not over */
	size_t count;		  /* of those; more are dropped, and the sequence with them */
	size_t skip;		  /* bytes of a mouse report to come */
};

/*
 * One byte. What is to be read now goes to `out` (KEYS_HELD_MAX bytes): the number of bytes, often
 * none while a sequence lasts.
 */
size_t keys_take(struct keys *keys, char byte, char *out);
/* Nothing came for a while: what was held is no sequence. The number of bytes in `out`. */
size_t keys_give_up(struct keys *keys, char *out);
/* Whether something is held, so that the next byte should not be waited for for ever. */
bool keys_hold(const struct keys *keys);

#endif
