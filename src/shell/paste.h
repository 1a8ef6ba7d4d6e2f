/*
 * What a terminal marks as pasted (xterm's bracketed paste, "ESC [200~" to "ESC [201~"): collected
 * as a whole, and made fit for a line. Pure.
 */
#ifndef ROLEGATE_SHELL_PASTE_H
#define ROLEGATE_SHELL_PASTE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

enum { PASTE_MAX = 256 * 1024 /* bytes */ };

struct paste {
	char *bytes; /* malloc'd */
	size_t length, room;
	size_t matched; /* bytes of the end mark that have come */
	bool too_long;	/* it is not kept */
};

/* One byte after the mark of its start. True: it was the last one of the end mark. */
bool paste_take(struct paste *paste, char byte);
void paste_forget(struct paste *paste);

/*
 * As text for a line, in `arena`: tabs are blanks, line ends are "\n" with none at its end and no
 * empty line, and what a terminal would obey, or shows as what it is not, is left out and counted.
 */
char *paste_text(struct arena *arena, const char *bytes, size_t length, size_t *left_out);

#endif
