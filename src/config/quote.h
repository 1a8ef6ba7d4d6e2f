/* Strings as a file of the configuration has them. */
#ifndef ROLEGATE_CONFIG_QUOTE_H
#define ROLEGATE_CONFIG_QUOTE_H

#include <stdbool.h>

#include "base/arena.h"

/* A string of libconfig that is one line, and holds these bytes and no others; in `arena`. */
char *config_quote(struct arena *arena, const char *text);
/* A pattern (PCRE2) that matches `text` and nothing else; not quoted yet. */
char *config_exact_pattern(struct arena *arena, const char *text);
/* C0 and DEL: no string of a configuration holds one, but a pattern can say it. */
bool config_is_control(char byte);

#endif
