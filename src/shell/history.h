/* The prompt's history in the operator's home, where there is one. */
#ifndef ROLEGATE_SHELL_HISTORY_H
#define ROLEGATE_SHELL_HISTORY_H

#include <histedit.h>

/* Up to 1000 lines of earlier sessions; none, silently, where it can't be read. */
void history_load(History *history);
/* As much as can be: nobody's session fails for its history. */
void history_store(History *history);

#endif
