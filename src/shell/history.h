/* The prompt's history in the operator's home, where there is one. */
#ifndef ROLEGATE_SHELL_HISTORY_H
#define ROLEGATE_SHELL_HISTORY_H

#include <histedit.h>
#include <stdbool.h>

#include "base/strings.h"

/*
 * Up to 1000 lines of earlier sessions, but for those with what a terminal obeys; none, silently,
 * where it can't be read or is none of the operator's files.
 */
void history_load(History *history);
/* False: a line of more than 4096 bytes, which nobody wants to see again. */
bool history_add(History *history, const char *line);
/*
 * Adds a session's lines, the first first, to what is stored, in a file of mode 0600. As much as
 * can be: nobody's session fails for its history.
 */
void history_store(const struct strings *lines);

#endif
