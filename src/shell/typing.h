/*
 * The bytes that the terminal sends while the prompt has it. All that is there is read ahead: what
 * stands behind the end of a line is the prompt's next line, and never the input of a command.
 */
#ifndef ROLEGATE_SHELL_TYPING_H
#define ROLEGATE_SHELL_TYPING_H

#include "client/keys.h"
#include "shell/editor.h"
#include "shell/paste.h"

enum {
	TYPING_PASTE = '\036',		/* ^^, in place of a key: a paste is there as a whole */
	TYPING_AHEAD_MAX = 1024 * 1024, /* bytes */
};

struct typing {
	struct shell *shell;
	/* The window has another size; the gateway has something to say (false: it is gone). */
	void (*resized)(void *context);
	bool (*hear)(void *context);
	void *context;
	struct paste paste;	/* after TYPING_PASTE */
	enum editor_result why; /* there is no more to read */
	/* Its own. */
	struct keys keys;
	char held[KEYS_HELD_MAX]; /* of a key, to be read: from `next` to `ready` */
	size_t next, ready;
	char *ahead; /* malloc'd; to be looked at: from `at` to `end` */
	size_t at, end, room;
};

/* Handlers of the signals that end or interrupt the reading. They run in typing_next() alone. */
void typing_catch_signals(void);

/* A line begins: what a key has left half done is dropped; what was read ahead is kept. */
void typing_begin(struct typing *typing);
/*
 * The next byte of a key. 1; 0 or -1 as read(2); -2: there is a reason to stop, typing->why. A
 * line's end is given once all that was sent with it is here.
 */
int typing_next(struct typing *typing, char *byte);

/* Whether ^C came since the last call, or a hang-up, which is left for typing_next() to find. */
bool typing_interrupted(struct typing *typing);
/* Drops what was read ahead. The number of line ends in it, and one for what follows the last. */
size_t typing_drop(struct typing *typing);

#endif
