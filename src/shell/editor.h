/* Line editing with history and Tab, by libedit. One at a time in a process. */
#ifndef ROLEGATE_SHELL_EDITOR_H
#define ROLEGATE_SHELL_EDITOR_H

#include <stddef.h>

#include "shell/shell.h"

enum { EDITOR_UNSEEN = '\1' /* in a prompt, round what only changes colours */ };

enum editor_result {
	EDITOR_LINE,
	EDITOR_END,	    /* ^D on an empty line, or the terminal is gone */
	EDITOR_INTERRUPTED, /* ^C */
	EDITOR_HANGUP,	    /* SIGHUP, SIGTERM */
	EDITOR_GATEWAY,	    /* the gateway closed the session */
};

/* NULL: the terminal can't be used. `shell` outlives it, and has the signals blocked. */
struct editor *editor_open(struct shell *shell);
void editor_close(struct editor *editor);

/*
 * One line, without its end, in the editor until the next call. Of several that were pasted, or
 * typed before the last one was entered, one after the other.
 */
enum editor_result editor_read(struct editor *editor, const char *prompt, const char **line);
/* Lines that stand behind the last are not to be run: says how many. That number. */
size_t editor_drop(struct editor *editor);
/* Adds the last line to the history. */
void editor_remember(struct editor *editor, const char *line);

#endif
